import ProviderKit

/// Base64 as clients send it: with or without a prefix `data:...;base64,`, line breaks and padding.
enum Base64Text {
    /// The picture in plain base64.
    ///
    /// - Throws: `badParameters` when it is none, `emptyImage` or `imageTooBig` for its size in bytes.
    static func picture(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> String {
        try checked(value, most: Limits.pictureBytes, place)
    }

    /// The recording in plain base64.
    ///
    /// - Throws: as `picture`.
    static func sound(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> String {
        try checked(value, most: Limits.soundBytes, place)
    }

    private static func checked(_ value: JSONValue, most: Int, _ place: FieldPlace) throws(ClientError) -> String {
        guard case .string(let text) = value else {
            throw place.refusal("It has to be text in base64, not \(value.kind).")
        }
        guard let plain = plain(text) else { throw place.refusal("It is not base64.") }
        let size = plain.utf8.count / 4 * 3 - plain.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
        guard size >= Limits.pictureBytesLeast else {
            throw place.refusal(
                "It has \(size) bytes, \(Limits.pictureBytesLeast) at least are needed.", .emptyImage)
        }
        guard size <= most else {
            throw place.refusal("It has \(size) bytes, at most \(most) are taken.", .imageTooBig)
        }
        return plain
    }

    /// The text in plain base64 with padding; nil when it is not base64. What is plain already is not copied.
    static func plain(_ given: String) -> String? {
        var text = given
        if text.startsIgnoringCase("data:") {
            guard let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")),
                String(text[..<comma]).asciiLowercasedTrimmed.hasSuffix(";base64")
            else { return nil }
            text = String(text[text.utf8.index(after: comma)...])
        }
        let scan = text.withUTF8(Scan.init)
        guard scan.isBase64 else { return nil }
        if scan.blanks > 0 { text = String(decoding: text.utf8.filter { $0 > 0x20 }, as: UTF8.self) }
        let missing = (4 - (scan.digits + scan.padding) % 4) % 4
        return missing == 0 ? text : text + String(repeating: "=", count: missing)
    }

    /// The bytes behind a text in base64; nil when it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        guard let plain = plain(text) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plain.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in plain.utf8 {
            guard let digit = digit(byte) else { break }
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static let isDigit: [Bool] = (UInt8.min...UInt8.max).map { digit($0) != nil }

    /// What a text is made of.
    private struct Scan {
        var digits = 0
        var padding = 0
        var blanks = 0
        private var others = 0

        init(_ bytes: UnsafeBufferPointer<UInt8>) {
            // Most texts are digits up to the padding, and long.
            let first = Base64Text.isDigit.withUnsafeBufferPointer { isDigit in
                bytes.firstIndex { !isDigit[Int($0)] } ?? bytes.endIndex
            }
            digits = first
            for byte in bytes[first...] {
                if Base64Text.digit(byte) != nil {
                    digits += 1
                    // Padding stands at the end alone.
                    others += padding
                } else if byte == UInt8(ascii: "=") {
                    padding += 1
                } else if byte == 0x0A || byte == 0x0D || byte == 0x20 || byte == 0x09 {
                    blanks += 1
                } else {
                    others += 1
                }
            }
        }

        var isBase64: Bool {
            others == 0 && digits > 0 && digits % 4 != 1 && (padding == 0 || (digits + padding) % 4 == 0)
                && padding <= 2
        }
    }
}
