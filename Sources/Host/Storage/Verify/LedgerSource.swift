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
    /// The task number that was handed out last.
    func lastTask() throws -> Int64
}

struct StoredTransaction: Sendable, Hashable {
    var number: Int64
    var kind: String
    var account: Int64
    var task: Int64?
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
    /// Where the last attempt was made; nil when there is no attempt.
    var provider: String?
}
