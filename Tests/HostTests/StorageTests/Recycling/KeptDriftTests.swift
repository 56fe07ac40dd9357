import Domain
import Storage
import Testing

@Suite("What has come together against a key, when it changes hands, in every store")
struct KeptDriftTests {
    /// A key from which the provider has deducted more than was recorded.
    private func drifted(_ fixture: RecyclingFixture, by nanos: Int64) throws -> ProviderKeyID {
        let id = try fixture.activate(of: fixture.owner)
        try fixture.check(id, RecycledKeyCheck(.good, balance: money(9_000)))
        try fixture.check(id, RecycledKeyCheck(.good, balance: money(9_000 - nanos)))
        return id
    }

    private func remove(_ id: ProviderKeyID, _ fixture: RecyclingFixture) throws {
        try fixture.event(id, .removed)
        #expect(try fixture.event(id, .drained).life.isErased)
    }

    @Test(
        "A key that was suspended is suspended when it is handed over again, by whomever, until it is resumed",
        arguments: StoreKind.allCases)
    func suspended(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        var id = try drifted(fixture, by: 2_000)
        #expect(try fixture.store.recycledKey(id)?.life.isSuspended == true)
        for account in [fixture.owner, fixture.other, fixture.other] {
            try remove(id, fixture)
            id = try fixture.submit(of: account)
            let key = try fixture.check(id, RecycledKeyCheck(.good, balance: money(7_000)))
            #expect(key.life.state == .active && key.life.isSuspended && !key.life.takesTasks)
            #expect(key.funds.drift.suspendedBy == .drift && key.funds.drift.total == money(2_000))
            #expect(try fixture.store.history(ofRecycledKey: id).first?.life.isSuspended == true)
        }
        #expect(try fixture.event(id, .resumed).life.takesTasks)
        try remove(id, fixture)
        id = try fixture.activate(of: fixture.owner)
        #expect(try fixture.store.recycledKey(id)?.life.takesTasks == true)
    }

    @Test("What is below the bound counts on, for ninety days", arguments: StoreKind.allCases)
    func below(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try drifted(fixture, by: 600)
        try remove(id, fixture)
        let second = try fixture.submit(of: fixture.other)
        try fixture.check(second, RecycledKeyCheck(.good, balance: money(8_400)))
        let key = try fixture.check(second, RecycledKeyCheck(.good, balance: money(7_900)))
        #expect(key.funds.drift.total == money(1_100) && key.life.isSuspended)
        // Another key is another matter.
        #expect(try fixture.store.recycledKey(fixture.activate(of: fixture.owner, print: 8))?.life.takesTasks == true)
    }

    @Test("It is forgotten after a while, but for a suspended key's", arguments: StoreKind.allCases)
    func forgotten(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        func handOver(_ print: UInt8, after seconds: Double) throws -> RecycledKey {
            let sealed = try fixture.seal(of: fixture.owner, print: print)
            return try fixture.commit(.submit(sealed, masked: ""), after: seconds)
        }
        for (print, nanos) in [(9, 600), (8, 5_000), (7, 0)] as [(UInt8, Int64)] {
            let id = try fixture.activate(of: fixture.owner, print: print)
            try fixture.check(id, RecycledKeyCheck(.good, balance: money(9_000)))
            try fixture.check(id, RecycledKeyCheck(.good, balance: money(9_000 - nanos)))
            // What is old is forgotten when something is kept, or found clean.
            try fixture.event(id, .removed, after: print == 7 ? Limits.keptDriftSeconds + 1 : 0)
        }
        let late = Limits.keptDriftSeconds + 2
        #expect(try handOver(9, after: late).funds.drift == BalanceDrift())
        #expect(try handOver(8, after: late).life.isSuspended)
    }

    /// When the task is solved that is open with a key while that is taken out and handed over again.
    enum Solved: CaseIterable { case before, between, whileNew, afterReading }

    @Test(
        "What is credited between two balances shows although the key is taken out and handed over in between",
        arguments: StoreKind.allCases, Solved.allCases)
    func betweenBalances(kind: StoreKind, solved: Solved) throws {
        let fixture = try RecyclingFixture(kind)
        for (balance, missing) in [(9_000, 80), (8_950, solved == .afterReading ? 80 : 30), (8_000, 0)] {
            let first = try fixture.activate(of: fixture.owner)
            try fixture.check(first, RecycledKeyCheck(.good, balance: money(9_000)))
            let task = try fixture.accept(fixture.candidate(first))
            if solved == .before { try fixture.solve(task) }
            try fixture.event(first, .removed)
            if solved == .between { try fixture.solve(task) }
            let second = try fixture.submit(of: fixture.other)
            if solved == .whileNew { try fixture.solve(task) }
            // What was used elsewhere while the key was not here is its owner's affair.
            try fixture.check(second, RecycledKeyCheck(.good, balance: money(Int64(balance))))
            if solved == .afterReading { try fixture.solve(task) }
            let drift = try #require(try fixture.store.recycledKey(second)).funds.drift
            #expect(drift.unseen == money(missing == 0 && solved == .afterReading ? 80 : Int64(missing)))
            #expect(drift.total == .zero)
            // It goes on to whoever is next, and is over when the operator has looked into it.
            try remove(second, fixture)
            let third = try fixture.activate(of: fixture.owner)
            #expect(try fixture.store.recycledKey(third)?.funds.drift.unseen == drift.unseen)
            try fixture.event(third, .resumed)
            try remove(third, fixture)
            try fixture.event(first, .drained)
        }
    }

    @Test("Taking a key out before each balance is read does not keep it from its bound", arguments: StoreKind.allCases)
    func evading(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind, balance: 100_000)
        var isSuspended = false
        for _ in 0..<20 where !isSuspended {
            let id = try fixture.submit(of: fixture.owner)
            let reading = RecyclingOperation.checked(
                id, RecycledKeyCheck(.good, balance: money(9_000)), .init(drift: .most, unseen: money(1_000)))
            isSuspended = try fixture.commit(reading).life.isSuspended
            try fixture.solve(fixture.accept(fixture.candidate(id)))
            try remove(id, fixture)
        }
        #expect(isSuspended, "thirteen of its solves cost nothing")
    }

    @Test(
        "It comes along from a key that is INVALID, whose owner goes on from what it has", arguments: StoreKind.allCases
    )
    func invalid(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let first = try drifted(fixture, by: 2_000)
        try fixture.check(first, RecycledKeyCheck(.refused(.disabled)))
        let second = try fixture.submit(of: fixture.other)
        #expect(try fixture.store.recycledKey(second)?.life.isSuspended == true)
        try fixture.event(second, .resumed)
        try fixture.event(second, .removed)
        // The operator has looked into it; the row of the first owner says what it said.
        let own = try fixture.event(first, .submitted)
        #expect(own.life.isSuspended && own.funds.drift.total == money(2_000))
        try fixture.check(first, RecycledKeyCheck(.refused(.disabled)))
        try fixture.event(first, .resumed)
        #expect(try fixture.store.recycledKey(fixture.submit(of: fixture.other))?.life.isSuspended == false)
    }
}
