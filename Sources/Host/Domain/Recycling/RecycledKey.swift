/// A provider's key that the owner of an account has handed over, so that what is left on it becomes credit.
public struct RecycledKey: Sendable, Hashable {
    /// Its number, of the one sequence of all keys of providers.
    public let id: ProviderKeyID
    /// Whose key it is: who is credited.
    public let account: AccountID
    /// The provider: `adapters.<name>`.
    public let provider: String
    /// For people; may be empty.
    public let label: String
    /// The key as it may be shown: its first and last characters.
    public let masked: String
    public var life: RecycledKeyLife
    public var funds: RecycledKeyFunds
    public let createdAt: Timestamp
    /// When a check of the key last came to a result, an unclear one included; nil before the first.
    public var checkedAt: Timestamp?

    public init(
        id: ProviderKeyID, account: AccountID, provider: String, label: String, masked: String,
        life: RecycledKeyLife = RecycledKeyLife(), funds: RecycledKeyFunds = RecycledKeyFunds(), createdAt: Timestamp,
        checkedAt: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.provider = provider
        self.label = label
        self.masked = masked
        self.life = life
        self.funds = funds
        self.createdAt = createdAt
        self.checkedAt = checkedAt
    }
}

extension ProviderKeyID {
    /// The identity of a recycled key among those of its provider, as attempts carry it: `recycled-7`.
    public var recycledCredential: String { ProviderKeyID.recycledPrefix + String(number) }

    private static let recycledPrefix = "recycled-"

    /// Reads `recycled-7`; nil for every other credential, and unless it is written as `recycledCredential` writes it.
    public init?(recycledCredential text: String) {
        guard text.hasPrefix(ProviderKeyID.recycledPrefix),
            let number = Int64(text.dropFirst(ProviderKeyID.recycledPrefix.count)), let id = ProviderKeyID(number),
            id.recycledCredential == text
        else { return nil }
        self = id
    }
}

/// What is known of the money on a recycled key.
public struct RecycledKeyFunds: Sendable, Hashable {
    /// What the provider last said; nil before it said anything, or when nobody knows what its unit is worth.
    public var balance: Money?
    /// Whether the key can pay although the balance is zero: a package, credits.
    public var otherMeans: Bool
    /// What attempts with the key have cost, as its owner was credited: the sum of its RECYCLE_CREDIT transactions.
    public var credited: Money
    /// How far that is from what the provider has deducted.
    public var drift: BalanceDrift

    public init(
        balance: Money? = nil, otherMeans: Bool = false, credited: Money = .zero, drift: BalanceDrift = BalanceDrift()
    ) {
        self.balance = balance
        self.otherMeans = otherMeans
        self.credited = credited
        self.drift = drift
    }
}
