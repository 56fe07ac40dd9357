import Domain
import Logging
import ProviderKit
import Routing
import Synchronization
@testable import Tasks
import Testing

/// Takes every operation for done and notes it.
private final class NotingStore: StoreAccess {
    private let noted = Mutex<[StoreOperation]>([])

    /// How the attempts that were ended ended.
    var ends: [AttemptEnd] {
        noted.withLock { operations in
            operations.compactMap { if case .settle(_, _, let end, _) = $0 { end } else { nil } }
        }
    }

    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        noted.withLock { $0.append(operation) }
        completion(.success(.settled(charged: .zero)))
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        completion(.failure(StoreFailure(.other, "Nothing is stored.")))
    }

    func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        read(body, completion: completion)
    }
}

/// Takes every task under the same ID and never has a result.
private final class PendingCaller: ProviderCalling {
    private let asked = Mutex<[OperationRequest]>([])

    var requests: [OperationRequest] { asked.withLock { $0 } }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        asked.withLock { $0.append(request) }
        if case .submit = request { completion(CallAnswer(.submitted(.pending(id: "p")), sent: .maybe)) }
        if case .poll = request { completion(CallAnswer(.polled(.pending), sent: .maybe)) }
        return 1
    }

    func cancel(_ call: UInt64) {}
}

/// The time of a test.
private final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_700_000_000_000))

    @Sendable func now() -> Timestamp { time.withLock { $0 } }
    func pass(seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

@Suite("Credentials that change while tasks are under way")
struct ReplacedCredentialsTests {
    private let store = NotingStore()
    private let caller = PendingCaller()
    private let clock = TestClock()

    private func provider(_ credentials: [String: Credential]) -> Provider {
        let key = Manifest.KeyFormat(description: "any", length: 1...100)
        let manifest = Manifest(id: "a", displayName: "A", version: "1", key: key, offers: [.init(.altcha)])
        return Provider(name: "a", manifest: manifest, credentials: credentials, caller: caller)
    }

    private func offers(_ credentials: [String]) -> OfferTable {
        OfferTable([ProviderOffer(provider: "a", family: .altcha, price: .zero, cost: .zero, credentials: credentials)])
    }

    private func engine(with credentials: [String: Credential]) -> TaskEngine {
        TaskEngine(
            market: Market(
                providers: [provider(credentials)],
                board: RouteBoard(offers: offers(credentials.keys.sorted()), algorithm: .published)), store: store,
            observer: NoObserver(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: clock.now)
    }

    private func machine(_ credential: String, _ engine: TaskEngine) throws -> TaskMachine {
        let candidate = Candidate(provider: "a", credential: credential, price: .zero, cost: .zero)
        let accepted = AcceptedTask(
            id: try #require(TaskID(1)), ceiling: .zero, attempt: Attempt(number: 1, candidate: candidate))
        return TaskMachine(
            accepted: accepted, account: AccountID(1), family: .altcha,
            deadline: clock.now().adding(seconds: 60), engine.surroundings())
    }

    private let one = ["vault-1": Credential(placeholder: "ucred_1")]

    @Test("A task whose key was removed before it was submitted never reaches the adapter without a credential")
    func removedBeforeSubmit() throws {
        let engine = engine(with: one)
        engine.market.replace(providers: [provider([:])], offers: OfferTable([]))
        #expect(engine.market.offers.families.isEmpty)
        engine.begin(try machine("vault-1", engine), fields: [:])
        #expect(caller.requests.isEmpty)
        #expect(store.ends == [AttemptEnd(.failed, fault: "keyRemoved")])
        #expect(engine.openTasks == 0)
    }

    @Test("A task whose key was removed while the provider works on it is not asked for without a credential")
    func removedBeforePoll() throws {
        let engine = engine(with: one)
        engine.begin(try machine("vault-1", engine), fields: [:])
        #expect(caller.requests.count == 1)
        engine.market.replace(providers: [provider([:])], offers: OfferTable([]))
        clock.pass(seconds: 10)
        _ = engine.advance()
        #expect(caller.requests.count == 1)
        #expect(store.ends.map(\.fault) == ["keyRemoved"])
    }

    @Test("That the store does not give a task's fields is not held against the provider")
    func unreadableFields() throws {
        let engine = engine(with: one)
        for _ in 0..<5 { engine.begin(try machine("vault-1", engine), fields: nil) }
        #expect(caller.requests.isEmpty)
        let now = clock.now()
        #expect(engine.market.withBoard { $0.laneStatuses(at: now) } == [])
        #expect(engine.market.withBoard { $0.keyStatuses(at: now) }.map(\.openTasks) == [0])
    }

    @Test("A key that was added is used from the next call on")
    func added() throws {
        let engine = engine(with: [:])
        engine.market.replace(
            providers: [provider(["vault-2": Credential(placeholder: "ucred_2")])], offers: offers(["vault-2"]))
        #expect(engine.market.offers.offers(of: .altcha).map(\.credentials) == [["vault-2"]])
        engine.begin(try machine("vault-2", engine), fields: [:])
        clock.pass(seconds: 10)
        _ = engine.advance()
        guard case .submit(let task) = caller.requests.first, case .poll(let ticket) = caller.requests.last else {
            Issue.record("\(caller.requests)")
            return
        }
        #expect(task.credential?.placeholder == "ucred_2" && ticket.credential?.placeholder == "ucred_2")
    }
}
