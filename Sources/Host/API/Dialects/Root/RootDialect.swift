import Domain
import Tasks

/// The JSON dialect at the root of the listener: `POST /createTask`, `/getTaskResult`, `/getBalance`.
///
/// Everything is answered with status 200, errors too: clients written for services of this kind take another status
/// for a broken connection.
struct RootDialect: Dialect {
    let service: any ClientService
    let ids: any TaskIDCipher

    func call(_ method: String?, at path: String) -> APICall? {
        switch path {
        case "/createTask": .createTask
        case "/getTaskResult": .getTaskResult
        case "/getBalance": .getBalance
        default: nil
        }
    }

    func answer(_ call: APICall, to request: ServerRequest) async throws(ClientError) -> ServerResponse {
        guard call != .other else { throw ClientError(.noSuchMethod) }
        guard request.method == "POST" else { throw ClientError(.methodNotAllowed) }
        let fields = try RootRequest(request)
        let holder = try await service.authenticate(
            try fields.clientKey(or: request), for: .solve, from: request.address)
        switch call {
        case .createTask:
            let id = try await service.createTask(
                try fields.task(), provider: try fields.provider(), selectionMode: try fields.selectionMode(),
                keyPoolMode: try fields.keyPoolMode(), idempotencyKey: try request.idempotencyKey(), by: holder)
            return RootAnswers.created(ids.uuid(of: id))
        case .getTaskResult:
            return RootAnswers.result(try await service.status(of: try fields.taskID(ids), for: holder))
        case .getBalance:
            return RootAnswers.balance(try await service.balance(of: holder))
        default: throw ClientError(.noSuchMethod)
        }
    }

    func answer(_ error: ClientError) -> ServerResponse {
        RootAnswers.failure(error)
    }
}
