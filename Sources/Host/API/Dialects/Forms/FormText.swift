/// Names and values as forms and addresses write them: `a=1&b=x%20y`, `+` for a blank.
enum FormText {
    /// The pairs of a form; a name without `=` has an empty value.
    ///
    /// - Parameter limit: the most pairs that are read.
    /// - Returns: nil when there are more.
    static func pairs(_ text: some Collection<UInt8>, limit: Int) -> [(name: String, value: String)]? {
        // One more than there may be, so that a long text is not taken apart to its end.
        let parts = text.split(separator: UInt8(ascii: "&"), maxSplits: limit)
        guard parts.count <= limit else { return nil }
        return parts.map { part in
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return (decoded(part), "") }
            return (decoded(part[..<equals]), decoded(part[part.index(after: equals)...]))
        }
    }

    /// Escapes decoded. One without two hexadecimal digits stays as it is, and what is no UTF-8 is repaired: clients of
    /// this kind escape by hand.
    static func decoded(_ text: some Collection<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[text.startIndex...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), let escaped = escaped(rest.prefix(2)) {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text with all but RFC 3986's unreserved characters as escapes.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ digits: some Collection<UInt8>) -> UInt8? {
        let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return values.count == 2 ? UInt8(values[0] << 4 | values[1]) : nil
    }
}
