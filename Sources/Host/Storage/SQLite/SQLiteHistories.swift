import Domain
import GRDB

extension Schema {
    /// Idempotency keys, refunds, and what is read of an account's past. The usage of days is a total, which is made
    /// here of the tasks that have ended before this step.
    ///
    /// The index of an account's transactions is in the order of a page within each kind, so that no page, and no sum
    /// of a day's refunds, looks at transactions that are not in it.
    static let histories = """
        CREATE TABLE idempotency_keys (
            account INTEGER NOT NULL REFERENCES accounts,
            text TEXT NOT NULL
                CHECK (length(CAST(text AS BLOB)) BETWEEN 1 AND \(Limits.idempotencyKeyBytes)),
            request BLOB NOT NULL CHECK (length(request) = 32),
            task INTEGER NOT NULL REFERENCES tasks,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (account, text)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

        CREATE INDEX transactions_of_account ON transactions (account, kind, time, id);
        ALTER TABLE tasks ADD COLUMN refund INTEGER REFERENCES transactions
            CHECK (refund IS NULL OR charge IS NOT NULL);

        CREATE TABLE usage_days (
            account INTEGER NOT NULL REFERENCES accounts,
            day INTEGER NOT NULL,
            key INTEGER NOT NULL REFERENCES api_keys,
            family TEXT NOT NULL,
            provider TEXT NOT NULL,
            solved INTEGER NOT NULL CHECK (solved >= 0),
            failed INTEGER NOT NULL CHECK (failed >= 0),
            charged INTEGER NOT NULL CHECK (charged BETWEEN 0 AND \(Money.bound)),
            refunded INTEGER NOT NULL CHECK (refunded BETWEEN 0 AND \(Money.bound)),
            PRIMARY KEY (account, day, key, family, provider)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO usage_days
            SELECT account, (ended_at - (ended_at % 86400000 + 86400000) % 86400000) / 86400000, key, family,
                coalesce(
                    (SELECT provider FROM attempts WHERE task = tasks.id ORDER BY number DESC LIMIT 1), ''),
                count(price), count(*) - count(price), coalesce(sum(price), 0), 0
            FROM tasks WHERE ended_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
        """
}

/// The statements of idempotency keys, refunds and usage, on the writing connection.
struct SQLiteHistoryStatements {
    let idempotent, saveIdempotent, eraseIdempotent: PreparedStatement
    let refundStanding, refunded, setRefund, addUsage: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        idempotent = try prepare(
            "SELECT task, request, created_at FROM idempotency_keys WHERE account = ? AND text = ?")
        saveIdempotent = try prepare(
            """
            INSERT INTO idempotency_keys (account, text, request, task, created_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (account, text) DO UPDATE
                SET request = excluded.request, task = excluded.task, created_at = excluded.created_at
            """)
        eraseIdempotent = try prepare(
            """
            DELETE FROM idempotency_keys WHERE (account, text) IN
                (SELECT account, text FROM idempotency_keys WHERE created_at <= ? ORDER BY created_at LIMIT ?)
            """)
        refundStanding = try prepare(
            """
            SELECT t.account, t.key, t.family, t.ended_at, t.price, t.refund IS NOT NULL, a.provider, a.credential
            FROM tasks t LEFT JOIN attempts a ON a.task = t.id
            WHERE t.id = ? ORDER BY a.number DESC LIMIT 1
            """)
        // The positive entry of a refund is the account's.
        refunded = try prepare(
            """
            SELECT coalesce(sum(e.amount), 0) FROM transactions t JOIN entries e ON e.transaction_id = t.id
            WHERE t.kind = 'TASK_REFUND' AND t.account = ? AND t.time >= ? AND t.time < ? AND e.amount > 0
            """)
        setRefund = try prepare("UPDATE tasks SET refund = ? WHERE id = ?")
        addUsage = try prepare(
            """
            INSERT INTO usage_days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (account, day, key, family, provider) DO UPDATE
                SET solved = solved + excluded.solved, failed = failed + excluded.failed,
                    charged = charged + excluded.charged, refunded = refunded + excluded.refunded
            """)
    }
}

extension SQLiteRows: HistoryRows {
    func idempotent(_ text: String, of account: AccountID) throws -> IdempotentTask? {
        try histories.idempotent.add(account.number).add(text).first { row in
            guard let task = TaskID(row.int(0)) else {
                throw SQLiteReads.unreadable("an idempotency key of a task that does not exist")
            }
            return IdempotentTask(
                task: task, request: row.bytes(1), storedAt: Timestamp(milliseconds: row.int(2)))
        }
    }

    func save(_ key: IdempotencyKey, of account: AccountID, for task: TaskID, at now: Timestamp) throws {
        try histories.saveIdempotent.add(account.number).add(key.text).add(key.request).add(task.number)
            .add(now.milliseconds).run()
    }

    func eraseIdempotencyKeys(storedUntil time: Timestamp, atMost count: Int) throws {
        try histories.eraseIdempotent.add(time.milliseconds).add(Int64(count)).run()
    }

    func refundStanding(of task: TaskID) throws -> RefundStanding? {
        try histories.refundStanding.add(task.number).first { row in
            var solved: RefundStanding.Solved?
            if let endedAt = row.optionalInt(3), !row.isNull(4) {
                solved = RefundStanding.Solved(at: Timestamp(milliseconds: endedAt), price: try row.money(4))
            }
            return RefundStanding(
                account: AccountID(row.int(0)), key: row.int(1), family: row.text(2), solved: solved,
                isRefunded: row.int(5) != 0, provider: row.text(6), credential: row.optionalText(7))
        }
    }

    func refunded(to account: AccountID, from: Timestamp, until: Timestamp) throws -> Money {
        try histories.refunded.add(account.number).add(from.milliseconds).add(until.milliseconds)
            .first { try $0.money(0) } ?? .zero
    }

    func setRefund(_ transaction: Int64, of task: TaskID) throws {
        try histories.setRefund.add(transaction).add(task.number).run()
    }

    func add(_ figures: UsageFigures, at place: UsagePlace) throws {
        try histories.addUsage.add(place.account.number).add(place.day).add(place.key).add(place.family)
            .add(place.provider).add(figures.solved).add(figures.failed).add(figures.charged.nanos)
            .add(figures.refunded.nanos).run()
    }
}
