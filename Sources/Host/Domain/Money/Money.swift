/// An amount of money: a whole number of 10^-9 US dollars.
///
/// Every amount lies within ±`bound`, four thousand million dollars, so that the sum of two amounts never overflows.
/// Arithmetic that could leave the bound returns nil; no binary floating point is involved anywhere.
public struct Money: Sendable, Hashable, Comparable {
    /// The amount in units of 10^-9 USD.
    public let nanos: Int64

    /// The largest amount either way, in units of 10^-9 USD.
    public static let bound: Int64 = 4_000_000_000_000_000_000

    /// No money.
    public static let zero = Money(unchecked: 0)
    /// The largest amount that there is.
    public static let most = Money(unchecked: bound)

    /// Fails outside ±`bound`.
    public init?(nanos: Int64) {
        guard (-Money.bound...Money.bound).contains(nanos) else { return nil }
        self.nanos = nanos
    }

    private init(unchecked nanos: Int64) {
        self.nanos = nanos
    }

    public static func < (left: Money, right: Money) -> Bool { left.nanos < right.nanos }

    /// The sum, or nil when it leaves the bound.
    public func adding(_ other: Money) -> Money? { Money(nanos: nanos + other.nanos) }

    /// The difference, or nil when it leaves the bound.
    public func subtracting(_ other: Money) -> Money? { Money(nanos: nanos - other.nanos) }

    /// The same amount the other way; the bound is symmetric, so that there always is one.
    public var negated: Money { Money(unchecked: -nanos) }

    /// The exact sum of any number of amounts, or nil when it leaves the bound.
    public static func sum(_ amounts: some Sequence<Money>) -> Money? {
        var total: Int128 = 0
        for amount in amounts { total += Int128(amount.nanos) }
        return Int64(exactly: total).flatMap(Money.init(nanos:))
    }
}

extension Money: CustomStringConvertible {
    /// Decimal text in USD, exact, without trailing zeros and without exponent: `0.0002`, `-3`, `12.5`.
    public var description: String {
        let (whole, rest) = nanos.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var text = (nanos < 0 ? "-" : "") + String(whole)
        guard rest > 0 else { return text }
        var digits = Array(String(rest).utf8)
        digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: 9 - digits.count), at: 0)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        text += "." + String(decoding: digits, as: UTF8.self)
        return text
    }
}
