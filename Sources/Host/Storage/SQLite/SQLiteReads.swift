import Domain
import GRDB
import ProviderKit

/// What is read beside the writer. Used on the reading connection's queue only.
final class SQLiteReads {
    private let keyStatement, keysStatement, accountStatement, accountsStatement: PreparedStatement
    private let taskStatement, payloadStatement, openStatement, lostStatement: PreparedStatement
    let vault: SQLiteVaultReads
    let routing: SQLiteRoutingReads
    let recycling: SQLiteRecyclingReads
    let histories: SQLiteHistoryReads
    let callbacks: SQLiteCallbackReads

    init(_ database: Database) throws {
        vault = try SQLiteVaultReads(database)
        routing = try SQLiteRoutingReads(database)
        recycling = try SQLiteRecyclingReads(database)
        histories = try SQLiteHistoryReads(database)
        callbacks = try SQLiteCallbackReads(database)
        keyStatement = try PreparedStatement(
            database,
            """
            SELECT k.*, a.suspended FROM (\(KeyColumns.select) WHERE hash = ?) k JOIN accounts a ON a.id = k.account
            """)
        keysStatement = try PreparedStatement(
            database, KeyColumns.select + " WHERE account = ? OR ? IS NULL ORDER BY id")
        let account = SQLiteReads.accountSelect
        accountStatement = try PreparedStatement(database, account + " WHERE id = ?")
        accountsStatement = try PreparedStatement(database, account + " ORDER BY id")
        taskStatement = try PreparedStatement(
            database, "SELECT \(SQLiteReads.taskColumns), t.dialect FROM tasks t WHERE t.id = ?")
        payloadStatement = try PreparedStatement(database, "SELECT payload FROM contents WHERE task = ? AND erased = 0")
        openStatement = try PreparedStatement(
            database,
            """
            SELECT t.id, t.account, t.family, t.ceiling, t.deadline,
                a.number, a.provider, a.credential, a.price, a.cost, a.state, a.provider_task, t.forced_provider,
                t.speed_weight, t.reliable_first, t.key_pool, a.unsent
            FROM tasks t JOIN attempts a ON a.task = t.id
                AND a.number = (SELECT max(number) FROM attempts WHERE task = t.id)
            WHERE t.ended_at IS NULL AND t.id > ? ORDER BY t.id LIMIT ?
            """)
        lostStatement = try PreparedStatement(
            database,
            """
            SELECT provider, credential, price, cost FROM attempts
            WHERE task = ? AND number < ? AND state = \(Attempt.State.lost.rawValue) ORDER BY number
            """)
    }

    func key(hash: [UInt8]) throws -> KeyHolder? {
        try keyStatement.add(hash).first { row in
            KeyHolder(key: try KeyColumns.key(row), accountSuspended: row.int(KeyColumns.count) != 0)
        }
    }

    func keys(of account: AccountID?) throws -> [APIKey] {
        try keysStatement.add(account?.number).add(account?.number).all(KeyColumns.key)
    }

    func account(_ id: AccountID) throws -> Account? {
        try accountStatement.add(id.number).first(SQLiteReads.account)
    }

    func accounts() throws -> [Account] {
        try accountsStatement.all(SQLiteReads.account)
    }

    func task(_ id: TaskID) throws -> TaskRecord? {
        try taskStatement.add(id.number).first { try SQLiteReads.task(id, $0, dialect: 9) }
    }

    func payload(of id: TaskID) throws -> [UInt8]? {
        try payloadStatement.add(id.number).first { $0.bytes(0) }
    }

    func openTasks(after: TaskID?, limit: Int) throws -> [OpenTask] {
        try openStatement.add(after?.number ?? 0).add(Int64(max(limit, 0))).all { row in
            guard let id = TaskID(row.int(0)), let state = Attempt.State(rawValue: Int(row.int(10))) else {
                throw SQLiteReads.unreadable("a task with a number or a state that does not exist")
            }
            let candidate = Candidate(
                provider: row.text(6), credential: row.optionalText(7), price: try row.money(8),
                cost: try row.money(9))
            return OpenTask(
                id: id, account: AccountID(row.int(1)), family: try SQLiteReads.family(row.text(2)),
                ceiling: try row.money(3), forcedProvider: row.optionalText(12), preference: try row.preference(13),
                keyPool: try row.keyPool(15), deadline: Timestamp(milliseconds: row.int(4)),
                attempt: Attempt(
                    number: Int(row.int(5)), candidate: candidate, state: state,
                    providerTask: row.optionalText(11), isUnsent: row.int(16) != 0),
                lost: try lost(id, before: row.int(5)))
        }
    }

    /// The candidates of the task's lost attempts. Most tasks are at their first attempt, and nothing is read.
    private func lost(_ id: TaskID, before attempt: Int64) throws -> [Candidate] {
        guard attempt > 1 else { return [] }
        return try lostStatement.add(id.number).add(attempt).all { row in
            Candidate(
                provider: row.text(0), credential: row.optionalText(1), price: try row.money(2),
                cost: try row.money(3))
        }
    }

    static let accountSelect = "SELECT id, name, suspended, balance, held, created_at FROM accounts"
    /// Of a task in `tasks t`; the solution is NULL when there is none, or none any more.
    static let taskColumns = """
        t.account, t.family, t.created_at, t.ended_at, t.price, t.cost, t.error, t.detail,
        (SELECT solution FROM solutions WHERE number = t.solution_number AND task = t.id AND erased = 0)
        """

    /// A task of the row's first columns, which are `taskColumns`, and of the column with its dialect.
    static func task(_ id: TaskID, _ row: borrowing StatementRow, dialect: Int32) throws -> TaskRecord {
        var end: TaskRecord.End?
        if let endedAt = row.optionalInt(3) {
            end = TaskRecord.End(at: Timestamp(milliseconds: endedAt), outcome: try SQLiteReads.outcome(row))
        }
        return TaskRecord(
            id: id, account: AccountID(row.int(0)), family: try SQLiteReads.family(row.text(1)),
            dialect: DialectColumn.dialect(row, dialect), createdAt: Timestamp(milliseconds: row.int(2)), end: end)
    }

    static func account(_ row: borrowing StatementRow) throws -> Account {
        Account(
            id: AccountID(row.int(0)), name: row.text(1), suspended: row.int(2) != 0, balance: try row.money(3),
            held: try row.money(4), createdAt: Timestamp(milliseconds: row.int(5)))
    }

    private static func outcome(_ row: borrowing StatementRow) throws -> TaskOutcome {
        guard row.isNull(6) else {
            guard let code = ErrorCode(rawValue: row.text(6)) else {
                throw unreadable("a task that failed with the unknown error `\(row.text(6))`")
            }
            return .failed(code: code, detail: row.text(7))
        }
        return .solved(solution: row.bytes(8), price: try row.money(4), cost: try row.money(5))
    }

    static func family(_ name: String) throws -> TaskFamily {
        guard let family = TaskFamily(rawValue: name) else { throw unreadable("a task of the family `\(name)`") }
        return family
    }

    static func unreadable(_ what: String) -> StoreFailure {
        StoreFailure(.unreadable, "The database holds \(what). Restore a backup.")
    }
}
