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
    /// When it began among the others; nil for one that is from before all of them.
    let start: CircuitBreaker.Start?
}

/// Whether an attempt may be sent.
public enum Admission: Sendable, Hashable {
    case granted(AttemptSlot)
    case later(Timestamp)
}
