public import Domain

/// What is known of one provider for one family at one moment: all that a policy chooses by.
public struct RouteFigures: Sendable, Hashable {
    /// The instance: `adapters.<name>`.
    public var provider: String
    /// USD for one task.
    public var cost: Double
    /// Seconds from a submit to its solution.
    public var seconds: Double
    /// Solved of a hundred tries: 0...100.
    public var successRate: Double
    /// How many tasks the balance of the requester's own recycled key there covers; nil without such a key.
    public var ownTasks: Double?

    public init(provider: String, cost: Double, seconds: Double, successRate: Double, ownTasks: Double? = nil) {
        self.provider = provider
        self.cost = cost
        self.seconds = seconds
        self.successRate = successRate
        self.ownTasks = ownTasks
    }
}

/// A choice between providers with the reasons for it.
public struct Route: Sendable, Hashable {
    /// Best first; those that were filtered come last.
    public var candidates: [RouteCandidate]

    public init(candidates: [RouteCandidate]) {
        self.candidates = candidates
    }

    /// The provider that the task goes to; nil when none is left.
    public var chosen: String? { candidates.first.flatMap { $0.filtered == nil ? $0.figures.provider : nil } }
}

/// One provider in a choice.
public struct RouteCandidate: Sendable, Hashable {
    public var figures: RouteFigures
    /// Why it is not chosen whatever its score would be; nil when it took part.
    public var filtered: RouteFilter?
    /// Nil for one that was filtered.
    public var score: Double?

    public init(figures: RouteFigures, filtered: RouteFilter? = nil, score: Double? = nil) {
        self.figures = figures
        self.filtered = filtered
        self.score = score
    }
}

/// Why a provider takes no part in a choice.
public enum RouteFilter: Sendable, Hashable {
    /// Another is faster and cheaper, or as good in one and better in the other.
    case dominated(by: String)
    /// The circuit breaker is open until then.
    case breakerOpen(until: Timestamp)
    /// The breaker lets one task try at a time, and one is trying.
    case breakerProbing
    /// Every key of it rests until then, as its faults have asked for.
    case resting(until: Timestamp)
    /// Every key of it has as many open tasks as it may.
    case busy
    /// The task may not cost as much.
    case aboveCeiling
}

/// A way to choose between providers.
public protocol RoutePolicy: Sendable {
    /// Ranks the candidates, none of which is filtered yet, for one requester.
    func route(_ candidates: [RouteFigures], _ preference: RoutingPreference) -> Route
}
