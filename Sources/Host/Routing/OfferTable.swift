public import Domain
public import ProviderKit

/// What a provider instance sells and through which keys.
public struct ProviderOffer: Sendable, Hashable {
    /// The instance: `adapters.<name>`.
    public var provider: String
    public var family: TaskFamily
    /// What a client pays.
    public var price: Money
    /// What the provider takes; zero for one without keys.
    public var cost: Money
    /// Its keys by identity, in the order of the configuration; empty for a provider without keys.
    public var credentials: [String]

    public init(provider: String, family: TaskFamily, price: Money, cost: Money, credentials: [String]) {
        self.provider = provider
        self.family = family
        self.price = price
        self.cost = cost
        self.credentials = credentials
    }
}

/// Everything that is on offer, by family: the cheapest first, and of equal prices the name that sorts first.
public struct OfferTable: Sendable {
    /// One candidate for each provider, with its first key.
    private let candidates: [TaskFamily: [Candidate]]
    /// One candidate for each key of each provider.
    private let candidatesByKey: [TaskFamily: [Candidate]]

    public init(_ offers: [ProviderOffer]) {
        let sorted = Dictionary(grouping: offers, by: \.family).mapValues { offers in
            offers.sorted { ($0.price, $0.provider) < ($1.price, $1.provider) }
        }
        candidates = sorted.mapValues { $0.map { $0.candidate(with: $0.credentials.first) } }
        candidatesByKey = sorted.mapValues { $0.flatMap(\.candidates) }
    }

    /// Families that somebody sells, by name.
    public var families: [TaskFamily] { candidates.keys.sorted() }

    /// The providers that a task of the family may begin at, best first, each with its first key; empty when nobody
    /// sells it.
    public func candidates(for family: TaskFamily) -> [Candidate] { candidates[family] ?? [] }

    /// The best candidate that the choice allows; nil when there is none. Of a provider's keys the first comes first.
    public func candidate(_ choice: CandidateChoice) -> Candidate? {
        candidatesByKey[choice.family]?.first(where: choice.allows)
    }
}

extension ProviderOffer {
    fileprivate var candidates: [Candidate] {
        credentials.isEmpty ? [candidate(with: nil)] : credentials.map(candidate(with:))
    }

    fileprivate func candidate(with credential: String?) -> Candidate {
        Candidate(provider: provider, credential: credential, price: price, cost: cost)
    }
}
