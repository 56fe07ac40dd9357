import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
import Tasks
import Testing

/// An adapter whose answer depends on the key that it is given; it notes the keys.
private final class KeyedCaller: ProviderCalling {
    private let seen = Mutex<[String]>([])
    private let answer: @Sendable (String) -> OperationReply

    init(_ answer: @escaping @Sendable (String) -> OperationReply) {
        self.answer = answer
    }

    var keys: [String] { seen.withLock { $0 } }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        guard case .submit(let task) = request else { return 0 }
        let key = task.credential?.placeholder ?? ""
        seen.withLock { $0.append(key) }
        completion(CallAnswer(answer(key), sent: .maybe))
        return 1
    }

    func cancel(_ call: UInt64) {}
}

private let solved = OperationReply.submitted(.solved(Solution(["token": "t"], cost: "0.0004")))

/// Two providers of ALTCHA tasks: `cheap` in USD and `other-one`, which counts in units that are worth half a dollar;
/// and one of other tasks.
private struct TwoProviders {
    let store = MemoryStore()
    let threads: StoreThreads
    let engine: TaskEngine
    let service: TaskService
    let holder: KeyHolder

    init(cheap: KeyedCaller, other: KeyedCaller, unitValue: String? = "0.5") throws {
        let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_700_000_000_000) }
        threads = try StoreThreads(store, now: now)
        func provider(_ name: String, unit: String, _ keys: [String], _ caller: KeyedCaller) -> Provider {
            let manifest = Manifest(
                id: "p", displayName: "The \(name)", version: "1",
                key: Manifest.KeyFormat(description: "any", length: 1...9), offers: [.init(.altcha)],
                balanceUnit: unit)
            return Provider(
                name: name, manifest: manifest, unitValue: unitValue.flatMap { UnitValue(decimal: $0) },
                credentials: Dictionary(keys.map { ($0, Credential(placeholder: $0)) }) { first, _ in first },
                caller: caller)
        }
        func offer(_ name: String, _ price: String, _ keys: [String]) throws -> ProviderOffer {
            let price = try #require(Money(decimal: price))
            return ProviderOffer(provider: name, family: .altcha, price: price, cost: price, credentials: keys)
        }
        let turnstile = ProviderOffer(
            provider: "turnstile-only", family: .turnstile, price: try #require(Money(decimal: "1")), cost: .zero,
            credentials: ["t1"])
        let offers = OfferTable([
            try offer("cheap", "0.001", ["c1"]), try offer("other-one", "0.002", ["o1", "o2"]), turnstile,
        ])
        let providers = [
            provider("cheap", unit: "USD", ["c1"], cheap),
            provider("other-one", unit: "tokens", ["o1", "o2"], other),
            provider("turnstile-only", unit: "USD", ["t1"], cheap),
        ]
        engine = TaskEngine(
            market: Market(providers: providers, board: RouteBoard(offers: offers, algorithm: .published)),
            store: threads, observer: NoObserver(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: now)
        service = TaskService(engine: engine, deadlineSeconds: { _ in 300 }, hash: { $0 })
        guard case .account(let account) = try store.commit([.createAccount(name: "")], at: now())[0].get(),
            case .key(let key) = try store.commit(
                [.createKey(account.id, NewKey(name: "", hash: Array(repeating: 1, count: 32), scopes: [.solve]))],
                at: now())[0].get()
        else { throw TestFailure() }
        _ = try store.commit(
            [.deposit(account.id, try #require(Money(decimal: "1")), reference: nil)], at: now())[0].get()
        holder = KeyHolder(key: key, accountSuspended: false)
    }

    struct TestFailure: Error {}

    func end(_ provider: String?) async throws -> TaskStatus {
        let id = try await service.createTask(
            CreateRequest(["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#], provider: provider),
            by: holder)
        while true {
            let status = try await service.status(of: id, for: holder)
            if status != .processing { return status }
            await Task.yield()
        }
    }
}

@Suite("A client that insists on a provider")
struct ForcedProviderServiceTests {
    @Test(
        "gets that one, though another is cheaper, whatever its case and marks", .timeLimit(.minutes(1)),
        arguments: ["other-one", "OTHER-ONE", "Other One", "The other-one"])
    func forces(name: String) async throws {
        let cheap = KeyedCaller { _ in solved }, other = KeyedCaller { _ in solved }
        let two = try TwoProviders(cheap: cheap, other: other)
        defer { two.threads.stop() }
        guard case .ready(_, let price, _) = try await two.end(name) else { throw TwoProviders.TestFailure() }
        #expect(price.description == "0.0002", "0.0004 units of half a dollar")
        #expect(other.keys == ["o1"] && cheap.keys.isEmpty)
    }

    @Test("gets the cheapest without insisting", .timeLimit(.minutes(1)))
    func cheapest() async throws {
        let cheap = KeyedCaller { _ in solved }, other = KeyedCaller { _ in solved }
        let two = try TwoProviders(cheap: cheap, other: other)
        defer { two.threads.stop() }
        guard case .ready(_, let price, _) = try await two.end(nil) else { throw TwoProviders.TestFailure() }
        #expect(price.description == "0.0004")
        #expect(cheap.keys == ["c1"] && other.keys.isEmpty)
    }

    @Test("is charged the price when the provider's unit has no known worth", .timeLimit(.minutes(1)))
    func withoutUnitValue() async throws {
        let two = try TwoProviders(
            cheap: KeyedCaller { _ in solved }, other: KeyedCaller { _ in solved }, unitValue: nil)
        defer { two.threads.stop() }
        guard case .ready(_, let price, _) = try await two.end("other-one") else { throw TwoProviders.TestFailure() }
        #expect(price.description == "0.002")
    }

    @Test("sees its next key used, and no other provider when all keys are to blame", .timeLimit(.minutes(1)))
    func keys() async throws {
        let cheap = KeyedCaller { _ in solved }
        let other = KeyedCaller { $0 == "o2" ? solved : .fault(Fault(.noFunds)) }
        let two = try TwoProviders(cheap: cheap, other: other)
        defer { two.threads.stop() }
        guard case .ready = try await two.end("other-one") else { throw TwoProviders.TestFailure() }
        #expect(other.keys == ["o1", "o2"])
        let broke = KeyedCaller { _ in .fault(Fault(.noFunds)) }
        let again = try TwoProviders(cheap: cheap, other: broke)
        defer { again.threads.stop() }
        guard case .failed(let error) = try await again.end("other-one") else { throw TwoProviders.TestFailure() }
        #expect(error.code == .noProviders)
        #expect(broke.keys == ["o1", "o2"] && cheap.keys.isEmpty)
    }

    @Test("is told when there is none of that name, or it does not take such tasks", .timeLimit(.minutes(1)))
    func refusals() async throws {
        let two = try TwoProviders(cheap: KeyedCaller { _ in solved }, other: KeyedCaller { _ in solved })
        defer { two.threads.stop() }
        let unknown = await #expect(throws: ClientError.self) { try await two.end("nobody") }
        #expect(unknown?.code == .badParameters && unknown?.field == "provider")
        #expect(unknown?.description.contains("There is no provider of this name here.") == true)
        let unsold = await #expect(throws: ClientError.self) { try await two.end("Turnstile-Only") }
        #expect(unsold?.code == .badParameters && unsold?.field == "provider")
        #expect(unsold?.description.contains("turnstile-only does not take altcha tasks") == true)
        #expect(unsold?.description.contains("These do: cheap, other-one.") == true)
        #expect(two.store.openTasks(after: nil, limit: 1).isEmpty)
        #expect(two.store.account(two.holder.key.account)?.held == .zero)
    }

    @Test("keeps its word over a restart: the choice is stored with the task", .timeLimit(.minutes(1)))
    func stored() async throws {
        let silent = KeyedCaller { _ in .fault(Fault(.overloaded)) }
        let two = try TwoProviders(cheap: KeyedCaller { _ in solved }, other: silent)
        defer { two.threads.stop() }
        _ = try await two.service.createTask(
            CreateRequest(["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#], provider: "Other-One"),
            by: two.holder)
        let open = try #require(two.store.openTasks(after: nil, limit: 10).first)
        #expect(open.forcedProvider == "other-one")
        #expect(open.ceiling.description == "0.002")
    }
}
