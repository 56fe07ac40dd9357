public import Domain
import GRDB
import Synchronization

/// A store in a SQLite file: one connection that writes, one that reads beside it.
///
/// A database has one store at a time, in whatever process. What `commit` has returned survives a power cut, and is not
/// visible to a read before.
public final class SQLiteStore: Store {
    /// What a commit waits for.
    public enum Durability: Sendable, Hashable {
        /// The disk: what is committed survives a power cut.
        case full
        /// Nothing: what is committed survives the end of the process, not that of the machine. For throw-away use.
        case off
    }

    /// 16 random bytes, made with the database and never changed: task UUIDs are derived under them.
    public let serverKey: [UInt8]
    /// The file, with symbolic links resolved.
    public let path: String

    private let lock: Mutex<DatabaseLock?>
    private let writer: SQLiteConnection<SQLiteRows>
    private let reader: SQLiteConnection<SQLiteReads>

    /// Opens a database; makes it when there is none, in a directory that has to exist, readable by its owner alone.
    ///
    /// - Throws: `StoreFailure`: `inUse` when another process has it, `newerSchema`, `unreadable`, `diskFull`, `other`.
    public init(path: String, durability: Durability = .full) throws(StoreFailure) {
        let path = try DatabaseFile.resolve(path)
        let lock = try DatabaseLock(for: path)
        try DatabaseFile.prepare(path)
        (serverKey, writer, reader) = try asStoreFailure(at: path) {
            let queue = try SQLiteConnections.writer(path, durability)
            let key = try queue.inDatabase { try Migrations.serverKey($0, at: path) }
            let writer = try SQLiteConnection(queue, SQLiteRows.init)
            let reader = try SQLiteConnection(
                SQLiteConnections.reader(path, label: "store.reader"), SQLiteReads.init)
            return (key, writer, reader)
        }
        self.path = path
        self.lock = Mutex(lock)
    }

    deinit {
        close()
    }

    /// Closes the file and lets another process have it. Calls that follow fail with `stopped`.
    public func close() {
        reader.close()
        writer.close()
        // Last: whoever takes the lock finds the file at rest.
        lock.withLock { $0 = nil }
    }

    public func commit(
        _ operations: [StoreOperation], at now: Timestamp
    ) throws(StoreFailure) -> [Result<StoreReply, StoreRefusal>] {
        try asStoreFailure(at: path) {
            try writer.use { rows in
                let results = try rows.transaction { try Batch.apply(operations, to: rows, at: now) }
                rows.erasure.settle(at: now)
                return results
            }
        }
    }

    public func key(hash: [UInt8]) throws(StoreFailure) -> KeyHolder? {
        try read { try $0.key(hash: hash) }
    }

    public func keys(of account: AccountID?) throws(StoreFailure) -> [APIKey] {
        try read { try $0.keys(of: account) }
    }

    public func account(_ id: AccountID) throws(StoreFailure) -> Account? {
        try read { try $0.account(id) }
    }

    public func accounts() throws(StoreFailure) -> [Account] {
        try read { try $0.accounts() }
    }

    public func task(_ id: TaskID) throws(StoreFailure) -> TaskRecord? {
        try read { try $0.task(id) }
    }

    public func payload(of id: TaskID) throws(StoreFailure) -> [UInt8]? {
        try read { try $0.payload(of: id) }
    }

    public func openTasks(after: TaskID?, limit: Int) throws(StoreFailure) -> [OpenTask] {
        try read { try $0.openTasks(after: after, limit: limit) }
    }

    public func route(of id: TaskID) throws(StoreFailure) -> TaskRoute? {
        try read { try $0.routing.route(of: id) }
    }

    public func statistics() throws(StoreFailure) -> [String: [StoredStatistics]] {
        try read { try $0.routing.statistics() }
    }

    public func dataKeys() throws(StoreFailure) -> [DataKeyRecord] {
        try read { try $0.vault.dataKeys() }
    }

    public func providerKeys() throws(StoreFailure) -> [ProviderKeyRecord] {
        try read { try $0.vault.providerKeys() }
    }

    public func recycledKeys(_ query: RecycledKeyQuery) throws(StoreFailure) -> [RecycledKey] {
        try read { try $0.recycling.recycledKeys(query) }
    }

    public func recycledKey(_ id: ProviderKeyID) throws(StoreFailure) -> RecycledKey? {
        try read { try $0.recycling.recycledKey(id) }
    }

    public func recycledKey(
        of account: AccountID, fingerprint: [UInt8]
    ) throws(StoreFailure) -> RecycledKey? {
        try read { try $0.recycling.recycledKey(of: account, fingerprint: fingerprint) }
    }

    public func history(
        ofRecycledKey id: ProviderKeyID, after number: Int64, limit: Int
    ) throws(StoreFailure) -> [RecycledKeyChange] {
        try read { try $0.recycling.history(of: id, after: number, limit: limit) }
    }

    public func sealedRecycledKeys() throws(StoreFailure) -> [SealedProviderKey] {
        try read { try $0.recycling.sealedKeys() }
    }

    public func refusedRecycledKeys(since: Timestamp) throws(StoreFailure) -> [String: [Timestamp]] {
        try read { try $0.recycling.refusals(since: since) }
    }

    public func transactions(_ query: TransactionQuery) throws(StoreFailure) -> [TransactionRecord] {
        try read { try $0.histories.transactions(query) }
    }

    public func usage(_ query: UsageQuery) throws(StoreFailure) -> [UsageRow] {
        try read { try $0.histories.usage(query) }
    }

    public func totals(of account: AccountID) throws(StoreFailure) -> AccountTotals? {
        try asStoreFailure(at: path) {
            // As for a verification: it may read much, and of one moment.
            let queue = try SQLiteConnections.reader(path, label: "store.totals")
            defer { try? queue.close() }
            return try queue.read { try SQLiteTotals($0).totals(of: account) }
        }
    }

    public func dueCallbacks(_ query: CallbackQuery) throws(StoreFailure) -> CallbackPage {
        try read { try $0.callbacks.due(query) }
    }

    public func callbackMessage(of id: TaskID) throws(StoreFailure) -> CallbackMessage? {
        try read { try $0.callbacks.message(of: id) }
    }

    public func verifyLedger() throws(StoreFailure) -> LedgerReport {
        try asStoreFailure(at: path) {
            // A connection of its own: it reads everything, in one snapshot, and nobody else shall wait for that.
            let queue = try SQLiteConnections.reader(path, label: "store.verify")
            defer { try? queue.close() }
            return try queue.read { try LedgerVerifier.verify(SQLiteLedger($0)) }
        }
    }

    public func backup(to target: String) throws(StoreFailure) {
        try SQLiteBackup.write(path, to: target)
    }

    /// Bounds the size of the file, in pages of 4 KiB: beyond it, commits fail as they do with a full disk.
    func limit(pages: Int) throws(StoreFailure) {
        try asStoreFailure(at: path) { try writer.limit(pages: pages) }
    }

    private func read<Value>(_ body: (SQLiteReads) throws -> Value) throws(StoreFailure) -> Value {
        try asStoreFailure(at: path) { try reader.use(body) }
    }
}
