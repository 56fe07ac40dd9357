public import ProviderKit

/// Which candidates a task may still go to.
public struct CandidateChoice: Sendable, Hashable {
    public let family: TaskFamily
    /// The most that a candidate may cost the client.
    public let ceiling: Money
    /// The only provider there is for the task; nil: any.
    private var only: String?
    /// Providers that the task does not go to again, and single keys of others.
    private var excludedProviders: [String] = []
    private var excludedKeys: [Key] = []

    /// One key of one provider, by its identity.
    private struct Key: Sendable, Hashable {
        let provider: String
        let credential: String
    }

    /// Allows every candidate for the family that costs at most `ceiling` and, where one is forced, is with that
    /// provider.
    public init(family: TaskFamily, ceiling: Money, forcedProvider: String? = nil) {
        self.family = family
        self.ceiling = ceiling
        only = forcedProvider
    }

    /// Whether the candidate may be used. Its family is for whoever asks to look at.
    public func allows(_ candidate: Candidate) -> Bool {
        guard candidate.price <= ceiling, !excludedProviders.contains(candidate.provider) else { return false }
        if let only, only != candidate.provider { return false }
        guard let credential = candidate.credential else { return true }
        return !excludedKeys.contains(Key(provider: candidate.provider, credential: credential))
    }

    /// Leaves out what a fault puts the blame on: the key alone, or the provider. What the moment is to blame for may
    /// do later.
    mutating func exclude(_ candidate: Candidate, after blame: Fault.Blame) {
        switch (blame, candidate.credential) {
        case (.moment, _): break
        case (.key, let credential?): excludedKeys.append(Key(provider: candidate.provider, credential: credential))
        default: excludedProviders.append(candidate.provider)
        }
    }

    /// What is left of the choice at one provider; all of it when the task is forced to one anyway.
    func only(at provider: String) -> CandidateChoice {
        var choice = self
        choice.only = only ?? provider
        return choice
    }

    /// What is left of the choice without one provider.
    func elsewhere(than provider: String) -> CandidateChoice {
        var choice = self
        choice.excludedProviders.append(provider)
        return choice
    }
}
