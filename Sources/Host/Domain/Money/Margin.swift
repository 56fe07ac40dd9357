/// What the platform adds to a provider's cost: an exact decimal fraction of it, `0.1` for a tenth.
public struct Margin: Sendable, Hashable, CustomStringConvertible {
    /// In units of 10^-9.
    private let billionths: Int64

    /// Nothing is added.
    public static let zero = Margin(billionths: 0)
    /// The largest: ten times the cost is added.
    static let most: Int64 = 10_000_000_000

    private init(billionths: Int64) {
        self.billionths = billionths
    }

    /// Reads decimal text from 0 to 10 with nine decimals at most; nil for everything else.
    public init?(decimal text: some StringProtocol) {
        guard let fraction = Money(decimal: text), (0...Margin.most).contains(fraction.nanos) else { return nil }
        self.init(billionths: fraction.nanos)
    }

    /// What a client pays for what costs so much: cost x (1 + margin), rounded up to 10^-9 USD and held at the bound of
    /// `Money`.
    public func price(of cost: Money) -> Money {
        guard billionths > 0, cost > .zero else { return cost }
        let whole: Int128 = 1_000_000_000
        let nanos = (Int128(cost.nanos) * (whole + Int128(billionths)) + whole - 1) / whole
        return Int64(exactly: nanos).flatMap(Money.init(nanos:)) ?? .most
    }

    /// As decimal text.
    public var description: String { (Money(nanos: billionths) ?? .zero).description }
}
