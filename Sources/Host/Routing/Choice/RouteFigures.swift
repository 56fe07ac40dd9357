public import Domain

/// What is known of one provider for one family at one moment: all that a policy chooses by.
public struct RouteFigures: Sendable, Hashable {
    /// The instance: `adapters.<name>`.
    public var provider: String
    /// USD for one task.
    public var cost: Double
    /// What the client pays for a task there, exactly; nil where it is not known. No policy looks at it: `cost` is what
    /// was observed.
    public var price: Money?
    /// Seconds from a submit to its solution.
    public var seconds: Double
    /// Solved of a hundred tries: 0...100.
    public var successRate: Double
    /// How many tasks the balance of the requester's own recycled keys there covers, as `KeySearch` counts them; nil
    /// without such a key.
    public var ownTasks: Double?
    /// How sure these figures are, and what a failed try costs; nil: as sure as can be, and a failed try takes as long
    /// as a solved one and costs nothing. The published algorithm does not look at it.
    public var doubt: RouteDoubt?

    public init(
        provider: String, cost: Double, price: Money? = nil, seconds: Double, successRate: Double,
        ownTasks: Double? = nil, doubt: RouteDoubt? = nil
    ) {
        self.provider = provider
        self.cost = cost
        self.price = price
        self.seconds = seconds
        self.successRate = successRate
        self.ownTasks = ownTasks
        self.doubt = doubt
    }
}

/// How far the figures of a provider may be from the truth, and what its failures are like.
public struct RouteDoubt: Sendable, Hashable {
    /// The standard errors of `cost`, `seconds` and `successRate`, in their units.
    public var costError: Double
    public var secondsError: Double
    public var successRateError: Double
    /// What a failed try takes: seconds until it is over, and USD that are charged all the same.
    public var failedSeconds: Double
    public var failedCost: Double

    public init(
        costError: Double, secondsError: Double, successRateError: Double, failedSeconds: Double, failedCost: Double
    ) {
        self.costError = costError
        self.secondsError = secondsError
        self.successRateError = successRateError
        self.failedSeconds = failedSeconds
        self.failedCost = failedCost
    }
}

/// A choice between providers with the reasons for it.
public struct Route: Sendable, Hashable {
    /// Best first; those that were filtered come last.
    public var candidates: [RouteCandidate]
    /// Whether the first is first in order to learn how it is, and not because it is taken for the best.
    public var isExploring: Bool

    public init(candidates: [RouteCandidate], isExploring: Bool = false) {
        self.candidates = candidates
        self.isExploring = isExploring
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
    /// That one is both faster and cheaper. One that is equal in either does not dominate.
    case dominated(by: String)
    /// The circuit breaker is open until then.
    case breakerOpen(until: Timestamp)
    /// The breaker lets one task try at a time, and one is trying.
    case breakerProbing
    /// Every key of it rests until then, as its faults have asked for.
    case resting(until: Timestamp)
    /// Every key of it has as many open tasks as it may.
    case busy
    /// It has left a submit unanswered for suspiciously long, and others can have the task; taken to last until then.
    case silent(until: Timestamp)
}

/// A way to choose between providers.
public protocol RoutePolicy: Sendable {
    /// What this policy reads of the statistics: its figures for the explanation are the ones it has chosen by.
    func figures(
        of provider: String, _ statistics: RouteStatistics, prior: RoutePrior, ownTasks: Double?, at now: Timestamp
    ) -> RouteFigures

    /// Ranks the candidates, none of which is filtered yet, for one requester. The order in which they are given makes
    /// no difference; names are different from each other.
    ///
    /// - Parameter draw: a random number, evenly distributed in 0..<1, by which a policy that explores decides whether
    ///   this task does; nil for a task that must not, such as one whose first attempt has failed, and for
    ///   explanations.
    func route(_ candidates: [RouteFigures], _ preference: RoutingPreference, draw: Double?) -> Route
}
