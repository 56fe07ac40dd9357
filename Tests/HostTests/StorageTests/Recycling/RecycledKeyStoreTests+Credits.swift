import Domain
import Storage
import Testing

/// What owners are credited when attempts with their keys end.
extension RecycledKeyStoreTests {
    /// An end of a task's only attempt, and what the key's owner gets for it: the price is 100, the snapshot 80.
    struct End: Sendable, CustomTestStringConvertible {
        let state: Attempt.State
        var reported: Int64?
        var snapshot: Int64 = 80
        let credit: Int64

        var testDescription: String { "\(state), reported \(reported.map(String.init) ?? "nothing")" }
    }

    static let ends = [
        End(state: .solved, credit: 80),
        End(state: .solved, reported: 70, credit: 70),
        End(state: .solved, reported: 0, credit: 0),
        End(state: .solved, snapshot: 0, credit: 0),
        // Above what the client has reserved: that is the platform's loss.
        End(state: .solved, reported: 5_000, credit: 5_000),
        // What nobody can mean.
        End(state: .solved, reported: Money.bound, credit: 80),
        End(state: .solved, reported: -3, credit: 80),
        End(state: .lost, credit: 80),
        End(state: .lost, reported: 90, credit: 90),
        End(state: .failed, credit: 0),
        End(state: .failed, reported: 90, credit: 0),
    ]

    @Test("An attempt's end credits the owner of its key", arguments: StoreKind.allCases, ends)
    func credit(kind: StoreKind, end: End) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.other)
        let task = try fixture.accept(fixture.candidate(id, cost: end.snapshot))
        let attemptEnd = AttemptEnd(end.state, reportedCost: end.reported.map(money))
        let outcome =
            end.state == .solved
            ? TaskOutcome.solved(solution: [1], price: money(100), cost: money(max(end.reported ?? end.snapshot, 0)))
            : .failed(code: .unsolvable, detail: "")
        let charged: Int64 = end.state == .solved ? 100 : 0
        try fixture.fixture.expect(
            .success(.settled(charged: money(charged))), .settle(task, attempt: 1, attemptEnd, outcome))
        #expect(try fixture.balance(of: fixture.other) == end.credit)
        #expect(try fixture.credited(id) == end.credit)
        #expect(try fixture.fixture.amounts() == [1_000 - charged, 0])
        let transactions = 1 + (charged > 0 ? 1 : 0) + (end.credit > 0 ? 1 : 0)
        #expect(try fixture.store.verifyLedger().transactions == transactions)
        try fixture.fixture.expectSoundLedger()
    }

    @Test(
        "Each attempt of a task credits its own key's owner, and those of the platform nobody",
        arguments: StoreKind.allCases)
    func attempts(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let mine = try fixture.activate(of: fixture.owner, print: 1)
        let theirs = try fixture.activate(of: fixture.other, print: 2)
        let task = try fixture.accept(fixture.candidate(theirs, cost: 7))
        func next(_ ended: Int, _ state: Attempt.State, _ candidate: Candidate) throws {
            guard
                case .success(.attempt) = try fixture.fixture.commit(
                    .nextAttempt(task, ended: ended, AttemptEnd(state), next: candidate))
            else { throw Unexpected([]) }
        }
        try next(1, .lost, fixture.candidate(mine, cost: 11))
        #expect(try fixture.balance(of: fixture.other) == 7)
        try next(2, .lost, fixture.candidate(nil, cost: 13))
        try next(3, .lost, fixture.candidate(theirs, cost: 17))
        try next(4, .failed, fixture.candidate(mine, cost: 19))
        try fixture.fixture.expect(
            .success(.settled(charged: money(100))),
            .settle(
                task, attempt: 5, AttemptEnd(.solved), .solved(solution: [1], price: money(100), cost: money(19))))
        #expect(try fixture.balance(of: fixture.other) == 7)
        #expect(try fixture.balance(of: fixture.owner) == 1_000 + 11 - 100 + 19)
        #expect(try [fixture.credited(mine), fixture.credited(theirs)] == [30, 7])
        try fixture.fixture.expectSoundLedger()
    }

    @Test("An own key's solve pays its own charge, whoever comes first in the batch", arguments: StoreKind.allCases)
    func ownKey(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind, balance: 100)
        let id = try fixture.activate(of: fixture.owner)
        let first = try fixture.accept(fixture.candidate(id, price: 100, cost: 100))
        try fixture.solve(first, price: 100, cost: 100)
        #expect(try fixture.fixture.amounts() == [100, 0])
        // A credit can be spent within the batch that it came in.
        let second = try fixture.accept(fixture.candidate(id, price: 100, cost: 100))
        let settle = StoreOperation.settle(
            second, attempt: 1, AttemptEnd(.solved), .solved(solution: [], price: money(100), cost: money(100)))
        let next = fixture.fixture.newTask([100])
        let results = try fixture.store.commit([.accept(next), settle, .accept(next)], at: StoreFixture.start)
        #expect(results[0] == .failure(.insufficientBalance))
        guard case .success(.accepted) = results[2] else { throw Unexpected(results) }
        #expect(try fixture.fixture.amounts() == [100, 100])
        try fixture.fixture.expectSoundLedger()
    }

    @Test(
        "A key that is suspended, REMOVED or of a suspended owner is credited all the same",
        arguments: StoreKind.allCases)
    func outOfThePool(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.other)
        let tasks = try (0..<4).map { _ in try fixture.accept(fixture.candidate(id)) }
        try fixture.solve(tasks[0])
        try fixture.event(id, .drifted)
        try fixture.solve(tasks[1])
        try fixture.event(id, .removed)
        try fixture.solve(tasks[2])
        try fixture.fixture.expect(.success(.done), .setSuspended(fixture.other, true))
        try fixture.solve(tasks[3])
        #expect(try fixture.balance(of: fixture.other) == 320)
        #expect(try fixture.store.account(fixture.other)?.suspended == true)
        #expect(try fixture.event(id, .drained).funds.credited == money(320))
        try fixture.fixture.expectSoundLedger()
    }

    @Test("A check and the credits of its batch see each other", arguments: StoreKind.allCases)
    func checkAmongCredits(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.other)
        try fixture.check(id, RecycledKeyCheck(.good, balance: money(1_000)))
        let tasks = try (0..<2).map { _ in try fixture.accept(fixture.candidate(id)) }
        func settle(_ task: TaskID) -> StoreOperation {
            .settle(task, attempt: 1, AttemptEnd(.solved), .solved(solution: [], price: money(100), cost: money(80)))
        }
        func check(_ balance: Int64) -> StoreOperation {
            .recycling(
                .checked(
                    id, RecycledKeyCheck(.good, balance: money(balance)), .init(drift: RecyclingFixture.threshold)))
        }
        let results = try fixture.store.commit(
            [settle(tasks[0]), check(920), settle(tasks[1]), check(840)], at: StoreFixture.start)
        let drifts = results.compactMap { result -> Money? in
            guard case .success(.recycledKey(let key)) = result else { return nil }
            return key.funds.drift.total
        }
        #expect(drifts == [.zero, .zero])
        #expect(try fixture.credited(id) == 160)
        try fixture.fixture.expectSoundLedger()
    }

    @Test("A task is settled once, and so is its credit", arguments: StoreKind.allCases)
    func creditedOnce(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.other)
        let task = try fixture.accept(fixture.candidate(id))
        let lost = StoreOperation.nextAttempt(task, ended: 1, AttemptEnd(.lost), next: fixture.candidate(nil))
        let results = try fixture.store.commit([lost, lost], at: StoreFixture.start)
        #expect(results[1] == .failure(.notTheLastAttempt))
        let fail = StoreOperation.settle(task, attempt: 2, AttemptEnd(.lost), .failed(code: .unsolvable, detail: ""))
        _ = try fixture.store.commit([fail, fail, lost], at: StoreFixture.start)
        #expect(try fixture.balance(of: fixture.other) == 80)
        try fixture.fixture.expectSoundLedger()
    }

    @Test("A refused settlement credits nobody", arguments: StoreKind.allCases)
    func refusedSettlement(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.other)
        let task = try fixture.accept(fixture.candidate(id))
        try fixture.fixture.expect(
            .failure(.badAmount),
            .settle(task, attempt: 1, AttemptEnd(.solved), .solved(solution: [], price: money(-1), cost: .zero)))
        try fixture.fixture.expect(
            .failure(.badAmount),
            .nextAttempt(task, ended: 1, AttemptEnd(.lost), next: fixture.candidate(nil, price: -1)))
        #expect(try fixture.balance(of: fixture.other) == 0)
        #expect(try fixture.credited(id) == 0)
    }

    @Test(
        "A key that nobody knows keeps no task from being settled, and a verification finds it",
        arguments: StoreKind.allCases)
    func unknownKey(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let task = try fixture.accept(fixture.candidate(ProviderKeyID(99)))
        try fixture.solve(task)
        #expect(try fixture.fixture.amounts() == [900, 0])
        let problems = try fixture.store.verifyLedger().problems
        #expect(problems.contains { $0.contains("attempt 1 of task 1 used recycled key 99, which does not exist") })
    }

    @Test("An account at the bound for deposits takes no more of them, and every credit", arguments: StoreKind.allCases)
    func bound(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let most = Limits.depositedBalanceNanos
        try fixture.fixture.expect(
            .success(.deposited(posted: true)), .deposit(fixture.other, money(most), reference: nil))
        try fixture.fixture.expect(.failure(.badAmount), .deposit(fixture.other, money(1), reference: nil))
        try fixture.fixture.expect(.failure(.badAmount), .createAccount(name: "rich", deposit: money(most + 1)))
        let id = try fixture.activate(of: fixture.other)
        let task = try fixture.accept(fixture.candidate(id))
        try fixture.solve(task, reported: Limits.reportedCostNanos)
        #expect(try fixture.balance(of: fixture.other) == most + Limits.reportedCostNanos)
        try fixture.fixture.expectSoundLedger()
    }
}
