import Domain
import ProviderKit
import Testing

@testable import Tasks

@Suite("The keeper of recycled keys")
struct KeeperTests {
    @Test("Of many wrong keys three are asked about, and the others wait as PENDING, also across a restart")
    func wrongKeys() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.refused(.wrongKey)) }
        var told: [String] = []
        let ids = try (0..<5).map { _ in try bench.submit { told.append($0.life.reason?.rawValue ?? "") } }
        bench.pass(5)
        let wrong = Array(repeating: "INVALID wrongKey", count: 3)
        // In which order they are stored is chance.
        #expect(try ids.map(bench.state).sorted() == wrong + ["PENDING waiting", "PENDING waiting"])
        // Who waits is told at once that it takes longer.
        #expect(told.sorted() == ["waiting", "waiting", "wrongKey", "wrongKey", "wrongKey"])
        bench.start()
        bench.pass(590)
        #expect(bench.checks.count == 3)
        bench.vendor = { _ in RecycledKeyFinding(.known) }
        bench.pass(10)
        #expect(try ids.map(bench.state).sorted() == ["ACTIVE", "ACTIVE"] + wrong)
    }

    @Test("A key that was handed over is checked once, however late its owner comes to hear of it", arguments: [0, 1])
    func checkedOnce(failing: Double) throws {
        for step in 0...60 {
            let bench = try KeeperBench(seed: UInt64(step) + 1)
            bench.vendor = { _ in RecycledKeyFinding(.refused(.wrongKey)) }
            var told: [String] = []
            let id = try bench.submit(askingAfter: 0.001 + Double(step) * 0.01) { key in
                told.append("\(key.life.state)")
            }
            bench.pass(0.05)
            // With a store that fails the answer waits to be stored.
            bench.failing = failing
            bench.pass(0.5)
            bench.failing = 0
            bench.pass(20)
            #expect(told == ["invalid"] && bench.checks.count == 1, "asked \(step): \(told), \(bench.checks)")
            #expect(try bench.state(id) == "INVALID wrongKey")
        }
    }

    @Test("Another provider's keys do not wait for one where keys are wrong")
    func otherProviders() throws {
        let bench = try KeeperBench()
        bench.vendor = { id in RecycledKeyFinding(id < 4 ? .refused(.wrongKey) : .known) }
        for _ in 0..<3 { try bench.submit() }
        bench.pass(2)
        let id = try bench.submit(provider: "b")
        bench.pass(1)
        #expect(try bench.state(id) == "ACTIVE")
    }

    @Test("A wrong key of the platform, or one that a task found wrong, counts too")
    func otherWrongKeys() throws {
        let bench = try KeeperBench()
        let wrong = try bench.submit()
        bench.pass(1)
        bench.keeper.wrongKey(at: "a")
        bench.keeper.attemptFailed(at: "a", with: "config-1", Fault(.keyDisabled))
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(wrong)", Fault(.invalidKey))
        let id = try bench.submit()
        bench.pass(500)
        #expect(try bench.state(id) == "PENDING waiting" && bench.state(wrong) == "INVALID wrongKey")
        #expect(bench.checks.count == 1)
        bench.pass(110)
        #expect(try bench.state(id) == "ACTIVE")
        #expect(bench.checks.count == 2)
    }

    @Test("Balances are synced every five minutes, spread out, also after a start")
    func syncs() throws {
        let bench = try KeeperBench()
        for account in 1...3 {
            for _ in 0..<20 { try bench.submit(account: Int64(account)) }
        }
        bench.pass(60)
        #expect(bench.pooled.count == 60)
        bench.start()
        let start = bench.world.now
        bench.pass(600)
        #expect(bench.pooled.count == 60)
        let since = bench.checks.filter { $0.at >= start }
        #expect((119...121).contains(since.count), "\(since.count)")
        let perMinute = (0..<10).map { minute in
            since.count { Int($0.at.seconds(since: start) / 60) == minute }
        }
        #expect(perMinute.allSatisfy { (10...14).contains($0) }, "\(perMinute)")
    }

    @Test("A key whose adapter is not there, or which does not open, takes no tasks and is not taken for unclear")
    func unusable() throws {
        let bench = try KeeperBench()
        bench.unusable = [1, 2]
        let id = try bench.submit()
        bench.pass(30)
        #expect(try bench.state(id) == "PENDING unavailable")
        bench.unusable = []
        bench.pass(60)
        #expect(try bench.state(id) == "ACTIVE")
        bench.unusable = [1]
        bench.start()
        bench.pass(1000)
        #expect(bench.pooled.isEmpty)
        let before = try bench.key(id).checkedAt
        bench.pass(1000)
        #expect(try bench.state(id) == "ACTIVE" && bench.key(id).checkedAt == before)
        // A call without a key is not the vendor's word.
        for _ in 0..<3 { bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.invalidKey)) }
        let other = try bench.submit()
        bench.unusable = []
        bench.pass(5)
        #expect(try bench.state(other) == "ACTIVE")
    }

    @Test("Who waits for a slow provider is told after a while, and at once when the host stops")
    func waiting() throws {
        let bench = try KeeperBench()
        bench.answerSeconds = 25...25
        var told: [RecycledKeyLife.State] = []
        let id = try bench.submit { told.append($0.life.state) }
        bench.pass(14)
        #expect(told.isEmpty)
        bench.pass(2)
        #expect(told == [.pending])
        bench.pass(10)
        #expect(try bench.state(id) == "ACTIVE")
        try bench.submit { told.append($0.life.state) }
        bench.pass(3)
        bench.keeper.stop()
        #expect(told == [.pending, .pending])
        bench.keeper.whenIdle { bench.isIdle = true }
        #expect(!bench.isIdle)
        bench.pass(30)
        // What was begun is stored, and nothing else begins.
        #expect(bench.isIdle)
        #expect(try bench.state(id) == "ACTIVE")
        bench.pass(1000)
        #expect(bench.checks.count == 2)
    }

    @Test("What a store does not take is tried again, and what it took although it said no is found")
    func storeFailures() throws {
        let bench = try KeeperBench()
        bench.failing = 1
        let id = try bench.submit()
        bench.pass(1)
        #expect(throws: BenchFailure.self) { try bench.key(id) }
        bench.failing = 0
        bench.deceiving = 1
        let other = try bench.submit()
        bench.pass(3)
        bench.deceiving = 0
        bench.pass(3)
        // It was stored; the keeper looks again and has it checked.
        #expect(try bench.state(other) == "ACTIVE")
        bench.failing = 1
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(other)", Fault(.noFunds))
        bench.vendor = { _ in RecycledKeyFinding(.noFunds) }
        bench.pass(30)
        #expect(try bench.state(other) == "ACTIVE")
        bench.failing = 0
        bench.pass(3)
        #expect(try bench.state(other) == "DEPLETED noFunds")
    }

    @Test("Whatever happens and whenever the host dies, keys end up as they are", arguments: 1...20)
    func chaos(seed: Int) throws {
        let bench = try KeeperBench(seed: UInt64(seed))
        let world = bench.world
        bench.vendor = { id in
            if world.chance(0.3) { return RecycledKeyFinding(.unclear(.unreachable)) }
            switch id % 5 {
            case 0: return RecycledKeyFinding(.refused(.wrongKey))
            case 1: return RecycledKeyFinding(.known, balance: .zero)
            default: return RecycledKeyFinding(.known, balance: .usd("2"))
            }
        }
        bench.failing = 0.1
        bench.deceiving = 0.1
        var ids: [ProviderKeyID] = []
        for round in 0..<40 {
            ids.append(try bench.submit(account: Int64(round % 3 + 1)))
            bench.pass(world.seconds(0...40))
            if world.chance(0.2), let id = ids.randomElement(using: &world.random) {
                bench.open["recycled-\(id)"] = 1
                bench.event(.removed, id)
            }
            if world.chance(0.2), let id = ids.randomElement(using: &world.random) {
                bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.noFunds))
            }
            if world.chance(0.3) { bench.start() }
        }
        bench.failing = 0
        bench.deceiving = 0
        bench.open = [:]
        bench.pass(4 * 3600)
        var active: Set<String> = []
        for id in ids {
            // What was never stored is not there.
            guard let key = try? bench.key(id) else { continue }
            let state = key.life.state
            switch id.number % 5 {
            case _ where state == .removed: #expect(key.life.isErased)
            case 0: #expect(state == .invalid, "\(id)")
            case 1: #expect(state == .depleted, "\(id)")
            default: #expect(state == .active, "\(id)")
            }
            if state == .active { active.insert("recycled-\(id)") }
        }
        #expect(Set(bench.pooled.keys) == active)
        #expect(active.count > 5)
        #expect(bench.held == bench.sealed)
    }
}
