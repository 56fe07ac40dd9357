import Domain
import KeyPool
import Logging
import ProviderKit
import Routing
import Storage
import Testing

@testable import Tasks

/// A keeper of recycled keys in the virtual world, with a vendor that says what a test wants.
final class KeeperBench: @unchecked Sendable {
    let world: VirtualWorld
    private(set) var store: VirtualStore
    /// The probabilities that a commit fails, and that it takes effect although it is said to have failed.
    var failing = 0.0 { didSet { store.failing = failing } }
    var deceiving = 0.0 { didSet { store.deceiving = deceiving } }
    let account = AccountID(1)
    private(set) var keeper: RecycledKeyKeeper
    /// What the vendor says of a key, by its number.
    var vendor: (Int64) -> RecycledKeyFinding = { _ in RecycledKeyFinding(.known, balance: .usd("5")) }
    /// Seconds that its answers take.
    var answerSeconds = 0.1...0.3
    var unusable: Set<Int64> = []
    /// Keys that the configuration refers to.
    var configured: Set<ProviderKeyID> = []
    /// Tasks that are open with keys, and what each costs.
    var open: [String: Int] = [:]
    var taskCost = Money.usd("0.001")
    /// What the cheapest task costs.
    var cheapest: Money? = .usd("0.002")
    /// Keys that tasks go through, and those that the host opens.
    private(set) var pooled: [String: PooledKey] = [:]
    private(set) var held: Set<ProviderKeyID> = []
    private(set) var checks: [(id: Int64, at: Timestamp)] = []
    var isIdle = false
    private var wakes = 0

    init(seed: UInt64 = 1, memory: MemoryStore = MemoryStore()) throws {
        let world = VirtualWorld(seed: seed)
        self.world = world
        store = VirtualStore(memory, world: world)
        keeper = RecycledKeyKeeper(
            store: store, surroundings: .nowhere, bounds: .init(drift: .zero), logger: Logger(label: "test"),
            now: { world.now })
        if memory.accounts().isEmpty {
            let accounts = (1...3).map { StoreOperation.createAccount(name: "\($0)") }
            let key = WrappedDataKey(version: 1, wrapped: [1])
            _ = try memory.commit(
                accounts + [.vault(.replaceDataKeys(expecting: [], with: [key]))], at: world.now)
        }
        start()
    }

    /// A host starts, after a crash or for the first time.
    func start() {
        world.crash()
        // What the former life has handed over and was not committed is gone.
        store = VirtualStore(store.store, world: world)
        (store.failing, store.deceiving) = (failing, deceiving)
        pooled = [:]
        held = []
        let (world, logger) = (world, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        keeper = RecycledKeyKeeper(
            store: store, surroundings: surroundings, bounds: .init(drift: .usd("1"), unseen: .usd("2")),
            tasksPerKey: 7, logger: logger,
            now: { world.now })
        keeper.onEarlierWake { [unowned self] in wake(at: world.now) }
        load()
    }

    private func load() {
        keeper.load { [unowned self] result in
            // The store may be out of order for a moment; a host would be started again.
            if case .failure = result { world.after(1, host: true) { self.load() } }
        }
    }

    private func wake(at time: Timestamp?) {
        guard let time else { return }
        wakes += 1
        let wake = wakes
        world.after(max(time.seconds(since: world.now), 0), host: true) { [unowned self] in
            if wake == wakes { self.wake(at: keeper.advance()) }
        }
    }

    private var surroundings: KeeperSurroundings {
        KeeperSurroundings(
            take: { [unowned self] in held.insert($0.id) }, release: { [unowned self] id, _ in held.remove(id) },
            isUsable: { [unowned self] _, credential in
                let id = ProviderKeyID(recycledCredential: credential)
                return id.map { held.contains($0) && !unusable.contains($0.number) } ?? false
            }, isConfigured: { [unowned self] in configured.contains($0.id) },
            check: { [unowned self] _, credential, completion in
                guard let id = ProviderKeyID(recycledCredential: credential)?.number else { return }
                checks.append((id, world.now))
                let finding = vendor(id)
                world.after(world.seconds(answerSeconds), host: true) { completion(finding) }
            }, pool: { [unowned self] key, _ in pooled[key.credential] = key },
            unpool: { [unowned self] credential, _ in pooled[credential] = nil },
            openTasks: { [unowned self] credential, _ in
                let count = open[credential] ?? 0
                return (count, Money(nanos: Int64(count) * taskCost.nanos) ?? .zero)
            }, cheapest: { [unowned self] _ in cheapest })
    }

    // MARK: What a test does

    /// Hands a key over; its completions come while the world goes on.
    @discardableResult
    func submit(
        account: Int64 = 1, provider: String = "a", fingerprint: UInt8? = nil, askingAfter seconds: Double = 0,
        told: @escaping (RecycledKey) -> Void = { _ in }
    ) throws -> ProviderKeyID {
        let reply = try store.store.commit([.vault(.reserveProviderKey)], at: world.now)
        guard case .success(.reservedProviderKey(let id))? = reply.first else {
            throw BenchFailure(description: "No number was given: \(reply).")
        }
        let number = fingerprint ?? UInt8(truncatingIfNeeded: id.number)
        let print = [UInt8](repeating: number, count: 30) + [UInt8(id.number >> 8 & 255), fingerprint == nil ? 1 : 0]
        let sealed = SealedProviderKey(
            id: id, provider: provider, owner: AccountID(account), label: "", dataKey: 1, sealed: [1],
            fingerprint: print)
        nonisolated(unsafe) let told = told
        keeper.submit(sealed, masked: "k...1") { [unowned self] result in
            guard case .success(let key) = result else { return }
            guard seconds > 0 else { return keeper.check(key, .submitted) { told($0.key) } }
            world.after(seconds, host: true) { self.keeper.check(key, .submitted) { told($0.key) } }
        }
        return id
    }

    /// Has tasks of another account solved through a key, at once.
    func solve(with id: ProviderKeyID, times: Int, cost: String) throws {
        let cost = Money.usd(cost), memory = store.store
        let hash = [UInt8](repeating: UInt8(memory.accounts().count), count: 32)
        let key = NewKey(name: "", hash: hash, scopes: [.solve])
        let made = try memory.commit([.createAccount(name: "", key: key, deposit: .usd("10"))], at: world.now)[0].get()
        guard case .account(let account) = made else { throw BenchFailure(description: "\(made)") }
        let candidate = Candidate(provider: "a", credential: id.recycledCredential, price: cost, cost: cost)
        for _ in 0..<times {
            let task = NewTask(
                account: account.id, key: Int64(account.id.number - 3), family: .altcha, payload: [],
                candidates: [candidate], deadline: world.now.adding(seconds: 100))
            let reply = try memory.commit([.accept(task)], at: world.now)[0].get()
            guard case .accepted(let accepted) = reply else { throw BenchFailure(description: "\(reply)") }
            let outcome = TaskOutcome.solved(solution: [1], price: cost, cost: cost)
            _ = try memory.commit(
                [.settle(accepted.id, attempt: 1, AttemptEnd(.solved), outcome)], at: world.now)[0].get()
        }
    }

    func event(_ event: RecycledKeyLife.Event, _ id: ProviderKeyID) {
        keeper.perform(event, on: id, of: nil) { _ in }
    }

    /// Lets the world go on for so long.
    func pass(_ seconds: Double) {
        let end = world.now.adding(seconds: seconds)
        var isOver = false
        world.after(seconds, host: false) { isOver = true }
        while !isOver, world.step() {}
        #expect(world.now == end)
    }

    func key(_ id: ProviderKeyID) throws -> RecycledKey {
        guard let key = try (store.store as any Store).recycledKey(id) else {
            throw BenchFailure(description: "There is no recycled key \(id).")
        }
        return key
    }

    /// State and reason, as `ACTIVE` or `PENDING banned`.
    func state(_ id: ProviderKeyID) throws -> String {
        let life = try key(id).life
        return ([life.state.rawValue] + [life.reason?.rawValue].compactMap(\.self)).joined(separator: " ")
    }

    /// The states that a key has been in.
    func history(_ id: ProviderKeyID) -> [RecycledKeyLife.State] {
        ((try? (store.store as any Store).history(ofRecycledKey: id)) ?? []).map(\.life.state)
    }

    /// The keys whose ciphertext is there.
    var sealed: Set<ProviderKeyID> { Set(((try? (store.store as any Store).sealedRecycledKeys()) ?? []).map(\.id)) }

    func times(_ id: ProviderKeyID) -> [Timestamp] { checks.filter { $0.id == id.number }.map(\.at) }
}

struct BenchFailure: Error, CustomStringConvertible {
    let description: String
}

extension Money {
    /// For amounts in tests, which are right.
    static func usd(_ text: String) -> Money { Money(decimal: text) ?? .most }
}

extension KeeperSurroundings {
    /// Before there is anything.
    static let nowhere = KeeperSurroundings(
        take: { _ in }, release: { _, _ in }, isUsable: { _, _ in false }, check: { _, _, _ in }, pool: { _, _ in },
        unpool: { _, _ in }, openTasks: { _, _ in (0, .zero) }, cheapest: { _ in nil })
}
