import Domain
import ProviderKit

/// What the calls of a JSON dialect answer, made from the shape of its answers.
struct TaskAnswerSchemas {
    /// What the names under `components` begin with: `CapSolver`.
    let name: String
    let errors: ErrorSchemas
    private let shape: AnswerShape

    init(_ dialect: ClientDialect) {
        name = dialect.componentName
        shape = AnswerShape(dialect)
        errors = ErrorSchemas(name: name, shape)
    }

    /// By name under `components`.
    var components: JSONObject {
        let answers: JSONObject = [
            "\(name)Created": created, "\(name)Result": result,
            "\(name)Balance": Schema.object(["errorId": ["const": 0], "balance": Schema.number("USD.", least: 0)]),
            "\(name)Feedback": Schema.object([
                "errorId": ["const": 0], "message": ["const": .string(shape.feedbackMessage)],
            ]),
        ]
        return answers.adding(errors.schemas)
    }

    /// To reports and to getQueueStats, in every dialect alike.
    static let common: JSONObject = [
        "Reported": Schema.object(["errorId": ["const": 0], "status": ["const": "success"]]),
        "QueueFigures": Schema.object([
            "waiting": Schema.whole(0 ... .max, "Tasks that could begin now."),
            "load": Schema.number("Percent.", least: 0),
            "bid": Schema.number("The cheapest provider's price of a task in USD.", least: 0),
            "speed": Schema.number("Seconds that a task takes.", least: 0),
            "total": Schema.whole(0 ... .max, "Tasks that may be open at once."),
        ]),
    ]

    private var taskID: JSONValue {
        switch shape.name {
        case .number: Schema.whole(1...TaskAnswerSchemas.greatestNumber)
        case .uuid: ["type": "string", "format": "uuid"]
        }
    }

    private var created: JSONValue {
        let head: JSONObject = ["errorId": ["const": 0], "taskId": taskID]
        guard shape.createdHasStatus else { return Schema.object(head) }
        let begun = Schema.object(head.adding(["status": ["const": "processing"]]))
        guard !shape.instantTypes.isEmpty else { return begun }
        return ["oneOf": [begun, solved(head), Schema.object(failed.adding(["taskId": taskID]))]]
    }

    private var result: JSONValue {
        var head: JSONObject = ["errorId": ["const": 0]]
        if shape.resultHasName { head["taskId"] = taskID }
        return [
            "oneOf": [
                Schema.object(head.adding(["status": ["const": "processing"]])), solved(head), Schema.object(failed),
            ]
        ]
    }

    private var failed: JSONObject {
        [
            "errorId": ["const": shape.failureIsError ? 1 : 0], "status": ["const": "failed"],
            "errorCode": Schema.word(
                Set(ErrorCode.allCases.map { shape.codes[$0] ?? $0.rawValue }).union(shape.fieldCodes.values).sorted()),
            "errorDescription": Schema.text(),
        ]
    }

    private func solved(_ head: JSONObject) -> JSONValue {
        let cost: JSONObject = [
            "cost": shape.costIsText
                ? Schema.described(["type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,9})?$"], "USD, exact.")
                : Schema.number("USD, exact.", least: 0)
        ]
        let facts: JSONObject =
            switch shape.facts {
            case .nothing: [:]
            case .charge: cost.adding(["solveTime": Schema.whole(0 ... .max, "Milliseconds.")])
            case .times:
                cost.adding([
                    "ip": Schema.text("The address that asks."),
                    "createTime": Schema.whole(0 ... .max, "Seconds since 1970."),
                    "endTime": Schema.whole(0 ... .max, "Seconds since 1970."), "solveCount": ["const": 1],
                ])
            }
        let solution: JSONValue = [
            "type": "object",
            "description": "The fields of the task's family, and each again by the other names that clients look for.",
        ]
        return Schema.object(
            head.adding(["status": ["const": "ready"], "solution": solution]).adding(facts), optional: ["ip"])
    }

    /// Numbers of tasks are exact in every language.
    private static let greatestNumber: Int64 = 1 << 53 - 1
}

extension ClientDialect {
    /// What its descriptions' names begin with.
    var componentName: String {
        switch self {
        case .ucaptcha: "UCaptcha"
        case .anticaptcha: "AntiCaptcha"
        case .capsolver: "CapSolver"
        case .capmonster: "CapMonster"
        case .twoCaptcha: "TwoCaptcha"
        }
    }
}
