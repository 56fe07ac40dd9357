import Domain
import KeyPool
import ProviderKit
import Routing
import Testing

@testable import Tasks

@Suite("The life of recycled keys at run time")
struct KeeperLifeTests {
    @Test("A key that is handed over is validated at once, with its balance, and takes tasks")
    func accepted() throws {
        let bench = try KeeperBench()
        var told: RecycledKey?
        let id = try bench.submit { told = $0 }
        bench.pass(1)
        #expect(told?.life.state == .active && told?.funds.balance == .usd("5") && told?.checkedAt != nil)
        #expect(bench.history(id) == [.pending, .active])
        let pooled = PooledKey(
            credential: "recycled-\(id)", owner: bench.account, balance: .usd("5"), tasksPerKey: 7,
            vouchedAt: bench.pooled.values.first?.vouchedAt)
        #expect(pooled.vouchedAt.map { $0 <= bench.world.now } == true)
        #expect(bench.pooled == ["recycled-\(id)": pooled])
    }

    @Test(
        "What the provider says decides what becomes of a key",
        arguments: [
            (RecycledKeyFinding(.known), "ACTIVE", true),
            (RecycledKeyFinding(.known, balance: .usd("0.002")), "ACTIVE", true),
            (RecycledKeyFinding(.known, balance: .usd("0.001999999")), "DEPLETED lowBalance", false),
            (RecycledKeyFinding(.known, balance: .zero), "DEPLETED noFunds", false),
            (RecycledKeyFinding(.known, balance: .zero, otherMeans: true), "ACTIVE", true),
            (RecycledKeyFinding(.noFunds), "DEPLETED noFunds", false),
            (RecycledKeyFinding(.refused(.wrongKey)), "INVALID wrongKey", false),
            (RecycledKeyFinding(.refused(.disabled)), "INVALID disabled", false),
            (RecycledKeyFinding(.unclear(.ipNotAllowed)), "PENDING ipNotAllowed", false),
            (RecycledKeyFinding(.unclear(.banned)), "PENDING banned", false),
            (RecycledKeyFinding(.unclear(.rateLimited)), "PENDING rateLimited", false),
            (RecycledKeyFinding(.unclear(.unreachable)), "PENDING unreachable", false),
        ])
    func findings(finding: RecycledKeyFinding, state: String, isPooled: Bool) throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in finding }
        let id = try bench.submit()
        bench.pass(5)
        #expect(try bench.state(id) == state)
        #expect(!bench.pooled.isEmpty == isPooled)
        if finding.otherMeans { #expect(bench.pooled["recycled-\(id)"]?.balance == nil) }
        // A check that is unclear later changes nothing.
        bench.vendor = { _ in RecycledKeyFinding(.unclear(.unreachable)) }
        bench.pass(2000)
        let expected = state.hasPrefix("PENDING") ? "PENDING unreachable" : state
        #expect(try bench.state(id) == expected)
        #expect(!bench.pooled.isEmpty == isPooled)
    }

    @Test("What could not be found out is asked again after growing pauses, and the key is good in the end")
    func retries() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.unclear(.unreachable)) }
        let id = try bench.submit()
        bench.pass(250)
        let gaps = zip(bench.times(id), bench.times(id).dropFirst()).map { $1.seconds(since: $0) }
        #expect(gaps.count == 4, "\(gaps)")
        for (gap, pause) in zip(gaps, [15.0, 30, 60, 120]) { #expect((pause...pause + 1).contains(gap)) }
        bench.vendor = { _ in RecycledKeyFinding(.known) }
        bench.pass(250)
        #expect(try bench.state(id) == "ACTIVE")
    }

    @Test("A provider that says when to ask again is not asked before")
    func rest() throws {
        let bench = try KeeperBench()
        bench.vendor = { [world = bench.world] _ in
            let until = world.now.milliseconds / 1000 + 900
            let fault = Fault(.banned(.provider, untilUnixSeconds: until))
            return RecycledKeyFinding(.fault(fault), unit: nil, at: world.now)
        }
        let id = try bench.submit()
        bench.pass(1)
        let other = try bench.submit()
        bench.pass(890)
        #expect(bench.times(id).count == 1 && bench.times(other).isEmpty)
        bench.vendor = { _ in RecycledKeyFinding(.known) }
        bench.pass(20)
        #expect(try bench.state(id) == "ACTIVE" && bench.state(other) == "ACTIVE")
    }

    @Test("An empty key that was topped up takes tasks again")
    func toppedUp() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .zero) }
        let id = try bench.submit()
        bench.pass(10)
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("3")) }
        bench.pass(1800)
        #expect(try bench.state(id) == "ACTIVE")
        #expect(bench.pooled["recycled-\(id)"]?.balance == .usd("3"))
    }

    @Test("A key that a task finds empty leaves the pool at once, and its provider is asked")
    func emptied() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("0.9")) }
        let id = try bench.submit()
        bench.pass(1)
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .zero) }
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.noFunds))
        #expect(bench.pooled.isEmpty)
        bench.pass(1)
        #expect(try bench.state(id) == "DEPLETED noFunds")
        #expect(bench.times(id).count == 2)
        #expect(bench.history(id) == [.pending, .active, .depleted])
    }

    @Test("Where nobody tells the balance, an empty key is not taken for full at once")
    func emptiedUnknown() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.known) }
        let id = try bench.submit()
        bench.pass(1)
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.noFunds))
        bench.pass(1000)
        #expect(try bench.state(id) == "DEPLETED noFunds")
        bench.pass(2700)
        #expect(try bench.state(id) == "ACTIVE")
    }

    @Test("A key that can pay by other means stays active when the balance is said to be empty")
    func otherMeans() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .zero, otherMeans: true) }
        let id = try bench.submit()
        bench.pass(1)
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.noFunds))
        bench.pass(1)
        #expect(try bench.state(id) == "ACTIVE")
        #expect(bench.times(id).count == 2 && bench.pooled.count == 1)
    }

    @Test(
        "A key that a task finds wrong or disabled is no good at once, and nobody asks about it once more",
        arguments: [(Fault.Kind.invalidKey, "INVALID wrongKey"), (.keyDisabled, "INVALID disabled")])
    func faults(kind: Fault.Kind, state: String) throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        bench.keeper.attemptFailed(at: "a", with: "config-1", Fault(.noFunds))
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.overloaded))
        bench.pass(1)
        #expect(try bench.state(id) == "ACTIVE")
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(kind))
        #expect(bench.pooled.isEmpty)
        bench.pass(1)
        #expect(try bench.state(id) == state)
        bench.pass(4000)
        #expect(bench.times(id).count == 1)
        // The vendor counts it, also for a host that starts anew.
        #expect(
            try (bench.store.store as any Store).refusedRecycledKeys(since: .init(milliseconds: 0))["a"]?.count == 1)
    }

    @Test("A key that tasks find empty while its provider tells a balance stays DEPLETED until more is told, or long")
    func contradicted() throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        // The pauses after which it is tried all the same grow.
        for pause in [1800.0, 3600, 7200] {
            bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.noFunds))
            bench.pass(pause - 10)
            #expect(try bench.state(id) == "DEPLETED noFunds" && bench.pooled.isEmpty, "\(pause)")
            // It is looked at every half hour.
            bench.pass(1820)
            #expect(try bench.state(id) == "ACTIVE", "\(pause)")
        }
        bench.keeper.attemptFailed(at: "a", with: "recycled-\(id)", Fault(.noFunds))
        bench.pass(1)
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("5.000000001")) }
        bench.pass(1800)
        #expect(try bench.state(id) == "ACTIVE")
        #expect(bench.history(id).count == 10)
    }

    @Test("What tasks cost that begin and end while a check is under way is no drift, and no lasting beginning")
    func duringCheck() throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        bench.answerSeconds = 8...8
        bench.keeper.check(try bench.key(id), .asked) { _ in }
        bench.pass(1)
        // The balance is of now; these come after it, and are over before it arrives.
        try bench.solve(with: id, times: 3, cost: "0.5")
        bench.pass(8)
        #expect(try bench.key(id).funds.drift.total == .zero)
        #expect(try !bench.key(id).life.isSuspended)
        bench.answerSeconds = 0.1...0.1
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("3.5")) }
        bench.pass(300)
        #expect(try bench.key(id).funds.drift.total == .zero)
        // It has risen: counting begins anew with a reading that is in doubt the same way.
        bench.answerSeconds = 8...8
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("9")) }
        bench.keeper.check(try bench.key(id), .asked) { _ in }
        bench.pass(1)
        try bench.solve(with: id, times: 3, cost: "0.1")
        bench.pass(8)
        bench.answerSeconds = 0.1...0.1
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("8.7")) }
        bench.pass(300)
        #expect(try bench.key(id).funds.drift.total == .zero)
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("8.6")) }
        bench.pass(300)
        #expect(try bench.key(id).funds.drift.total == .usd("0.1"), "and from then on it is exact")
    }

    @Test("A key that the configuration has got meanwhile is claimed by it at the next start")
    func configured() throws {
        let bench = try KeeperBench()
        let id = try bench.submit(), other = try bench.submit()
        bench.pass(1)
        bench.configured = [id]
        bench.start()
        bench.pass(1)
        #expect(try bench.state(id) == "INVALID claimed")
        #expect(try bench.state(other) == "ACTIVE" && bench.pooled.count == 1)
    }

    @Test("Whoever asks is told whether the provider has answered")
    func answered() throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        var answers: [Bool] = []
        func ask() throws {
            nonisolated(unsafe) let note = { (isAnswered: Bool) in answers.append(isAnswered) }
            bench.keeper.check(try bench.key(id), .asked) { note($0.isAnswered) }
            bench.pass(40)
        }
        try ask()
        bench.vendor = { _ in RecycledKeyFinding(.unclear(.unreachable)) }
        try ask()
        bench.vendor = { _ in RecycledKeyFinding(.known) }
        bench.answerSeconds = 30...30
        try ask()
        bench.answerSeconds = 0.1...0.1
        bench.unusable = [id.number]
        try ask()
        bench.unusable = []
        for _ in 0..<3 { bench.keeper.wrongKey(at: "a") }
        try ask()
        #expect(answers == [true, false, false, false, false])
    }

    @Test("A wrong key that is handed over again is asked about again")
    func submittedAgain() throws {
        let bench = try KeeperBench()
        bench.vendor = { _ in RecycledKeyFinding(.refused(.wrongKey)) }
        let id = try bench.submit()
        bench.pass(1)
        bench.vendor = { _ in RecycledKeyFinding(.known) }
        bench.event(.submitted, id)
        bench.pass(1)
        #expect(try bench.state(id) == "ACTIVE")
    }

    @Test("A key whose drift is beyond the threshold stays active and takes no tasks until it is resumed")
    func drift() throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        // It is used elsewhere.
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("3.9")) }
        bench.pass(300)
        #expect(try bench.key(id).life.isSuspended && bench.state(id) == "ACTIVE")
        #expect(bench.pooled.isEmpty)
        bench.pass(3000)
        #expect(bench.times(id).count > 10)
        bench.event(.resumed, id)
        bench.pass(400)
        #expect(try !bench.key(id).life.isSuspended)
        #expect(bench.pooled.count == 1)
    }

    @Test("Tasks that are open with a key while it is checked are no drift")
    func openTasks() throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        bench.open["recycled-\(id)"] = 2000
        bench.vendor = { _ in RecycledKeyFinding(.known, balance: .usd("3")) }
        bench.pass(300)
        #expect(try bench.key(id).funds.drift.total == .zero)
        #expect(bench.pooled.count == 1)
    }

    @Test("A REMOVED key leaves the pool at once, and is erased when its last task has ended")
    func removed() throws {
        let bench = try KeeperBench()
        let id = try bench.submit()
        bench.pass(1)
        bench.open["recycled-\(id)"] = 1
        bench.event(.removed, id)
        bench.pass(60)
        #expect(try bench.state(id) == "REMOVED" && !bench.key(id).life.isErased)
        #expect(bench.pooled.isEmpty && bench.held == [id])
        bench.start()
        bench.pass(60)
        #expect(try !bench.key(id).life.isErased)
        #expect(bench.held == [id])
        bench.open = [:]
        bench.pass(5)
        #expect(try bench.key(id).life.isErased)
        #expect(bench.held.isEmpty)
        #expect(bench.sealed.isEmpty)
        #expect(bench.times(id).count == 1)
        // The same key again is a new one.
        let again = try bench.submit(fingerprint: 1)
        bench.pass(1)
        #expect(try bench.state(again) == "ACTIVE")
    }
}
