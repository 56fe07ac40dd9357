import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
import Tasks
import Testing

/// An adapter that never answers.
private struct SilentCaller: ProviderCalling {
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 { 1 }

    func cancel(_ call: UInt64) {}
}

/// A store that does everything at once on the caller's thread, and lets something happen between a read and its
/// answer.
private final class InstantStore: StoreAccess {
    let store: MemoryStore
    /// Called once, after the next read.
    let afterRead = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ store: MemoryStore) { self.store = store }

    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        do throws(StoreFailure) {
            let results = try store.commit([operation], at: Timestamp(milliseconds: 0))
            completion(results[0].mapError(StoreError.refused))
        } catch { completion(.failure(.failed(error))) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        let result = Result { () throws(StoreFailure) in try body(store) }
        let then = afterRead.withLock { then in
            defer { then = nil }
            return then
        }
        then?()
        completion(result)
    }

    func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        read(body, completion: completion)
    }
}

/// The use cases of clients with one key.
private struct Fixture {
    let store = MemoryStore()
    let access: InstantStore
    let service: TaskService
    let text = APIKeyText.prefix + String(repeating: "k", count: 32)

    init() throws {
        let access = InstantStore(store)
        self.access = access
        let manifest = Manifest(id: "a", displayName: "A", version: "1", key: nil, offers: [.init(.altcha)])
        let offers = OfferTable([
            ProviderOffer(
                provider: "a", family: .altcha, price: try #require(Money(decimal: "0.1")), cost: .zero,
                credentials: [])
        ])
        let engine = TaskEngine(
            market: Market(
                providers: [Provider(name: "a", manifest: manifest, credentials: [:], caller: SilentCaller())],
                board: RouteBoard(offers: offers, algorithm: .published)), store: access, observer: NoObserver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Timestamp(milliseconds: 0) })
        service = TaskService(engine: engine, deadlineSeconds: { _ in 300 }, hash: { Array($0.suffix(32)) })
        let key = NewKey(name: "", hash: Array(text.utf8.suffix(32)), scopes: [.solve])
        _ = try store.commit(
            [.createAccount(name: "", key: key, deposit: Money(decimal: "9"))],
            at: Timestamp(milliseconds: 0))[0].get()
    }

    func change(_ operation: StoreOperation) throws {
        _ = try store.commit([operation], at: Timestamp(milliseconds: 0))[0].get()
        service.forgetKeys()
    }

    /// What is stored of a task that is created like this.
    func preference(_ mode: SelectionMode?) async throws -> RoutingPreference? {
        let holder = try await service.authenticate(text, for: .solve)
        let id = try await service.createTask(
            CreateRequest(["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#], selectionMode: mode),
            by: holder)
        return store.route(of: id)?.preference
    }
}

@Suite("A key's settings")
struct KeySettingsTests {
    @Test("hold for its tasks from the next one on, unless the request says otherwise")
    func preferences() async throws {
        let fixture = try Fixture()
        #expect(try await fixture.preference(nil) == .balanced)
        for (preset, weight, reliableFirst) in [
            (.cheapest, 0, false), (.fastest, 100, false), (.reliable, 50, true),
        ] as [(RoutingSettings.Preset, Int, Bool)] {
            try fixture.change(.setRouting(nil, key: 1, try RoutingChange(mode: .lightning, preset: preset)))
            let wanted = RoutingPreference(speedWeight: weight, reliableFirst: reliableFirst)
            #expect(try await fixture.preference(nil) == wanted)
            #expect(try await fixture.preference(.autoCheapest) == RoutingPreference(speedWeight: 10))
            #expect(try await fixture.preference(.autoFastest) == RoutingPreference(speedWeight: 90))
            #expect(try await fixture.preference(.autoMostReliable) == RoutingPreference(speedWeight: 50))
            #expect(try await fixture.preference(.priority) == RoutingPreference(speedWeight: 50))
        }
        try fixture.change(.setRouting(nil, key: 1, try RoutingChange(slider: 37)))
        #expect(try await fixture.preference(nil) == RoutingPreference(speedWeight: 37))
    }

    @Test("and its being taken back are seen at once, though a key is remembered for a moment")
    func revoked() async throws {
        let fixture = try Fixture()
        _ = try await fixture.service.authenticate(fixture.text, for: .solve)
        try fixture.change(.revokeKey(nil, key: 1))
        await #expect(throws: ClientError(.keyDoesNotExist)) {
            try await fixture.service.authenticate(fixture.text, for: .solve)
        }
    }

    @Test("What was read of a key before it was taken back is not remembered after")
    func revokedMeanwhile() async throws {
        let fixture = try Fixture()
        fixture.access.afterRead.withLock { $0 = { try? fixture.change(.revokeKey(nil, key: 1)) } }
        // Was under way when the key was taken back.
        _ = try await fixture.service.authenticate(fixture.text, for: .solve)
        #expect(fixture.store.keys(of: nil).map(\.revoked) == [true])
        await #expect(throws: ClientError(.keyDoesNotExist)) {
            try await fixture.service.authenticate(fixture.text, for: .solve)
        }
    }

    @Test("A mode of selection is known in any case, and by its own name alone")
    func modes() {
        for mode in SelectionMode.allCases {
            #expect(SelectionMode(anyCase: mode.rawValue) == mode)
            #expect(SelectionMode(anyCase: mode.rawValue.uppercased()) == mode)
        }
        for text in ["", "auto", "autoCheapest ", "cheapest"] { #expect(SelectionMode(anyCase: text) == nil) }
    }
}
