import API
import Domain
import NIOCore
import ProviderKit
import Tasks

/// Answers operators on the control socket: one call, whose body is an `OperatorRequest`.
struct ControlResponder: RequestResponder {
    let service: OperatorService

    func respond(to request: ServerRequest) async -> ServerResponse {
        guard request.method == "POST", request.path == "/operator" else {
            return answer(["error": "The control socket takes POST /operator."], status: 404)
        }
        guard let json = try? JSONValue(parsing: Array(request.body.readableBytesView)),
            let wanted = OperatorRequest(json: json)
        else {
            return answer(
                ["error": "The host does not know this request. Is the command of the same version?"], status: 400)
        }
        do {
            return answer(["result": try await service.perform(wanted)])
        } catch {
            return answer(["error": .string(error.description)], status: 409)
        }
    }

    private func answer(_ json: JSONValue, status: Int = 200) -> ServerResponse {
        ServerResponse(status: status, bytes: json.bytes)
    }
}
