public import Domain
public import ProviderKit

/// What a provider instance sells and through which keys.
public struct ProviderOffer: Sendable, Hashable {
    /// The instance: `adapters.<name>`.
    public var provider: String
    public var family: TaskFamily
    /// What a client pays, margin included.
    public var price: Money
    /// What the provider takes; zero for one without keys.
    public var cost: Money
    /// Whether its tasks go through keys. Without one of the platform it still has an offer: for those tasks that may
    /// go through a recycled key.
    public var needsKeys: Bool
    /// The platform's keys by identity, in the order of the configuration; empty for a provider without keys.
    public var credentials: [String]
    /// Tasks that may be open with one key, of all families together; nil: any number.
    public var tasksPerKey: Int?
    /// When its results may be asked for.
    public var pollPlan: Manifest.PollPlan
    /// Seconds for which it keeps a result; nil when nobody knows.
    public var resultLifetimeSeconds: Double?
    /// Until when it takes reports; nil: as long as it keeps the result.
    public var reportWindow: Manifest.ReportWindow?
    /// Seconds that a task of the family has, after which no result is asked for.
    public var horizonSeconds: Double

    /// - Parameter needsKeys: nil: as it has some.
    public init(
        provider: String, family: TaskFamily, price: Money, cost: Money, needsKeys: Bool? = nil, credentials: [String],
        tasksPerKey: Int? = nil, pollPlan: Manifest.PollPlan = Manifest.PollPlan(),
        resultLifetimeSeconds: Double? = nil, reportWindow: Manifest.ReportWindow? = nil,
        horizonSeconds: Double = Double(Limits.taskDeadlineSeconds)
    ) {
        self.provider = provider
        self.family = family
        self.price = price
        self.cost = cost
        self.needsKeys = needsKeys ?? !credentials.isEmpty
        self.credentials = credentials
        self.tasksPerKey = tasksPerKey
        self.pollPlan = pollPlan
        self.resultLifetimeSeconds = resultLifetimeSeconds
        self.reportWindow = reportWindow
        self.horizonSeconds = horizonSeconds
    }
}

/// Everything that is on offer, by family: the cheapest first, and of equal prices the name that sorts first.
public struct OfferTable: Sendable {
    private let byFamily: [TaskFamily: [ProviderOffer]]

    public init(_ offers: [ProviderOffer]) {
        byFamily = Dictionary(grouping: offers, by: \.family).mapValues { offers in
            offers.sorted { ($0.price, $0.provider) < ($1.price, $1.provider) }
        }
    }

    /// Families that somebody sells, by name.
    public var families: [TaskFamily] { byFamily.keys.sorted() }

    /// Who sells the family; empty when nobody does.
    public func offers(of family: TaskFamily) -> [ProviderOffer] { byFamily[family] ?? [] }

    /// What one provider sells of the family; nil when it does not.
    public func offer(of family: TaskFamily, at provider: String) -> ProviderOffer? {
        byFamily[family]?.first { $0.provider == provider }
    }
}

extension ProviderOffer {
    /// The offer with one of its keys, or without one where it has none.
    public func candidate(with credential: String?) -> Candidate {
        Candidate(provider: provider, credential: credential, price: price, cost: cost)
    }
}
