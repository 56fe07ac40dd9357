import Domain
import GRDB

/// A connection together with what is prepared on it.
final class SQLiteConnection<Prepared>: Sendable {
    private let queue: DatabaseQueue
    /// Used on the queue only. Nil once the connection is closed.
    private nonisolated(unsafe) var prepared: Prepared?

    init(_ queue: DatabaseQueue, _ prepare: (Database) throws -> Prepared) throws {
        self.queue = queue
        prepared = try queue.inDatabase(prepare)
    }

    deinit {
        close()
    }

    /// Runs `body` on the connection's queue, alone.
    ///
    /// - Throws: `StoreFailure` of the kind `stopped` when the connection is closed, and what `body` throws.
    func use<Value>(_ body: (Prepared) throws -> Value) throws -> Value {
        try queue.inDatabase { _ in
            guard let prepared else { throw StoreFailure(.stopped, "The database is closed. Start the host again.") }
            return try body(prepared)
        }
    }

    /// Bounds the size of the file, in pages, for as long as the connection is open.
    func limit(pages: Int) throws {
        _ = try queue.inDatabase { try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(pages)") }
    }

    /// Closes the connection once nobody uses it. Statements go first: SQLite does not close under them.
    func close() {
        queue.inDatabase { _ in prepared = nil }
        // The only reason to refuse is a statement that is left. It would close when that one goes.
        try? queue.close()
    }
}
