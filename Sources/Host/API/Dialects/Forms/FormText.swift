/// Names and values as forms and addresses write them: `a=1&b=x%20y`, `+` for a blank.
///
/// Pictures come so, of which a request may have a megabyte: everything goes by the bytes where they lie.
enum FormText {
    /// The pairs of a form; a name without `=` has an empty value.
    ///
    /// - Parameters:
    ///   - limit: the most pairs that there may be.
    ///   - isWanted: whether a pair of that name is read.
    /// - Returns: nil when there are more.
    static func pairs(
        _ text: some Collection<UInt8>, limit: Int, where isWanted: (String) -> Bool = { _ in true }
    ) -> [(name: String, value: String)]? {
        inPlace(text) { bytes in
            // One more than there may be, so that a long text is not taken apart to its end.
            let parts = bytes.split(separator: UInt8(ascii: "&"), maxSplits: limit)
            guard parts.count <= limit else { return nil }
            return parts.compactMap { slice in
                let part = UnsafeBufferPointer(rebasing: slice)
                let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.count
                let name = decode(UnsafeBufferPointer(rebasing: part[..<equals]))
                guard isWanted(name) else { return nil }
                return (name, decode(UnsafeBufferPointer(rebasing: part[equals...].dropFirst())))
            }
        }
    }

    /// Escapes decoded. One without two hexadecimal digits stays as it is, and what is no UTF-8 is repaired: clients of
    /// this kind escape by hand.
    static func decoded(_ text: some Collection<UInt8>) -> String { inPlace(text, decode) }

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

    private static func inPlace<Value>(
        _ text: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Value
    ) -> Value {
        text.withContiguousStorageIfAvailable(body) ?? Array(text).withUnsafeBufferPointer(body)
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> String {
        guard text.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else {
            return String(decoding: text, as: UTF8.self)
        }
        return String(unsafeUninitializedCapacity: text.count) { bytes in
            var (from, to) = (0, 0)
            while from < text.count {
                switch text[from] {
                case UInt8(ascii: "+"): bytes.initializeElement(at: to, to: 0x20)
                case UInt8(ascii: "%"):
                    guard from + 2 < text.count, let high = digit(text[from + 1]), let low = digit(text[from + 2])
                    else { fallthrough }
                    bytes.initializeElement(at: to, to: high << 4 | low)
                    from += 2
                default: bytes.initializeElement(at: to, to: text[from])
                }
                from += 1
                to += 1
            }
            return to
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
