import Domain
import GRDB

extension Schema {
    /// What has come together against keys that nobody claims now, by their keyed fingerprints.
    static let keptDrifts = """
        CREATE TABLE kept_drifts (
            fingerprint BLOB PRIMARY KEY CHECK (length(fingerprint) = 32),
            key INTEGER NOT NULL CHECK (key > 0),
            drift INTEGER NOT NULL,
            given_back INTEGER NOT NULL,
            unseen INTEGER NOT NULL,
            suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
            suspended_by TEXT CHECK (suspended_by IN ('drift', 'givenBack', 'unseen')),
            time INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// The balance that was read last, and what was recorded after it.
    static let keptBalances = """
        ALTER TABLE kept_drifts ADD COLUMN balance INTEGER;
        ALTER TABLE kept_drifts ADD COLUMN unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0);
        CREATE INDEX kept_drifts_by_time ON kept_drifts (time) WHERE suspended = 0;
        """
}

/// The statements of the rules of kept drifts, on the writing connection.
struct SQLiteKeptDriftStatements {
    let kept, save, erase, forget: PreparedStatement

    init(_ database: Database) throws {
        kept = try PreparedStatement(
            database,
            """
            SELECT key, drift, given_back, unseen, suspended, suspended_by, balance, unread FROM kept_drifts
            WHERE fingerprint = ?
            """)
        save = try PreparedStatement(
            database, "INSERT OR REPLACE INTO kept_drifts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        erase = try PreparedStatement(database, "DELETE FROM kept_drifts WHERE fingerprint = ?")
        forget = try PreparedStatement(database, "DELETE FROM kept_drifts WHERE time < ? AND suspended = 0")
    }
}

extension SQLiteRows: KeptDriftRows {
    func keptDrift(of fingerprint: [UInt8]) throws -> KeptDrift? {
        try keptDrifts.kept.add(fingerprint).first { row in
            KeptDrift(
                key: try RecycledKeyColumns.id(row), total: try row.money(1), givenBack: try row.money(2),
                unseen: try row.money(3), isSuspended: row.int(4) != 0,
                suspendedBy: row.optionalText(5).flatMap(BalanceDrift.Bound.init(rawValue:)),
                balance: try row.optionalMoney(6), unread: try row.money(7))
        }
    }

    func save(_ drift: KeptDrift?, of fingerprint: [UInt8], at now: Timestamp) throws {
        try keptDrifts.forget.add(now.adding(seconds: -Limits.keptDriftSeconds).milliseconds).run()
        guard let drift else { return try keptDrifts.erase.add(fingerprint).run() }
        try keptDrifts.save.add(fingerprint).add(drift.key.number).add(drift.total.nanos).add(drift.givenBack.nanos)
            .add(drift.unseen.nanos).add(drift.isSuspended ? 1 : 0).add(drift.suspendedBy?.rawValue)
            .add(now.milliseconds).add(drift.balance?.nanos).add(drift.unread.nanos).run()
    }
}
