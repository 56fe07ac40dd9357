import Domain
import ProviderKit
import Tasks

/// The JSON dialects: `POST /createTask`, `/getTaskResult` and so on, at the root or behind the name of a dialect.
///
/// The calls are the same in all of them. Which one a request is answered in is said by its path, else by its key, else
/// by the name of the host or for all; where nobody says it, by the task itself.
struct TaskCallDialect: Dialect {
    let service: any ClientService
    let feedback: any FeedbackUseCases
    let ids: any TaskIDCipher
    let rules: DialectRules

    func call(_ method: String?, at path: String) -> APICall? {
        TaskCall(path: DialectPath(path).rest)?.call
    }

    func respond(to request: ServerRequest, _ call: APICall) async -> DialectAnswer {
        let path = DialectPath(request.path)
        var dialect = path.dialect ?? rules.dialect(ofHost: request.header("host"))
        do throws(ClientError) {
            guard let call = TaskCall(path: path.rest) else { throw ClientError(.noSuchMethod) }
            guard request.method == "POST" else { throw ClientError(.methodNotAllowed) }
            let fields = try TaskCallRequest(request, call)
            if call == .queueFigures { return DialectAnswer(.queueFigures, try queue(fields, dialect)) }
            let holder = try await holder(request, fields)
            dialect = path.dialect ?? holder.key.dialect ?? dialect
            return DialectAnswer(call.call, try await answer(call, request, fields, holder, dialect))
        } catch {
            return DialectAnswer(call, TaskAnswers(dialect).failure(error), error)
        }
    }

    /// What the key says is not known: a request that is refused has no key looked up.
    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse {
        TaskAnswers(DialectPath(request.path).dialect ?? rules.dialect(ofHost: request.header("host"))).failure(error)
    }

    /// Writes an error to a client of which nothing is known.
    func answer(_ error: ClientError) -> ServerResponse { TaskAnswers(rules.root).failure(error) }

    private func holder(_ request: ServerRequest, _ fields: TaskCallRequest) async throws(ClientError) -> KeyHolder {
        try await service.authenticate(try fields.clientKey(or: request), for: .solve, from: request.address)
    }

    private func answer(
        _ call: TaskCall, _ request: ServerRequest, _ fields: TaskCallRequest, _ holder: KeyHolder,
        _ dialect: ClientDialect?
    ) async throws(ClientError) -> ServerResponse {
        switch call {
        case .createTask: return try await create(request, fields, holder, dialect)
        case .getTaskResult:
            let id = try fields.taskID(ids)
            let seconds = try fields.waitSeconds()
            let task = try await service.task(id, for: holder, waiting: seconds)
            // The key may have been revoked meanwhile.
            if seconds > 0 { _ = try await self.holder(request, fields) }
            return TaskAnswers(dialect ?? task.dialect ?? .anticaptcha).result(task, ids, to: request.address)
        case .getBalance: return TaskAnswers(dialect).balance(try await service.balance(of: holder))
        case .feedbackTask:
            let isGood = try fields.isGoodFeedback()
            try await feedback.report(try fields.taskID(ids), isGood: isGood, by: holder)
            return TaskAnswers(dialect).feedback()
        case .report(let isGood):
            try await feedback.report(try fields.taskID(ids), isGood: isGood, by: holder)
            return TaskAnswers(dialect).reported()
        case .queueFigures: return try queue(fields, dialect)
        }
    }

    private func create(
        _ request: ServerRequest, _ fields: TaskCallRequest, _ holder: KeyHolder, _ dialect: ClientDialect?
    ) async throws(ClientError) -> ServerResponse {
        let task = try fields.task()
        let spoken = dialect ?? DialectSigns.dialect(of: task, in: fields.body)
        let answers = TaskAnswers(spoken)
        let id = try await service.createTask(
            CreateRequest(
                task, provider: try fields.provider(), selectionMode: try fields.selectionMode(),
                keyPoolMode: try fields.keyPoolMode(), idempotencyKey: try request.idempotencyKey(), dialect: spoken,
                callback: try fields.callback(answers.shape.name)),
            by: holder)
        let isInstant = task["type"]?.string.map { answers.shape.isInstant($0) } ?? false
        guard isInstant, let end = try? await end(of: id, request, fields, holder) else {
            return answers.created(id, ids)
        }
        return answers.created(id, ids, ended: end)
    }

    /// What became of a task whose client looks for it in the answer to createTask. Whatever goes wrong here, the task
    /// is there and will be charged, so that its client has to learn its ID.
    private func end(
        of id: TaskID, _ request: ServerRequest, _ fields: TaskCallRequest, _ holder: KeyHolder
    ) async throws(ClientError) -> ClientTask {
        let task = try await service.task(id, for: holder, waiting: Limits.instantAnswerSeconds)
        _ = try await self.holder(request, fields)
        return task
    }

    private func queue(_ fields: TaskCallRequest, _ dialect: ClientDialect?) throws(ClientError) -> ServerResponse {
        guard let family = QueueFamily.family(try fields.queue()), let figures = service.queue(of: family) else {
            throw ClientError(.badParameters, field: "queueId", "There is no such queue here.")
        }
        return TaskAnswers(dialect).queue(figures)
    }
}
