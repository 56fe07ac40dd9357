import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
@testable import Tasks
import Testing

/// An adapter that answers what the test says, when it says.
private final class ScriptedCaller: ProviderCalling {
    let answer: @Sendable (OperationRequest) -> CallAnswer?
    let cancelled = Mutex<[UInt64]>([])
    private let calls = Atomic<UInt64>(0)
    private let held = Mutex<[@Sendable (CallAnswer) -> Void]>([])

    init(_ answer: @escaping @Sendable (OperationRequest) -> CallAnswer?) {
        self.answer = answer
    }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        if let answer = answer(request) { completion(answer) } else { held.withLock { $0.append(completion) } }
        return calls.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func cancel(_ call: UInt64) {
        cancelled.withLock { $0.append(call) }
    }

    var heldCalls: Int { held.withLock { $0.count } }

    func answerHeld(_ answer: CallAnswer) {
        let waiting = held.withLock { held in
            defer { held = [] }
            return held
        }
        for completion in waiting { completion(answer) }
    }
}

private let solved = CallAnswer(.submitted(.solved(Solution(["token": "t"]))), sent: .no)

/// A clock that stands still until it is told to go on.
private final class StillClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_700_000_000_000))

    var now: Timestamp { time.withLock { $0 } }

    func goOn(seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

/// The use cases over a store in memory and one adapter.
private struct Service {
    let clock = StillClock()
    let store = MemoryStore()
    let threads: StoreThreads
    let engine: TaskEngine
    let service: TaskService
    let account: AccountID
    let key: APIKeyText

    init(deposit: String = "1", concurrentSubmits: Int = 8, _ caller: ScriptedCaller) throws {
        let now: @Sendable () -> Timestamp = { [clock] in clock.now }
        let hash: @Sendable ([UInt8]) -> [UInt8] = {
            Array(($0 + Array(repeating: 0, count: 32)).suffix(64).prefix(32))
        }
        threads = try StoreThreads(store, now: now)
        let manifest = Manifest(
            id: "a", displayName: "A", version: "1", key: nil, offers: [.init(.altcha)],
            concurrentSubmits: concurrentSubmits)
        let price = try #require(Money(decimal: "0.2"))
        let offers = OfferTable([
            ProviderOffer(provider: "a", family: .altcha, price: price, cost: .zero, credentials: [])
        ])
        engine = TaskEngine(
            market: Market(
                providers: [Provider(name: "a", manifest: manifest, credentials: [:], caller: caller)],
                board: RouteBoard(offers: offers, algorithm: .published)), store: threads, observer: NoObserver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: now)
        service = TaskService(engine: engine, deadlineSeconds: { _ in 300 }, resultSeconds: 600, hash: hash)
        key = try #require(APIKeyText(random: (0..<64).map { UInt8($0) }))
        guard case .account(let made) = try store.commit([.createAccount(name: "")], at: now())[0].get()
        else { throw ServiceError.unexpected }
        account = made.id
        let text = Array(key.text.utf8)
        let operations: [StoreOperation] = [
            .createKey(made.id, NewKey(name: "", hash: hash(text), scopes: [.solve])),
            .deposit(made.id, try #require(Money(decimal: deposit)), reference: nil),
        ]
        for result in try store.commit(operations, at: now()) { _ = try result.get() }
    }

    enum ServiceError: Error { case unexpected }

    func create() async throws -> TaskID {
        let holder = try await service.authenticate(key.text, for: .solve)
        return try await service.createTask(
            CreateRequest(["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#]), by: holder)
    }

    func status(_ id: TaskID) async throws -> TaskStatus {
        try await service.status(of: id, for: try await service.authenticate(key.text, for: .solve))
    }

    func settled(_ id: TaskID) async throws -> TaskStatus {
        while true {
            let status = try await status(id)
            if status != .processing { return status }
            await Task.yield()
        }
    }
}

@Suite("The use cases of clients")
struct TaskServiceTests {
    @Test("accept, solve and charge a task, and show its solution to its owner alone", .timeLimit(.minutes(1)))
    func solves() async throws {
        let service = try Service(ScriptedCaller { _ in solved })
        let id = try await service.create()
        guard case .ready(let solution, let price, _) = try await service.settled(id) else {
            Issue.record("not ready")
            return
        }
        #expect(String(decoding: solution, as: UTF8.self) == #"{"token":"t"}"#)
        #expect(price.description == "0.2")
        #expect(service.store.account(service.account)?.balance.description == "0.8")
        let stranger = KeyHolder(
            key: APIKey(
                id: 9, account: AccountID(9), name: "", scopes: [.solve], revoked: false,
                createdAt: Timestamp(milliseconds: 0)), accountSuspended: false)
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.service.status(of: id, for: stranger) }
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.service.route(of: id, for: stranger) }
        let holder = try await service.service.authenticate(service.key.text, for: .solve)
        let route = try await service.service.route(of: id, for: holder)
        #expect(route.attempts.map(\.attempt.state) == [.solved] && route.ceiling.description == "0.2")
        let unknown = try #require(TaskID(99))
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.service.route(of: unknown, for: holder) }
        service.threads.stop()
    }

    @Test("know a task no more when the time of its result is over, erased or not", .timeLimit(.minutes(1)))
    func lifetime() async throws {
        let service = try Service(ScriptedCaller { _ in solved })
        let (ready, erased) = (try await service.create(), try await service.create())
        for id in [ready, erased] {
            guard case .ready = try await service.settled(id) else { throw Service.ServiceError.unexpected }
        }
        service.clock.goOn(seconds: 599.999)
        await service.engine.eraseContent(olderThan: 600)
        guard case .ready = try await service.status(ready) else { throw Service.ServiceError.unexpected }
        service.clock.goOn(seconds: 0.001)
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.status(ready) }
        #expect(service.store.payload(of: erased) != nil)
        await service.engine.eraseContent(olderThan: 600)
        #expect(service.store.payload(of: erased) == nil)
        // What a longer time would still show is gone, and said to be; the account's history is not.
        service.clock.goOn(seconds: -100)
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.status(erased) }
        let holder = try await service.service.authenticate(service.key.text, for: .solve)
        #expect(try await service.service.route(of: erased, for: holder).attempts.map(\.attempt.state) == [.solved])
        #expect(service.store.account(service.account)?.balance.description == "0.6")
        service.threads.stop()
    }

    @Test("refuse a task that the balance less what is held does not cover", .timeLimit(.minutes(1)))
    func reserves() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(deposit: "0.5", caller)
        for _ in 0..<2 { _ = try await service.create() }
        await #expect(throws: ClientError(.zeroBalance)) { try await service.create() }
        let holder = try await service.service.authenticate(service.key.text, for: .solve)
        #expect(try await service.service.balance(of: holder).description == "0.1")
        service.threads.stop()
    }

    @Test(
        "refuse a key that is unknown, malformed, of another scope or of a suspended account", .timeLimit(.minutes(1)))
    func authenticates() async throws {
        let service = try Service(ScriptedCaller { _ in solved })
        let unknown = APIKeyText.prefix + String(repeating: "x", count: 32)
        for text in ["", "nonsense", unknown] {
            await #expect(throws: ClientError(.keyDoesNotExist)) {
                try await service.service.authenticate(text, for: .solve)
            }
        }
        await #expect(throws: ClientError(.keyNotPermitted)) {
            try await service.service.authenticate(service.key.text, for: .manage)
        }
        _ = try await service.threads.perform(.setSuspended(service.account, true))
        service.service.forgetKeys()
        await #expect(throws: ClientError(.accountSuspended)) {
            try await service.service.authenticate(service.key.text, for: .solve)
        }
        service.threads.stop()
    }

    @Test("take tasks beyond the adapter's places, and hand them over one by one", .timeLimit(.minutes(1)))
    func places() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(deposit: "10", concurrentSubmits: 2, caller)
        var ids: [TaskID] = []
        for _ in 0..<5 { ids.append(try await service.create()) }
        #expect(caller.heldCalls == 2)
        while service.engine.openTasks > 0 {
            #expect(caller.heldCalls <= 2)
            caller.answerHeld(solved)
            await Task.yield()
        }
        for id in ids {
            guard case .ready = try await service.settled(id) else {
                Issue.record("\(id) is not ready")
                return
            }
        }
        service.threads.stop()
    }

    @Test("refuse tasks once the host stops, which ends when the calls under way have ended", .timeLimit(.minutes(1)))
    func stops() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(caller)
        let id = try await service.create()
        service.engine.stop()
        await #expect(throws: ClientError(.stopping)) { try await service.create() }
        let reports = Mutex(0)
        service.engine.whenIdle { reports.withLock { $0 += 1 } }
        #expect(reports.withLock { $0 } == 0)
        caller.answerHeld(solved)
        #expect(reports.withLock { $0 } == 1)
        guard case .ready = try await service.settled(id) else {
            Issue.record("a task that was solved during the stop is settled")
            return
        }
        service.threads.stop()
    }

    @Test("wait for the end of a task, and tell it when it comes", .timeLimit(.minutes(1)))
    func waits() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(caller)
        let holder = try await service.service.authenticate(service.key.text, for: .solve)
        let id = try await service.create()
        async let waited = service.service.task(id, for: holder, waiting: 60).status
        while service.engine.ends.count == 0 || caller.heldCalls == 0 { await Task.yield() }
        caller.answerHeld(solved)
        guard case .ready = try await waited else {
            Issue.record("not ready")
            return
        }
        // One that has ended is told at once.
        guard case .ready = try await service.service.task(id, for: holder, waiting: 60).status else {
            Issue.record("not ready")
            return
        }
        let other = try await service.create()
        async let given = service.service.task(other, for: holder, waiting: 60).status
        while service.engine.ends.count == 0 { await Task.yield() }
        service.engine.stop()
        #expect(try await given == .processing)
    }

    @Test(
        "refuse a callback that cannot be, store one that can, and keep it apart from others", .timeLimit(.minutes(1)))
    func callbacks() async throws {
        let service = try Service(ScriptedCaller { _ in solved })
        let holder = try await service.service.authenticate(service.key.text, for: .solve)
        let rules = CallbackRules(isEnabled: true, host: { url in url }, allows: { _ in false })
        let taking = TaskService(
            engine: service.engine, deadlineSeconds: { _ in 300 }, hash: { Array($0.suffix(32)) }, callbacks: rules)
        let due = Mutex(0)
        service.engine.onCallbackDue { due.withLock { $0 += 1 } }
        func create(_ host: String, on tasks: TaskService, key: String? = nil) async throws(ClientError) -> TaskID {
            try await tasks.createTask(
                CreateRequest(
                    ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#], idempotencyKey: key,
                    callback: Callback(url: host)), by: holder)
        }
        for (tasks, host) in [(service.service, "a.example"), (taking, "10.0.0.1")] {
            let error = await #expect(throws: ClientError.self) { try await create(host, on: tasks) }
            #expect(error?.code == .badParameters && error?.field == "callbackUrl")
        }
        let id = try await create("a.example", on: taking, key: "k")
        while due.withLock({ $0 }) == 0 { await Task.yield() }
        #expect(service.store.callbackMessage(of: id)?.target.url == "a.example")
        let bare = try await service.create()
        _ = try await service.settled(bare)
        #expect(service.store.callbackMessage(of: bare) == nil)
        #expect(try await create("a.example", on: taking, key: "k") == id)
        await #expect(throws: ClientError(.idempotencyKeyReused)) {
            try await create("b.example", on: taking, key: "k")
        }
        #expect(due.withLock { $0 } == 1)
    }
}

@Suite("What clients are told of their tasks")
struct ClientTaskTests {
    private func holder(_ service: Service) async throws -> KeyHolder {
        try await service.service.authenticate(service.key.text, for: .solve)
    }

    private func create(_ service: Service, _ dialect: ClientDialect?) async throws -> TaskID {
        try await service.service.createTask(
            CreateRequest(["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#], dialect: dialect),
            by: try await holder(service))
    }

    @Test(
        "The dialect of a task is remembered while it is open, when it has ended, and by a host that takes it up",
        .timeLimit(.minutes(1)))
    func dialect() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(deposit: "10", caller)
        let holder = try await holder(service)
        let ids = [try await create(service, .capsolver), try await create(service, nil)]
        for (id, dialect) in zip(ids, [.capsolver, nil] as [ClientDialect?]) {
            let task = try await service.service.task(id, for: holder)
            #expect(task.dialect == dialect && task.status == .processing && task.endedAt == nil)
            #expect(task.family == .altcha && task.id == id)
        }
        // Another host finds the open tasks in the same store.
        let other = TaskEngine(
            market: service.engine.market, store: service.threads, observer: NoObserver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Timestamp(milliseconds: 1_700_000_000_000) })
        #expect(try await other.recover() == 2)
        let taken = TaskService(engine: other, deadlineSeconds: { _ in 300 }, hash: { $0 })
        #expect(try await taken.task(ids[0], for: holder).dialect == .capsolver)
        caller.answerHeld(solved)
        _ = try await service.settled(ids[0])
        let ended = try await service.service.task(ids[0], for: holder)
        #expect(ended.dialect == .capsolver && ended.endedAt != nil)
        service.threads.stop()
    }

    @Test("A task is told to whoever has an ID that is a secret, and to its account by any", .timeLimit(.minutes(1)))
    func secret() async throws {
        let service = try Service(ScriptedCaller { _ in nil })
        let id = try await create(service, nil)
        #expect(try await service.service.task(id, for: nil).status == .processing)
        let stranger = KeyHolder(
            key: APIKey(
                id: 9, account: AccountID(9), name: "", scopes: [.solve], revoked: false,
                createdAt: Timestamp(milliseconds: 0)), accountSuspended: false)
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.service.task(id, for: stranger) }
        let unknown = try #require(TaskID(99))
        await #expect(throws: ClientError(.wrongTaskID)) { try await service.service.task(unknown, for: nil) }
        service.threads.stop()
    }

    @Test("Whoever waits for a task is told at its end, or when the time is over", .timeLimit(.minutes(1)))
    func waits() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(caller)
        let holder = try await holder(service)
        let id = try await create(service, nil)
        async let early = service.service.task(id, for: holder, waiting: 5)
        while service.engine.ends.count == 0 { await Task.yield() }
        service.clock.goOn(seconds: 5)
        _ = service.engine.advance()
        #expect(try await early.status == .processing)
        #expect(try await service.service.task(id, for: holder, waiting: 0).status == .processing)
        async let first = service.service.task(id, for: holder, waiting: 60)
        async let second = service.service.task(id, for: holder, waiting: 60)
        while caller.heldCalls == 0 { await Task.yield() }
        caller.answerHeld(solved)
        #expect(try await first.endedAt != nil)
        #expect(try await second.endedAt != nil)
        #expect(try await service.service.task(id, for: holder, waiting: 60).endedAt != nil)
        service.threads.stop()
    }

    @Test("A queue and an account's open tasks are told as they stand", .timeLimit(.minutes(1)))
    func figures() async throws {
        let caller = ScriptedCaller { _ in nil }
        let service = try Service(deposit: "10", caller)
        let holder = try await holder(service)
        var ids: [TaskID] = []
        for _ in 0..<3 { ids.append(try await create(service, nil)) }
        #expect(service.service.openTasks(of: holder).open == 3)
        let queue = try #require(service.service.queue(of: .altcha))
        #expect(queue.most - queue.free == 3 && queue.price.description == "0.2" && queue.seconds > 0)
        #expect(service.service.queue(of: .turnstile) == nil)
        caller.answerHeld(solved)
        for id in ids { _ = try await service.settled(id) }
        #expect(service.service.openTasks(of: holder).open == 0)
        service.threads.stop()
    }
}
