import Domain
import NIOCore

extension ServerRequest {
    /// The body without the byte order mark of UTF-8 that some clients begin it with.
    var bodyText: ByteBufferView {
        let bytes = body.readableBytesView
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    }

    /// The key in the header `Authorization: Bearer`; nil when there is none.
    var bearer: String? {
        guard let value = header("authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let key = parts[1].drop { $0 == " " }
        return key.isEmpty ? nil : String(key)
    }

    /// The name of the header with which a request may be sent twice and makes one task.
    static let idempotencyKeyName = "Idempotency-Key"

    /// The header `Idempotency-Key`; nil without one.
    ///
    /// - Throws: `badParameters` for what can be none, and for several that differ.
    func idempotencyKey() throws(ClientError) -> String? {
        let name = ServerRequest.idempotencyKeyName
        let keys = headers(name).map { String(ServerRequest.trimmed($0[...])) }
        guard let key = keys.first else { return nil }
        guard keys.allSatisfy({ $0 == key }) else {
            throw ClientError(.badParameters, field: name, "The header came several times, and not the same.")
        }
        // What is no ASCII may have lost its difference on the way, so that two keys would look alike.
        guard (1...Limits.idempotencyKeyBytes).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw ClientError(
                .badParameters, field: name, "A key has 1 to \(Limits.idempotencyKeyBytes) characters of ASCII.")
        }
        return key
    }
}

extension ServerRequest {
    /// Whether the header `Accept` names the first of two content types, and not the second as well with more weight
    /// or before it. Types with an asterisk are nobody's wish.
    func prefers(_ type: String, to other: String) -> Bool {
        var best: (type: String, weight: Double)?
        for range in headers("accept").flatMap({ $0.split(separator: ",") }) {
            let parts = range.split(separator: ";").map { ServerRequest.trimmed($0).lowercased() }
            guard let name = parts.first, name == type || name == other else { continue }
            let weights = parts.dropFirst().filter { $0.hasPrefix("q=") }
            let weight = weights.first.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (name, weight) }
        }
        return best?.type == type
    }

    /// Without the blanks around it, which are no part of a header's value.
    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        var text = text.drop(while: isBlank)
        while text.last.map(isBlank) == true { text.removeLast() }
        return text
    }
}

extension TaskIDCipher {
    /// The task that a client's text names, by UUID or by number; nil for what can name none.
    func id(ofText text: String) -> TaskID? {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? Int64(text).flatMap(TaskID.init) : id(ofUUID: text)
    }
}
