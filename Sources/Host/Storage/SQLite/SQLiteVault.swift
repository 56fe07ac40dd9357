import Domain
import GRDB

extension Schema {
    /// The vault: data keys under the master key, and keys of providers under data keys.
    static let vault = """
        CREATE TABLE data_keys (
            version INTEGER PRIMARY KEY CHECK (version > 0),
            wrapped BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            wrapped_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE provider_keys (
            id INTEGER PRIMARY KEY CHECK (id > 0),
            provider TEXT NOT NULL,
            label TEXT NOT NULL,
            data_key INTEGER NOT NULL REFERENCES data_keys,
            sealed BLOB NOT NULL,
            fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
            created_at INTEGER NOT NULL,
            UNIQUE (provider, fingerprint)
        ) STRICT;
        INSERT INTO sequences VALUES ('provider_keys', 0);
        """
}

/// The statements of the vault's rules, on the writing connection.
struct SQLiteVaultStatements {
    let dataKeys, saveDataKey: PreparedStatement
    let lastNumber, saveNumber, keyWithNumber, keyWithFingerprint, insertKey, removeKey: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        dataKeys = try prepare("SELECT version, wrapped FROM data_keys ORDER BY version")
        saveDataKey = try prepare(
            """
            INSERT INTO data_keys VALUES (?, ?, ?, ?)
            ON CONFLICT (version) DO UPDATE SET wrapped = excluded.wrapped, wrapped_at = excluded.wrapped_at
            """)
        lastNumber = try prepare("SELECT last FROM sequences WHERE name = 'provider_keys'")
        saveNumber = try prepare("UPDATE sequences SET last = ? WHERE name = 'provider_keys'")
        keyWithNumber = try prepare(
            "SELECT 1 FROM provider_keys WHERE id = ? UNION ALL SELECT 1 FROM recycled_keys WHERE id = ?")
        keyWithFingerprint = try prepare(
            "SELECT 1 FROM provider_keys WHERE fingerprint = ?1 AND provider = coalesce(?2, provider)")
        insertKey = try prepare("INSERT INTO provider_keys VALUES (?, ?, ?, ?, ?, ?, ?)")
        removeKey = try prepare("DELETE FROM provider_keys WHERE id = ? RETURNING id")
    }
}

extension SQLiteRows: VaultRows {
    func dataKeys() throws -> [WrappedDataKey] {
        try vault.dataKeys.all { WrappedDataKey(version: Int($0.int(0)), wrapped: $0.bytes(1)) }
    }

    func save(_ key: WrappedDataKey, at now: Timestamp) throws {
        try vault.saveDataKey.add(Int64(key.version)).add(key.wrapped).add(now.milliseconds).add(now.milliseconds).run()
    }

    func nextProviderKey() throws -> ProviderKeyID {
        guard let id = ProviderKeyID(try lastProviderKey() + 1) else {
            throw StoreFailure(.unreadable, "The database has lost count of the providers' keys. Restore a backup.")
        }
        try vault.saveNumber.add(id.number).run()
        return id
    }

    func isReserved(_ id: ProviderKeyID) throws -> Bool {
        guard id.number <= (try lastProviderKey()) else { return false }
        return try vault.keyWithNumber.add(id.number).add(id.number).first { _ in true } == nil
    }

    func hasProviderKey(at provider: String?, fingerprint: [UInt8]) throws -> Bool {
        try vault.keyWithFingerprint.add(fingerprint).add(provider).first { _ in true } ?? false
    }

    func insert(_ key: SealedProviderKey, at now: Timestamp) throws {
        try vault.insertKey.add(key.id.number).add(key.provider).add(key.label).add(Int64(key.dataKey)).add(key.sealed)
            .add(key.fingerprint).add(now.milliseconds).run()
    }

    func removeProviderKey(_ id: ProviderKeyID) throws -> Bool {
        try erasure.erase { try vault.removeKey.add(id.number).first { _ in true } ?? false }
    }

    private func lastProviderKey() throws -> Int64 {
        try vault.lastNumber.first { $0.int(0) } ?? 0
    }
}

/// What is read of the vault beside the writer.
struct SQLiteVaultReads {
    private let dataKeysStatement, providerKeysStatement: PreparedStatement

    init(_ database: Database) throws {
        dataKeysStatement = try PreparedStatement(
            database, "SELECT version, wrapped, created_at, wrapped_at FROM data_keys ORDER BY version")
        providerKeysStatement = try PreparedStatement(
            database,
            """
            SELECT id, provider, label, data_key, sealed, fingerprint, created_at FROM provider_keys ORDER BY id
            """)
    }

    func dataKeys() throws -> [DataKeyRecord] {
        try dataKeysStatement.all { row in
            DataKeyRecord(
                key: WrappedDataKey(version: Int(row.int(0)), wrapped: row.bytes(1)),
                createdAt: Timestamp(milliseconds: row.int(2)), wrappedAt: Timestamp(milliseconds: row.int(3)))
        }
    }

    func providerKeys() throws -> [ProviderKeyRecord] {
        try providerKeysStatement.all { row in
            guard let id = ProviderKeyID(row.int(0)) else {
                throw StoreFailure(
                    .unreadable, "The database holds a provider's key without a number. Restore a backup.")
            }
            let key = SealedProviderKey(
                id: id, provider: row.text(1), label: row.text(2), dataKey: Int(row.int(3)), sealed: row.bytes(4),
                fingerprint: row.bytes(5))
            return ProviderKeyRecord(key: key, createdAt: Timestamp(milliseconds: row.int(6)))
        }
    }
}
