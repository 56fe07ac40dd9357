/// How far what attempts with a key have cost, as it was recorded, is from what the provider has deducted from its
/// balance. Pure: it is told readings of the balance.
///
/// Attempts that were open while a reading was taken may have been deducted or not, and, since their ends are stored
/// meanwhile, recorded or not: they are given the benefit of the doubt either way. A reading that counting begins with
/// is uncertain by them too, until there is one while nothing was open: that one takes its place.
///
/// A balance that has risen by more than what was open was topped up, or the provider has given back what it took: the
/// balance cannot tell. Counting begins anew there, what had come together stays, and what was recorded since the
/// reading before counts as `givenBack`. A rise that is no more than that is taken for money given back, and not for
/// money paid in: it is a drift as well.
public struct BalanceDrift: Sendable, Hashable {
    /// The reading that counting began with; nil before the first, and while the balance does not tell.
    public private(set) var baseline: Reading?
    /// The last reading; nil before the first.
    public private(set) var last: Reading?
    /// Since the baseline: positive when the provider has deducted more than was recorded, such as for a key that is
    /// also used elsewhere; negative when it has deducted less.
    public private(set) var sinceBaseline: Money
    /// What had come together before the reading that counting began with.
    public private(set) var carried: Money
    /// What was recorded in times at whose end the balance had risen: all of it may have been given back. What is
    /// deducted for other things never makes up for it.
    public private(set) var givenBack: Money
    /// What was recorded and not seen to be deducted while the key paid by other means than its balance, or between two
    /// times that it was handed over.
    public private(set) var unseen: Money
    /// Beyond which bound it was when the key was suspended; nil for a key that is not.
    public var suspendedBy: Bound?

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

    /// What may come together before a key is suspended.
    public struct Bounds: Sendable, Hashable {
        /// Of the drift, either way, and of what may have been given back.
        public var drift: Money
        /// Of what is unseen.
        public var unseen: Money

        public init(drift: Money, unseen: Money = .most) {
            self.drift = drift
            self.unseen = unseen
        }
    }

    /// The figure that is beyond its bound, by its stored name.
    public enum Bound: String, Sendable, Hashable, CaseIterable {
        case drift, givenBack, unseen
    }

    public init() {
        self.init(baseline: nil, last: nil, sinceBaseline: .zero, carried: .zero)
    }

    /// As it was stored.
    public init(
        baseline: Reading?, last: Reading?, sinceBaseline: Money, carried: Money, givenBack: Money = .zero,
        unseen: Money = .zero, suspendedBy: Bound? = nil
    ) {
        self.baseline = baseline
        self.last = last
        self.sinceBaseline = sinceBaseline
        self.carried = carried
        self.givenBack = givenBack
        self.unseen = unseen
        self.suspendedBy = suspendedBy
    }

    /// All of it, in USD; held at the bound of `Money` should it leave that.
    public var total: Money { BalanceDrift.clamped(Int128(carried.nanos) + Int128(sinceBaseline.nanos)) }

    /// The first figure that is beyond its bound; nil when none is.
    public func exceeded(_ bounds: Bounds) -> Bound? {
        if max(total, total.negated) > bounds.drift { return .drift }
        if givenBack > bounds.drift { return .givenBack }
        return unseen > bounds.unseen ? .unseen : nil
    }

    /// Takes note of a reading.
    public mutating func note(_ reading: Reading) {
        defer { last = reading }
        guard let baseline, let last else {
            addUnseen(reading)
            return begin(with: reading)
        }
        let risen = Int128(reading.balance.nanos) - Int128(last.balance.nanos)
        // What was open may have been taken already, and given back without having been solved.
        guard risen <= max(Int128(last.open.nanos) + Int128(reading.open.nanos), 0) else {
            return rise(by: risen, to: reading, from: last)
        }
        let deducted = Int128(baseline.balance.nanos) - Int128(reading.balance.nanos)
        let recorded = Int128(reading.recorded.nanos) - Int128(baseline.recorded.nanos)
        let doubt = Int128(baseline.open.nanos) + Int128(reading.open.nanos)
        let difference = deducted - recorded
        sinceBaseline = BalanceDrift.clamped(difference - min(max(difference, -doubt), doubt))
        if baseline.open > .zero, reading.open == .zero { begin(with: reading) }
    }

    private mutating func rise(by risen: Int128, to reading: Reading, from last: Reading) {
        let recorded = max(Int128(reading.recorded.nanos) - Int128(last.recorded.nanos), 0)
        givenBack = BalanceDrift.clamped(Int128(givenBack.nanos) + recorded)
        begin(with: reading)
        if risen <= recorded { carried = BalanceDrift.clamped(Int128(carried.nanos) - recorded) }
    }

    /// Takes note of a reading of a key that pays by other means, so that its balance does not tell what is deducted.
    /// Counting begins anew with the next one that does.
    public mutating func interrupt(_ reading: Reading) {
        addUnseen(reading)
        begin(with: nil)
        last = reading
    }

    /// Goes on from a balance that was read when the key was here under another number. What was deducted since then
    /// may be anybody's, so that only what is missing counts, as unseen.
    ///
    /// - Parameters:
    ///   - unread: what was recorded of the key after that balance.
    ///   - recorded: what is recorded under the new number.
    public mutating func resume(from balance: Money, unread: Money, recorded: Money) {
        begin(with: nil)
        last = Reading(balance: balance, recorded: recorded.subtracting(unread) ?? .zero, open: .zero)
    }

    /// Takes note that something was recorded of the key under another number. A balance that was read since may show
    /// it deducted or not: it counts as unseen then.
    public mutating func recordedElsewhere(_ cost: Money) {
        guard let last else { return }
        if baseline == nil, let recorded = last.recorded.subtracting(cost) {
            self.last = Reading(balance: last.balance, recorded: recorded, open: last.open)
        } else {
            unseen = unseen.adding(cost) ?? .most
        }
    }

    private mutating func addUnseen(_ reading: Reading) {
        guard let last else { return }
        let recorded = Int128(reading.recorded.nanos) - Int128(last.recorded.nanos)
        let deducted = max(Int128(last.balance.nanos) - Int128(reading.balance.nanos), 0)
        unseen = BalanceDrift.clamped(Int128(unseen.nanos) + max(recorded - deducted, 0))
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
