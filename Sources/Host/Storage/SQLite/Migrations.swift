import Domain
import GRDB
import Vault

/// Brings a database from the schema it has to the one that this binary writes.
enum Migrations {
    /// The setting that holds the server key.
    static let serverKey = "server_key"
    static let serverKeyBytes = 16

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
