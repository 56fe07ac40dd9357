import Domain
import GRDB

extension Schema {
    /// Where a key may be used from and how much it may do. What a key has open is kept from its first cap on.
    static let access = """
        ALTER TABLE api_keys ADD COLUMN addresses TEXT NOT NULL DEFAULT '';
        ALTER TABLE api_keys ADD COLUMN open_tasks_cap INTEGER CHECK (open_tasks_cap > 0);
        ALTER TABLE api_keys ADD COLUMN daily_spend_cap INTEGER
            CHECK (daily_spend_cap BETWEEN 1 AND \(Money.bound));

        CREATE TABLE key_usage (
            key INTEGER PRIMARY KEY REFERENCES api_keys,
            open_tasks INTEGER NOT NULL CHECK (open_tasks >= 0),
            held INTEGER NOT NULL CHECK (held BETWEEN 0 AND \(Money.bound))
        ) STRICT;
        """
}

/// The statements of keys with caps, on the writing connection.
struct SQLiteKeyCapStatements {
    let capped, usage, saveUsage, eraseUsage, countOpen, charged: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        capped = try prepare(
            """
            SELECT id, open_tasks_cap, daily_spend_cap FROM api_keys
            WHERE open_tasks_cap IS NOT NULL OR daily_spend_cap IS NOT NULL
            """)
        usage = try prepare("SELECT open_tasks, held FROM key_usage WHERE key = ?")
        saveUsage = try prepare("INSERT OR REPLACE INTO key_usage VALUES (?, ?, ?)")
        eraseUsage = try prepare("DELETE FROM key_usage WHERE key = ?")
        countOpen = try prepare(
            "SELECT count(*), coalesce(sum(ceiling), 0) FROM tasks WHERE ended_at IS NULL AND key = ?")
        charged = try prepare(
            "SELECT coalesce(sum(charged), 0) FROM usage_days WHERE account = ? AND day = ? AND key = ?")
    }

    /// The caps of the keys that have any.
    func caps() throws -> [Int64: KeyCaps] {
        var all: [Int64: KeyCaps] = [:]
        try capped.forEach { all[$0.int(0)] = try $0.caps(1) }
        return all
    }
}

extension SQLiteRows: KeyCapRows {
    func caps(ofKey key: Int64) -> KeyCaps? { cappedKeys.isEmpty ? nil : cappedKeys[key] }

    func usage(ofKey key: Int64) throws -> KeyUsage? {
        try keyCaps.usage.add(key).first { KeyUsage(openTasks: $0.int(0), held: try $0.money(1)) }
    }

    func save(_ usage: KeyUsage, ofKey key: Int64) throws {
        try keyCaps.saveUsage.add(key).add(usage.openTasks).add(usage.held.nanos).run()
    }

    func eraseUsage(ofKey key: Int64) throws {
        try keyCaps.eraseUsage.add(key).run()
    }

    func countedUsage(ofKey key: Int64) throws -> KeyUsage {
        try keyCaps.countOpen.add(key).first { KeyUsage(openTasks: $0.int(0), held: try $0.money(1)) } ?? KeyUsage()
    }

    func charged(_ key: Int64, of account: AccountID, on day: UTCDay) throws -> Money {
        try keyCaps.charged.add(account.number).add(day.number).add(key).first { try $0.money(0) } ?? .zero
    }
}

extension StatementRow {
    /// The caps in a column and the one behind it.
    ///
    /// - Throws: `StoreFailure` for caps that cannot be.
    func caps(_ column: Int32) throws -> KeyCaps {
        let spend = isNull(column + 1) ? nil : try money(column + 1)
        guard let caps = KeyCaps(openTasks: optionalInt(column).map { Int($0) }, dailySpend: spend) else {
            throw StoreFailure(.unreadable, "The database holds caps of a key that cannot be. Restore a backup.")
        }
        return caps
    }
}

/// Addresses as they are stored: as they are written, with spaces between.
enum AddressesText {
    static func text(of addresses: [IPRange]) -> String {
        addresses.map(\.description).joined(separator: " ")
    }

    /// - Throws: `StoreFailure`: a list that cannot be read must not become one that allows more.
    static func addresses(in text: String) throws -> [IPRange] {
        do {
            return try text.split(separator: " ").map { try IPRange($0) }
        } catch {
            throw StoreFailure(.unreadable, "The database holds addresses of a key that cannot be. Restore a backup.")
        }
    }
}
