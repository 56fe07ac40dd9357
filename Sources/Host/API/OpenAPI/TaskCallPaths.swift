import Domain
import ProviderKit

/// The JSON calls of all dialects, made from the list of calls: at the root and behind each dialect's name.
struct TaskCallPaths {
    /// Nil: at the root, where the dialect is found out for each request.
    private let dialect: ClientDialect?
    private let errors: ErrorSchemas

    /// In the order of the document: the host's own, the root, then the others.
    static let all: [TaskCallPaths] = {
        let order: [ClientDialect?] = [.ucaptcha, nil] + ClientDialect.allCases.filter { $0 != .ucaptcha }
        return order.map { TaskCallPaths($0) }
    }()

    /// The descriptions that they refer to.
    static var schemas: JSONObject {
        let dialects = ClientDialect.allCases.map { TaskAnswerSchemas($0).components }
        return dialects.reduce(TaskAnswerSchemas.common.adding(anyErrors.schemas)) { $0.adding($1) }
            .adding(BodySchemas.components)
    }

    static var responses: JSONObject { anyErrors.components.adding(TaskAnswerSchemas(.ucaptcha).errors.components) }

    private init(_ dialect: ClientDialect?) {
        self.dialect = dialect
        errors = dialect.map { TaskAnswerSchemas($0).errors } ?? TaskCallPaths.anyErrors
    }

    private static let anyErrors = ErrorSchemas(
        name: "Any",
        anyOf: [ErrorSchemas(name: "", .automatic)] + ClientDialect.allCases.map { TaskAnswerSchemas($0).errors })

    /// The name of the group, and what is special about it.
    var tag: JSONValue {
        let what =
            switch dialect {
            case .ucaptcha: "The calls in the host's own dialect, with HTTP statuses."
            case nil:
                "The same calls without the name of a dialect. The key, the header `Host`, the configuration and at "
                    + "last the task decide in which dialect they are answered, so that clients of other services "
                    + "need another base URL and nothing else."
            case .some(let dialect): "The same calls, answered as \(dialect.service) does. Errors come with status 200."
            }
        return ["name": .string(tagName), "x-title": .string(title), "description": .string(what)]
    }

    /// By path.
    var paths: JSONObject {
        JSONObject(
            TaskCall.all.map { path, call in
                JSONObject.Member(prefix + path, ["post": .object(operation(call, path))])
            })
    }

    private var prefix: String { dialect.map { "/\($0.rawValue)" } ?? "" }
    private var title: String {
        switch dialect {
        case nil: "The calls at the root"
        case .ucaptcha: "Tasks"
        case .some(let dialect): "As \(dialect.service)"
        }
    }

    private var tagName: String { dialect?.rawValue ?? "root" }

    private func operation(_ call: TaskCall, _ path: String) -> JSONObject {
        let name = path.dropFirst()
        let title = dialect.map { $0.componentName.prefix(1).lowercased() + $0.componentName.dropFirst() }
        let id = title.map { $0 + name.prefix(1).uppercased() + name.dropFirst() } ?? String(name)
        var operation: JSONObject = [
            "operationId": .string(id), "tags": [.string(tagName)], "summary": .string(call.summary),
        ]
        if call == .createTask {
            operation["parameters"] = [OpenAPIDocument.idempotencyKeyReference]
        }
        operation["security"] = call == .queueFigures ? [] : [["bearer": []], [:]]
        let examples = TaskCallExamples(dialect, call)
        operation["requestBody"] = [
            "required": true,
            "content": OpenAPIDocument.json(Schema.reference(call.bodyName), examples: examples.requests),
        ]
        let success: JSONValue = [
            "description": "An answer, or with `errorId` 1 an error.", "headers": .object(errors.headersUnderSuccess),
            "content": OpenAPIDocument.json(
                ["anyOf": .array(answers(call).map { Schema.reference($0) } + [errors.underSuccess])],
                examples: examples.answers),
        ]
        operation["responses"] = .object(.joining(["200": success], errors.responses))
        return operation
    }

    /// The names of what a call may answer.
    private func answers(_ call: TaskCall) -> [String] {
        let names = (dialect.map { [$0] } ?? ClientDialect.allCases).map(\.componentName)
        return switch call {
        case .createTask: names.map { "\($0)Created" }
        case .getTaskResult: names.map { "\($0)Result" }
        case .getBalance: dialect == nil ? ["UCaptchaBalance"] : names.map { "\($0)Balance" }
        case .feedbackTask: names.map { "\($0)Feedback" }
        case .report: ["Reported"]
        case .queueFigures: ["QueueFigures"]
        }
    }
}

extension ClientDialect {
    /// Whose clients are answered in it.
    var service: String {
        switch self {
        case .ucaptcha: "this host"
        case .anticaptcha: "Anti-Captcha"
        case .capsolver: "CapSolver"
        case .capmonster: "CapMonster Cloud"
        case .twoCaptcha: "2Captcha"
        }
    }
}

extension TaskCall {
    fileprivate var summary: String {
        switch self {
        case .createTask: "Have a task solved"
        case .getTaskResult: "Ask how a task stands"
        case .getBalance: "Read the balance"
        case .feedbackTask: "Say whether the site accepted a solution"
        case .report(true): "Say that the site accepted a solution"
        case .report(false): "Say that the site did not accept a solution"
        case .queueFigures: "Read how a kind of task stands, by Anti-Captcha's number"
        }
    }
}
