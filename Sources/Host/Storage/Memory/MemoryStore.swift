public import Domain
import Synchronization

/// A store in memory, by the same rules as the others: for simulations and tests. It ends with the process.
public final class MemoryStore: Store {
    private let state: Mutex<MemoryState>

    /// An empty store.
    public init() {
        state = Mutex(MemoryState())
    }

    private init(_ state: MemoryState) {
        self.state = Mutex(state)
    }

    /// A store of its own with everything that is committed at this moment: what a host finds after a crash.
    public func snapshot() -> MemoryStore {
        MemoryStore(state.withLock { $0 })
    }

    public func commit(
        _ operations: [StoreOperation], at now: Timestamp
    ) throws(StoreFailure) -> [Result<StoreReply, StoreRefusal>] {
        try asStoreFailure(at: "in memory") {
            try state.withLock { state in
                // Moved rather than copied, so that a commit costs what it changes and not what there is.
                let rows = MemoryRows(state)
                state = MemoryState()
                defer { state = rows.state }
                do { return try Batch.apply(operations, to: rows, at: now) } catch {
                    rows.undo()
                    throw error
                }
            }
        }
    }

    public func key(hash: [UInt8]) -> KeyHolder? {
        state.withLock { state in
            state.keys[hash].map {
                KeyHolder(key: $0, accountSuspended: state.accounts[$0.account]?.suspended ?? true)
            }
        }
    }

    public func keys(of account: AccountID?) -> [APIKey] {
        state.withLock { state in
            state.keyHashes.compactMap { state.keys[$0] }.filter { account == nil || $0.account == account }
        }
    }

    public func account(_ id: AccountID) -> Account? {
        state.withLock { $0.accounts[id] }
    }

    public func accounts() -> [Account] {
        state.withLock { $0.accounts.values.sorted { $0.id < $1.id } }
    }

    public func task(_ id: TaskID) -> TaskRecord? {
        state.withLock { $0.tasks[id]?.record }
    }

    public func payload(of id: TaskID) -> [UInt8]? {
        state.withLock { $0.tasks[id]?.payload }
    }

    public func openTasks(after: TaskID?, limit: Int) -> [OpenTask] {
        state.withLock { state in
            let behind = after?.number ?? 0
            let numbers = state.openTasks.filter { $0.number > behind }.sorted().prefix(max(limit, 0))
            return numbers.compactMap { state.tasks[$0]?.open }
        }
    }

    public func route(of id: TaskID) -> TaskRoute? {
        state.withLock { $0.tasks[id]?.route($0.routes) }
    }

    public func statistics() -> [String: [StoredStatistics]] {
        state.withLock { $0.statistics }
    }

    var vault: MemoryVault { state.withLock { $0.vault } }
    var recycling: MemoryRecycling { state.withLock { $0.recycling } }

    public func transactions(_ query: TransactionQuery) -> [TransactionRecord] {
        state.withLock { $0.transactions(query) }
    }

    public func usage(_ query: UsageQuery) -> [UsageRow] {
        state.withLock { $0.usage(query) }
    }

    public func dueCallbacks(_ query: CallbackQuery) -> CallbackPage {
        state.withLock { $0.dueCallbacks(query) }
    }

    public func callbackMessage(of id: TaskID) -> CallbackMessage? {
        state.withLock { $0.callbackMessage(of: id) }
    }

    public func totals(of account: AccountID) throws(StoreFailure) -> AccountTotals? {
        try state.withLock { state throws(StoreFailure) in try state.totals(of: account) }
    }

    public func verifyLedger() throws(StoreFailure) -> LedgerReport {
        let state = state.withLock { $0 }
        return try asStoreFailure(at: "in memory") { try LedgerVerifier.verify(MemoryLedger(state: state)) }
    }

    /// Always refused: there is no file to copy. Use `snapshot`.
    public func backup(to path: String) throws(StoreFailure) {
        throw StoreFailure(.other, "A store in memory cannot be backed up to \(path): it has no file.")
    }
}
