import Domain

/// What the rules of idempotency keys, refunds and usage read and write.
protocol HistoryRows: AnyObject {
    /// What an account's text stands for, or stood for until its time was over; nil when it is not known.
    func idempotent(_ text: String, of account: AccountID) throws -> IdempotentTask?
    /// Writes what the text stands for from now on, in the place of what it stood for.
    func save(_ key: IdempotencyKey, of account: AccountID, for task: TaskID, at now: Timestamp) throws
    /// Erases the oldest keys that were stored at that time or before.
    func eraseIdempotencyKeys(storedUntil time: Timestamp, atMost count: Int) throws

    func refundStanding(of task: TaskID) throws -> RefundStanding?
    /// What the account was given back from one time on and before another.
    func refunded(to account: AccountID, from: Timestamp, until: Timestamp) throws -> Money
    /// Notes that a transaction has given back what the task was charged.
    func setRefund(_ transaction: Int64, of task: TaskID) throws

    /// Adds to the usage of a day.
    func add(_ figures: UsageFigures, at place: UsagePlace) throws
}

/// The task that an idempotency key stands for.
struct IdempotentTask: Sendable, Hashable {
    let task: TaskID
    let request: [UInt8]
    let storedAt: Timestamp
}

/// What the rules have to know of a task that is to be refunded.
struct RefundStanding: Sendable, Hashable {
    let account: AccountID
    let key: Int64
    let family: String
    /// When it was solved and what was charged for it; nil when it was not solved.
    let solved: Solved?
    let isRefunded: Bool
    /// Where the last attempt was made, and with which credential.
    let provider: String
    let credential: String?

    struct Solved: Sendable, Hashable {
        let at: Timestamp
        let price: Money
    }
}
