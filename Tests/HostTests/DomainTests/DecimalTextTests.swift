import Domain
import TestSupport
import Testing

@Suite("Reading decimal text")
struct DecimalTextTests {
    static let exact: [(text: String, nanos: Int64)] = [
        ("0", 0), ("-0", 0), ("+0.0", 0), ("0e400", 0), ("0e-400", 0), ("12", 12_000_000_000), ("+12", 12_000_000_000),
        ("-0.5", -500_000_000), (".25", 250_000_000), ("5.", 5_000_000_000), ("1e-3", 1_000_000),
        ("2.99E-03", 2_990_000), ("1E+2", 100_000_000_000), ("0.000000001", 1), ("-0.000000001", -1), ("1e-9", 1),
        ("0.0000000010", 1), ("1.0000000000000000000", 1_000_000_000), ("10000000000000000000000e-22", 1_000_000_000),
        ("0.00000000000000000001e20", 1_000_000_000), ("000000000000000000000000000001", 1_000_000_000),
        ("4000000000", Money.bound), ("-4000000000", -Money.bound), ("3999999999.999999999", Money.bound - 1),
        ("4e9", Money.bound), ("0.4e10", Money.bound), ("123456789.123456789", 123_456_789_123_456_789),
    ]

    static let refused = [
        "", " ", "+", "-", ".", "-.", "e5", ".e5", "1e", "1e+", "1e1.5", "1e+-5", "--1", "+-1", "1 ", " 1", "1,5",
        "1_000",
        "1..2", "1.2.3", "0x10", "inf", "nan", "NaN", "Infinity", "١", "1\u{0301}", "1e401", "1e-401",
        "1e99999999999999999999",
        "0.0000000001", "1e-10", "-1e-10", "0.12345678900000001", "4000000000.000000001", "-4000000000.000000001",
        "4000000001", "9223372036.854775807", "9223372036.854775808", "1e10", "1e400", "18446744073.709551616", "1\0",
        "１",
        String(repeating: "0", count: 64) + "1",
    ]

    static let roundedUp: [(text: String, nanos: Int64?)] = [
        ("0.0000000001", 1), ("0.0000000010", 1), ("0.0000000011", 2), ("0.0000000019", 2), ("-0.0000000001", -1),
        ("1e-400", 1), ("9.9999999999", 10_000_000_000), ("0.00000000010000000000", 1), ("0.0000000000", 0),
        ("0.1234567890", 123_456_789), ("3999999999.9999999991", Money.bound), ("4000000000.0000000001", nil),
        ("-4000000000.0000000001", nil), ("4000000000.0000000000", Money.bound), ("abc", nil), ("1e30", nil),
    ]

    @Test("Decimal text is read exactly", arguments: exact)
    func exactly(text: String, nanos: Int64) {
        #expect(Money(decimal: text)?.nanos == nanos)
        #expect(Money(decimal: text, remainder: .roundedUp)?.nanos == nanos)
    }

    @Test("What is no decimal number, not exact or out of bounds is refused", arguments: refused)
    func refusal(text: String) {
        #expect(Money(decimal: text) == nil)
    }

    @Test("For a charge a tenth digit is rounded away from zero", arguments: roundedUp)
    func rounding(text: String, nanos: Int64?) {
        #expect(Money(decimal: text, remainder: .roundedUp)?.nanos == nanos)
    }

    @Test("64 characters are read, 65 are refused")
    func length() {
        #expect(Money(decimal: String(repeating: "0", count: 63) + "1") != nil)
        #expect(Money(decimal: String(repeating: "0", count: 64) + "1") == nil)
        #expect(Money(decimal: Substring("1.5")) == Money(nanos: 1_500_000_000))
    }

    @Test("Random texts are read as exact arithmetic on whole numbers of any size says")
    func againstExactArithmetic() {
        var random = SeededGenerator(seed: 42)
        var accepted = 0
        for _ in 0..<50_000 {
            let number = RandomDecimal(using: &random)
            let exact = number.nanos(roundingUp: false)
            let rounded = number.nanos(roundingUp: true)
            #expect(Money(decimal: number.text)?.nanos == exact, "\(number.text)")
            #expect(Money(decimal: number.text, remainder: .roundedUp)?.nanos == rounded, "\(number.text)")
            accepted += exact == nil ? 0 : 1
        }
        // The texts are made so that both outcomes are common, otherwise this would show nothing.
        #expect((10_000...40_000).contains(accepted), "\(accepted)")
    }
}

/// A decimal text of random form, and its value by another way than the one that is tested: long division by hand on
/// decimal digits, without powers and without machine integers until the end.
private struct RandomDecimal {
    var text: String
    private var digits: [Int]
    private var pointFromRight: Int
    private var negative: Bool

    init(using random: inout SeededGenerator) {
        let whole = (0..<Int.random(in: 0...11, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
        var decimals = (0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
        if Bool.random(using: &random) { decimals += Array(repeating: 0, count: Int.random(in: 0...8, using: &random)) }
        if Bool.random(using: &random) { decimals = decimals.enumerated().map { $0.offset < 4 ? $0.element : 0 } }
        digits = whole + decimals
        if digits.isEmpty { digits = [7] }
        let point = digits.count > 1 && !decimals.isEmpty
        let exponent = Bool.random(using: &random) ? Int.random(in: -12...12, using: &random) : nil
        pointFromRight = (point ? decimals.count : 0) - (exponent ?? 0)
        negative = Bool.random(using: &random)
        var body = digits.map(String.init)
        if point { body.insert(".", at: digits.count - decimals.count) }
        text = (negative ? "-" : "") + body.joined() + (exponent.map { "e\($0)" } ?? "")
    }

    /// The value in 10^-9, nil when it is not exact or leaves the bound.
    func nanos(roundingUp: Bool) -> Int64? {
        var whole = digits
        var places = 9 - pointFromRight
        while places > 0 {
            whole.append(0)
            places -= 1
        }
        var lost = false
        while places < 0 {
            if let last = whole.popLast(), last != 0 { lost = true }
            places += 1
        }
        if lost {
            guard roundingUp else { return nil }
            whole = RandomDecimal.increased(whole)
        }
        let magnitude = String(whole.drop { $0 == 0 }.map { Character(String($0)) })
        let bound = String(Money.bound)
        // Texts of digits without leading zeros compare like numbers: by length, then as texts.
        guard (magnitude.count, magnitude) <= (bound.count, bound) else { return nil }
        let value = Int64(magnitude.isEmpty ? "0" : magnitude) ?? 0
        return negative ? -value : value
    }

    private static func increased(_ digits: [Int]) -> [Int] {
        var digits = digits
        for index in digits.indices.reversed() {
            if digits[index] < 9 {
                digits[index] += 1
                return digits
            }
            digits[index] = 0
        }
        return [1] + digits
    }
}
