public import ProviderKit

/// Which candidates a task may still go to.
public struct CandidateChoice: Sendable, Hashable {
    public let family: TaskFamily
    /// The most that a candidate may cost the client.
    public let ceiling: Money
    /// What the requester wants of the choice.
    public let preference: RoutingPreference
    /// Whose task it is, whose own recycled keys come first; nil: of nobody who has any.
    public private(set) var account: AccountID?
    /// Whose keys it may go through.
    public private(set) var keyPool: KeyPoolMode
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
        family: TaskFamily, ceiling: Money, preference: RoutingPreference = .balanced, forcedProvider: String? = nil,
        account: AccountID? = nil, keyPool: KeyPoolMode = .all
    ) {
        self.family = family
        self.ceiling = ceiling
        self.preference = preference
        self.account = account
        self.keyPool = keyPool
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

    /// Whether none of the provider's keys has been left out.
    public func allowsAllKeys(at provider: String) -> Bool {
        excludedKeys.isEmpty || !excludedKeys.contains { $0.provider == provider }
    }

    /// Whether a recycled key of this owner may be used. The platform's own keys always may.
    public func allows(keyOf owner: AccountID) -> Bool { keyPool == .all || owner == account }

    /// The same choice for anybody, as it is for those who have no keys of their own.
    public var forAnybody: CandidateChoice {
        var choice = self
        choice.account = nil
        return choice
    }

    /// The same choice where there are no keys but the platform's, so that it makes no difference whose may be used.
    public var amongPlatformKeys: CandidateChoice {
        var choice = forAnybody
        choice.keyPool = .all
        return choice
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
