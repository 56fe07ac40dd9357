/// Hexadecimal digits of bytes, without any library between.
enum HexText {
    /// The digit for the lower four bits, lower case.
    static func digit(_ value: UInt8) -> UInt8 {
        let low = value & 0x0F
        return low < 10 ? 0x30 + low : 0x57 + low
    }

    /// The value of a digit in either case; nil for any other character.
    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
