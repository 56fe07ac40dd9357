/// How far what attempts with a key have cost, as it was recorded, is from what the provider has deducted from its
/// balance. Pure: it is told readings of the balance.
///
/// Attempts that were open while a reading was taken may have been deducted or not, and, since their ends are stored
/// meanwhile, recorded or not: they are given the benefit of the doubt either way. A reading that counting begins with
/// is uncertain by them too, until there is one while nothing was open: that one takes its place. A balance that has
/// risen was topped up: counting begins anew there. What had come together stays in both cases.
public struct BalanceDrift: Sendable, Hashable {
    /// The reading that counting began with; nil before the first.
    public private(set) var baseline: Reading?
    /// The balance of the last reading; nil before the first.
    public private(set) var lastBalance: Money?
    /// Since that reading: positive when the provider has deducted more than was recorded, such as for a key that is
    /// also used elsewhere; negative when it has deducted less.
    public private(set) var sinceBaseline: Money
    /// What had come together before the reading that counting began with.
    public private(set) var carried: Money

    /// A balance together with what was recorded until then.
    public struct Reading: Sendable, Hashable {
        public let balance: Money
        /// What attempts that have ended have cost, all together.
        public let recorded: Money
        /// What the attempts that were open at any time while it was taken have cost or will cost, all together.
        public let open: Money

        public init(balance: Money, recorded: Money, open: Money) {
            self.balance = balance
            self.recorded = recorded
            self.open = open
        }
    }

    public init() {
        self.init(baseline: nil, lastBalance: nil, sinceBaseline: .zero, carried: .zero)
    }

    /// As it was stored.
    public init(baseline: Reading?, lastBalance: Money?, sinceBaseline: Money, carried: Money) {
        self.baseline = baseline
        self.lastBalance = lastBalance
        self.sinceBaseline = sinceBaseline
        self.carried = carried
    }

    /// All of it, in USD; held at the bound of `Money` should it leave that.
    public var total: Money { BalanceDrift.clamped(Int128(carried.nanos) + Int128(sinceBaseline.nanos)) }

    /// Takes note of a reading.
    public mutating func note(_ reading: Reading) {
        defer { lastBalance = reading.balance }
        guard let baseline, let lastBalance, reading.balance <= lastBalance else { return begin(with: reading) }
        let deducted = Int128(baseline.balance.nanos) - Int128(reading.balance.nanos)
        let recorded = Int128(reading.recorded.nanos) - Int128(baseline.recorded.nanos)
        let doubt = Int128(baseline.open.nanos) + Int128(reading.open.nanos)
        let difference = deducted - recorded
        sinceBaseline = BalanceDrift.clamped(difference - min(max(difference, -doubt), doubt))
        if baseline.open > .zero, reading.open == .zero { begin(with: reading) }
    }

    /// Counting stops, because the balance does not tell what is deducted, and begins anew with the next reading.
    public mutating func interrupt() {
        begin(with: nil)
        lastBalance = nil
    }

    private mutating func begin(with reading: Reading?) {
        carried = total
        sinceBaseline = .zero
        baseline = reading
    }

    private static func clamped(_ nanos: Int128) -> Money {
        let bounded = min(max(nanos, -Int128(Money.bound)), Int128(Money.bound))
        return Money(nanos: Int64(bounded)) ?? .zero
    }
}
