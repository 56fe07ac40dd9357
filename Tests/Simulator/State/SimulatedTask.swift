public import Domain
public import ProviderKit

/// A task that a vendor took.
public struct SimulatedTask: Sendable, Hashable {
    /// As text; in answers a number or a text, as the vendor has it.
    public let id: String
    /// Of all tasks of the vendor, from 1.
    public let number: Int
    public let key: String
    public let type: String
    public let family: String
    public let createdAt: Timestamp
    public let finishedAt: Timestamp
    public let outcome: Outcome
    /// What was charged when the task was taken.
    public let price: Money
    public internal(set) var isRefunded = false
    public internal(set) var polls = 0
    public internal(set) var report: Bool?
    /// Whether answers are objects, in forms.
    let answersObject: Bool
    var recentPolls = CallWindow(seconds: 2)

    /// How it ends.
    public enum Outcome: Sendable, Hashable {
        case solved(JSONObject)
        /// The vendor's code.
        case failed(String)
    }

    /// The solution, or null.
    var solution: JSONValue {
        if case .solved(let fields) = outcome { .object(fields) } else { .null }
    }
}

/// A request as the vendor got it, with what came of it.
public struct RecordedRequest: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let at: Timestamp
    public let call: Call
    public let request: SimulatedRequest
    public let answer: SimulatedAnswer
    /// What the vendor did not object to and a caller should know: fields that the task's type does not have.
    public let notes: [String]

    /// For the control port.
    public var json: JSONValue {
        let target = request.query.isEmpty ? request.path : "\(request.path)?\(request.query)"
        return [
            "number": .number(JSONNumber(number)), "at": .number(JSONNumber(at.milliseconds)),
            "call": .string(call.rawValue), "method": .string(request.method), "target": .string(target),
            "headers": .object(
                JSONObject(request.headers.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
            "body": .string(String(decoding: request.body, as: UTF8.self)),
            "json": request.json ?? .null, "notes": .array(notes.map { .string($0) }),
            "answer": [
                "status": .number(JSONNumber(answer.status)), "body": .string(answer.text),
                "delivery": .string(answer.delivery.rawValue),
            ],
        ]
    }
}
