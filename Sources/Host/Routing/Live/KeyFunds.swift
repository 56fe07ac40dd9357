import Domain

/// What is left on a recycled key, as far as it can be known between two looks at its balance.
///
/// No key gets more tasks at once than what is left covers: those beyond would only be sent back.
struct KeyFunds: Sendable, Hashable {
    /// What the provider said less what ended attempts have cost since, in units of 10^-9 USD; nil: any number of tasks
    /// is covered.
    private var left: Int128?
    /// What the attempts that are open will cost.
    private var open: Int128 = 0

    /// - Parameter balance: nil: it covers any number of tasks.
    init(balance: Money?) {
        set(balance)
    }

    /// The provider was asked anew. What is open may be deducted already or not: it counts as not.
    mutating func set(_ balance: Money?) {
        left = balance.map { Int128($0.nanos) }
    }

    mutating func began(_ cost: Money) { open += Int128(cost.nanos) }

    /// - Parameter spent: what the provider took for an attempt that was taken to cost `cost`, or may have taken.
    mutating func ended(_ cost: Money, spent: Money) {
        open = max(open - Int128(cost.nanos), 0)
        if let left { self.left = left - Int128(spent.nanos) }
    }

    /// Whether the key pays for a further task.
    enum Coverage: Sendable, Hashable {
        case covered
        /// What is open has to end first, and cost less than it is taken to.
        case taken
        /// Nothing but a new look at its balance changes it.
        case empty
    }

    func coverage(of cost: Money) -> Coverage {
        guard let left, cost > .zero else { return .covered }
        if left - open >= Int128(cost.nanos) { return .covered }
        return left >= Int128(cost.nanos) ? .taken : .empty
    }

    /// How many further tasks are covered; nil: any number.
    func tasks(costing cost: Money) -> Int? {
        guard let left, cost > .zero else { return nil }
        return Int(clamping: max(left - open, 0) / Int128(cost.nanos))
    }
}
