/// What keeps tasks away from a provider that is unwell. The simulation asks it as the host asks its own.
public protocol Breaker: Sendable {
    /// Whether a task may go to the provider now.
    func allows(_ provider: Int, at time: Double) -> Bool
    /// A task goes to it.
    mutating func began(_ provider: Int, at time: Double)
    /// The task came back. `healthy` is nil when its end says nothing about the provider.
    mutating func ended(_ provider: Int, healthy: Bool?, at time: Double)
}

/// Opens after five failures in a row, for ten seconds and up to a minute; then lets one task try.
public struct SimpleBreaker: Breaker {
    private struct State {
        var failures = 0
        var openings = 0
        var openUntil = 0.0
        var probing = false
        var isOpen: Bool { openings > 0 }
    }

    private var states: [State]

    public init(providers: Int) {
        states = Array(repeating: State(), count: providers)
    }

    public func allows(_ provider: Int, at time: Double) -> Bool {
        let state = states[provider]
        return !state.isOpen || (time >= state.openUntil && !state.probing)
    }

    public mutating func began(_ provider: Int, at time: Double) {
        if states[provider].isOpen { states[provider].probing = true }
    }

    public mutating func ended(_ provider: Int, healthy: Bool?, at time: Double) {
        guard let healthy else {
            states[provider].probing = false
            return
        }
        if healthy {
            states[provider] = State()
            return
        }
        states[provider].failures += 1
        guard states[provider].failures >= 5, states[provider].openings == 0 || states[provider].probing else { return }
        states[provider].openings += 1
        states[provider].probing = false
        states[provider].openUntil = time + min(60, 10 * Double(1 << min(states[provider].openings - 1, 3)))
    }
}
