import Domain
import ProviderKit
import Tasks

/// The dialect of `/in.php` and `/res.php`: parameters as a form, answers as plain text or, with `json=1`, as JSON,
/// always with status 200.
struct InPHPDialect: Dialect {
    let service: any ClientService
    let feedback: any FeedbackUseCases
    let ids: any TaskIDCipher

    private static let submitPath = "/in.php"
    private static let resultPath = "/res.php"

    func call(_ method: String?, at path: String) -> APICall? {
        // Nearly all paths are others.
        guard path.hasSuffix(".php") else { return nil }
        return switch DialectPath(path).rest {
        case InPHPDialect.submitPath: .createTask
        case InPHPDialect.resultPath: .getTaskResult
        default: nil
        }
    }

    func respond(to request: ServerRequest, _ call: APICall) async -> DialectAnswer {
        let isSubmit = call == .createTask
        let form: RequestForm
        do throws(ClientError) {
            guard ["GET", "POST"].contains(request.method) else { throw ClientError(.methodNotAllowed) }
            form = try RequestForm(request)
        } catch {
            // What can be read of the query still says how to answer.
            return failed(call, InPHPAnswers(query: request.query), InPHPCode(error, isSubmit: isSubmit), error)
        }
        let answers = InPHPAnswers(form)
        if isSubmit { return await submit(request, form, answers) }
        return await InPHPResults(
            service: service, feedback: feedback, ids: ids, form: form, address: request.address, answers: answers
        ).respond()
    }

    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse {
        let isSubmit = call(nil, at: request.path) == .createTask
        return InPHPAnswers(refused: request).failure(InPHPCode(error, isSubmit: isSubmit), error)
    }

    private func submit(_ request: ServerRequest, _ form: RequestForm, _ answers: InPHPAnswers) async -> DialectAnswer {
        var task: InPHPTask?
        do throws(ClientError) {
            let holder = try await InPHPKey.holder(form, request.address, service)
            let read = try InPHPTask(form)
            task = read
            let id = try await service.createTask(
                CreateRequest(
                    read.task, idempotencyKey: try request.idempotencyKey(), dialect: .twoCaptcha,
                    callback: InPHPDialect.callback(form)),
                by: holder)
            return DialectAnswer(.createTask, answers.created(id))
        } catch {
            let parameter = task?.parameter(of: error)
            let named = ClientError(error.code, field: parameter ?? error.field, error.detail)
            let code =
                InPHPKey.isMalformed(error, form)
                ? InPHPCode.keyFormat : InPHPCode(error, isSubmit: true, parameter: parameter)
            return failed(.createTask, answers, code, named)
        }
    }

    /// Where the client wants to be told of the end of its task, in the parameter `pingback`.
    private static func callback(_ form: RequestForm) -> Callback? {
        guard let url = form.text("pingback"), !url.isEmpty else { return nil }
        return Callback(url: url, taskName: .number, field: "pingback")
    }

    private func failed(
        _ call: APICall, _ answers: InPHPAnswers, _ code: InPHPCode, _ error: ClientError
    ) -> DialectAnswer {
        DialectAnswer(call, answers.failure(code, error), error)
    }
}

/// The key in `key`.
enum InPHPKey {
    static func holder(
        _ form: RequestForm, _ address: IPAddress?, _ service: any ClientService
    ) async throws(ClientError) -> KeyHolder {
        try await service.authenticate(form.text("key") ?? "", for: .solve, from: address)
    }

    /// Whether an error is about a key that can be none: it has a code of its own here.
    static func isMalformed(_ error: ClientError, _ form: RequestForm) -> Bool {
        error.code == .keyDoesNotExist && form.text("key").flatMap(APIKeyText.init) == nil
    }
}
