extension Money {
    /// What to do with digits beyond the ninth decimal.
    public enum Remainder: Sendable {
        /// Refuse the text.
        case refused
        /// Round away from zero, as for a price that is going to be charged.
        case roundedUp
    }

    /// Reads decimal text in USD, such as `12`, `-0.5`, `.25`, `1e-3` or `2.99E-03`.
    ///
    /// The value is exact or refused: nil for anything that is no decimal number, is longer than 64 characters, lies
    /// outside the bound, or has more than nine decimals while `remainder` is `.refused`.
    public init?(decimal text: some StringProtocol, remainder: Remainder = .refused) {
        guard let parsed = DecimalText(text) else { return nil }
        guard let nanos = parsed.scaled(by: 9, roundingUp: remainder == .roundedUp) else { return nil }
        self.init(nanos: nanos)
    }
}

/// Decimal text taken apart: its sign, its digits and the power of ten they are multiplied with.
struct DecimalText: Sendable, Hashable {
    private(set) var negative = false
    private(set) var digits: [UInt8] = []
    private(set) var exponent = 0

    init(digits: [UInt8], exponent: Int) {
        self.digits = digits
        self.exponent = exponent
    }

    init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        guard (1...64).contains(rest.count) else { return nil }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        takeDigits(from: &rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let whole = digits.count
            takeDigits(from: &rest)
            exponent = whole - digits.count
        }
        guard !digits.isEmpty else { return nil }
        if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
            rest.removeFirst()
            guard let power = Int(String(decoding: rest, as: UTF8.self)), (-400...400).contains(power) else {
                return nil
            }
            exponent += power
            rest = []
        }
        guard rest.isEmpty else { return nil }
    }

    private mutating func takeDigits(from rest: inout ArraySlice<UInt8>) {
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            digits.append(byte - 0x30)
            rest.removeFirst()
        }
    }

    /// The same value without zeros at either end of its digits; zero has no digits.
    var normalized: DecimalText {
        var normal = self
        normal.digits = Array(digits.drop { $0 == 0 })
        while normal.digits.last == 0 {
            normal.digits.removeLast()
            normal.exponent += 1
        }
        if normal.digits.isEmpty { (normal.negative, normal.exponent) = (false, 0) }
        return normal
    }

    /// The exact product, whatever its length.
    func multiplied(by other: DecimalText) -> DecimalText {
        // A column sums at most 64 products of two digits and a carry, far below what an Int holds.
        var columns = [Int](repeating: 0, count: digits.count + other.digits.count)
        for (row, digit) in digits.enumerated() {
            for (column, factor) in other.digits.enumerated() { columns[row + column + 1] += Int(digit) * Int(factor) }
        }
        for index in columns.indices.dropFirst().reversed() {
            columns[index - 1] += columns[index] / 10
            columns[index] %= 10
        }
        var product = DecimalText(digits: columns.map(UInt8.init), exponent: exponent + other.exponent)
        product.negative = negative != other.negative
        return product
    }

    /// The value times 10^`places` as a whole number; nil when it does not fit, or has a remainder that may not be
    /// rounded away from zero.
    func scaled(by places: Int, roundingUp: Bool) -> Int64? {
        var kept = digits.drop { $0 == 0 }
        guard !kept.isEmpty else { return 0 }
        let shift = exponent + places
        var hasRemainder = false
        if shift < 0 {
            let dropped = min(-shift, kept.count)
            hasRemainder = kept.suffix(dropped).contains { $0 != 0 }
            kept = kept.dropLast(dropped)
        }
        guard kept.count + max(shift, 0) <= 19 || kept.isEmpty else { return nil }
        var value: Int128 = 0
        for digit in kept { value = value * 10 + Int128(digit) }
        if shift > 0 { for _ in 0..<shift { value *= 10 } }
        if hasRemainder {
            guard roundingUp else { return nil }
            value += 1
        }
        return Int64(exactly: negative ? -value : value)
    }
}
