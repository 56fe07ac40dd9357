import Domain
import NIOCore
import ProviderKit
import Tasks

/// Examples of a JSON call in a dialect. The answers are written by what writes them to clients.
struct TaskCallExamples {
    /// By name: what is sent.
    let requests: JSONObject
    /// By the same names: what is answered under status 200.
    let answers: JSONObject

    /// The key that examples have.
    static let key = "ucap_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"
    /// The token of the solution.
    static let solution: JSONValue = ["token": "0.RkqA7Y9xmZtW", "userAgent": "Mozilla/5.0"]
    static let task: JSONValue = [
        "type": "TurnstileTaskProxyless", "websiteURL": "https://example.com/login",
        "websiteKey": "0x4AAAAAAADnPIDROrmt1Wwj",
    ]

    /// An example: its name, what is sent, what is answered.
    private typealias Example = (name: String, sent: JSONObject, answer: ServerResponse)

    init(_ dialect: ClientDialect?, _ call: TaskCall) {
        let answers = TaskAnswers(dialect)
        let ofTask = TaskAnswers(dialect ?? .anticaptcha)
        let key: JSONObject = ["clientKey": .string(TaskCallExamples.key)]
        guard let id = TaskID(7) else {
            (requests, self.answers) = ([:], [:])
            return
        }
        let ids = TaskCallExamples.ids
        let named = key.adding([
            "taskId": ofTask.shape.name == .uuid ? .string(ids.uuid(of: id)) : .number(JSONNumber(id.number))
        ])
        let examples: [Example] =
            switch call {
            case .createTask: TaskCallExamples.creations(key, id, ofTask)
            case .getTaskResult:
                TaskCallExamples.ends.map {
                    (
                        $0, named.adding(["wait": 30]),
                        ofTask.result(TaskCallExamples.example(id, $1), ids, to: TaskCallExamples.address)
                    )
                }
            case .getBalance: [("balance", key, answers.balance(TaskCallExamples.balance))]
            case .feedbackTask: [("recorded", named.adding(["result": ["invalid": true]]), answers.feedback())]
            case .report: [("recorded", named, answers.reported())]
            case .queueFigures: [("figures", ["queueId": 1], answers.queue(TaskCallExamples.figures))]
            }
        requests = JSONObject(
            examples.map { .init($0.name, TaskCallExamples.described($0.name, .object($0.sent))) })
        self.answers = JSONObject(
            examples.map {
                let answer = try? JSONValue(parsing: $0.answer.body.readableBytesView)
                return .init($0.name, TaskCallExamples.described($0.name, answer ?? .null))
            })
    }

    /// An example of OpenAPI.
    static func described(_ name: String, _ value: JSONValue) -> JSONValue {
        guard let summary = summaries[name] else { return ["value": value] }
        return ["summary": .string(summary), "value": value]
    }

    /// What there is to say of examples that are not the only one of their call.
    private static let summaries = [
        "accepted": "A task", "called": "A task at whose end an address is called",
        atOnce: "A picture, whose solution may come at once", "open": "It is worked on", "solved": "It is solved",
        "failed": "It could not be solved",
    ]

    private static func creations(_ key: JSONObject, _ id: TaskID, _ answers: TaskAnswers) -> [Example] {
        let sent = key.adding(["task": task])
        var all: [Example] = [
            ("accepted", sent, answers.created(id, ids)),
            ("called", sent.adding(["callbackUrl": "https://shop.example/hook?order=7"]), answers.created(id, ids)),
        ]
        if answers.shape.isInstant(pictureType) {
            let solved = example(id, status(of: atOnce))
            all.append((atOnce, key.adding(["task": pictureTask]), answers.created(id, ids, ended: solved)))
        }
        return all
    }

    private static let ids = ExampleIDs()
    static let figures = QueueFigures(free: 75, most: 100, price: money("0.0005"), seconds: 2.5)

    static let balance = money("12.3456")
    /// Where the examples are tried: the machine of the host itself.
    private static let address = IPAddress.v4(0x7F00_0001)

    /// The name of the example in which createTask tells the solution.
    private static let atOnce = "solvedAtOnce"
    private static let pictureType = "ImageToTextTask"
    private static let pictureTask: JSONValue = .object([
        "type": .string(pictureType), "body": "iVBORw0KGgoAAAANSUhEUgAAADIAAAASAQAAAAAnSHdaAAAAIElEQVR4nGNg",
    ])

    /// How the task of an example stands.
    static func status(of name: String) -> TaskStatus {
        if name == atOnce {
            return .ready(solution: JSONValue.object(["text": "deca"]).bytes, price: money("0.0005"), seconds: 0.8)
        }
        return ends.first { $0.name == name }?.status ?? .processing
    }

    /// How a task may stand, by the name of the example.
    static let ends: [(name: String, status: TaskStatus)] = [
        ("open", .processing), ("solved", .ready(solution: solution.bytes, price: money("0.0012"), seconds: 1.002)),
        ("failed", .failed(ClientError(.unsolvable))),
    ]

    static func example(_ id: TaskID, _ status: TaskStatus) -> ClientTask {
        ClientTask(
            id: id, family: .turnstile, dialect: nil, createdAt: Timestamp(milliseconds: 1_700_000_000_999),
            endedAt: status == .processing ? nil : Timestamp(milliseconds: 1_700_000_002_001), status: status)
    }

    private static func money(_ text: String) -> Money { Money(decimal: text) ?? .zero }
}

/// UUIDs that show which task they are of.
private struct ExampleIDs: TaskIDCipher {
    func uuid(of id: TaskID) -> String {
        let digits = String(id.number, radix: 16)
        return "aaaaaaaa-bbbb-4ccc-8ddd-" + String(repeating: "0", count: max(12 - digits.count, 0)) + digits
    }

    func id(ofUUID text: String) -> TaskID? { nil }
    func secretNumber(of id: TaskID) -> Int64 { id.number + 9_000_000_000_000 }
    func id(ofSecretNumber number: Int64) -> TaskID? { nil }
}
