import Domain
import GRDB
import GRDBSQLite

/// Sees to it that what was erased is gone from the files too.
///
/// SQLite overwrites with zeros what it takes out of a page, and while something is erased also the pages that it does
/// not need any more (`secure_delete`, fast and on). Its log still has the pages as they were, until it is brought into
/// the database and cut to nothing: that is owed after each erasure, and after a start, since a crash may have come
/// between.
struct SQLiteErasure {
    private var isOwed = true
    private let connection: OpaquePointer?
    private var nextTry = Timestamp(milliseconds: .min)

    init(_ database: Database) {
        connection = database.sqliteConnection
    }

    /// Erases something: what `body` deletes is overwritten.
    mutating func erase<Value>(_ body: () throws -> Value) rethrows -> Value {
        isOwed = true
        sqlite3_exec(connection, "PRAGMA secure_delete = ON", nil, nil, nil)
        defer { sqlite3_exec(connection, "PRAGMA secure_delete = FAST", nil, nil, nil) }
        return try body()
    }

    /// Cuts the log, when that is owed and nobody reads it. While somebody does, such as a backup that is under way, it
    /// stays owed: no commit waits for that.
    mutating func settle(at now: Timestamp) {
        guard isOwed, let connection, now >= nextTry else { return }
        nextTry = now.adding(seconds: Limits.erasureRetrySeconds)
        sqlite3_busy_timeout(connection, 0)
        defer { sqlite3_busy_timeout(connection, Int32(Limits.databaseBusyMilliseconds)) }
        guard sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil) == SQLITE_OK else {
            return
        }
        isOwed = false
        nextTry = Timestamp(milliseconds: .min)
    }
}
