import Domain
import Logging
import ProviderKit
import Storage
import Testing

@testable import Tasks

/// Attempts that wait for a place with a recycled key. The provider has not heard of them, so that nothing is credited
/// for them, whenever the host dies.
@Suite("Attempts that were not sent")
struct UnsentAttemptTests {
    /// What is stored of the open tasks.
    private func unsent(_ world: KeyedWorld) -> [Bool] {
        world.store.store.openTasks(after: nil, limit: 9).map(\.attempt.isUnsent)
    }

    /// Two tasks for the same key, the first of which is sent.
    private func crowd(_ caller: PooledCaller, _ world: KeyedWorld) async throws -> (first: TaskID, second: TaskID) {
        let tasks = (try await world.create(provider: "a"), try await world.create(provider: "a"))
        #expect(caller.keys == ["recycled-1"])
        #expect(unsent(world) == [false, true])
        return tasks
    }

    /// A host that takes over from one that has died.
    private func restart(_ world: KeyedWorld) -> TaskEngine {
        let changing = world.changing
        let engine = TaskEngine(
            market: world.engine.market, store: world.store, observer: NoObserver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { changing.now })
        engine.recover { _ in }
        _ = engine.advance()
        return engine
    }

    @Test("What waits for its key is not lost when the host dies; what the provider may have heard of is")
    func waitsForKey() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller)
        try world.pool(1, of: 8, tasksPerKey: 1)
        let (first, second) = try await crowd(caller, world)
        let engine = restart(world)
        for _ in 0..<40 {
            world.changing.pass(10)
            _ = engine.advance()
        }
        #expect(world.attempts(first).first == "recycled-1 lost transport")
        #expect(world.attempts(second) == ["recycled-1 failed notSent"])
    }

    @Test("What waits for a place at the adapter was not sent either")
    func waitsForAdapter() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller, concurrentSubmits: 1)
        try world.pool(1, of: 8)
        _ = try await crowd(caller, world)
    }

    @Test("Before an attempt is sent it is stored that it may have been")
    func sentAfterWaiting() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller)
        try world.pool(1, of: 8, tasksPerKey: 1)
        let (first, second) = try await crowd(caller, world)
        caller.answerHeld(PooledCaller.solved())
        world.changing.pass(30)
        _ = world.engine.advance()
        #expect(world.attempts(first) == ["recycled-1 solved"])
        #expect(caller.keys == ["recycled-1", "recycled-1"], "the second is sent")
        #expect(unsent(world) == [false])
        caller.answerHeld(PooledCaller.solved())
        #expect(world.attempts(second) == ["recycled-1 solved"])
    }

    @Test("What the provider has refused is not lost while its task waits to try again; what may have cost is")
    func refused() async throws {
        for (kind, isRefused) in [(Fault.Kind.overloaded, true), (.transport, false)] {
            let caller = PooledCaller { _, _ in PooledCaller.fault(kind) }
            let world = try KeyedWorld(caller)
            try world.pool(1, of: 8)
            let task = try await world.create(provider: "a")
            #expect(caller.keys == ["recycled-1"])
            #expect(unsent(world) == [isRefused])
            let engine = restart(world)
            for _ in 0..<40 {
                world.changing.pass(10)
                _ = engine.advance()
            }
            #expect(caller.keys.count > 1, "it tries again")
            #expect(world.attempts(task).contains { $0.contains("lost") } == !isRefused)
        }
    }

    @Test("An attempt of which that cannot be stored is not sent, and its task goes on when it can be")
    func notStored() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller)
        try world.pool(1, of: 8, tasksPerKey: 1)
        let (_, second) = try await crowd(caller, world)
        world.store.fail { if case .attemptUnsent(_, _, false) = $0 { true } else { false } }
        caller.answerHeld(PooledCaller.solved())
        world.changing.pass(30)
        _ = world.engine.advance()
        #expect(caller.keys == ["recycled-1"], "the second is not sent")
        world.store.fail { _ in false }
        for _ in 0..<20 where caller.keys.count < 2 {
            world.changing.pass(10)
            _ = world.engine.advance()
        }
        #expect(caller.keys == ["recycled-1", "recycled-1"])
        caller.answerHeld(PooledCaller.solved())
        let attempts = world.attempts(second)
        #expect(attempts.last == "recycled-1 solved" && attempts.allSatisfy { !$0.contains("lost") }, "\(attempts)")
    }

    @Test("Of attempts with the platform's keys nothing more is stored: their loss costs nobody anything")
    func platformKeys() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller, concurrentSubmits: 1)
        for _ in 0..<2 { try await world.create(provider: "b") }
        #expect(caller.keys == ["config-1"])
        #expect(unsent(world) == [false, false])
    }
}
