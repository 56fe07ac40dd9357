import ProviderKit

/// Where a value stands in the client's request, for errors: `task.websiteURL`, `task.metadata.action`.
struct FieldPlace {
    /// The member of the task that holds it, with a point at the end; empty for the task itself.
    let prefix: String
    /// The name as the client spells it.
    let name: String

    init(_ name: String, under prefix: String = "") {
        self.prefix = prefix
        self.name = name
    }

    var text: String { "task.\(prefix)\(name)" }

    func refusal(_ sentence: String, _ code: ErrorCode = .badParameters) -> ClientError {
        ClientError(code, field: text, sentence)
    }
}

/// Work on the bytes of short texts. Names and schemes are ASCII, and comparing them by characters is slow.
extension String {
    /// Whether there is nothing but blanks and control characters.
    var isBlank: Bool { utf8.allSatisfy { $0 <= 0x20 } }

    var hasControlCharacters: Bool { utf8.contains { $0 < 0x20 || $0 == 0x7F } }

    /// Without blanks and control characters at both ends.
    var trimmed: String {
        let utf8 = utf8
        guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 else { return self }
        guard let start = utf8.firstIndex(where: { $0 > 0x20 }), let end = utf8.lastIndex(where: { $0 > 0x20 })
        else { return "" }
        return String(self[start...end])
    }

    /// Trimmed, and with the letters A-Z in lower case.
    var asciiLowercasedTrimmed: String {
        var text = trimmed
        guard text.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return text }
        return text.withUTF8 { bytes in
            String(unsafeUninitializedCapacity: bytes.count) { lower in
                for index in bytes.indices {
                    let byte = bytes[index]
                    lower[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                }
                return bytes.count
            }
        }
    }

    /// Whether the text begins with this, whatever the case of its letters. `start` is ASCII in lower case.
    func startsIgnoringCase(_ start: String) -> Bool {
        var bytes = utf8.makeIterator()
        for wanted in start.utf8 {
            guard let byte = bytes.next(), byte == wanted || ((0x41...0x5A).contains(byte) && byte | 0x20 == wanted)
            else { return false }
        }
        return true
    }

    /// Whether the text is this, whatever the case of its letters. `lower` is ASCII in lower case.
    func equalsIgnoringCase(_ lower: String) -> Bool {
        utf8.count == lower.utf8.count && startsIgnoringCase(lower)
    }
}
