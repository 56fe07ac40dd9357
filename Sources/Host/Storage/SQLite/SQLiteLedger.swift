import Domain
import GRDB

/// The ledger of a SQLite database, in the read transaction that it was made in.
struct SQLiteLedger: LedgerSource {
    private let transactions, orphans, accounts, tasks, oneTask, oneTransaction, sequence: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }
        transactions = try prepare(
            """
            SELECT t.id, t.kind, t.account, t.task, t.reference, e.line, l.name, e.amount
            FROM transactions t LEFT JOIN entries e ON e.transaction_id = t.id
                LEFT JOIN ledger_accounts l ON l.id = e.ledger_account
            ORDER BY t.id, e.line
            """)
        orphans = try prepare(
            """
            SELECT DISTINCT transaction_id FROM entries
            WHERE NOT EXISTS (SELECT 1 FROM transactions t WHERE t.id = transaction_id) ORDER BY transaction_id
            """)
        accounts = try prepare("SELECT id, balance, held FROM accounts ORDER BY id")
        let task = """
            SELECT id, account, ceiling, ended_at IS NOT NULL, price, cost, charge,
                (SELECT provider FROM attempts WHERE task = tasks.id ORDER BY number DESC LIMIT 1)
            FROM tasks
            """
        tasks = try prepare(task + " ORDER BY id")
        oneTask = try prepare(task + " WHERE id = ?")
        oneTransaction = try prepare("SELECT 1 FROM transactions WHERE id = ?")
        sequence = try prepare("SELECT last FROM sequences WHERE name = 'tasks'")
    }

    func forEachTransaction(_ body: (StoredTransaction) throws -> Void) throws {
        var current: StoredTransaction?
        try transactions.forEach { row in
            let number = row.int(0)
            if let complete = current, complete.number != number {
                try body(complete)
                current = nil
            }
            if current == nil {
                current = StoredTransaction(
                    number: number, kind: row.text(1), account: row.int(2), task: row.optionalInt(3),
                    reference: row.optionalText(4), entries: [])
            }
            if let line = row.optionalInt(5) {
                current?.entries.append(.init(line: line, account: row.optionalText(6), amount: row.int(7)))
            }
        }
        if let current { try body(current) }
    }

    func forEachOrphan(_ body: (Int64) throws -> Void) throws {
        try orphans.forEach { try body($0.int(0)) }
    }

    func forEachAccount(_ body: (StoredAccount) throws -> Void) throws {
        try accounts.forEach { try body(StoredAccount(number: $0.int(0), balance: $0.int(1), held: $0.int(2))) }
    }

    func forEachTask(_ body: (StoredTask) throws -> Void) throws {
        try tasks.forEach { try body(SQLiteLedger.task($0)) }
    }

    func task(_ number: Int64) throws -> StoredTask? {
        try oneTask.add(number).first(SQLiteLedger.task)
    }

    func hasTransaction(_ number: Int64) throws -> Bool {
        try oneTransaction.add(number).first { _ in true } ?? false
    }

    func lastTask() throws -> Int64 {
        try sequence.first { $0.int(0) } ?? 0
    }

    private static func task(_ row: borrowing StatementRow) -> StoredTask {
        StoredTask(
            number: row.int(0), account: row.int(1), ceiling: row.int(2), ended: row.int(3) != 0,
            price: row.optionalInt(4), cost: row.optionalInt(5), charge: row.optionalInt(6),
            provider: row.optionalText(7))
    }
}
