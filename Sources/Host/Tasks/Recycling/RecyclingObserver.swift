public import Domain

/// Is told what happens to recycled keys, for metrics. Called on any thread; has to be quick.
public protocol RecyclingObserver: Sendable {
    /// A check was answered.
    ///
    /// - Parameter result: `good` or the name of a reason.
    func checked(_ provider: String, _ result: String)
    /// The keys of a provider are these now.
    func counted(_ provider: String, _ tally: RecycledKeyTally)
}

/// Observes nothing.
public struct NoRecyclingObserver: RecyclingObserver {
    public init() {}
    public func checked(_ provider: String, _ result: String) {}
    public func counted(_ provider: String, _ tally: RecycledKeyTally) {}
}

/// The recycled keys of one provider, counted. Those that are erased are not among them.
public struct RecycledKeyTally: Sendable, Hashable {
    public private(set) var states: [RecycledKeyLife.State: Int] = [:]
    public private(set) var suspended = 0
    /// The drift of all of them, in units of 10^-9 USD.
    public private(set) var driftNanos: Int128 = 0

    public init() {}

    mutating func add(_ key: RecycledKey) { count(key, 1) }
    mutating func remove(_ key: RecycledKey) { count(key, -1) }

    private mutating func count(_ key: RecycledKey, _ number: Int) {
        states[key.life.state, default: 0] += number
        suspended += key.life.isSuspended ? number : 0
        driftNanos += Int128(key.funds.drift.total.nanos) * Int128(number)
    }
}
