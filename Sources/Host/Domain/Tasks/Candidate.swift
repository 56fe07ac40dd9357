/// A way to have a task solved: a provider instance, one of its keys, and what it costs the client.
public struct Candidate: Sendable, Hashable {
    /// The name of the instance: `adapters.<name>`.
    public var provider: String
    /// The key's identity within the provider, never the key; nil for a provider without keys.
    public var credential: String?
    /// What the client pays if this candidate solves the task.
    public var price: Money
    /// What the provider is expected to take for it, which is the price without the margin. Zero for one without keys:
    /// it takes no money.
    public var cost: Money

    public init(provider: String, credential: String?, price: Money, cost: Money) {
        self.provider = provider
        self.credential = credential
        self.price = price
        self.cost = cost
    }
}

/// What a task may cost, decided when it is accepted.
public struct Reservation: Sendable, Hashable {
    /// Reserved of the client's balance, and the most that the task can be charged.
    public let ceiling: Money
    /// The candidate of the first attempt, an index into the candidates.
    public let first: Int

    /// Reserves the price of the dearest candidate that the available balance covers, and begins with the first
    /// candidate, in their order of preference, within that. Nil when not even the cheapest is covered.
    public init?(_ candidates: [Candidate], available: Money) {
        let covered = candidates.lazy.map(\.price).filter { $0 <= available }.max()
        guard let covered, let first = candidates.firstIndex(where: { $0.price <= covered }) else { return nil }
        ceiling = covered
        self.first = first
    }
}
