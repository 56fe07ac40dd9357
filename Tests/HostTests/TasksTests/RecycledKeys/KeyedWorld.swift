import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
import Testing

@testable import Tasks

/// A store that does everything at once on the caller's thread, and notes it.
final class KeyedStore: StoreAccess {
    let store = MemoryStore()
    private let noted = Mutex<[StoreOperation]>([])
    private let failing = Mutex<@Sendable (StoreOperation) -> Bool>({ _ in false })

    /// Sets which operations fail from now on, without an effect.
    func fail(_ body: @escaping @Sendable (StoreOperation) -> Bool) { failing.withLock { $0 = body } }

    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        noted.withLock { $0.append(operation) }
        guard !failing.withLock({ $0 })(operation) else {
            return completion(.failure(.failed(StoreFailure(.other, "Told to fail."))))
        }
        do throws(StoreFailure) {
            let results = try store.commit([operation], at: KeyedWorld.start)
            completion(results[0].mapError(StoreError.refused))
        } catch { completion(.failure(.failed(error))) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        completion(Result { () throws(StoreFailure) in try body(store) })
    }

    func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        read(body, completion: completion)
    }

    /// The tasks that were handed over to be accepted.
    var accepted: [NewTask] {
        noted.withLock { $0.compactMap { if case .accept(let task) = $0 { task } else { nil } } }
    }
}

/// An adapter whose answers follow from the key that it is given.
final class PooledCaller: ProviderCalling {
    typealias Answer = @Sendable (_ placeholder: String, _ request: OperationRequest) -> CallAnswer?

    private let answer: Answer
    private let asked = Mutex<[String]>([])
    private let held = Mutex<[@Sendable (CallAnswer) -> Void]>([])

    init(_ answer: @escaping Answer) { self.answer = answer }

    /// The placeholders of the keys that were used, one for each call.
    var keys: [String] { asked.withLock { $0 } }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        let credential =
            switch request {
            case .submit(let task): task.credential
            case .poll(let ticket): ticket.credential
            default: nil as Credential?
            }
        let placeholder = credential?.placeholder ?? ""
        asked.withLock { $0.append(placeholder) }
        if let answer = answer(placeholder, request) {
            completion(answer)
        } else {
            held.withLock { $0.append(completion) }
        }
        return 1
    }

    func cancel(_ call: UInt64) {}

    /// Answers the calls that wait.
    func answerHeld(_ answer: CallAnswer) {
        let waiting = held.withLock { held in
            defer { held = [] }
            return held
        }
        for completion in waiting { completion(answer) }
    }

    static func solved(cost: String? = nil) -> CallAnswer {
        CallAnswer(.submitted(.solved(Solution(["token": "t"], cost: cost))), sent: .maybe)
    }

    static func fault(_ kind: Fault.Kind) -> CallAnswer { CallAnswer(.fault(Fault(kind)), sent: .maybe) }
}

/// The use cases of clients before two providers, `a` at 0.1 and `b` at 0.5 USD: `a` has no key of the platform's.
/// Everything happens at once, on the thread of the test.
struct KeyedWorld {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)

    /// What changes under the hands of the engine.
    final class Changing: Sendable {
        private let seconds = Mutex(0.0)
        private let erased = Mutex<Set<String>>([])
        private let faults = Mutex<[String]>([])

        var now: Timestamp { KeyedWorld.start.adding(seconds: seconds.withLock { $0 }) }
        /// Key faults that the engine reported: provider, key and label.
        var reported: [String] { faults.withLock { $0 } }

        func pass(_ passed: Double) { seconds.withLock { $0 += passed } }
        func erase(_ credential: String) { erased.withLock { _ = $0.insert(credential) } }
        func credential(_ identity: String) -> Credential? {
            erased.withLock { $0.contains(identity) } ? nil : Credential(placeholder: identity)
        }
        func report(_ fault: String) { faults.withLock { $0.append(fault) } }
    }

    let store = KeyedStore()
    let changing = Changing()
    let engine: TaskEngine
    let service: TaskService
    private let text = APIKeyText.prefix + String(repeating: "k", count: 32)

    init(
        _ caller: PooledCaller, concurrentSubmits: Int = 8, margin: Margin = .zero, chargesUnsolvable: Bool = false
    ) throws {
        let changing = changing
        let families: [TaskFamily] = [.turnstile, .recaptchaV2, .datadome, .hcaptcha]
        let manifest = Manifest(
            id: "v", displayName: "V", version: "1", key: nil, offers: families.map { .init($0) },
            pollPlan: .init(first: 2, interval: 3, most: 30), chargesUnsolvable: chargesUnsolvable,
            concurrentSubmits: concurrentSubmits)
        let providers = ["a", "b"].map { name in
            Provider(name: name, manifest: manifest, credential: { changing.credential($0) }, caller: caller)
        }
        let offers = try families.flatMap { family in
            try [("a", "0.1", []), ("b", "0.5", ["config-1"])].map { name, cost, keys in
                let cost = try #require(Money(decimal: cost))
                return ProviderOffer(
                    provider: name, family: family, price: margin.price(of: cost), cost: cost, needsKeys: true,
                    credentials: keys)
            }
        }
        let market = Market(
            providers: providers, board: RouteBoard(offers: OfferTable(offers), algorithm: .published), margin: margin)
        engine = TaskEngine(
            market: market, store: store, observer: NoObserver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { changing.now })
        engine.onKeyFault { changing.report("\($0) \($1) \($2.label)") }
        service = TaskService(engine: engine, deadlineSeconds: { _ in 300 }, hash: { Array($0.suffix(32)) })
        let key = NewKey(name: "", hash: Array(text.utf8.suffix(32)), scopes: [.solve])
        try commit(.createAccount(name: "", key: key, deposit: Money(decimal: "100")))
        try commit(.setRouting(nil, key: 1, try RoutingChange(preset: .cheapest)))
    }

    func commit(_ operation: StoreOperation) throws {
        _ = try store.store.commit([operation], at: KeyedWorld.start)[0].get()
        service.forgetKeys()
    }

    /// Has tasks go through a recycled key of `a`. The client's own account is 1.
    func pool(_ number: Int, of owner: Int64, balance: String? = nil, tasksPerKey: Int? = nil) throws {
        let balance = try balance.map { try #require(Money(decimal: $0)) }
        engine.market.pool(
            PooledKey(
                credential: "recycled-\(number)", owner: AccountID(owner), balance: balance, tasksPerKey: tasksPerKey),
            at: "a")
    }

    static let plainTask: JSONObject = [
        "type": "TurnstileTaskProxyless", "websiteURL": "https://example.com", "websiteKey": "k",
    ]

    @discardableResult
    func create(
        _ task: JSONObject = KeyedWorld.plainTask, provider: String? = nil, mode: KeyPoolMode? = nil
    ) async throws -> TaskID {
        let holder = try await service.authenticate(text, for: .solve)
        return try await service.createTask(
            CreateRequest(task, provider: provider, keyPoolMode: mode), by: holder)
    }

    /// The attempts of a task as `key state fault`.
    func attempts(_ id: TaskID) -> [String] {
        (store.store.route(of: id)?.attempts ?? []).map { record in
            [record.attempt.candidate.credential ?? "-", "\(record.attempt.state)", record.fault]
                .compactMap(\.self).joined(separator: " ")
        }
    }

    func outcome(_ id: TaskID) -> TaskOutcome? { store.store.task(id)?.end?.outcome }
}
