import Domain
import GRDB
import Vault

/// Brings a database from the schema it has to the one that this binary writes.
enum Migrations {
    /// The setting that holds the server key.
    static let serverKey = "server_key"
    static let serverKeyBytes = 16
    /// The setting that is there while the file has to be written anew.
    static let rewriteIsOwed = "rewrite_is_owed"

    /// The version of the schema that the database has; 0 for a new file.
    ///
    /// - Throws: `StoreFailure` for a file of another program, and for a schema that this binary doesn't know.
    static func check(_ database: Database, at path: String) throws -> Int64 {
        let version = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        let isNew = application == 0 && version == 0 && tables == 0
        guard isNew || application == Schema.applicationID else {
            throw StoreFailure(
                .unreadable,
                "The file \(path) is a database of another program. Correct database.path in the configuration.")
        }
        guard version <= Schema.version else {
            throw StoreFailure(
                .newerSchema,
                "The database \(path) was written by a newer ucaptcha (schema \(version); this one knows schema "
                    + "\(Schema.version)). Start that version again, or restore a backup made before it.")
        }
        return version
    }

    /// Runs the steps that are missing, each in a transaction with the version it leads to.
    static func run(_ database: Database, from version: Int64) throws {
        for step in Int(version)..<Schema.steps.count {
            try database.inTransaction(.immediate) {
                try database.execute(sql: Schema.steps[step])
                if step == 0 {
                    let key = try SecureRandom.bytes(count: serverKeyBytes)
                    let insert = try PreparedStatement(database, "INSERT INTO settings VALUES (?, ?)")
                    try insert.add(serverKey).add(key).run()
                    try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                }
                try database.execute(sql: "PRAGMA user_version = \(step + 1)")
                return .commit
            }
        }
    }

    /// Writes the file anew, without what deleted and moved rows have left in unused parts of it, when a step has asked
    /// for that. It is done or not done, wherever a crash comes, and done again after one.
    static func rewrite(_ database: Database, at path: String) throws {
        let owed = try PreparedStatement(database, "SELECT 1 FROM settings WHERE name = ?")
        guard try owed.add(rewriteIsOwed).first({ _ in true }) != nil else { return }
        do {
            // Its copy is made under this as well: no table leaves its first page behind there.
            _ = try Int.fetchOne(database, sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "VACUUM")
            _ = try Int.fetchOne(database, sql: "PRAGMA secure_delete = FAST")
        } catch {
            let reason = StoreFailure(error, at: path)
            throw StoreFailure(
                reason.kind,
                "The database \(path) has to be written anew once, so that nothing is left in it of what was erased "
                    + "before. This needs as much free space as the database has, beside it and again in the directory "
                    + "for temporary files, /var/tmp or the one that SQLITE_TMPDIR names. \(reason)")
        }
        try PreparedStatement(database, "DELETE FROM settings WHERE name = ?").add(rewriteIsOwed).run()
    }

    /// The 16 bytes that task UUIDs are derived under.
    static func serverKey(_ database: Database, at path: String) throws -> [UInt8] {
        let select = try PreparedStatement(database, "SELECT value FROM settings WHERE name = ?")
        guard let key = try select.add(serverKey).first({ $0.bytes(0) }), key.count == serverKeyBytes else {
            throw StoreFailure(
                .unreadable,
                "The database \(path) has lost its server key, without which no task UUID is known. Restore a backup.")
        }
        return key
    }
}
