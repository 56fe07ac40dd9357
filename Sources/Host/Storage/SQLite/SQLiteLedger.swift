import Domain
import GRDB

/// The ledger of a SQLite database, in the read transaction that it was made in.
struct SQLiteLedger: LedgerSource {
    private let transactions, orphans, accounts, tasks, oneTask, oneTransaction, sequence: PreparedStatement
    private let recycledKeys, creditable, oneAttempt, credit: PreparedStatement
    private let refund, usage, cappedKeys: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }
        transactions = try prepare(
            """
            SELECT t.id, t.kind, t.account, t.task, t.attempt, t.reference, e.line, l.name, e.amount
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
                (SELECT provider FROM attempts WHERE task = tasks.id ORDER BY number DESC LIMIT 1),
                (SELECT credential FROM attempts WHERE task = tasks.id ORDER BY number DESC LIMIT 1),
                key, family, ended_at, refund
            FROM tasks
            """
        tasks = try prepare(task + " ORDER BY id")
        oneTask = try prepare(task + " WHERE id = ?")
        oneTransaction = try prepare("SELECT 1 FROM transactions WHERE id = ?")
        recycledKeys = try prepare("SELECT id, account, credited FROM recycled_keys ORDER BY id")
        let attempt = "SELECT task, number, provider, credential, cost, state, reported_cost, credit FROM attempts"
        creditable = try prepare(
            attempt + " WHERE credit IS NOT NULL OR credential GLOB 'recycled-*' ORDER BY task, number")
        oneAttempt = try prepare(attempt + " WHERE task = ? AND number = ?")
        credit = try prepare("SELECT task, attempt FROM transactions WHERE id = ? AND kind = 'RECYCLE_CREDIT'")
        refund = try prepare("SELECT 1 FROM transactions WHERE id = ? AND kind = 'TASK_REFUND' AND task = ?")
        usage = try prepare(
            "SELECT account, day, key, family, provider, solved, failed, charged, refunded FROM usage_days")
        // A key whose row is lost is told of by its open tasks, if it has any.
        cappedKeys = try prepare(
            """
            SELECT k.id, coalesce(u.open_tasks, 0), coalesce(u.held, 0)
            FROM api_keys k LEFT JOIN key_usage u ON u.key = k.id
            WHERE k.open_tasks_cap IS NOT NULL OR k.daily_spend_cap IS NOT NULL
            """)
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
                    attempt: row.optionalInt(4), reference: row.optionalText(5), entries: [])
            }
            if let line = row.optionalInt(6) {
                current?.entries.append(.init(line: line, account: row.optionalText(7), amount: row.int(8)))
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

    func forEachRecycledKey(_ body: (StoredRecycledKey) throws -> Void) throws {
        try recycledKeys.forEach {
            try body(StoredRecycledKey(number: $0.int(0), account: $0.int(1), credited: $0.int(2)))
        }
    }

    func forEachCreditableAttempt(_ body: (StoredAttempt) throws -> Void) throws {
        // `recycled-*` are more than are recycled keys' credentials.
        try creditable.forEach { row in
            let attempt = SQLiteLedger.attempt(row)
            if attempt.recycledKey != nil || attempt.credit != nil { try body(attempt) }
        }
    }

    func attempt(_ number: Int64, of task: Int64) throws -> StoredAttempt? {
        try oneAttempt.add(task).add(number).first(SQLiteLedger.attempt)
    }

    func attempt(creditedBy transaction: Int64) throws -> AttemptPlace? {
        try credit.add(transaction).first { AttemptPlace(task: $0.int(0), attempt: $0.int(1)) }
    }

    func isRefund(_ transaction: Int64, of task: Int64) throws -> Bool {
        try refund.add(transaction).add(task).first { _ in true } ?? false
    }

    func forEachUsage(_ body: (StoredUsage) throws -> Void) throws {
        try usage.forEach { row in
            let place = UsagePlace(
                account: AccountID(row.int(0)), day: row.int(1), key: row.int(2), family: row.text(3),
                provider: row.text(4))
            try body(
                StoredUsage(
                    place: place, solved: row.int(5), failed: row.int(6), charged: row.int(7), refunded: row.int(8)))
        }
    }

    func forEachCappedKey(_ body: (StoredKeyUsage) throws -> Void) throws {
        try cappedKeys.forEach { row in
            try body(StoredKeyUsage(key: row.int(0), openTasks: row.int(1), held: row.int(2)))
        }
    }

    func lastTask() throws -> Int64 {
        try sequence.first { $0.int(0) } ?? 0
    }

    private static func task(_ row: borrowing StatementRow) -> StoredTask {
        StoredTask(
            number: row.int(0), account: row.int(1), ceiling: row.int(2), ended: row.int(3) != 0,
            price: row.optionalInt(4), cost: row.optionalInt(5), charge: row.optionalInt(6),
            provider: row.optionalText(7), credential: row.optionalText(8), key: row.int(9), family: row.text(10),
            endedAt: row.optionalInt(11), refund: row.optionalInt(12))
    }

    private static func attempt(_ row: borrowing StatementRow) -> StoredAttempt {
        StoredAttempt(
            place: AttemptPlace(task: row.int(0), attempt: row.int(1)), provider: row.text(2),
            credential: row.optionalText(3), cost: row.int(4), state: row.int(5), reportedCost: row.optionalInt(6),
            credit: row.optionalInt(7))
    }
}
