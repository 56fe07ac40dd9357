import Domain
import GRDB

extension Schema {
    /// Keys of providers that accounts have handed over, what they have been through, and what was credited for them.
    /// A key whose slot, data key and fingerprint are NULL is erased. A pool that is NULL is everybody's, as in tasks
    /// from before this step.
    ///
    /// Ciphertext is in a table that only ever grows at its end, and is overwritten there by zeros of the same length.
    /// Wherever else rows come, change and go, SQLite moves them from page to page, and leaves copies in the unused
    /// parts of pages, also with `secure_delete`.
    static let recycling = """
        CREATE TABLE sealed_recycled_keys (
            slot INTEGER PRIMARY KEY,
            sealed BLOB NOT NULL
        ) STRICT;

        CREATE TABLE recycled_keys (
            id INTEGER PRIMARY KEY CHECK (id > 0),
            account INTEGER NOT NULL REFERENCES accounts,
            provider TEXT NOT NULL,
            label TEXT NOT NULL,
            masked TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('PENDING', 'ACTIVE', 'DEPLETED', 'INVALID', 'REMOVED')),
            reason TEXT,
            suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
            data_key INTEGER REFERENCES data_keys,
            slot INTEGER REFERENCES sealed_recycled_keys,
            fingerprint BLOB CHECK (length(fingerprint) = 32),
            balance INTEGER,
            other_means INTEGER NOT NULL DEFAULT 0 CHECK (other_means IN (0, 1)),
            credited INTEGER NOT NULL DEFAULT 0 CHECK (credited BETWEEN 0 AND \(Money.bound)),
            base_balance INTEGER,
            base_recorded INTEGER,
            base_open INTEGER,
            last_balance INTEGER,
            drift INTEGER NOT NULL DEFAULT 0,
            carried_drift INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            checked_at INTEGER,
            CHECK ((data_key IS NULL) = (slot IS NULL) AND (slot IS NULL) = (fingerprint IS NULL)),
            CHECK (slot IS NOT NULL OR state = 'REMOVED'),
            CHECK ((base_balance IS NULL) = (base_recorded IS NULL) AND (base_balance IS NULL) = (base_open IS NULL))
        ) STRICT;
        CREATE INDEX recycled_keys_by_account ON recycled_keys (account);
        CREATE UNIQUE INDEX claimed_recycled_keys ON recycled_keys (provider, fingerprint)
            WHERE state IN ('PENDING', 'ACTIVE', 'DEPLETED');

        CREATE TABLE recycled_key_history (
            key INTEGER NOT NULL REFERENCES recycled_keys,
            number INTEGER NOT NULL CHECK (number > 0),
            time INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
            erased INTEGER NOT NULL CHECK (erased IN (0, 1)),
            PRIMARY KEY (key, number)
        ) STRICT, WITHOUT ROWID;

        -- What limits are counted by, for as long as it counts.
        CREATE TABLE key_submissions (
            account INTEGER NOT NULL REFERENCES accounts,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX key_submissions_by_account ON key_submissions (account, time);
        CREATE TABLE key_refusals (
            provider TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX key_refusals_by_time ON key_refusals (time);

        ALTER TABLE transactions ADD COLUMN attempt INTEGER;
        ALTER TABLE attempts ADD COLUMN credit INTEGER REFERENCES transactions;
        ALTER TABLE api_keys ADD COLUMN key_pool TEXT NOT NULL DEFAULT 'all'
            CHECK (key_pool IN ('all', 'platformOnly'));
        ALTER TABLE tasks ADD COLUMN key_pool TEXT CHECK (key_pool IN ('all', 'platformOnly'));
        """
}

extension Schema {
    /// What a key's balance cannot show, and which bound it went beyond; and a key is claimed at its vendor, whatever
    /// adapter it was handed over for: that is in its fingerprint.
    static let recyclingBounds = """
        ALTER TABLE recycled_keys ADD COLUMN last_recorded INTEGER;
        ALTER TABLE recycled_keys ADD COLUMN last_open INTEGER;
        ALTER TABLE recycled_keys ADD COLUMN given_back INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE recycled_keys ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE recycled_keys ADD COLUMN suspended_by TEXT CHECK (suspended_by IN ('drift', 'givenBack', 'unseen'));
        DROP INDEX claimed_recycled_keys;
        CREATE UNIQUE INDEX claimed_recycled_keys ON recycled_keys (fingerprint)
            WHERE state IN ('PENDING', 'ACTIVE', 'DEPLETED');
        """
}

extension Schema {
    /// Keys that are not erased are found without going through those that are.
    static let livingRecycledKeys =
        "CREATE INDEX living_recycled_keys ON recycled_keys (id) WHERE slot IS NOT NULL"
}

/// The statements of the rules of recycled keys, on the writing connection.
struct SQLiteRecyclingStatements {
    let key, fingerprint, unclaimed, claimant, claim, count, openAttempt, insertSlot, insert, save, eraseSlot,
        erase: PreparedStatement
    let addHistory, eraseHistory, submissions, addSubmission, eraseSubmissions, addRefusal,
        eraseRefusals: PreparedStatement
    let owner, addCredited: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        key = try prepare(RecycledKeyColumns.select + " WHERE id = ?")
        fingerprint = try prepare("SELECT fingerprint FROM recycled_keys WHERE id = ? AND fingerprint IS NOT NULL")
        unclaimed = try prepare(
            """
            SELECT fingerprint FROM recycled_keys WHERE id = ? AND fingerprint IS NOT NULL
                AND state NOT IN ('PENDING', 'ACTIVE', 'DEPLETED')
            """)
        claimant = try prepare(
            "SELECT id FROM recycled_keys WHERE fingerprint = ? AND state IN ('PENDING', 'ACTIVE', 'DEPLETED')")
        claim = try prepare(
            """
            SELECT 1 FROM recycled_keys WHERE fingerprint = ? AND id <> ?
                AND state IN ('PENDING', 'ACTIVE', 'DEPLETED')
            """)
        count = try prepare("SELECT count(*) FROM recycled_keys WHERE account = ? AND state <> 'REMOVED'")
        openAttempt = try prepare(
            """
            SELECT 1 FROM tasks t JOIN attempts a ON a.task = t.id
            WHERE t.ended_at IS NULL AND a.state IN (0, 1) AND a.credential = ? AND a.provider = ? LIMIT 1
            """)
        insertSlot = try prepare("INSERT INTO sealed_recycled_keys (sealed) VALUES (?)")
        insert = try prepare(
            """
            INSERT INTO recycled_keys (id, account, provider, label, masked, state, reason, suspended,
                data_key, slot, fingerprint, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        save = try prepare(
            """
            UPDATE recycled_keys SET state = ?, reason = ?, suspended = ?, balance = ?, other_means = ?,
                base_balance = ?, base_recorded = ?, base_open = ?, last_balance = ?, last_recorded = ?, last_open = ?,
                drift = ?, carried_drift = ?, given_back = ?, unseen = ?, suspended_by = ?, checked_at = ?
            WHERE id = ?
            """)
        eraseSlot = try prepare(
            """
            UPDATE sealed_recycled_keys SET sealed = zeroblob(length(sealed))
            WHERE slot = (SELECT slot FROM recycled_keys WHERE id = ?)
            """)
        erase = try prepare("UPDATE recycled_keys SET data_key = NULL, slot = NULL, fingerprint = NULL WHERE id = ?")
        addHistory = try prepare(
            """
            INSERT INTO recycled_key_history (key, number, time, state, reason, suspended, erased)
            SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM recycled_key_history WHERE key = ?1
            """)
        // The first is kept, and the latest.
        eraseHistory = try prepare(
            """
            DELETE FROM recycled_key_history WHERE key = ?1 AND number > 1
                AND number <= (SELECT max(number) FROM recycled_key_history WHERE key = ?1) - ?2
            """)
        submissions = try prepare("SELECT time FROM key_submissions WHERE account = ? AND time > ? ORDER BY time")
        addSubmission = try prepare("INSERT INTO key_submissions VALUES (?, ?)")
        eraseSubmissions = try prepare("DELETE FROM key_submissions WHERE account = ? AND time <= ?")
        addRefusal = try prepare("INSERT INTO key_refusals VALUES (?, ?)")
        eraseRefusals = try prepare("DELETE FROM key_refusals WHERE time < ?")
        owner = try prepare("SELECT account FROM recycled_keys WHERE id = ?")
        addCredited = try prepare("UPDATE recycled_keys SET credited = credited + ? WHERE id = ?")
    }
}

extension SQLiteRows: RecyclingRows {
    func recycledKey(_ id: ProviderKeyID) throws -> RecycledKey? {
        try recycling.key.add(id.number).first(RecycledKeyColumns.key)
    }

    func fingerprint(ofRecycledKey id: ProviderKeyID) throws -> [UInt8]? {
        try recycling.fingerprint.add(id.number).first { $0.bytes(0) }
    }

    func fingerprint(ofUnclaimedKey id: ProviderKeyID) throws -> [UInt8]? {
        try recycling.unclaimed.add(id.number).first { $0.bytes(0) }
    }

    func claimant(of fingerprint: [UInt8]) throws -> ProviderKeyID? {
        try recycling.claimant.add(fingerprint).first(RecycledKeyColumns.id)
    }

    func claimsRecycledKey(fingerprint: [UInt8], otherThan id: ProviderKeyID?) throws -> Bool {
        try recycling.claim.add(fingerprint).add(id?.number ?? 0).first { _ in true } ?? false
    }

    func countRecycledKeys(of account: AccountID) throws -> Int {
        Int(try recycling.count.add(account.number).first { $0.int(0) } ?? 0)
    }

    func hasOpenAttempt(with credential: String, at provider: String) throws -> Bool {
        try recycling.openAttempt.add(credential).add(provider).first { _ in true } ?? false
    }

    func insert(_ key: RecycledKey, _ sealed: SealedProviderKey) throws {
        let slot = try recycling.insertSlot.add(sealed.sealed).insert()
        try recycling.insert.add(key.id.number).add(key.account.number).add(key.provider).add(key.label)
            .add(key.masked).add(key.life.state.rawValue).add(key.life.reason?.rawValue)
            .add(key.life.isSuspended ? 1 : 0).add(Int64(sealed.dataKey)).add(slot).add(sealed.fingerprint)
            .add(key.createdAt.milliseconds).run()
    }

    func save(_ key: RecycledKey) throws {
        let (life, funds, drift) = (key.life, key.funds, key.funds.drift)
        try recycling.save.add(life.state.rawValue).add(life.reason?.rawValue).add(life.isSuspended ? 1 : 0)
            .add(funds.balance?.nanos).add(funds.otherMeans ? 1 : 0)
            .add(drift.baseline?.balance.nanos).add(drift.baseline?.recorded.nanos).add(drift.baseline?.open.nanos)
            .add(drift.last?.balance.nanos).add(drift.last?.recorded.nanos).add(drift.last?.open.nanos)
            .add(drift.sinceBaseline.nanos).add(drift.carried.nanos).add(drift.givenBack.nanos)
            .add(drift.unseen.nanos).add(drift.suspendedBy?.rawValue)
            .add(key.checkedAt?.milliseconds).add(key.id.number).run()
    }

    func eraseRecycledKey(_ id: ProviderKeyID) throws {
        try erasure.erase {
            try recycling.eraseSlot.add(id.number).run()
            try recycling.erase.add(id.number).run()
        }
    }

    func addHistory(_ life: RecycledKeyLife, of id: ProviderKeyID, at now: Timestamp) throws {
        try recycling.addHistory.add(id.number).add(now.milliseconds).add(life.state.rawValue)
            .add(life.reason?.rawValue).add(life.isSuspended ? 1 : 0).add(life.isErased ? 1 : 0).run()
        try recycling.eraseHistory.add(id.number).add(Int64(Limits.keptKeyChanges - 1)).run()
    }

    func submissions(of account: AccountID, after time: Timestamp) throws -> [Timestamp] {
        try recycling.submissions.add(account.number).add(time.milliseconds).all {
            Timestamp(milliseconds: $0.int(0))
        }
    }

    func addSubmission(of account: AccountID, at now: Timestamp) throws {
        let since = now.adding(seconds: -Limits.keySubmissionSeconds)
        try recycling.eraseSubmissions.add(account.number).add(since.milliseconds).run()
        try recycling.addSubmission.add(account.number).add(now.milliseconds).run()
    }

    func addRefusal(at provider: String, _ now: Timestamp) throws {
        try recycling.eraseRefusals.add(now.adding(seconds: -Limits.keptRefusalSeconds).milliseconds).run()
        try recycling.addRefusal.add(provider).add(now.milliseconds).run()
    }

    func owner(ofRecycledKey id: ProviderKeyID) throws -> AccountID? {
        try recycling.owner.add(id.number).first { AccountID($0.int(0)) }
    }

    func addCredited(_ amount: Money, to id: ProviderKeyID) throws {
        try recycling.addCredited.add(amount.nanos).add(id.number).run()
    }
}
