public import Domain

/// A recycled key that tasks may go through, as routing knows it.
public struct PooledKey: Sendable, Hashable {
    /// Its identity among the keys of its provider: `recycled-7`.
    public var credential: String
    /// Whose key it is.
    public var owner: AccountID
    /// What is on it, in USD; nil when nobody knows, or it pays by other means, so that it covers any number of tasks.
    public var balance: Money?
    /// Tasks that may be open with it, of all families together; nil: as many as with the provider's other keys. Of
    /// this and the adapter's own bound the smaller one holds.
    public var tasksPerKey: Int?
    /// When its provider last said of it that it is good; nil when nobody remembers.
    public var vouchedAt: Timestamp?

    public init(
        credential: String, owner: AccountID, balance: Money?, tasksPerKey: Int? = nil, vouchedAt: Timestamp? = nil
    ) {
        self.credential = credential
        self.owner = owner
        self.balance = balance
        self.tasksPerKey = tasksPerKey
        self.vouchedAt = vouchedAt
    }
}
