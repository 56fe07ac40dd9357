import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
import Tasks
import Testing
import Vault

/// An adapter that never answers, and counts what it is asked.
private final class SilentCaller: ProviderCalling {
    private let count = Mutex<UInt64>(0)

    var calls: UInt64 { count.withLock { $0 } }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        count.withLock { count in
            count += 1
            return count
        }
    }

    func cancel(_ call: UInt64) {}
}

/// The use cases over a store in memory that holds an account with 1 USD; each task costs 0.6 USD.
private final class Desk: Sendable {
    static let task: JSONObject = ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#]

    let store: MemoryStore
    let caller = SilentCaller()
    let holder: KeyHolder
    private let threads: StoreThreads
    private let service: TaskService

    /// - Parameters:
    ///   - other: whose store and account it goes on with.
    ///   - offers: whether a provider takes its tasks.
    init(after other: Desk? = nil, offers: Bool = true) throws {
        let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_700_000_000_000) }
        let store = other?.store ?? MemoryStore()
        self.store = store
        if other == nil {
            let key = NewKey(name: "", hash: [UInt8](repeating: 1, count: 32), scopes: [.solve])
            let made = StoreOperation.createAccount(name: "", key: key, deposit: Money(decimal: "1"))
            _ = try store.commit([made], at: now())[0].get()
        }
        holder = try #require(store.key(hash: [UInt8](repeating: 1, count: 32)))
        threads = try StoreThreads(store, now: now)
        let manifest = Manifest(id: "a", displayName: "A", version: "1", key: nil, offers: [.init(.altcha)])
        let price = try #require(Money(decimal: "0.6"))
        let offer = ProviderOffer(provider: "a", family: .altcha, price: price, cost: .zero, credentials: [])
        let engine = TaskEngine(
            market: Market(
                providers: [Provider(name: "a", manifest: manifest, credentials: [:], caller: caller)],
                board: RouteBoard(offers: OfferTable(offers ? [offer] : []), algorithm: .published)),
            store: threads, observer: NoObserver(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: now)
        service = TaskService(engine: engine, deadlineSeconds: { _ in 300 }, hash: { SHA256.hash($0) })
    }

    deinit { threads.stop() }

    func create(
        _ key: String?, task: JSONObject = Desk.task, provider: String? = nil, mode: SelectionMode? = nil,
        pool: KeyPoolMode? = nil
    ) async throws -> TaskID {
        try await service.createTask(
            CreateRequest(task, provider: provider, selectionMode: mode, keyPoolMode: pool, idempotencyKey: key),
            by: holder)
    }

    var held: String? { store.account(holder.key.account)?.held.description }
}

@Suite("createTask under an idempotency key", .timeLimit(.minutes(1)))
struct IdempotencyServiceTests {
    @Test("makes one task of the same request, which is begun and reserved once")
    func once() async throws {
        let desk = try Desk()
        let first = try await desk.create("order 1")
        #expect(try await desk.create("order 1") == first)
        var reordered = JSONObject(Array(Desk.task.members.reversed()))
        #expect(try await desk.create("order 1", task: reordered) == first)
        #expect(desk.held == "0.6")
        #expect(desk.caller.calls == 1)
        reordered["isInvisible"] = .bool(true)
        await #expect(throws: ClientError(.idempotencyKeyReused)) {
            try await desk.create("order 1", task: reordered)
        }
        // The balance covers one task alone: the request found its task before that was looked at.
        await #expect(throws: ClientError(.zeroBalance)) { try await desk.create("order 2") }
        await #expect(throws: ClientError(.zeroBalance)) { try await desk.create(nil) }
    }

    @Test("refuses the key to a request with another companion of the task")
    func companions() async throws {
        let desk = try Desk()
        _ = try await desk.create("k")
        let reused = ClientError(.idempotencyKeyReused)
        await #expect(throws: reused) { try await desk.create("k", provider: "a") }
        await #expect(throws: reused) { try await desk.create("k", mode: .autoFastest) }
        await #expect(throws: reused) { try await desk.create("k", pool: .platformOnly) }
    }

    @Test("answers it also when no provider takes such tasks any more, and nothing else")
    func withoutProviders() async throws {
        let desk = try Desk()
        let first = try await desk.create("k")
        let later = try Desk(after: desk, offers: false)
        #expect(try await later.create("k") == first)
        await #expect(throws: ClientError(.noProviders)) { try await later.create("other") }
        await #expect(throws: ClientError(.noProviders)) { try await later.create(nil) }
        await #expect(throws: ClientError(.idempotencyKeyReused)) { try await later.create("k", mode: .priority) }
        #expect(later.caller.calls == 0)
    }

    @Test("refuses one that is empty or too long, with its name")
    func length() async throws {
        let desk = try Desk()
        for text in ["", String(repeating: "x", count: 256), String(repeating: "ü", count: 128)] {
            let refusal = await #expect(throws: ClientError.self) { try await desk.create(text) }
            #expect(refusal?.code == .badParameters && refusal?.field == "Idempotency-Key")
        }
        #expect(desk.held == "0")
        _ = try await desk.create(String(repeating: "x", count: 255))
    }
}
