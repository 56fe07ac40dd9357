import Dispatch
import Domain
import ProviderKit
import Storage
import Synchronization
import TestSupport
import Testing

/// A door that is shut until somebody opens it.
final class Door: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    /// Waits until it is open, and leaves it open.
    func pass() throws(StoreFailure) {
        guard semaphore.wait(timeout: .now() + patience) == .success else {
            throw StoreFailure(.stopped, "Nobody opened the door within its time.")
        }
        semaphore.signal()
    }
}

/// A store whose commits wait for leave, and that notes what it was given.
final class GatedStore: Store {
    let base: any Store
    private let reached = Door()
    private let leave = Door()
    private let noted = Mutex<[Int]>([])
    private let failure: @Sendable ([StoreOperation]) -> StoreFailure?

    init(_ base: any Store, failing: @escaping @Sendable ([StoreOperation]) -> StoreFailure? = { _ in nil }) {
        self.base = base
        failure = failing
    }

    var batches: [Int] { noted.withLock { $0 } }

    /// Lets the waiting commit and all that follow go on.
    func open() { leave.open() }

    /// Waits on this thread until a commit waits.
    func untilCommitWaits() throws(StoreFailure) { try reached.pass() }

    func commit(
        _ operations: [StoreOperation], at now: Timestamp
    ) throws(StoreFailure) -> [Result<StoreReply, StoreRefusal>] {
        noted.withLock { $0.append(operations.count) }
        reached.open()
        try leave.pass()
        if let failure = failure(operations) { throw failure }
        return try base.commit(operations, at: now)
    }

    func key(hash: [UInt8]) throws(StoreFailure) -> KeyHolder? { try base.key(hash: hash) }
    func keys(of account: AccountID?) throws(StoreFailure) -> [APIKey] { try base.keys(of: account) }
    func route(of id: TaskID) throws(StoreFailure) -> TaskRoute? { try base.route(of: id) }
    func statistics() throws(StoreFailure) -> [String: [StoredStatistics]] { try base.statistics() }
    func account(_ id: AccountID) throws(StoreFailure) -> Account? { try base.account(id) }
    func accounts() throws(StoreFailure) -> [Account] { try base.accounts() }
    func task(_ id: TaskID) throws(StoreFailure) -> TaskRecord? { try base.task(id) }
    func payload(of id: TaskID) throws(StoreFailure) -> [UInt8]? { try base.payload(of: id) }
    func openTasks(after: TaskID?, limit: Int) throws(StoreFailure) -> [OpenTask] {
        try base.openTasks(after: after, limit: limit)
    }
    func dataKeys() throws(StoreFailure) -> [DataKeyRecord] { try base.dataKeys() }
    func providerKeys() throws(StoreFailure) -> [ProviderKeyRecord] { try base.providerKeys() }
    func recycledKeys(_ query: RecycledKeyQuery) throws(StoreFailure) -> [RecycledKey] {
        try base.recycledKeys(query)
    }
    func recycledKey(_ id: ProviderKeyID) throws(StoreFailure) -> RecycledKey? { try base.recycledKey(id) }
    func recycledKey(
        of account: AccountID, fingerprint: [UInt8]
    ) throws(StoreFailure) -> RecycledKey? {
        try base.recycledKey(of: account, fingerprint: fingerprint)
    }
    func history(
        ofRecycledKey id: ProviderKeyID, after number: Int64, limit: Int
    ) throws(StoreFailure) -> [RecycledKeyChange] {
        try base.history(ofRecycledKey: id, after: number, limit: limit)
    }
    func sealedRecycledKeys() throws(StoreFailure) -> [SealedProviderKey] { try base.sealedRecycledKeys() }
    func refusedRecycledKeys(since: Timestamp) throws(StoreFailure) -> [String: [Timestamp]] {
        try base.refusedRecycledKeys(since: since)
    }
    func transactions(_ query: TransactionQuery) throws(StoreFailure) -> [TransactionRecord] {
        try base.transactions(query)
    }
    func usage(_ query: UsageQuery) throws(StoreFailure) -> [UsageRow] { try base.usage(query) }
    func dueCallbacks(_ query: CallbackQuery) throws(StoreFailure) -> CallbackPage { try base.dueCallbacks(query) }
    func callbackMessage(of id: TaskID) throws(StoreFailure) -> CallbackMessage? { try base.callbackMessage(of: id) }
    func totals(of account: AccountID) throws(StoreFailure) -> AccountTotals? { try base.totals(of: account) }
    func verifyLedger() throws(StoreFailure) -> LedgerReport { try base.verifyLedger() }
    func backup(to path: String) throws(StoreFailure) { try base.backup(to: path) }
}

/// What came of operations, in the order in which they were completed.
final class Completions: Sendable {
    private let results = Mutex<[(number: Int, result: Result<StoreReply, StoreError>)]>([])

    func take(_ number: Int) -> @Sendable (Result<StoreReply, StoreError>) -> Void {
        { result in self.results.withLock { $0.append((number, result)) } }
    }

    var order: [Int] { results.withLock { $0.map(\.number) } }
    func result(of number: Int) -> Result<StoreReply, StoreError>? {
        results.withLock { $0.first { $0.number == number }?.result }
    }
}

@Suite("The store's threads")
struct StoreThreadsTests {
    private static let now: @Sendable () -> Timestamp = { StoreFixture.start }

    private func isFailure(_ result: Result<StoreReply, StoreError>?, _ kind: StoreFailure.Kind) -> Bool {
        if case .failure(.failed(let failure)) = result { failure.kind == kind } else { false }
    }

    @Test("Operations that arrive during a commit share the next one, up to its bound, and complete in their order")
    func groupCommit() throws {
        let store = GatedStore(MemoryStore())
        let threads = try StoreThreads(store, now: StoreThreadsTests.now)
        let completions = Completions()
        threads.perform(.createAccount(name: "0"), completion: completions.take(0))
        try store.untilCommitWaits()
        let count = Limits.operationsPerCommit + 88
        for number in 1...count {
            threads.perform(.createAccount(name: "\(number)"), completion: completions.take(number))
        }
        #expect(completions.order == [])
        store.open()
        threads.stop()
        #expect(store.batches == [1, Limits.operationsPerCommit, 88])
        #expect(completions.order == Array(0...count))
        #expect(try store.accounts().map(\.name) == (0...count).map(String.init))
    }

    @Test("Beyond its bound an operation is refused at once")
    func overload() throws {
        let store = GatedStore(MemoryStore())
        let threads = try StoreThreads(store, now: StoreThreadsTests.now)
        let completions = Completions()
        threads.perform(.createAccount(name: ""), completion: completions.take(0))
        try store.untilCommitWaits()
        for number in 1...Limits.waitingWrites + 1 {
            threads.perform(.setSuspended(AccountID(1), true), completion: completions.take(number))
        }
        #expect(completions.order == [Limits.waitingWrites + 1])
        #expect(isFailure(completions.result(of: Limits.waitingWrites + 1), .overloaded))
        store.open()
        threads.stop()
        #expect(completions.order.count == Limits.waitingWrites + 2)
    }

    @Test("What waits is bounded in bytes as well")
    func overloadBytes() throws {
        let store = GatedStore(MemoryStore())
        let threads = try StoreThreads(store, now: StoreThreadsTests.now)
        let completions = Completions()
        threads.perform(.createAccount(name: ""), completion: completions.take(0))
        try store.untilCommitWaits()
        let task = NewTask(
            account: AccountID(1), key: 1, family: .altcha, payload: [UInt8](repeating: 1, count: 1 << 20),
            candidates: [], deadline: StoreFixture.start)
        let fitting = Limits.waitingWriteBytes >> 20
        for number in 1...fitting + 1 { threads.perform(.accept(task), completion: completions.take(number)) }
        #expect(completions.order == [fitting + 1])
        #expect(isFailure(completions.result(of: fitting + 1), .overloaded))
        store.open()
        threads.stop()
        #expect(completions.result(of: 1) == .failure(.refused(.insufficientBalance)))
    }

    @Test("A full disk fails the whole batch, which is tried once")
    func diskFull() throws {
        let store = GatedStore(MemoryStore()) { operations in
            operations.count > 1 ? StoreFailure(.diskFull, "full") : nil
        }
        let threads = try StoreThreads(store, now: StoreThreadsTests.now)
        let completions = Completions()
        threads.perform(.createAccount(name: "0"), completion: completions.take(0))
        try store.untilCommitWaits()
        for number in 1...10 { threads.perform(.createAccount(name: ""), completion: completions.take(number)) }
        store.open()
        threads.stop()
        #expect(store.batches == [1, 10])
        for number in 1...10 { #expect(isFailure(completions.result(of: number), .diskFull)) }
        #expect(try store.accounts().count == 1)
    }

    @Test("An operation that cannot be stored fails alone, and the others of its batch in their order do not")
    func culprit() throws {
        let fixture = try StoreFixture(.sqlite)
        let store = GatedStore(fixture.store)
        let threads = try StoreThreads(store, now: StoreThreadsTests.now)
        let completions = Completions()
        threads.perform(.createAccount(name: "0"), completion: completions.take(0))
        try store.untilCommitWaits()
        var keyless = fixture.newTask([1])
        keyless.key = 99
        for number in 1...20 {
            let task = number == 13 ? keyless : fixture.newTask([1])
            threads.perform(.accept(task), completion: completions.take(number))
        }
        store.open()
        threads.stop()
        #expect(completions.order == Array(0...20))
        #expect(isFailure(completions.result(of: 13), .other))
        #expect(try store.openTasks(after: nil, limit: 99).map(\.id.number) == Array(1...19))
        #expect(try fixture.amounts() == [1_000, 19])
        try fixture.expectSoundLedger()
    }

    @Test("Refusals are told as such")
    func refusal() async throws {
        let threads = try StoreThreads(MemoryStore(), now: StoreThreadsTests.now)
        await #expect(throws: StoreError.refused(.unknownAccount)) {
            try await threads.perform(.setSuspended(AccountID(5), true))
        }
        threads.stop()
    }

    @Test("After stop nothing is taken, and stopping again does no harm")
    func stop() async throws {
        let threads = try StoreThreads(MemoryStore(), now: StoreThreadsTests.now)
        threads.stop()
        threads.stop()
        let completions = Completions()
        threads.perform(.createAccount(name: ""), completion: completions.take(0))
        #expect(isFailure(completions.result(of: 0), .stopped))
        let failure = await #expect(throws: StoreFailure.self) { try await threads.read { _ in 1 } }
        #expect(failure?.kind == .stopped)
    }

    @Test("Reads have a thread of their own, and long ones another")
    func reads() async throws {
        let store = GatedStore(MemoryStore())
        let threads = try StoreThreads(store, now: StoreThreadsTests.now)
        let writing = Completions()
        threads.perform(.createAccount(name: ""), completion: writing.take(0))
        try store.untilCommitWaits()
        let entered = AsyncStream<Void>.makeStream()
        let leave = Door()
        // A long read that does not end before the test says so, like a verification of a large ledger.
        let long = Task {
            try await threads.readLong { _ throws(StoreFailure) in
                entered.continuation.yield()
                try leave.pass()
                return "long"
            }
        }
        for await _ in entered.stream { break }
        #expect(try await threads.read { store throws(StoreFailure) in try store.accounts().count } == 0)
        #expect(writing.order == [])
        leave.open()
        #expect(try await long.value == "long")
        let failure = await #expect(throws: StoreFailure.self) {
            try await threads.read { _ throws(StoreFailure) -> Int in throw StoreFailure(.unreadable, "bad") }
        }
        #expect(failure?.kind == .unreadable)
        store.open()
        threads.stop()
        #expect(writing.order == [0])
    }

    @Test("A thousand racing accepts never overspend", arguments: StoreKind.allCases)
    func racing(kind: StoreKind) async throws {
        let fixture = try StoreFixture(kind, balance: 3_005)
        let threads = try StoreThreads(fixture.store, now: StoreThreadsTests.now)
        let task = fixture.newTask([10])
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    do throws(StoreError) { _ = try await threads.perform(.accept(task)) } catch {
                        #expect(error == .refused(.insufficientBalance))
                        return false
                    }
                    return true
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        threads.stop()
        #expect(accepted == 300)
        #expect(try fixture.amounts() == [3_005, 3_000])
        try fixture.expectSoundLedger()
    }
}
