import Domain
import GRDB
import GRDBSQLite

/// A statement that is prepared once and run over SQLite's own interface: an accept runs five, and binding and decoding
/// through GRDB cost several times what SQLite itself takes for them.
///
/// Used on its connection's queue only. Values are added in their order, then the statement is run, once:
/// `try statement.add(id).add(name).run()`.
final class PreparedStatement {
    private let statement: Statement
    private let handle: OpaquePointer
    private var bound: Int32 = 0

    init(_ database: Database, _ sql: String) throws {
        statement = try database.makeStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    /// Copies the bytes, since the caller's may be gone when the statement runs.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    @inline(__always)
    func add(_ value: Int64) throws -> PreparedStatement {
        bound += 1
        return try checked(sqlite3_bind_int64(handle, bound, value))
    }

    func add(_ value: Int64?) throws -> PreparedStatement {
        guard let value else { return try addNull() }
        return try add(value)
    }

    func add(_ value: String) throws -> PreparedStatement {
        bound += 1
        var value = value
        let code = value.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) {
                // An empty text may have no address, and SQLite takes no address for NULL.
                guard let address = $0.baseAddress else { return sqlite3_bind_text(handle, bound, "", 0, nil) }
                return sqlite3_bind_text(handle, bound, address, Int32(clamping: $0.count), PreparedStatement.copied)
            }
        }
        return try checked(code)
    }

    func add(_ value: String?) throws -> PreparedStatement {
        guard let value else { return try addNull() }
        return try add(value)
    }

    func add(_ value: [UInt8]) throws -> PreparedStatement {
        bound += 1
        let code = value.withUnsafeBytes { bytes in
            guard let address = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_zeroblob(handle, bound, 0)
            }
            return sqlite3_bind_blob64(handle, bound, address, UInt64(bytes.count), PreparedStatement.copied)
        }
        return try checked(code)
    }

    func add(_ value: [UInt8]?) throws -> PreparedStatement {
        guard let value else { return try addNull() }
        return try add(value)
    }

    func addNull() throws -> PreparedStatement {
        bound += 1
        return try checked(sqlite3_bind_null(handle, bound))
    }

    /// Runs a statement that gives no rows.
    func run() throws {
        defer { reset() }
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE else { throw failure(code) }
    }

    /// Runs an INSERT of one row.
    ///
    /// - Returns: the row's number.
    func insert() throws -> Int64 {
        try run()
        return sqlite3_last_insert_rowid(sqlite3_db_handle(handle))
    }

    /// The first row, read by `body`; nil when there is none.
    func first<Value>(_ body: (borrowing StatementRow) throws -> Value) throws -> Value? {
        defer { reset() }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return try body(StatementRow(handle: handle))
        case SQLITE_DONE: return nil
        case let code: throw failure(code)
        }
    }

    /// All rows, one after another.
    func forEach(_ body: (borrowing StatementRow) throws -> Void) throws {
        defer { reset() }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(StatementRow(handle: handle))
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    /// What `body` finds in the first row in which it finds something; no row after that one is read.
    func search<Value>(_ body: (borrowing StatementRow) throws -> Value?) throws -> Value? {
        defer { reset() }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: if let value = try body(StatementRow(handle: handle)) { return value }
            case SQLITE_DONE: return nil
            case let code: throw failure(code)
            }
        }
    }

    /// All rows, read by `body`.
    func all<Value>(_ body: (borrowing StatementRow) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try forEach { values.append(try body($0)) }
        return values
    }

    /// Ends the read that a statement is and lets go of the bound bytes, which may be many.
    private func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        bound = 0
    }

    private func checked(_ code: Int32) throws -> PreparedStatement {
        guard code == SQLITE_OK else {
            defer { reset() }
            throw failure(code)
        }
        return self
    }

    private func failure(_ code: Int32) -> SQLiteError {
        SQLiteError(code: code, of: sqlite3_db_handle(handle))
    }
}

/// A row that a statement stands at; columns count from 0.
struct StatementRow: ~Copyable {
    fileprivate let handle: OpaquePointer

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

    func text(_ column: Int32) -> String {
        guard let address = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: address, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let address = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(handle, column))))
    }

    func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

    /// - Throws: `StoreFailure` for an amount that no `Money` can be.
    func money(_ column: Int32) throws -> Money {
        guard let money = Money(nanos: int(column)) else {
            throw StoreFailure(.unreadable, "The database holds an amount that is out of bounds. Restore a backup.")
        }
        return money
    }
}
