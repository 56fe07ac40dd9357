public import ProviderKit

/// What a client has given a request so that, sent twice, it makes one task.
///
/// For `Limits.idempotencySeconds` after a task was accepted with it, the same text of the same account stands for that
/// task: the request that asks for the same gets its number again, without a reservation, also when the balance would
/// not cover another task by then; a request that asks for something else is refused. A suspended account is refused
/// in any case.
public struct IdempotencyKey: Sendable, Hashable {
    /// The client's own text, one for each task of its account; 1...`Limits.idempotencyKeyBytes` bytes.
    public let text: String
    /// The SHA-256 of what the request asks for, 32 bytes: the same key with another request is a mistake.
    public let request: [UInt8]

    public init(text: String, request: [UInt8]) {
        self.text = text
        self.request = request
    }

    /// What `request` is the SHA-256 of: all that a request says of its task, and nothing of who sends it or how.
    ///
    /// It is JSON without white space, the members of every object in the order of their names' Unicode scalars and
    /// the last one of each name alone, numbers and texts as the client wrote them. What the request leaves out is
    /// null, so that null and a missing member are the same beside the task, and not within it. Only the callback
    /// is left out where there is none: keys from before there were callbacks still count.
    public static func request(
        task: JSONObject, provider: String?, selectionMode: SelectionMode?, keyPoolMode: KeyPoolMode?,
        callback: Callback? = nil
    ) -> [UInt8] {
        var asked: JSONObject = [
            "keyPoolMode": (keyPoolMode?.rawValue).map { .string($0) } ?? .null,
            "provider": provider.map { .string($0) } ?? .null,
            "selectionMode": (selectionMode?.rawValue).map { .string($0) } ?? .null,
            "task": canonical(.object(task)),
        ]
        if let callback { asked["callback"] = .string(callback.url) }
        return JSONValue.object(asked).bytes
    }

    /// As deep as the value is, which whoever has parsed it has bounded.
    private static func canonical(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            var last: [String: JSONValue] = [:]
            for member in object.members { last[member.name] = member.value }
            let sorted = last.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
            return .object(JSONObject(sorted.map { JSONObject.Member($0.key, canonical($0.value)) }))
        case .array(let elements): return .array(elements.map(canonical))
        default: return value
        }
    }
}
