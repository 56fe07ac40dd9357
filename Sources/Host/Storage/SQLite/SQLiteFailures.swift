import Domain
import GRDB
import GRDBSQLite
import Glibc

/// What SQLite answered instead of "done", with what the system said when it was the system's doing.
struct SQLiteError: Error {
    let code: Int32
    let systemError: Int32
    let message: String

    init(code: Int32, of connection: OpaquePointer?) {
        self.code = code
        systemError = connection.map { sqlite3_system_errno($0) } ?? 0
        message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "no connection"
    }

    init(_ error: DatabaseError) {
        code = error.extendedResultCode.rawValue
        systemError = 0
        message = error.message ?? String(cString: sqlite3_errstr(code))
    }
}

extension StoreFailure {
    /// The failure that an error of the database at `path` is, in words for the operator.
    init(_ error: any Error, at path: String) {
        switch error {
        case let failure as StoreFailure: self = failure
        case let error as SQLiteError: self.init(error, at: path)
        case let error as DatabaseError: self.init(SQLiteError(error), at: path)
        default: self.init(.other, "The database \(path) could not be used: \(error).")
        }
    }

    private init(_ error: SQLiteError, at path: String) {
        // A quota, and a log's index that cannot grow, are not SQLITE_FULL.
        let isFull = error.systemError == ENOSPC || error.systemError == EDQUOT
        let code = error.code & 0xFF
        switch code == SQLITE_IOERR && isFull ? SQLITE_FULL : code {
        case SQLITE_FULL:
            self.init(
                .diskFull,
                "There is no space left for the database \(path). Free some on its disk; the host then goes on."
            )
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                .inUse, "Another program holds the database \(path). Close it: only one host may write the file.")
        case SQLITE_NOTADB:
            self.init(
                .unreadable,
                "The file \(path) is not a database. Check database.path in the configuration, or restore a backup.")
        case SQLITE_CORRUPT:
            self.init(
                .unreadable,
                "The database \(path) is damaged (\(error.message)). Stop the host, keep a copy, and restore a backup.")
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(
                .other,
                "The database \(path) cannot be opened for writing (\(error.message)). Let the host's user write the "
                    + "file and its directory.")
        case SQLITE_IOERR:
            let reason = error.systemError == 0 ? error.message : String(cString: strerror(error.systemError))
            self.init(
                .other,
                "The disk refused to read or write the database \(path): \(reason). Check the disk and its mount.")
        default:
            self.init(
                .other, "The database \(path) refused an operation: \(error.message) (SQLite code \(error.code)).")
        }
    }
}

/// Runs `body` and gives whatever it throws as a failure in words.
func asStoreFailure<Value>(at path: String, _ body: () throws -> Value) throws(StoreFailure) -> Value {
    do { return try body() } catch { throw StoreFailure(error, at: path) }
}
