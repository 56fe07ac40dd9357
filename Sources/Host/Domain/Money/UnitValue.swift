/// What one unit of a provider's balance is worth in USD: a positive decimal number, exact. Most providers count in
/// USD; some have points or tokens of their own.
public struct UnitValue: Sendable, Hashable, CustomStringConvertible {
    /// The significant digits and their exponent, so that equal values are equal.
    private let value: DecimalText

    /// A US dollar.
    public static let usd = UnitValue(value: DecimalText(digits: [1], exponent: 0))
    /// The name of the unit that needs no value of its own.
    public static let usdName = "USD"
    /// The finest value: 18 decimals.
    private static let mostDecimals = 18

    private init(value: DecimalText) {
        self.value = value
    }

    /// Reads decimal text in USD, such as `0.001` or `2.5e-4`. Nil for what is no decimal number, is not positive, has
    /// more than 18 decimals or lies beyond the bound of `Money`.
    public init?(decimal text: some StringProtocol) {
        guard let value = DecimalText(text)?.normalized, !value.negative, !value.digits.isEmpty,
            value.exponent >= -UnitValue.mostDecimals,
            value.scaled(by: 9, roundingUp: true).flatMap(Money.init(nanos:)) != nil
        else { return nil }
        self.init(value: value)
    }

    /// The value of a unit by the name that a manifest gives it: a dollar's for `USD`, else what the operator has
    /// configured. Nil when nobody knows.
    public init?(ofUnit name: String, configured: UnitValue?) {
        if name == UnitValue.usdName {
            self = .usd
        } else if let configured {
            self = configured
        } else {
            return nil
        }
    }

    /// What an amount of units, as decimal text, is worth: exact but for a tenth decimal, which is rounded away from
    /// zero as for a charge. Nil for what is no decimal number or leaves the bound of `Money`.
    public func usd(_ units: some StringProtocol) -> Money? {
        guard let amount = DecimalText(units)?.normalized else { return nil }
        return amount.multiplied(by: value).scaled(by: 9, roundingUp: true).flatMap(Money.init(nanos:))
    }

    /// As decimal text that reads as the same value.
    public var description: String {
        let digits = value.digits.map(String.init).joined()
        return value.exponent == 0 ? digits : "\(digits)e\(value.exponent)"
    }
}
