import GRDB

/// The statements of the rules, prepared once on the writing connection.
struct SQLiteStatements {
    let begin, commit, rollback: PreparedStatement
    let account, saveAccount, insertAccount, keyWithHash, insertKey, key, saveKey: PreparedStatement
    let deposited, insertTransaction, insertEntry, ledgerAccount, insertLedgerAccount: PreparedStatement
    let taskSequence, saveTaskSequence, insertTask, insertAttempt: PreparedStatement
    let standing, setPending, setUnsent, endAttempt, endSolved, endFailed: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        begin = try prepare("BEGIN IMMEDIATE")
        commit = try prepare("COMMIT")
        rollback = try prepare("ROLLBACK")

        account = try prepare("SELECT balance, held, suspended FROM accounts WHERE id = ?")
        saveAccount = try prepare("UPDATE accounts SET balance = ?, held = ?, suspended = ? WHERE id = ?")
        insertAccount = try prepare("INSERT INTO accounts (name, created_at) VALUES (?, ?)")
        keyWithHash = try prepare("SELECT id FROM api_keys WHERE hash = ?")
        insertKey = try prepare(
            "INSERT INTO api_keys (account, name, hash, scopes, created_at) VALUES (?, ?, ?, ?, ?)")

        key = try prepare(KeyColumns.select + " WHERE id = ?")
        saveKey = try prepare(
            """
            UPDATE api_keys SET name = ?, revoked = ?, mode = ?, preset = ?, slider = ?, key_pool = ?, dialect = ?,
                addresses = ?, open_tasks_cap = ?, daily_spend_cap = ? WHERE id = ?
            """)

        deposited = try prepare(
            """
            SELECT e.amount FROM ledger_accounts l, transactions t, entries e
            WHERE l.name = ? AND t.account = ? AND t.reference = ? AND e.transaction_id = t.id
                AND e.ledger_account = l.id
            """)
        insertTransaction = try prepare(
            "INSERT INTO transactions (kind, time, account, task, attempt, reference) VALUES (?, ?, ?, ?, ?, ?)")
        insertEntry = try prepare("INSERT INTO entries VALUES (?, ?, ?, ?)")
        ledgerAccount = try prepare("SELECT id FROM ledger_accounts WHERE name = ?")
        insertLedgerAccount = try prepare("INSERT INTO ledger_accounts (name) VALUES (?)")

        taskSequence = try prepare("SELECT last FROM sequences WHERE name = 'tasks'")
        saveTaskSequence = try prepare("UPDATE sequences SET last = ? WHERE name = 'tasks'")
        insertTask = try prepare(
            """
            INSERT INTO tasks (id, account, key, family, ceiling, forced_provider, created_at, deadline,
                speed_weight, reliable_first, route, key_pool, dialect)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertAttempt = try prepare(
            """
            INSERT INTO attempts (task, number, provider, credential, price, cost, state, started_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)

        standing = try prepare(
            """
            SELECT t.account, t.ceiling, t.ended_at IS NOT NULL, a.number, a.provider, a.credential, a.cost, t.key,
                t.family
            FROM tasks t LEFT JOIN attempts a ON a.task = t.id
            WHERE t.id = ? ORDER BY a.number DESC LIMIT 1
            """)
        setPending = try prepare("UPDATE attempts SET state = 1, provider_task = ? WHERE task = ? AND number = ?")
        setUnsent = try prepare("UPDATE attempts SET unsent = ? WHERE task = ? AND number = ?")
        endAttempt = try prepare(
            """
            UPDATE attempts SET state = ?, fault = ?, reported_cost = ?, ended_at = ?, credit = ?
            WHERE task = ? AND number = ?
            """)
        endSolved = try prepare(
            "UPDATE tasks SET ended_at = ?, price = ?, cost = ?, charge = ?, solution_number = ? WHERE id = ?")
        endFailed = try prepare("UPDATE tasks SET ended_at = ?, error = ?, detail = ? WHERE id = ?")
    }
}
