public import ProviderKit

/// What one API key has used of one family at one provider on one day. A total that is stored as tasks end and can be
/// re-derived from them.
public struct UsageRow: Sendable, Hashable {
    /// The day in UTC, as whole days since 1970.
    public let day: Int64
    /// The API key's number.
    public let key: Int64
    /// Where the task's last attempt was: `adapters.<name>`.
    public let provider: String
    public let family: TaskFamily
    /// Tasks that were solved, and such that failed.
    public var solved: Int64
    public var failed: Int64
    /// What the account was charged for them.
    public var charged: Money
    /// What of that was refunded, by the day on which the task ended.
    public var refunded: Money

    public init(
        day: Int64, key: Int64, provider: String, family: TaskFamily, solved: Int64 = 0, failed: Int64 = 0,
        charged: Money = .zero, refunded: Money = .zero
    ) {
        self.day = day
        self.key = key
        self.provider = provider
        self.family = family
        self.solved = solved
        self.failed = failed
        self.charged = charged
        self.refunded = refunded
    }
}

/// Which usage of an account is wanted.
public struct UsageQuery: Sendable, Hashable {
    public var account: AccountID
    /// The days, in UTC, as whole days since 1970.
    public var days: ClosedRange<Int64>

    public init(account: AccountID, days: ClosedRange<Int64>) {
        self.account = account
        self.days = days
    }
}
