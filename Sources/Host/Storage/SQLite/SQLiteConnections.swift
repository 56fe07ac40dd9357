import CSQLiteSettings
import Domain
import GRDB

/// How connections to a database are opened.
enum SQLiteConnections {
    /// Pages in the log after which they are brought into the database itself: 16 MiB. A larger log means fewer pages
    /// written twice; a smaller one is faster to read.
    private static let checkpointPages = 4_096
    /// Bytes that the log keeps on disk after something, such as a long backup, has made it grow.
    private static let logBytes = 64 * 1024 * 1024
    /// Bytes of pages that the writing connection and each reading one keep in memory, in KiB.
    private static let writerCache = 4_096
    private static let readerCache = 2_048

    /// The settings of all connections, made before the first one is opened.
    private static let settings: Void = sqlite_count_no_memory()

    /// Opens the writing connection and brings the schema up to date.
    static func writer(_ path: String, _ durability: SQLiteStore.Durability) throws -> DatabaseQueue {
        settings
        var configuration = Configuration()
        configuration.label = "store.writer"
        configuration.busyMode = .timeout(Double(Limits.databaseBusyMilliseconds) / 1000)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { database in
            // Before anything is written: the file may be somebody else's.
            let version = try Migrations.check(database, at: path)
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw StoreFailure(
                    .other,
                    "The file system of \(path) does not allow SQLite's log (WAL). Keep the database on a local disk.")
            }
            try database.execute(sql: "PRAGMA synchronous = \(durability == .full ? "FULL" : "OFF")")
            try database.execute(sql: "PRAGMA cache_size = -\(writerCache)")
            // Also where nothing is erased: a table that outgrows its first page leaves a copy of that one otherwise.
            _ = try Int.fetchOne(database, sql: "PRAGMA secure_delete = FAST")
            _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
            _ = try Int.fetchOne(database, sql: "PRAGMA journal_size_limit = \(logBytes)")
            try Migrations.run(database, from: version)
            try Migrations.rewrite(database, at: path)
        }
        return queue
    }

    /// Opens a connection that cannot write.
    static func reader(_ path: String, label: String) throws -> DatabaseQueue {
        settings
        var configuration = Configuration()
        configuration.label = label
        configuration.readonly = true
        configuration.busyMode = .timeout(Double(Limits.databaseBusyMilliseconds) / 1000)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -\(readerCache)") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
