import Domain
import ProviderKit
import Storage
import Testing

@Suite("Refunds and histories of recycled keys, in every store")
struct RecycledHistoryTests {
    /// A task of the fixture's account that was solved through the key for 100, at a cost of 80.
    private func solve(_ fixture: RecyclingFixture, _ key: ProviderKeyID?) throws -> TaskID {
        var task = fixture.fixture.newTask([100])
        task.candidates = [fixture.candidate(key, price: 100, cost: 80)]
        guard case .success(.accepted(let accepted)) = try fixture.fixture.commit(.accept(task)) else {
            throw Unexpected([])
        }
        let outcome = TaskOutcome.solved(solution: [1], price: money(100), cost: money(80))
        _ = try fixture.fixture.commit(.settle(accepted.id, attempt: 1, AttemptEnd(.solved), outcome)).get()
        return accepted.id
    }

    @Test(
        "A task that the account's own key has solved is not refunded, also when the key is removed",
        arguments: StoreKind.allCases)
    func ownKey(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let own = try fixture.activate(of: fixture.owner, print: 1)
        let others = try fixture.activate(of: fixture.other, print: 2)
        let mine = try solve(fixture, own), theirs = try solve(fixture, others)
        let platform = try solve(fixture, nil)
        func refund(_ task: TaskID) throws -> Result<StoreReply, StoreRefusal> {
            try fixture.fixture.commit(.refund(task, of: fixture.owner, dailyLimit: .most))
        }
        #expect(try refund(mine) == .failure(.solvedByOwnKey))
        try fixture.event(own, .removed)
        #expect(try refund(mine) == .failure(.solvedByOwnKey))
        #expect(try refund(theirs) == .success(.refunded(money(100))))
        #expect(try refund(platform) == .success(.refunded(money(100))))
        try fixture.fixture.expectSoundLedger()
        // The owner of the key keeps what the provider took.
        #expect(try fixture.store.account(fixture.other)?.balance == money(80))
    }

    @Test(
        "A credit names the attempt's provider and key, also when it was not the task's last attempt",
        arguments: StoreKind.allCases)
    func credits(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let key = try fixture.activate(of: fixture.other, print: 1)
        var task = fixture.fixture.newTask([100])
        task.candidates = [fixture.candidate(key, price: 100, cost: 80)]
        guard case .success(.accepted(let accepted)) = try fixture.fixture.commit(.accept(task)) else {
            throw Unexpected([])
        }
        let next = Candidate(provider: "b", credential: "config-1", price: money(50), cost: money(40))
        _ = try fixture.fixture.commit(.nextAttempt(accepted.id, ended: 1, AttemptEnd(.lost), next: next)).get()
        let outcome = TaskOutcome.solved(solution: [1], price: money(50), cost: money(40))
        _ = try fixture.fixture.commit(.settle(accepted.id, attempt: 2, AttemptEnd(.solved), outcome)).get()
        let credit = try #require(
            try fixture.store.transactions(TransactionQuery(account: fixture.other, limit: 9)).first)
        #expect(credit.kind == .recycleCredit && credit.amount == money(80) && credit.task == accepted.id)
        #expect(credit.provider == "a" && credit.recycledKey == key)
        let query = TransactionQuery(account: fixture.owner, kinds: [.taskCharge], limit: 9)
        let charge = try #require(try fixture.store.transactions(query).first)
        #expect(charge.provider == "b" && charge.recycledKey == nil)
        #expect(
            try fixture.store.totals(of: fixture.other)?.kinds == [.init(.recycleCredit, count: 1, amount: money(80))])
        #expect(try fixture.store.totals(of: fixture.other)?.addsUp == true)
    }
}
