public import ProviderKit

/// Which candidates a task may still go to.
public struct CandidateChoice: Sendable, Hashable {
    public let family: TaskFamily
    /// The most that a candidate may cost the client.
    public let ceiling: Money
    /// What the requester wants of the choice.
    public let preference: RoutingPreference
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
    public init(
        family: TaskFamily, ceiling: Money, preference: RoutingPreference = .balanced, forcedProvider: String? = nil
    ) {
        self.family = family
        self.ceiling = ceiling
        self.preference = preference
        only = forcedProvider
    }

    /// Whether the candidate may be used. Its family is for whoever asks to look at.
    public func allows(_ candidate: Candidate) -> Bool {
        guard allows(provider: candidate.provider, candidate.price) else { return false }
        return candidate.credential.map { allows(candidate.provider, key: $0) } ?? true
    }

    /// Whether the provider may be used at that price, its keys aside.
    public func allows(provider: String, _ price: Money) -> Bool {
        price <= ceiling && !excludedProviders.contains(provider) && only ?? provider == provider
    }

    /// Whether the key has not been left out.
    public func allows(_ provider: String, key credential: String) -> Bool {
        excludedKeys.isEmpty || !excludedKeys.contains(Key(provider: provider, credential: credential))
    }

    /// The only provider there is for the task; nil: any.
    public var forcedProvider: String? { only }

    /// Leaves out what a fault puts the blame on for good, the key alone or the provider. What will be over after a
    /// while, such as a limit on calls or a page of HTML in place of an answer, leaves nothing out: the same may do
    /// later.
    mutating func exclude(_ candidate: Candidate, after fault: Fault) {
        switch fault.kind {
        case .rateLimited, .protocolError: return
        case _ where fault.blame == .moment: return
        default: break
        }
        if fault.blame == .key, let credential = candidate.credential {
            excludedKeys.append(Key(provider: candidate.provider, credential: credential))
        } else {
            excludedProviders.append(candidate.provider)
        }
    }

    mutating func exclude(provider: String) {
        excludedProviders.append(provider)
    }

    /// What is left of the choice at one provider; all of it when the task is forced to one anyway.
    func only(at provider: String) -> CandidateChoice {
        var choice = self
        choice.only = only ?? provider
        return choice
    }

    /// What is left of the choice without one provider.
    public func elsewhere(than provider: String) -> CandidateChoice {
        var choice = self
        choice.excludedProviders.append(provider)
        return choice
    }

    /// What is left of the choice without one key, or without its provider if that has none.
    func without(_ candidate: Candidate) -> CandidateChoice {
        guard let credential = candidate.credential else { return elsewhere(than: candidate.provider) }
        var choice = self
        choice.excludedKeys.append(Key(provider: candidate.provider, credential: credential))
        return choice
    }
}
