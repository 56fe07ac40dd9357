/// Which recycled keys are asked for, a page at a time by number.
public struct RecycledKeyQuery: Sendable, Hashable {
    /// Whose keys; nil: everybody's.
    public var account: AccountID?
    /// Those with higher numbers than this; nil: from the first.
    public var after: ProviderKeyID?
    /// How many at most.
    public var limit: Int
    /// Whether only keys that are not erased are asked for.
    public var isLiving: Bool

    public init(account: AccountID?, after: ProviderKeyID? = nil, limit: Int, isLiving: Bool = false) {
        self.account = account
        self.after = after
        self.limit = limit
        self.isLiving = isLiving
    }
}

extension Store {
    /// All recycled keys of an account, or of all accounts, by number.
    ///
    /// - Parameter isLiving: whether those are left out that are erased. Of these there are ever more.
    public func recycledKeys(of account: AccountID?, isLiving: Bool = false) throws(StoreFailure) -> [RecycledKey] {
        try recycledKeys(RecycledKeyQuery(account: account, limit: .max, isLiving: isLiving))
    }

    /// All that is kept of what a recycled key has been through, the oldest first: `Limits.keptKeyChanges` at most.
    public func history(ofRecycledKey id: ProviderKeyID) throws(StoreFailure) -> [RecycledKeyChange] {
        try history(ofRecycledKey: id, after: 0, limit: .max)
    }
}
