public import ProviderKit

/// What can be said of a provider's key without telling it, and what is wrong with one.
public enum KeyText {
    /// Bytes of a provider's key: fewer are no key, and would make the log unreadable where they are hidden.
    public static let length = 8...Limits.secretBytes

    /// The key as it may be shown: its first and last characters, four of each at most and together never more than a
    /// quarter of it, with `...` between.
    public static func masked(_ key: some Sequence<UInt8>) -> String {
        let characters = Array(String(decoding: Array(key), as: UTF8.self))
        let shown = min(characters.count / 4, 8)
        let end = shown / 2
        return String(characters.prefix(shown - end)) + "..." + String(characters.suffix(end))
    }

    /// Why this cannot be a key of a provider: a sentence without any of it. Nil when it can.
    ///
    /// - Parameter format: what the provider's keys look like, when that is known.
    public static func refusal(of key: Secret, format: Manifest.KeyFormat?) -> String? {
        guard let text = key.text else { return "The key has bytes that are no text. Check what was handed over." }
        guard length.contains(key.bytes.count) else {
            return "A key has \(length.lowerBound) to \(length.upperBound) bytes, this one \(key.bytes.count)."
        }
        guard !key.bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return "The key has control characters or several lines. Hand over one key and nothing else."
        }
        guard key.bytes.first != 0x20, key.bytes.last != 0x20 else {
            return "The key begins or ends with a blank. Copy it without."
        }
        guard let format, !format.accepts(text) else { return nil }
        return "This is no key of that provider: one looks like \(format.description). Check what was handed over."
    }
}

extension Manifest.KeyFormat {
    /// Whether a key is of this form.
    public func accepts(_ key: String) -> Bool {
        guard length.contains(key.count) else { return false }
        let rests = prefixes.isEmpty ? [key[...]] : prefixes.filter(key.hasPrefix).map { key.dropFirst($0.count) }
        return rests.contains { rest in !hexadecimal || rest.utf8.allSatisfy(Manifest.KeyFormat.isHexadecimal) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
