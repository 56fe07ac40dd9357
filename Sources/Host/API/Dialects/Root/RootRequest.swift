import Domain
import NIOCore
import ProviderKit

/// The fields of a request in the root dialect. Fields that it does not know are ignored, whatever they hold.
struct RootRequest {
    private let fields: JSONObject

    /// - Throws: `badJSON` with the offset, `nestedTooDeep`.
    init(_ request: ServerRequest) throws(ClientError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: request.body.readableBytesView, maximumDepth: Limits.jsonDepth)
        } catch {
            switch error.reason {
            case .malformed: throw ClientError(.badJSON, "The body is no JSON: \(error).")
            case .tooDeep(let limit):
                throw ClientError(.nestedTooDeep, "At most \(limit) arrays and objects may be open at once.")
            }
        }
        guard case .object(let fields) = value else {
            throw ClientError(.badJSON, "The body is \(value.kind), not an object.")
        }
        self.fields = fields
    }

    /// The key in `clientKey`, or without one that of the header `Authorization: Bearer`.
    ///
    /// - Throws: `keyDoesNotExist` when there is neither, `badParameters` when it is no string.
    func clientKey(or request: ServerRequest) throws(ClientError) -> String {
        switch fields["clientKey"] {
        case .string(let key) where !key.isEmpty: return key
        case nil, .null, .string:
            guard let key = request.bearer else {
                throw ClientError(.keyDoesNotExist, field: "clientKey", "The field is missing.")
            }
            return key
        case .some(let value): throw RootRequest.wrongType("clientKey", "a string", value)
        }
    }

    /// The task as the client wrote it, with a type that is a string of a sensible length.
    ///
    /// - Throws: `taskAbsent`, `badParameters`.
    func task() throws(ClientError) -> JSONObject {
        switch fields["task"] {
        case .object(let task):
            switch task["type"] {
            case .string(let type):
                guard !type.isEmpty, type.utf8.count <= Limits.taskTypeCharacters else {
                    throw ClientError(
                        .badParameters, field: "task.type",
                        "A type has 1 to \(Limits.taskTypeCharacters) characters.")
                }
            case nil, .null: throw ClientError(.badParameters, field: "task.type", "The field is missing.")
            case .some(let value): throw RootRequest.wrongType("task.type", "a string", value)
            }
            return withLanguage(task)
        case nil, .null: throw ClientError(.taskAbsent)
        case .some(let value): throw RootRequest.wrongType("task", "an object", value)
        }
    }

    /// The provider that the client insists on; nil when it leaves the choice to the host.
    ///
    /// - Throws: `badParameters` for what can be no name.
    func provider() throws(ClientError) -> String? {
        switch fields["provider"] {
        case nil, .null, .string(""): return nil
        case .string(let name):
            guard name.utf8.count <= Limits.providerNameBytes else {
                throw ClientError(
                    .badParameters, field: "provider", "A name has at most \(Limits.providerNameBytes) bytes.")
            }
            return name
        case .some(let value): throw RootRequest.wrongType("provider", "a string", value)
        }
    }

    /// What the client wants of the choice between providers; nil when it leaves that to the key's settings.
    ///
    /// - Throws: `badParameters` for what is no mode.
    func selectionMode() throws(ClientError) -> SelectionMode? {
        switch fields["selectionMode"] {
        case nil, .null, .string(""): return nil
        case .string(let name):
            guard let mode = SelectionMode(anyCase: name) else {
                let names = SelectionMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw ClientError(
                    .badParameters, field: "selectionMode",
                    "There is no such mode. Those there are: \(names). Without one the key's settings hold.")
            }
            return mode
        case .some(let value): throw RootRequest.wrongType("selectionMode", "a string", value)
        }
    }

    /// The task with the language that stands beside it, where it does; the vocabulary drops it from tasks without
    /// words.
    private func withLanguage(_ task: JSONObject) -> JSONObject {
        guard let language = fields["languagePool"], language.string != nil, task["languagePool"] == nil else {
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
        switch fields["taskId"] {
        case .string(let text): id = ids.id(ofText: text)
        case .number(let number):
            guard let whole = number.integer else {
                throw ClientError(.badParameters, field: "taskId", "The number has to be a whole one.")
            }
            id = TaskID(whole)
        case nil, .null: throw ClientError(.badParameters, field: "taskId", "The field is missing.")
        case .some(let value): throw RootRequest.wrongType("taskId", "a string or a number", value)
        }
        guard let id else { throw ClientError(.wrongTaskID, field: "taskId") }
        return id
    }

    private static func wrongType(_ field: String, _ wanted: String, _ value: JSONValue) -> ClientError {
        ClientError(.badParameters, field: field, "The field has to be \(wanted), not \(value.kind).")
    }
}
