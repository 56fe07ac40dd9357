import Domain
import ProviderKit
import Routing
import Testing

@testable import Tasks

@Suite("Tasks through recycled keys")
struct RecycledKeyEngineTests {
    private func price(_ outcome: TaskOutcome?) -> String? {
        guard case .solved(_, let price, let cost) = outcome else { return nil }
        return "\(price) for \(cost)"
    }

    @Test(
        "A key that is empty or refused is passed on from: the task is solved with the next one, and that is told once",
        arguments: [Fault.Kind.noFunds, .invalidKey, .keyDisabled])
    func emptiesMidTask(_ kind: Fault.Kind) async throws {
        let world = try KeyedWorld(
            PooledCaller { key, _ in key == "recycled-1" ? PooledCaller.fault(kind) : PooledCaller.solved(cost: "0.09")
            })
        // The client's own key comes first.
        try world.pool(1, of: 1)
        try world.pool(2, of: 9)
        let id = try await world.create()
        let label = Fault(kind).label
        #expect(world.attempts(id) == ["recycled-1 failed \(label)", "recycled-2 solved"])
        #expect(price(world.outcome(id)) == "0.09 for 0.09")
        #expect(world.changing.reported == ["a recycled-1 \(label)"])
        // It rests, so that the next task does not try it.
        let next = try await world.create()
        #expect(world.attempts(next) == ["recycled-2 solved"])
        #expect(world.changing.reported.count == 1)
    }

    @Test("When all keys of a provider are empty the task goes to another provider")
    func otherProvider() async throws {
        let world = try KeyedWorld(
            PooledCaller { key, _ in key == "config-1" ? PooledCaller.solved() : PooledCaller.fault(.noFunds) })
        try world.pool(1, of: 8)
        try world.pool(2, of: 9)
        let id = try await world.create()
        #expect(world.attempts(id).count == 3 && world.attempts(id).last == "config-1 solved")
        #expect(Set(world.changing.reported) == ["a recycled-1 noFunds", "a recycled-2 noFunds"])
    }

    @Test("Faults of other kinds, and of the platform's keys, are not told")
    func otherFaults() async throws {
        let world = try KeyedWorld(
            PooledCaller { key, _ in
                key == "recycled-1" ? PooledCaller.fault(.unsolvable(charged: false)) : PooledCaller.fault(.noFunds)
            })
        try world.pool(1, of: 8)
        let id = try await world.create()
        #expect(world.attempts(id).contains("config-1 failed noFunds"))
        #expect(world.changing.reported == [])
    }

    @Test("A key that leaves the pool is still used to ask for the tasks that are open with it")
    func polledAfterRemoval() async throws {
        let caller = PooledCaller { _, request in
            switch request {
            case .submit: CallAnswer(.submitted(.pending(id: "p")), sent: .maybe)
            default: CallAnswer(.polled(.solved(Solution(["token": "t"]))), sent: .maybe)
            }
        }
        let world = try KeyedWorld(caller)
        try world.pool(1, of: 8)
        let id = try await world.create()
        world.engine.market.unpool("recycled-1", at: "a")
        let open = world.engine.openTasks(with: "recycled-1", at: "a")
        #expect(open.count == 1 && open.cost.description == "0.1")
        #expect(world.engine.openTasks(with: "recycled-1", at: "b").count == 0)
        world.changing.pass(5)
        _ = world.engine.advance()
        #expect(caller.keys == ["recycled-1", "recycled-1"])
        #expect(world.attempts(id) == ["recycled-1 solved"])
        #expect(world.engine.openTasks(with: "recycled-1", at: "a").count == 0)
        #expect(world.engine.market.withBoard { $0.recycledKeysStatuses(at: KeyedWorld.start) } == [])
    }

    @Test("A task that the provider has and whose key is gone counts as lost, so that its owner is credited")
    func erasedKey() async throws {
        let world = try KeyedWorld(
            PooledCaller { key, _ in
                key == "config-1" ? PooledCaller.solved() : CallAnswer(.submitted(.pending(id: "p")), sent: .maybe)
            })
        try world.pool(1, of: 8)
        let id = try await world.create()
        world.engine.market.unpool("recycled-1", at: "a")
        world.changing.erase("recycled-1")
        for _ in 0..<5 {
            world.changing.pass(5)
            _ = world.engine.advance()
        }
        #expect(world.attempts(id) == ["recycled-1 lost keyRemoved", "config-1 solved"])
        #expect(world.changing.reported == [], "the provider has not said so")
    }

    @Test("A task that stands in line for a key that leaves the pool moves to another, and nothing of it was sent")
    func unpooledInLine() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller, concurrentSubmits: 1)
        try world.pool(1, of: 8)
        let first = try await world.create()
        let second = try await world.create()
        #expect(world.engine.openTasks(with: "recycled-1", at: "a").count == 2, "one is open, one stands in line")
        world.engine.market.unpool("recycled-1", at: "a")
        try world.pool(2, of: 9)
        caller.answerHeld(PooledCaller.solved())
        caller.answerHeld(PooledCaller.solved())
        #expect(world.attempts(first) == ["recycled-1 solved"])
        #expect(world.attempts(second) == ["recycled-1 failed keyRemoved", "recycled-2 solved"])
        #expect(caller.keys == ["recycled-1", "recycled-2"])
        #expect(world.changing.reported == [], "no provider has refused the key")
        let left = world.engine.market.withBoard { $0.recycledKeysStatuses(at: KeyedWorld.start) }
        #expect(left.map(\.keys) == [1] && left.map(\.openTasks) == [0])
    }

    @Test("Tasks beyond what is on a key go elsewhere from the beginning")
    func coverage() async throws {
        let caller = PooledCaller { _, _ in nil }
        let world = try KeyedWorld(caller)
        try world.pool(1, of: 8, balance: "0.25")
        for _ in 0..<3 { _ = try await world.create() }
        #expect(caller.keys == ["recycled-1", "recycled-1", "config-1"])
        caller.answerHeld(PooledCaller.solved(cost: "0.1"))
        let last = try await world.create()
        #expect(world.attempts(last).first?.hasPrefix("config-1") == true, "0.05 is left")
    }

    @Test("After a start a task knows again whose it is and whose keys it may go through")
    func recovered() throws {
        let world = try KeyedWorld(PooledCaller { _, _ in nil })
        try world.pool(1, of: 8)
        try world.pool(2, of: 9)
        func next(of account: Int64, _ mode: KeyPoolMode) throws -> String? {
            let gone = Candidate(provider: "b", credential: "config-0", price: .zero, cost: .zero)
            let open = OpenTask(
                id: try #require(TaskID(5)), account: AccountID(account), family: .turnstile, ceiling: .most,
                preference: try #require(RoutingPreference(speedWeight: 0)), keyPool: mode,
                deadline: KeyedWorld.start.adding(seconds: 100), attempt: Attempt(number: 1, candidate: gone))
            var machine = TaskMachine(recovered: open, at: KeyedWorld.start)
            for action in machine.handle(.wake, world.engine.surroundings()) {
                if case .storeNext(_, _, let next) = action { return next.credential }
            }
            return nil
        }
        for _ in 0..<4 {
            #expect(try next(of: 9, .all) == "recycled-2")
            #expect(try next(of: 9, .platformOnly) == "recycled-2")
            #expect(try next(of: 7, .platformOnly) == "config-1")
            #expect(["recycled-1", "recycled-2"].contains(try next(of: 7, .all)))
            world.engine.market.withBoard { _ = $0.next(PooledBoardChoice.any, at: KeyedWorld.start) }
        }
    }

    @Test(
        "What a provider does not say of a task that it gave up is what its manifest says of such tasks",
        arguments: [true, false])
    func chargesUnsolvable(charges: Bool) async throws {
        for isPolled in [false, true] {
            let world = try KeyedWorld(
                PooledCaller { key, request in
                    if key == "config-1" { return PooledCaller.solved() }
                    if isPolled, case .submit = request {
                        return CallAnswer(.submitted(.pending(id: "p")), sent: .maybe)
                    }
                    return PooledCaller.fault(.unsolvable(charged: nil))
                }, chargesUnsolvable: charges)
            try world.pool(1, of: 8)
            let id = try await world.create()
            world.changing.pass(5)
            _ = world.engine.advance()
            let end = charges ? "lost" : "failed"
            #expect(world.attempts(id) == ["recycled-1 \(end) unsolvable", "config-1 solved"])
        }
    }

    @Test("A client pays the cost with the margin, and the provider's cost is kept as it is")
    func margin() async throws {
        let margin = try #require(Margin(decimal: "0.1"))
        let world = try KeyedWorld(
            PooledCaller { _, request in
                guard case .submit(let task) = request else { return nil }
                return PooledCaller.solved(cost: task.family == .turnstile ? "0.05" : nil)
            }, margin: margin)
        try world.pool(1, of: 8)
        #expect(price(world.outcome(try await world.create())) == "0.055 for 0.05")
        let unreported = try await world.create([
            "type": "HCaptchaTaskProxyless", "websiteURL": "https://example.com", "websiteKey": "k",
        ])
        #expect(price(world.outcome(unreported)) == "0.11 for 0.1")
        let first = try #require(world.store.accepted.first?.candidates.first)
        #expect(first.price.description == "0.11" && first.cost.description == "0.1")
    }
}

private enum PooledBoardChoice {
    static let any = CandidateChoice(family: .turnstile, ceiling: .most)
}
