/// Hexadecimal text as challenges write it: bytes, and the beginning of a key that may end in the middle of a byte.
enum HexText {
    /// The bytes of an even number of hexadecimal digits in either case; nil for any other text.
    static func bytes(_ text: String) -> [UInt8]? {
        let utf8 = Array(text.utf8)
        guard utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count / 2)
        for index in stride(from: 0, to: utf8.count, by: 2) {
            guard let high = value(utf8[index]), let low = value(utf8[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Lower-case digits.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}

/// What a derived key has to start with.
struct KeyPrefix: Sendable {
    /// How many hexadecimal digits it has.
    let digits: Int
    private let whole: [UInt8]
    /// The upper half of the byte after the whole ones, where the number of digits is odd.
    private let half: UInt8?

    /// Fails on a text that is not hexadecimal digits.
    init?(_ text: String) {
        digits = text.utf8.count
        let even = String(text.prefix(digits - digits % 2))
        guard text.unicodeScalars.allSatisfy(\.isASCII), let whole = HexText.bytes(even) else { return nil }
        self.whole = whole
        if digits % 2 == 0 {
            half = nil
        } else {
            guard let last = text.utf8.last.flatMap(HexText.value) else { return nil }
            half = last << 4
        }
    }

    /// Bytes of a key that decide whether it matches.
    var bytes: Int { whole.count + (half == nil ? 0 : 1) }

    /// Whether the key, of at least `bytes` bytes, starts with this.
    func starts(_ key: UnsafePointer<UInt8>) -> Bool {
        for index in whole.indices where key[index] != whole[index] { return false }
        guard let half else { return true }
        return key[whole.count] & 0xF0 == half
    }
}
