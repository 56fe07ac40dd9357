/// Which of an account's transactions are wanted, the newest first: by time, and of one time by number. The two are one
/// order as long as nobody sets the clock back.
public struct TransactionQuery: Sendable, Hashable {
    public var account: AccountID
    /// Empty: of every kind.
    public var kinds: Set<LedgerTransaction.Kind>
    /// From this time on; nil: from the beginning.
    public var from: Timestamp?
    /// Before this time; nil: until now.
    public var until: Timestamp?
    /// Only those that come behind the one of this number: the next page begins behind the last number of the one
    /// before. A number that is not there yet comes before all, and one below 1 behind all.
    public var before: Int64?
    /// At most so many.
    public var limit: Int

    public init(
        account: AccountID, kinds: Set<LedgerTransaction.Kind> = [], from: Timestamp? = nil, until: Timestamp? = nil,
        before: Int64? = nil, limit: Int
    ) {
        self.account = account
        self.kinds = kinds
        self.from = from
        self.until = until
        self.before = before
        self.limit = limit
    }
}

/// A transaction as the account that it concerns is shown it.
public struct TransactionRecord: Sendable, Hashable {
    /// Its number: 1, 2, ...
    public let number: Int64
    public let kind: LedgerTransaction.Kind
    public let time: Timestamp
    /// What it has changed the account's balance by.
    public let amount: Money
    /// The task that it concerns.
    public let task: TaskID?
    /// The provider that had the attempt that it is for; nil for one without a task.
    public let provider: String?
    /// The recycled key that the attempt used, for a credit.
    public let recycledKey: ProviderKeyID?
    /// The reference of a deposit.
    public let reference: String?

    public init(
        number: Int64, kind: LedgerTransaction.Kind, time: Timestamp, amount: Money, task: TaskID? = nil,
        provider: String? = nil, recycledKey: ProviderKeyID? = nil, reference: String? = nil
    ) {
        self.number = number
        self.kind = kind
        self.time = time
        self.amount = amount
        self.task = task
        self.provider = provider
        self.recycledKey = recycledKey
        self.reference = reference
    }
}
