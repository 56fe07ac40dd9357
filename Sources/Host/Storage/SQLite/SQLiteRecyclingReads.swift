import Domain
import GRDB

/// Recycled keys as both connections read them.
enum RecycledKeyColumns {
    static let select = """
        SELECT id, account, provider, label, masked, state, reason, suspended, slot IS NULL, balance, other_means,
            credited, base_balance, base_recorded, base_open, last_balance, drift, carried_drift, created_at,
            checked_at, last_recorded, last_open, given_back, unseen, suspended_by
        FROM recycled_keys
        """

    /// A key of a row of `select`.
    static func key(_ row: borrowing StatementRow) throws -> RecycledKey {
        RecycledKey(
            id: try id(row), account: AccountID(row.int(1)), provider: row.text(2), label: row.text(3),
            masked: row.text(4),
            life: try life(
                state: row.text(5), reason: row.optionalText(6), isSuspended: row.int(7) != 0,
                isErased: row.int(8) != 0),
            funds: RecycledKeyFunds(
                balance: try row.optionalMoney(9), otherMeans: row.int(10) != 0, credited: try row.money(11),
                drift: try drift(row)),
            createdAt: Timestamp(milliseconds: row.int(18)),
            checkedAt: row.optionalInt(19).map(Timestamp.init(milliseconds:)))
    }

    static func life(state: String, reason: String?, isSuspended: Bool, isErased: Bool) throws -> RecycledKeyLife {
        let known = reason.map(RecycledKeyLife.Reason.init(rawValue:))
        guard let state = RecycledKeyLife.State(rawValue: state), known != .some(.none) else {
            throw SQLiteReads.unreadable("a recycled key in a state, or with a reason, that does not exist")
        }
        return RecycledKeyLife(
            state: state, reason: known ?? nil, isSuspended: isSuspended, isErased: isErased)
    }

    /// The number in the first column.
    static func id(_ row: borrowing StatementRow) throws -> ProviderKeyID {
        guard let id = ProviderKeyID(row.int(0)) else {
            throw SQLiteReads.unreadable("a recycled key without a number")
        }
        return id
    }

    private static func drift(_ row: borrowing StatementRow) throws -> BalanceDrift {
        var baseline: BalanceDrift.Reading?
        if let balance = try row.optionalMoney(12) {
            baseline = BalanceDrift.Reading(balance: balance, recorded: try row.money(13), open: try row.money(14))
        }
        var last: BalanceDrift.Reading?
        if let balance = try row.optionalMoney(15) {
            // One from before more was kept of it is as good as the one that counting began with.
            let (recorded, open) = (try row.optionalMoney(20), try row.optionalMoney(21))
            last = BalanceDrift.Reading(
                balance: balance, recorded: recorded ?? baseline?.recorded ?? .zero, open: open ?? .zero)
        }
        return BalanceDrift(
            baseline: baseline, last: last, sinceBaseline: try row.money(16), carried: try row.money(17),
            givenBack: try row.money(22), unseen: try row.money(23),
            suspendedBy: row.optionalText(24).flatMap(BalanceDrift.Bound.init(rawValue:)))
    }
}

extension StatementRow {
    func optionalMoney(_ column: Int32) throws -> Money? { isNull(column) ? nil : try money(column) }
}

/// What is read of recycled keys beside the writer.
struct SQLiteRecyclingReads {
    private let keys, living, ownKeys, ownLiving, key, same, history, sealed, refusals: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        let page = " ORDER BY id LIMIT ?"
        keys = try prepare(RecycledKeyColumns.select + " WHERE id > ?" + page)
        living = try prepare(RecycledKeyColumns.select + " WHERE id > ? AND slot IS NOT NULL" + page)
        ownKeys = try prepare(RecycledKeyColumns.select + " WHERE id > ? AND account = ?" + page)
        ownLiving = try prepare(RecycledKeyColumns.select + " WHERE id > ? AND account = ? AND slot IS NOT NULL" + page)
        key = try prepare(RecycledKeyColumns.select + " WHERE id = ?")
        // Of several, that which claims the key.
        same = try prepare(
            RecycledKeyColumns.select
                + " WHERE account = ? AND fingerprint = ? AND state <> 'REMOVED' "
                + "ORDER BY state = 'INVALID', id DESC LIMIT 1")
        history = try prepare(
            """
            SELECT time, state, reason, suspended, erased, number FROM recycled_key_history
            WHERE key = ? AND number > ? ORDER BY number LIMIT ?
            """)
        sealed = try prepare(
            """
            SELECT id, account, provider, label, data_key, sealed, fingerprint
            FROM recycled_keys JOIN sealed_recycled_keys USING (slot) ORDER BY id
            """)
        refusals = try prepare("SELECT provider, time FROM key_refusals WHERE time >= ? ORDER BY time")
    }

    func recycledKeys(_ query: RecycledKeyQuery) throws -> [RecycledKey] {
        let (first, limit) = (query.after?.number ?? 0, Int64(query.limit))
        guard let account = query.account else {
            return try (query.isLiving ? living : keys).add(first).add(limit).all(RecycledKeyColumns.key)
        }
        return try (query.isLiving ? ownLiving : ownKeys).add(first).add(account.number).add(limit)
            .all(RecycledKeyColumns.key)
    }

    func recycledKey(_ id: ProviderKeyID) throws -> RecycledKey? {
        try key.add(id.number).first(RecycledKeyColumns.key)
    }

    func recycledKey(of account: AccountID, fingerprint: [UInt8]) throws -> RecycledKey? {
        try same.add(account.number).add(fingerprint).first(RecycledKeyColumns.key)
    }

    func history(of id: ProviderKeyID, after number: Int64, limit: Int) throws -> [RecycledKeyChange] {
        try history.add(id.number).add(number).add(Int64(limit)).all { row in
            RecycledKeyChange(
                row.int(5), at: Timestamp(milliseconds: row.int(0)),
                life: try RecycledKeyColumns.life(
                    state: row.text(1), reason: row.optionalText(2), isSuspended: row.int(3) != 0,
                    isErased: row.int(4) != 0))
        }
    }

    func sealedKeys() throws -> [SealedProviderKey] {
        try sealed.all { row in
            SealedProviderKey(
                id: try RecycledKeyColumns.id(row), provider: row.text(2), owner: AccountID(row.int(1)),
                label: row.text(3), dataKey: Int(row.int(4)), sealed: row.bytes(5), fingerprint: row.bytes(6))
        }
    }

    func refusals(since: Timestamp) throws -> [String: [Timestamp]] {
        var byProvider: [String: [Timestamp]] = [:]
        try refusals.add(since.milliseconds).forEach { row in
            byProvider[row.text(0), default: []].append(Timestamp(milliseconds: row.int(1)))
        }
        return byProvider
    }
}
