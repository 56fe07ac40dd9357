import Domain
public import Routing

/// What keeps tasks away from a provider that is unwell. The simulation asks it as the host asks its own.
public protocol Breaker: Sendable {
    /// Whether nothing is wrong with the provider, as far as it knows. What ends meanwhile counts in the statistics.
    func isClosed(_ provider: Int) -> Bool
    /// Whether a task may go to the provider now.
    func allows(_ provider: Int, at time: Double) -> Bool
    /// A task goes to it. Returns what is to be shown at its end.
    mutating func began(_ provider: Int, at time: Double) -> CircuitBreaker.Start?
    /// The task came back.
    mutating func ended(_ provider: Int, healthy: Bool, _ start: CircuitBreaker.Start?, at time: Double)
}

/// The host's own, one for each provider.
public struct HostBreaker: Breaker {
    private var breakers: [CircuitBreaker]

    public init(providers: Int) {
        breakers = Array(repeating: CircuitBreaker(), count: providers)
    }

    public func isClosed(_ provider: Int) -> Bool { breakers[provider].isClosed }

    public func allows(_ provider: Int, at time: Double) -> Bool {
        breakers[provider].admission(at: MarketRun.instant(time)).passes
    }

    public mutating func began(_ provider: Int, at time: Double) -> CircuitBreaker.Start? {
        breakers[provider].began(at: MarketRun.instant(time))
    }

    public mutating func ended(_ provider: Int, healthy: Bool, _ start: CircuitBreaker.Start?, at time: Double) {
        breakers[provider].ended(healthy ? .well : .unwell, start, at: MarketRun.instant(time))
    }
}
