import Domain

/// The tables, as steps from each version of the schema to the next. A step that was released never changes.
///
/// Amounts are units of 10^-9 USD, times milliseconds since 1970.
enum Schema {
    /// Marks a file as a database of this program: "ucap" in SQLite's header.
    static let applicationID: Int64 = 0x7563_6170

    /// The version that this binary writes.
    static var version: Int64 { Int64(steps.count) }

    static let steps: [String] = [
        first, forcedProvider, vault, routing, recycling, histories, access, dialects, reports, callbacks,
        recyclingBounds, livingRecycledKeys, erasableContent,
        unsentAttempts, keptDrifts, keptBalances,
    ]

    /// Attempts of which it is certain that nothing was sent, since they wait for a place, or that were refused.
    private static let unsentAttempts =
        "ALTER TABLE attempts ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0 CHECK (unsent IN (0, 1))"

    private static let first = accounts + ledger + tasks

    /// A client may insist on one provider for a task; NULL where it has not, as in tasks from before this step.
    private static let forcedProvider = "ALTER TABLE tasks ADD COLUMN forced_provider TEXT"

    /// An index exists only where a query needs it.
    private static let accounts = """
        CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Numbers that are handed out once, whatever becomes of their rows.
        CREATE TABLE sequences (
            name TEXT PRIMARY KEY,
            last INTEGER NOT NULL CHECK (last >= 0)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO sequences VALUES ('tasks', 0);

        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
            balance INTEGER NOT NULL DEFAULT 0 CHECK (balance BETWEEN 0 AND \(Money.bound)),
            held INTEGER NOT NULL DEFAULT 0 CHECK (held BETWEEN 0 AND balance),
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE api_keys (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL REFERENCES accounts,
            name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            scopes TEXT NOT NULL,
            revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT;

        """

    private static let ledger = """
        CREATE TABLE ledger_accounts (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE transactions (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL
                CHECK (kind IN ('DEPOSIT', 'TASK_CHARGE', 'TASK_REFUND', 'RECYCLE_CREDIT', 'ADJUSTMENT')),
            time INTEGER NOT NULL,
            account INTEGER NOT NULL REFERENCES accounts,
            task INTEGER,
            reference TEXT
        ) STRICT;
        CREATE UNIQUE INDEX transactions_by_reference ON transactions (account, reference)
            WHERE reference IS NOT NULL;

        CREATE TABLE entries (
            transaction_id INTEGER NOT NULL REFERENCES transactions,
            line INTEGER NOT NULL CHECK (line > 0),
            ledger_account INTEGER NOT NULL REFERENCES ledger_accounts,
            amount INTEGER NOT NULL CHECK (amount BETWEEN -\(Money.bound) AND \(Money.bound) AND amount <> 0),
            PRIMARY KEY (transaction_id, line)
        ) STRICT, WITHOUT ROWID;

        """

    /// A task's payload has a table of its own, so that settling a task with an image does not write the image again.
    /// `owner` and `lease_until` are for several hosts on one database.
    private static let tasks = """
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND \(TaskID.upperBound - 1)),
            account INTEGER NOT NULL REFERENCES accounts,
            key INTEGER NOT NULL REFERENCES api_keys,
            family TEXT NOT NULL,
            ceiling INTEGER NOT NULL CHECK (ceiling BETWEEN 0 AND \(Money.bound)),
            created_at INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            owner TEXT,
            lease_until INTEGER,
            ended_at INTEGER,
            price INTEGER CHECK (price BETWEEN 0 AND ceiling),
            cost INTEGER CHECK (cost BETWEEN 0 AND \(Money.bound)),
            charge INTEGER REFERENCES transactions,
            error TEXT,
            detail TEXT,
            solution BLOB,
            CHECK ((price IS NULL) = (cost IS NULL)),
            CHECK (CASE WHEN ended_at IS NULL
                THEN coalesce(price, charge, error, detail, solution) IS NULL
                ELSE (price IS NULL) <> (error IS NULL) END)
        ) STRICT;
        CREATE INDEX open_tasks ON tasks (id) WHERE ended_at IS NULL;

        CREATE TABLE payloads (
            task INTEGER PRIMARY KEY REFERENCES tasks,
            fields BLOB NOT NULL
        ) STRICT;

        CREATE TABLE attempts (
            task INTEGER NOT NULL REFERENCES tasks,
            number INTEGER NOT NULL CHECK (number > 0),
            provider TEXT NOT NULL,
            credential TEXT,
            price INTEGER NOT NULL CHECK (price BETWEEN 0 AND \(Money.bound)),
            cost INTEGER NOT NULL CHECK (cost BETWEEN 0 AND \(Money.bound)),
            state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
            provider_task TEXT,
            fault TEXT,
            reported_cost INTEGER,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            PRIMARY KEY (task, number)
        ) STRICT, WITHOUT ROWID;
        """
}
