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
    private let candidates: [TaskFamily: [Candidate]]

    public init(_ offers: [ProviderOffer]) {
        candidates = Dictionary(grouping: offers, by: \.family).mapValues { offers in
            offers.sorted { ($0.price, $0.provider) < ($1.price, $1.provider) }.map { offer in
                Candidate(
                    provider: offer.provider, credential: offer.credentials.first, price: offer.price, cost: offer.cost)
            }
        }
    }

    /// Families that somebody sells, by name.
    public var families: [TaskFamily] { candidates.keys.sorted() }

    /// The candidates for a family, best first; empty when nobody sells it.
    public func candidates(for family: TaskFamily) -> [Candidate] { candidates[family] ?? [] }

    /// The best candidate that costs at most `ceiling` and is with none of these providers.
    public func candidate(for family: TaskFamily, within ceiling: Money, passingOver providers: [String]) -> Candidate?
    {
        candidates(for: family).first { $0.price <= ceiling && !providers.contains($0.provider) }
    }
}
