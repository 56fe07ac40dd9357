import Domain
import Logging
import ProviderKit
@testable import Routing
import Storage
@testable import Tasks
import Testing

/// A store that answers at once.
private final class DirectStore: StoreAccess {
    let store = MemoryStore()
    private let now: Timestamp

    init(now: Timestamp) { self.now = now }

    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        do {
            completion(try store.commit([operation], at: now)[0].mapError { .refused($0) })
        } catch {
            completion(.failure(.failed(error)))
        }
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
}

private struct NoCaller: ProviderCalling {
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 { 0 }
    func cancel(_ call: UInt64) {}
}

@Suite("What an engine has learnt of providers")
struct EngineStatisticsTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func engine(_ store: DirectStore) -> TaskEngine {
        let now = now
        let manifest = Manifest(id: "a", displayName: "A", version: "1", key: nil, offers: [.init(.altcha)])
        let offers = OfferTable([
            ProviderOffer(provider: "a", family: .altcha, price: .zero, cost: .zero, credentials: [])
        ])
        return TaskEngine(
            market: Market(
                providers: [Provider(name: "a", manifest: manifest, credentials: [:], caller: NoCaller())],
                board: RouteBoard(offers: offers, algorithm: .published)),
            store: store, observer: NoObserver(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { now })
    }

    @Test("is read for the adapters that are there; what is stored of others is neither held nor lost")
    func goneAdapters() async throws {
        let store = DirectStore(now: now)
        let gone = StoredStatistics(provider: "gone", family: .altcha, asOf: now, value: [1])
        let known = StoredStatistics(provider: "a", family: .altcha, asOf: now, value: [2])
        for host in [TaskEngine.hostName, "other"] {
            _ = try store.store.commit([.storeStatistics(host: host, [gone, known])], at: now)
        }
        let engine = engine(store)
        try await engine.restoreStatistics()
        let lane = RouteLane(provider: "a", family: .altcha)
        #expect(engine.market.withBoard { Array($0.lanes.keys) } == [lane])

        let verdict = AttemptVerdict(.solved(cost: .zero, polled: nil), seconds: 3)
        engine.market.withBoard { board in
            let candidate = Candidate(provider: "a", credential: nil, price: .zero, cost: .zero)
            board.ended(board.adopt(candidate, .altcha), verdict, at: now)
        }
        await engine.storeStatistics()
        let stored = try #require(store.store.statistics()[TaskEngine.hostName])
        #expect(stored.map(\.provider) == ["a", "gone"])
        #expect(stored.first != known && stored.last == gone)
    }
}
