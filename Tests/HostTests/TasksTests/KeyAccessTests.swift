import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
import Tasks
import Testing
import Vault

/// An adapter that never answers.
private struct SilentCaller: ProviderCalling {
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 { 1 }

    func cancel(_ call: UInt64) {}
}

/// The use cases of clients with one key, at 0.1 USD a task.
private final class Desk: Sendable {
    let store = MemoryStore()
    let threads: StoreThreads
    let service: TaskService
    let text = APIKeyText.prefix + String(repeating: "k", count: 32)

    init() async throws {
        let now = { @Sendable in Timestamp(milliseconds: 1_700_000_000_000) }
        threads = try StoreThreads(store, now: now)
        let manifest = Manifest(id: "a", displayName: "A", version: "1", key: nil, offers: [.init(.altcha)])
        let offers = OfferTable([
            ProviderOffer(
                provider: "a", family: .altcha, price: try #require(Money(decimal: "0.1")), cost: .zero,
                credentials: [])
        ])
        let engine = TaskEngine(
            market: Market(
                providers: [Provider(name: "a", manifest: manifest, credentials: [:], caller: SilentCaller())],
                board: RouteBoard(offers: offers, algorithm: .published)), store: threads, observer: NoObserver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: now)
        service = TaskService(engine: engine, deadlineSeconds: { _ in 300 }, hash: { SHA256.hash($0) })
        let key = NewKey(name: "", hash: SHA256.hash(Array(text.utf8)), scopes: [.solve])
        _ = try await threads.perform(.createAccount(name: "", key: key, deposit: Money(decimal: "99")))
    }

    deinit { threads.stop() }

    func set(_ change: AccessChange) async throws {
        _ = try await threads.perform(.setAccess(nil, key: 1, change))
        service.forgetKeys()
    }

    /// Has so many tasks created at once; returns the errors of those that were refused.
    func race(_ count: Int) async throws -> [ErrorCode] {
        let holder = try await service.authenticate(text, for: .solve, from: nil)
        return await withTaskGroup(of: ErrorCode?.self) { group in
            for _ in 0..<count {
                group.addTask { [service] in
                    do throws(ClientError) {
                        _ = try await service.createTask(
                            CreateRequest(["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#]), by: holder)
                        return nil
                    } catch { return error.code }
                }
            }
            return await group.reduce(into: []) { if let code = $1 { $0.append(code) } }
        }
    }
}

@Suite("What a key may do")
struct KeyAccessTests {
    @Test("A key is refused from other addresses than those of its list, from the next request on")
    func addresses() async throws {
        let desk = try await Desk()
        _ = try await desk.service.authenticate(desk.text, for: .solve, from: nil)
        try await desk.set(AccessChange(addresses: .allow([try IPRange("10.0.0.0/8"), try IPRange("::1")])))
        for allowed in ["10.9.9.9", "::ffff:10.9.9.9", "::1"] {
            _ = try await desk.service.authenticate(desk.text, for: .solve, from: IPAddress(allowed))
        }
        for refused in ["11.0.0.1", "::2", "::ffff:127.0.0.1"] {
            await #expect(throws: ClientError(.ipNotAllowed), "\(refused)") {
                try await desk.service.authenticate(desk.text, for: .solve, from: IPAddress(refused))
            }
        }
        await #expect(throws: ClientError(.ipNotAllowed)) {
            try await desk.service.authenticate(desk.text, for: .solve, from: nil)
        }
        // Whoever has no key learns nothing of lists.
        await #expect(throws: ClientError(.keyDoesNotExist)) {
            try await desk.service.authenticate(String(repeating: "x", count: 32), for: .solve, from: .v4(1))
        }
        try await desk.set(AccessChange(addresses: .clear))
        _ = try await desk.service.authenticate(desk.text, for: .solve, from: nil)
    }

    @Test("The random characters alone open the same account")
    func withoutPrefix() async throws {
        let desk = try await Desk()
        let bare = String(repeating: "k", count: 32)
        let holder = try await desk.service.authenticate(bare, for: .solve, from: nil)
        #expect(holder.key.id == 1)
        _ = try await desk.threads.perform(.revokeKey(nil, key: 1))
        desk.service.forgetKeys()
        await #expect(throws: ClientError(.keyDoesNotExist)) {
            try await desk.service.authenticate(bare, for: .solve, from: nil)
        }
    }

    @Test("However many requests race, no more tasks are open than the cap says", .timeLimit(.minutes(1)))
    func openTasks() async throws {
        let desk = try await Desk()
        try await desk.set(AccessChange(openTasks: .set(7)))
        let refused = try await desk.race(60)
        #expect(refused.count == 53 && refused.allSatisfy { $0 == .keyTaskLimit })
        #expect(desk.store.openTasks(after: nil, limit: 99).count == 7)
        // Raised, the difference is free.
        try await desk.set(AccessChange(openTasks: .set(9)))
        #expect(try await desk.race(5).count == 3)
    }

    @Test("However many requests race, no more is spent in a day than the cap says", .timeLimit(.minutes(1)))
    func dailySpend() async throws {
        let desk = try await Desk()
        try await desk.set(AccessChange(dailySpend: .set(try #require(Money(decimal: "0.55")))))
        let refused = try await desk.race(40)
        #expect(refused.count == 35 && refused.allSatisfy { $0 == .keySpendLimit })
        #expect(desk.store.account(AccountID(1))?.held.description == "0.5")
    }
}
