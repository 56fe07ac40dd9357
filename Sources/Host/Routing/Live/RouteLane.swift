public import Domain
public import ProviderKit

/// One provider and one family of tasks: what is counted together.
public struct RouteLane: Sendable, Hashable {
    public let provider: String
    public let family: TaskFamily

    public init(provider: String, family: TaskFamily) {
        self.provider = provider
        self.family = family
    }
}

/// The place of one attempt with a key at a provider, from its submit to its end.
public struct AttemptSlot: Sendable, Hashable {
    public let lane: RouteLane
    public let credential: String?
    /// Whether the key is a recycled one.
    public let isRecycled: Bool
    /// What it was taken to cost.
    let cost: Money
    /// When it began among the others; nil for one that is from before all of them.
    let start: CircuitBreaker.Start?
    /// The same as a time.
    let began: Timestamp?
    /// Whether it is to be told when the provider has taken the attempt: by `RouteBoard.taken`.
    public internal(set) var heedsTaken = false
    /// The number of the trial that it is, because its key is not proven; nil for none.
    var trial: Int?

    init(lane: RouteLane, _ candidate: Candidate, start: CircuitBreaker.Start?, began: Timestamp?) {
        self.lane = lane
        credential = candidate.credential
        isRecycled = candidate.isRecycled
        cost = candidate.cost
        self.start = start
        self.began = began
    }
}

extension Candidate {
    /// Whether its key is a recycled one.
    public var isRecycled: Bool { credential.flatMap(ProviderKeyID.init(recycledCredential:)) != nil }
}

/// Whether an attempt may be sent.
public enum Admission: Sendable, Hashable {
    case granted(AttemptSlot)
    case later(Timestamp)
    /// There is a place, and this task has waited for one longer: it comes first.
    case behind(TaskID)
    /// Its key takes no task any more, or there is too little on it: another has to have the attempt.
    case refused(Fault)
}
