import Domain
import GRDB
import ProviderKit

/// What is read of accounts' pasts beside the writer.
struct SQLiteHistoryReads {
    private let timeStatement, transactionsStatement, usageStatement: PreparedStatement

    /// The number of the attempt that the transaction `t` is for: the one that it names, else its task's last one.
    private static let attempt = "coalesce(t.attempt, (SELECT max(number) FROM attempts WHERE task = t.task))"

    init(_ database: Database) throws {
        timeStatement = try PreparedStatement(database, "SELECT time FROM transactions WHERE id = ?")
        // The first of each kind, in the order of the index, and of these the first.
        let pages = LedgerTransaction.Kind.allCases.indices.map { index in
            """
            SELECT * FROM (
                SELECT id, kind, time, task, attempt, reference FROM transactions
                WHERE account = ?1 AND kind = ?\(index + 7) AND time >= ?3 AND (time, id) < (?4, ?5)
                ORDER BY time DESC, id DESC LIMIT ?6)
            """
        }
        transactionsStatement = try PreparedStatement(
            database,
            """
            SELECT t.id, t.kind, t.time, t.task, t.reference, a.provider, a.credential,
                (SELECT coalesce(sum(amount), 0) FROM entries WHERE transaction_id = t.id
                    AND ledger_account = (SELECT id FROM ledger_accounts WHERE name = ?2))
            FROM (\(pages.joined(separator: " UNION ALL ")) ORDER BY time DESC, id DESC LIMIT ?6) t
                LEFT JOIN attempts a ON a.task = t.task AND a.number = \(SQLiteHistoryReads.attempt)
            ORDER BY t.time DESC, t.id DESC
            """)
        usageStatement = try PreparedStatement(
            database,
            """
            SELECT day, key, provider, family, solved, failed, charged, refunded FROM usage_days
            WHERE account = ? AND day BETWEEN ? AND ? ORDER BY day, key, family, provider
            """)
    }

    func transactions(_ query: TransactionQuery) throws -> [TransactionRecord] {
        guard let (time, number) = try bound(query) else { return [] }
        var statement = try transactionsStatement.add(query.account.number)
            .add(LedgerAccount.client(query.account).name).add(query.from?.milliseconds ?? .min)
            .add(time).add(number).add(Int64(max(query.limit, 0)))
        // What no transaction is of takes the places of kinds that are not wanted.
        for kind in LedgerTransaction.Kind.allCases {
            let isWanted = query.kinds.isEmpty || query.kinds.contains(kind)
            statement = try statement.add(isWanted ? kind.rawValue : nil)
        }
        return try statement.all(SQLiteHistoryReads.transaction)
    }

    /// The time and number that wanted transactions come behind; nil when none are wanted.
    private func bound(_ query: TransactionQuery) throws -> (time: Int64, number: Int64)? {
        let until = (query.until?.milliseconds ?? .max, query.until == nil ? Int64.max : .min)
        guard let number = query.before else { return until }
        guard number > 0 else { return nil }
        guard let time = try timeStatement.add(number).first({ $0.int(0) }) else { return until }
        return (time, number) < until ? (time, number) : until
    }

    private static func transaction(_ row: borrowing StatementRow) throws -> TransactionRecord {
        guard let kind = LedgerTransaction.Kind(rawValue: row.text(1)) else {
            throw SQLiteReads.unreadable("a transaction of the kind `\(row.text(1))`")
        }
        var key: ProviderKeyID?
        if kind == .recycleCredit { key = row.optionalText(6).flatMap(ProviderKeyID.init(recycledCredential:)) }
        return TransactionRecord(
            number: row.int(0), kind: kind, time: Timestamp(milliseconds: row.int(2)), amount: try row.money(7),
            task: row.optionalInt(3).flatMap(TaskID.init), provider: row.optionalText(5), recycledKey: key,
            reference: row.optionalText(4))
    }

    func usage(_ query: UsageQuery) throws -> [UsageRow] {
        try usageStatement.add(query.account.number).add(query.days.lowerBound).add(query.days.upperBound).all { row in
            guard let family = TaskFamily(rawValue: row.text(3)) else {
                throw SQLiteReads.unreadable("the usage of the family `\(row.text(3))`")
            }
            return UsageRow(
                day: row.int(0), key: row.int(1), provider: row.text(2), family: family, solved: row.int(4),
                failed: row.int(5), charged: try row.money(6), refunded: try row.money(7))
        }
    }
}

/// What an account's balance is made of, in the read transaction that it was made in.
struct SQLiteTotals {
    private let account, kinds, open: PreparedStatement

    init(_ database: Database) throws {
        account = try PreparedStatement(database, SQLiteReads.accountSelect + " WHERE id = ?")
        kinds = try PreparedStatement(
            database,
            """
            SELECT t.kind, count(DISTINCT t.id), coalesce(sum(e.amount), 0)
            FROM transactions t LEFT JOIN entries e ON e.transaction_id = t.id
                AND e.ledger_account = (SELECT id FROM ledger_accounts WHERE name = ?)
            WHERE t.account = ? GROUP BY t.kind
            """)
        open = try PreparedStatement(
            database, "SELECT count(*), coalesce(sum(ceiling), 0) FROM tasks WHERE account = ? AND ended_at IS NULL")
    }

    func totals(of id: AccountID) throws -> AccountTotals? {
        guard let account = try account.add(id.number).first(SQLiteReads.account) else { return nil }
        var totals: [LedgerTransaction.Kind: AccountTotals.KindTotal] = [:]
        try kinds.add(LedgerAccount.client(id).name).add(id.number).forEach { row in
            guard let kind = LedgerTransaction.Kind(rawValue: row.text(0)) else {
                throw SQLiteReads.unreadable("transactions of the kind `\(row.text(0))`")
            }
            totals[kind] = AccountTotals.KindTotal(kind, count: row.int(1), amount: try row.money(2))
        }
        let open = try open.add(id.number).first { (count: $0.int(0), reserved: try $0.money(1)) }
        return AccountTotals(
            account: account, kinds: LedgerTransaction.Kind.allCases.compactMap { totals[$0] },
            openTasks: open?.count ?? 0, reserved: open?.reserved ?? .zero)
    }
}
