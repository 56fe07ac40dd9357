import Domain
import ProviderKit

/// What is sent in the bodies of the calls, made from the list of members that each call reads.
enum BodySchemas {
    /// A body.
    ///
    /// - Parameter closed: whether members that are not listed are refused; else they are ignored.
    static func object(_ members: [BodyMember], required: [BodyMember], closed: Bool) -> JSONValue {
        let optional = Set(members).subtracting(required).map(\.rawValue)
        return Schema.object(
            JSONObject(members.map { .init($0.rawValue, $0.schema) }), optional: Set(optional), closed: closed)
    }

    /// The bodies of the JSON calls, by name under `components`.
    static let components = TaskCall.all.reduce(into: JSONObject()) { all, path in
        all[path.call.bodyName] = object(path.call.members, required: path.call.required, closed: false)
    }
}

extension TaskCall {
    /// The name of what is sent.
    var bodyName: String {
        switch self {
        case .createTask: "CreateTask"
        case .getTaskResult: "ResultQuestion"
        case .report: "TaskQuestion"
        case .getBalance: "KeyOnly"
        case .feedbackTask: "Feedback"
        case .queueFigures: "QueueQuestion"
        }
    }

    /// What has to be there. The API key may come in the header instead.
    var required: [BodyMember] {
        switch self {
        case .createTask: [.task]
        case .getTaskResult, .report: [.taskID]
        case .getBalance: []
        case .feedbackTask: [.taskID, .result]
        case .queueFigures: [.queueID]
        }
    }
}

extension BodyMember {
    /// What it holds, and what it means.
    fileprivate var schema: JSONValue {
        switch self {
        case .clientKey: Schema.text("The API key. Without it the one of the header `Authorization: Bearer` is taken.")
        case .task: Schema.reference("Task")
        case .provider: BodyMember.providerName
        case .selectionMode:
            Schema.word(
                SelectionMode.allCases.map(\.rawValue),
                "What counts in the choice between providers; without it the API key's setting. In any case of "
                    + "letters.")
        case .keyPoolMode:
            Schema.word(
                KeyPoolMode.allCases.map(\.rawValue),
                "Whose keys at providers the task may go through; without it the API key's setting. In any case of "
                    + "letters.")
        case .callbackUrl: BodyMember.callbackAddress
        case .languagePool: Schema.text("The language of a task with words.")
        case .softID, .softIDWithLine: BodyMember.sign(of: .anticaptcha)
        case .appID, .source, .version: BodyMember.sign(of: .capsolver)
        case .taskID:
            [
                "type": ["string", "integer"],
                "description": "What createTask answered, as a number, its digits or a UUID.",
            ]
        case .wait:
            Schema.number(
                "Seconds that the answer may wait for the end of the task, 0 without it; more than "
                    + "\(Int(Limits.resultWaitSeconds)) counts as that.", least: 0)
        case .result:
            Schema.object(["invalid": Schema.flag("Whether the site did not accept the solution.")], closed: false)
        case .queueID: BodyMember.queue
        case .key: BodyMember.providerKey
        case .label: Schema.text("What you call it.")
        }
    }

    private static let providerName: JSONValue = .object([
        "type": "string", "maxLength": .number(JSONNumber(Limits.providerNameBytes)),
        "description": .string(
            "The name of a provider: of the only one that may solve the task, or of the one whose key it is."),
    ])

    private static let callbackAddress: JSONValue = .object([
        "type": "string", "pattern": "^https?://[^/?#:\\s]",
        "maxLength": .number(JSONNumber(Limits.callbackURLBytes)),
        "description": .string(
            "The address that is called when the task has ended, solved or not: a GET with `captcha_id`, `status` and "
                + "`code`. It has to be a public one."),
    ])

    private static let queue: JSONValue = .object([
        "type": "integer", "enum": .array(QueueFamily.numbers.map { .number(JSONNumber($0)) }),
        "description": "Anti-Captcha's number of a kind of task.",
    ])

    private static let providerKey: JSONValue = .object([
        "type": "string", "minLength": .number(JSONNumber(KeyText.length.lowerBound)),
        "maxLength": .number(JSONNumber(KeyText.length.upperBound)), "writeOnly": true,
        "description": "The key at the provider. It is stored encrypted and never shown again.",
    ])

    private static func sign(of dialect: ClientDialect) -> JSONValue {
        .object([
            "description": .string(
                "Ignored; at the root it shows a client of \(dialect.service) where nothing else shows whose it is.")
        ])
    }
}
