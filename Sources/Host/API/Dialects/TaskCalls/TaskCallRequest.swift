import Domain
import ProviderKit

/// The fields of a request in the JSON dialects.
struct TaskCallRequest {
    let body: JSONBody

    /// - Throws: `badJSON` with the offset, `nestedTooDeep`.
    init(_ request: ServerRequest, _ call: TaskCall) throws(ClientError) {
        body = try JSONBody(request, members: call.members)
    }

    /// The key in `clientKey`, or without one that of the header `Authorization: Bearer`.
    ///
    /// - Throws: `keyDoesNotExist` when there is neither, `badParameters` when it is no string.
    func clientKey(or request: ServerRequest) throws(ClientError) -> String {
        switch body[.clientKey] {
        case .string(let key) where !key.isEmpty: return key
        case nil, .null, .string:
            guard let key = request.bearer else {
                throw ClientError(.keyDoesNotExist, field: "clientKey", "The field is missing.")
            }
            return key
        case .some(let value): throw JSONBody.wrongType("clientKey", "a string", value)
        }
    }

    /// The task as the client wrote it, with a type that is a string of a sensible length.
    ///
    /// - Throws: `taskAbsent`, `badParameters`.
    func task() throws(ClientError) -> JSONObject {
        switch body[.task] {
        case .object(let task):
            switch task["type"] {
            case .string(let type):
                guard !type.isEmpty, type.utf8.count <= Limits.taskTypeCharacters else {
                    throw ClientError(
                        .badParameters, field: "task.type",
                        "A type has 1 to \(Limits.taskTypeCharacters) characters.")
                }
            case nil, .null: throw ClientError(.badParameters, field: "task.type", "The field is missing.")
            case .some(let value): throw JSONBody.wrongType("task.type", "a string", value)
            }
            return withLanguage(task)
        case nil, .null: throw ClientError(.taskAbsent)
        case .some(let value): throw JSONBody.wrongType("task", "an object", value)
        }
    }

    /// The provider that the client insists on; nil when it leaves the choice to the host.
    ///
    /// - Throws: `badParameters` for what can be no name.
    func provider() throws(ClientError) -> String? {
        try body.provider()
    }

    /// What the client wants of the choice between providers; nil when it leaves that to the key's settings.
    ///
    /// - Throws: `badParameters` for what is no mode.
    func selectionMode() throws(ClientError) -> SelectionMode? {
        try mode(.selectionMode, SelectionMode.init(anyCase:))
    }

    /// Whose keys at providers the client lets its task go through; nil when it leaves that to the key's settings.
    ///
    /// - Throws: `badParameters` for what is no mode.
    func keyPoolMode() throws(ClientError) -> KeyPoolMode? {
        try mode(.keyPoolMode, KeyPoolMode.init(anyCase:))
    }

    /// Where the client wants to be told of the end of its task, which it knows by a name of this kind; nil: nowhere.
    func callback(_ name: AnswerShape.Name) throws(ClientError) -> Callback? {
        switch name {
        case .number: try body.callback(.number)
        case .uuid: try body.callback(.uuid)
        }
    }

    /// For how many seconds the answer may wait for the end of the task.
    func waitSeconds() throws(ClientError) -> Double { try body.waitSeconds() }

    private func mode<Mode: CaseIterable & RawRepresentable<String>>(
        _ member: BodyMember, _ read: (String) -> Mode?
    ) throws(ClientError) -> Mode? {
        guard let name = try body.text(member) else { return nil }
        guard let mode = read(name) else {
            let names = Mode.allCases.map(\.rawValue).joined(separator: ", ")
            throw ClientError(
                .badParameters, field: member.rawValue,
                "There is no such mode. Those there are: \(names). Without one the key's settings hold.")
        }
        return mode
    }

    /// Whether `result` says that the site accepted the solution.
    ///
    /// - Throws: `badParameters`.
    func isGoodFeedback() throws(ClientError) -> Bool {
        guard let result = body[.result], result != .null else { throw JSONBody.missing("result") }
        guard result.object != nil else { throw JSONBody.wrongType("result", "an object", result) }
        switch result["invalid"] {
        case .bool(let isInvalid)?: return !isInvalid
        case nil, .null?: throw JSONBody.missing("result.invalid")
        case .some(let value): throw JSONBody.wrongType("result.invalid", "true or false", value)
        }
    }

    /// The number in `queueId`, which may be written as text.
    ///
    /// - Throws: `badParameters`.
    func queue() throws(ClientError) -> Int64 {
        guard let value = body[.queueID], value != .null else { throw JSONBody.missing("queueId") }
        guard let number = value.integer ?? value.string.flatMap({ Int64($0) }) else {
            throw JSONBody.wrongType("queueId", "a whole number", value)
        }
        return number
    }

    /// The task with the language that stands beside it, where it does; the vocabulary drops it from tasks without
    /// words.
    private func withLanguage(_ task: JSONObject) -> JSONObject {
        guard let language = body[.languagePool], language.string != nil, task["languagePool"] == nil else {
            return task
        }
        var task = task
        task["languagePool"] = language
        return task
    }

    /// The task that `taskId` names: by UUID, or by number, which may be written as a string.
    ///
    /// - Throws: `wrongTaskID` for what can name no task, `badParameters` for what is no ID at all.
    func taskID(_ ids: any TaskIDCipher) throws(ClientError) -> TaskID {
        let id: TaskID?
        switch body[.taskID] {
        case .string(let text): id = ids.id(ofText: text)
        case .number(let number):
            // Some languages have one kind of number, and write 7 as 7.0.
            guard let double = number.double, double == double.rounded() else {
                throw ClientError(.badParameters, field: "taskId", "The number has to be a whole one.")
            }
            id = (number.integer ?? Int64(exactly: double)).flatMap(TaskID.init)
        case nil, .null: throw ClientError(.badParameters, field: "taskId", "The field is missing.")
        case .some(let value): throw JSONBody.wrongType("taskId", "a string or a number", value)
        }
        guard let id else { throw ClientError(.wrongTaskID, field: "taskId") }
        return id
    }
}
