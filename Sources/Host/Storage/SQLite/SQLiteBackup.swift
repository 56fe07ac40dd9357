import Domain
import GRDB
import Glibc
import Vault

/// Copies a database that is in use into a new file, without stopping the writer.
enum SQLiteBackup {
    static func write(_ path: String, to target: String) throws(StoreFailure) {
        let (directory, name) = DatabaseFile.split(target)
        guard !name.isEmpty, access(directory, F_OK) == 0 else {
            throw StoreFailure(.other, "The directory \(directory) of the backup does not exist. Create it first.")
        }
        var info = stat()
        // The entry itself counts, not what a symbolic link leads to.
        guard lstat(target, &info) != 0 else { throw exists(target) }
        let partial = directory + "/." + name + ".partial-\(getpid())-\(try suffix())"
        defer { unlink(partial) }
        try DatabaseFile.prepare(partial)
        try asStoreFailure(at: partial) { try copy(path, to: partial) }
        try DatabaseFile.sync(partial)
        // Unlike rename, this never replaces a file that has appeared meanwhile.
        guard link(partial, target) == 0 else {
            throw errno == EEXIST
                ? exists(target)
                : StoreFailure(.other, "The backup \(target) cannot be made: \(String(cString: strerror(errno))).")
        }
        try DatabaseFile.sync(directory)
    }

    private static func copy(_ path: String, to partial: String) throws {
        // One snapshot, read in one step: the log keeps what is written meanwhile, and the writer never waits.
        let source = try SQLiteConnections.reader(path, label: "store.backup")
        defer { try? source.close() }
        var configuration = Configuration()
        configuration.label = "store.backup-target"
        let copy = try DatabaseQueue(path: partial, configuration: configuration)
        defer { try? copy.close() }
        try copy.inDatabase { database in
            // Nobody reads the file before it is complete and synced as a whole.
            try database.execute(sql: "PRAGMA synchronous = OFF")
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = OFF")
        }
        try source.backup(to: copy)
    }

    private static func exists(_ target: String) -> StoreFailure {
        StoreFailure(.other, "The file \(target) exists already. Name a file that does not exist yet.")
    }

    private static func suffix() throws(StoreFailure) -> String {
        do { return try SecureRandom.bytes(count: 8).map { String($0, radix: 16) }.joined() } catch {
            throw StoreFailure(.other, error.description)
        }
    }
}
