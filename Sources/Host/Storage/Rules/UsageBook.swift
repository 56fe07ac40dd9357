import Domain

/// Which row of the usage a task counts in.
struct UsagePlace: Sendable, Hashable {
    let account: AccountID
    /// The day in UTC on which the task ended.
    let day: Int64
    let key: Int64
    let family: String
    /// Where the last attempt was made.
    let provider: String
}

/// What is counted of tasks.
struct UsageFigures: Sendable, Hashable {
    var solved: Int64 = 0
    var failed: Int64 = 0
    var charged = Money.zero
    var refunded = Money.zero

    /// - Throws: `StoreFailure` when the money would leave its bound.
    func adding(_ other: UsageFigures) throws -> UsageFigures {
        guard let charged = charged.adding(other.charged), let refunded = refunded.adding(other.refunded) else {
            throw StoreFailure(.other, "More than 4,000,000,000 USD were used in a day with one key.")
        }
        return UsageFigures(
            solved: solved + other.solved, failed: failed + other.failed, charged: charged, refunded: refunded)
    }
}

/// What a batch adds to the usage of accounts: each row is written once, however many tasks of a batch count in it.
struct UsageBook {
    private var changes: [UsagePlace: UsageFigures] = [:]

    mutating func add(_ figures: UsageFigures, at place: UsagePlace) throws {
        changes[place] = try (changes[place] ?? UsageFigures()).adding(figures)
    }

    /// What a key of an account was charged on a day and is not written yet.
    func charged(_ key: Int64, of account: AccountID, on day: UTCDay) throws -> Money {
        let places = changes.filter { $0.key.key == key && $0.key.account == account && $0.key.day == day.number }
        return try places.values.reduce(UsageFigures()) { try $0.adding($1) }.charged
    }

    func write(to rows: some HistoryRows) throws {
        for (place, figures) in changes { try rows.add(figures, at: place) }
    }
}
