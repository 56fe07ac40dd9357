import Domain

/// What a verification reads: everything that has to do with money, as one consistent view, row by row. Amounts and
/// numbers are as they are stored, since a row that was tampered with may hold anything.
protocol LedgerSource {
    /// All transactions by number, each with its entries by line.
    func forEachTransaction(_ body: (StoredTransaction) throws -> Void) throws
    /// The numbers of transactions that have entries and do not exist.
    func forEachOrphan(_ body: (Int64) throws -> Void) throws
    /// All accounts by number.
    func forEachAccount(_ body: (StoredAccount) throws -> Void) throws
    /// All tasks by number.
    func forEachTask(_ body: (StoredTask) throws -> Void) throws
    func task(_ number: Int64) throws -> StoredTask?
    /// Whether a transaction of this number exists.
    func hasTransaction(_ number: Int64) throws -> Bool
    /// All recycled keys by number.
    func forEachRecycledKey(_ body: (StoredRecycledKey) throws -> Void) throws
    /// All attempts that used a recycled key or have a credit, by task and number.
    func forEachCreditableAttempt(_ body: (StoredAttempt) throws -> Void) throws
    func attempt(_ number: Int64, of task: Int64) throws -> StoredAttempt?
    /// The attempt that a RECYCLE_CREDIT of this number names; nil when there is no such transaction.
    func attempt(creditedBy transaction: Int64) throws -> AttemptPlace?
    /// Whether this is a transaction that gives back what the task has cost.
    func isRefund(_ transaction: Int64, of task: Int64) throws -> Bool
    /// All rows of the usage by day, those of an account together.
    func forEachUsage(_ body: (StoredUsage) throws -> Void) throws
    /// All keys that have caps.
    func forEachCappedKey(_ body: (StoredKeyUsage) throws -> Void) throws
    /// The task number that was handed out last.
    func lastTask() throws -> Int64
}

struct StoredTransaction: Sendable, Hashable {
    var number: Int64
    var kind: String
    var account: Int64
    var task: Int64?
    var attempt: Int64?
    var reference: String?
    var entries: [Entry]

    struct Entry: Sendable, Hashable {
        var line: Int64
        /// The name of the ledger account; nil when there is none of the entry's number.
        var account: String?
        var amount: Int64
    }
}

struct StoredAccount: Sendable, Hashable {
    var number: Int64
    var balance: Int64
    var held: Int64
}

struct StoredTask: Sendable, Hashable {
    var number: Int64
    var account: Int64
    var ceiling: Int64
    var ended: Bool
    /// What was charged and what it cost, for a solved task.
    var price: Int64?
    var cost: Int64?
    /// The transaction that charges for it.
    var charge: Int64?
    /// Where the last attempt was made, and by which key; nil when there is no attempt.
    var provider: String?
    var credential: String?

    /// What it counts as in the usage: the key's number, the family's name, and when it ended.
    var key: Int64
    var family: String
    var endedAt: Int64?
    /// The transaction that gives back what was charged.
    var refund: Int64?

    /// What was taken from the platform's funds for it: what a recycled key has paid was not.
    var bookedCost: Int64? { StoredAttempt.recycledKey(credential) == nil ? cost : cost.map { _ in 0 } }
}

struct StoredRecycledKey: Sendable, Hashable {
    var number: Int64
    var account: Int64
    var credited: Int64
}

/// Which attempt of which task.
struct AttemptPlace: Sendable, Hashable, CustomStringConvertible {
    var task: Int64
    var attempt: Int64

    var description: String { "attempt \(attempt) of task \(task)" }
}

struct StoredAttempt: Sendable, Hashable {
    var place: AttemptPlace
    var provider: String
    var credential: String?
    var cost: Int64
    var state: Int64
    var reportedCost: Int64?
    /// The transaction that credits the owner of the recycled key for it.
    var credit: Int64?

    var recycledKey: Int64? { StoredAttempt.recycledKey(credential) }

    /// What its end, if it has ended, has the key's owner credited.
    var credited: Money {
        guard let state = Int(exactly: state).flatMap(Attempt.State.init(rawValue:)), let cost = Money(nanos: cost)
        else { return .zero }
        return AttemptEnd(state, reportedCost: reportedCost.flatMap(Money.init(nanos:))).credit(snapshot: cost)
    }

    static func recycledKey(_ credential: String?) -> Int64? {
        credential.flatMap(ProviderKeyID.init(recycledCredential:))?.number
    }
}

/// A row of the usage by day.
struct StoredUsage: Sendable, Hashable {
    var place: UsagePlace
    var solved: Int64
    var failed: Int64
    var charged: Int64
    var refunded: Int64
}

/// What is kept of an API key with caps.
struct StoredKeyUsage: Sendable, Hashable {
    var key: Int64
    var openTasks: Int64
    /// The sum of the ceilings of its open tasks.
    var held: Int64
}
