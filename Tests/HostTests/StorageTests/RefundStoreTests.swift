import Domain
import GRDB
import ProviderKit
import Storage
import Testing

@Suite("Refunds, in every store")
struct RefundStoreTests {
    private static let day = 86_400.0
    /// 1,700,000,000 s is 22:13:20 of a day in UTC, 6,400 s before its end.
    private static let untilMidnight = 6_400.0

    private func solve(
        _ fixture: StoreFixture, price: Int64 = 300, credential: String? = nil, cost: Int64 = 0
    ) throws -> TaskID {
        var task = fixture.newTask([price])
        task.candidates[0].credential = credential
        guard case .success(.accepted(let accepted)) = try fixture.commit(.accept(task)) else { throw Unexpected([]) }
        let outcome = TaskOutcome.solved(solution: [1], price: money(price), cost: money(cost))
        _ = try fixture.commit(.settle(accepted.id, attempt: 1, AttemptEnd(.solved), outcome)).get()
        return accepted.id
    }

    private func refund(
        _ fixture: StoreFixture, _ task: TaskID, limit: Int64 = 10_000, after seconds: Double = 0
    ) throws -> Result<StoreReply, StoreRefusal> {
        let operation = StoreOperation.refund(task, of: fixture.account, dailyLimit: money(limit))
        return try #require(
            try fixture.store.commit([operation], at: StoreFixture.start.adding(seconds: seconds)).first)
    }

    @Test("A solved task's charge is given back once, from the platform's refunds", arguments: StoreKind.allCases)
    func refunded(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try solve(fixture, price: 300, cost: 40)
        #expect(try fixture.amounts() == [700, 0])
        #expect(try refund(fixture, task) == .success(.refunded(money(300))))
        #expect(try fixture.amounts() == [1_000, 0])
        #expect(try refund(fixture, task) == .failure(.alreadyRefunded))
        #expect(try fixture.amounts() == [1_000, 0])
        #expect(try fixture.store.verifyLedger().transactions == 3)
        try fixture.expectSoundLedger()
    }

    @Test("Two refunds of a task in one batch are one", arguments: StoreKind.allCases)
    func batch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let first = try solve(fixture), second = try solve(fixture)
        let operations = [first, first, second].map {
            StoreOperation.refund($0, of: fixture.account, dailyLimit: money(599))
        }
        let results = try fixture.store.commit(operations, at: StoreFixture.start)
        #expect(results == [.success(.refunded(money(300))), .failure(.alreadyRefunded), .failure(.refundLimit)])
        #expect(try fixture.amounts() == [700, 0])
        try fixture.expectSoundLedger()
    }

    @Test("What was not charged, or to another account, is not given back", arguments: StoreKind.allCases)
    func refusals(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let open = try fixture.accept([100]), failed = try fixture.accept([100])
        _ = try fixture.commit(
            .settle(failed.id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "")))
        let free = try solve(fixture, price: 0), freeButCostly = try solve(fixture, price: 0, cost: 7)
        let charged = try solve(fixture)
        for task in [open.id, failed.id, free, freeButCostly] {
            #expect(try refund(fixture, task) == .failure(.notCharged), "\(task)")
        }
        #expect(try refund(fixture, #require(TaskID(99))) == .failure(.unknownTask))
        let stranger = try StoreFixture.createAccount(in: fixture.store)
        let wanted = StoreOperation.refund(charged, of: stranger, dailyLimit: .most)
        try fixture.expect(.failure(.unknownTask), wanted)
        #expect(try fixture.amounts() == [700, 100])
        #expect(try fixture.store.account(stranger)?.balance == .zero)
        try fixture.expectSoundLedger()
    }

    @Test("An account is refunded up to its limit on each day in UTC", arguments: StoreKind.allCases)
    func dailyLimit(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 10_000)
        let tasks = try (0..<5).map { _ in try solve(fixture) }
        let midnight = RefundStoreTests.untilMidnight
        #expect(try refund(fixture, tasks[0], limit: 299) == .failure(.refundLimit))
        #expect(try refund(fixture, tasks[0], limit: 600) == .success(.refunded(money(300))))
        #expect(try refund(fixture, tasks[1], limit: 600, after: midnight - 1) == .success(.refunded(money(300))))
        #expect(try refund(fixture, tasks[2], limit: 600, after: midnight - 1) == .failure(.refundLimit))
        #expect(try refund(fixture, tasks[2], limit: 600, after: midnight) == .success(.refunded(money(300))))
        #expect(try refund(fixture, tasks[3], limit: 599, after: midnight + 9) == .failure(.refundLimit))
        let nextDay = midnight + RefundStoreTests.day
        #expect(try refund(fixture, tasks[3], limit: 599, after: nextDay - 1) == .failure(.refundLimit))
        #expect(try refund(fixture, tasks[3], limit: 599, after: nextDay) == .success(.refunded(money(300))))
        #expect(try refund(fixture, tasks[4], limit: 0, after: 9 * nextDay) == .failure(.refundLimit))
        try fixture.expectSoundLedger()
    }

    @Test("The limit is each account's own", arguments: StoreKind.allCases)
    func limitOfAccount(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let mine = try solve(fixture)
        let stranger = try StoreFixture.createAccount(in: fixture.store)
        _ = try fixture.commit(.deposit(stranger, money(300), reference: nil))
        var task = fixture.newTask([300])
        task.account = stranger
        guard case .success(.accepted(let theirs)) = try fixture.commit(.accept(task)) else { throw Unexpected([]) }
        let outcome = TaskOutcome.solved(solution: [1], price: money(300), cost: .zero)
        _ = try fixture.commit(.settle(theirs.id, attempt: 1, AttemptEnd(.solved), outcome)).get()
        #expect(try refund(fixture, mine, limit: 300) == .success(.refunded(money(300))))
        try fixture.expect(
            .success(.refunded(money(300))), .refund(theirs.id, of: stranger, dailyLimit: money(300)))
        #expect(try fixture.store.account(stranger)?.balance == money(300))
        try fixture.expectSoundLedger()
    }

    @Test("A balance that cannot grow further is refused its refund, and the others of the batch are not")
    func bound() throws {
        let fixture = try StoreFixture(.sqlite)
        let task = try solve(fixture)
        let path = fixture.directory.path + "/store.db"
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "UPDATE accounts SET balance = \(Money.bound - 299)") }
        try queue.close()
        let results = try fixture.store.commit(
            [.refund(task, of: fixture.account, dailyLimit: .most), .createAccount(name: "")], at: StoreFixture.start)
        #expect(results.first == .failure(.badAmount))
        #expect(results.count == 2)
        #expect(try fixture.amounts() == [Money.bound - 299, 0])
    }

    @Test("A commit that fails leaves the task to be refunded", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try solve(fixture)
        var keyless = fixture.newTask([10])
        keyless.key = 99
        let usage = UsageQuery(account: fixture.account, days: 0...Int64.max)
        let before = try fixture.store.usage(usage)
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(
                [.refund(task, of: fixture.account, dailyLimit: .most), .accept(keyless)], at: StoreFixture.start)
        }
        #expect(try fixture.store.usage(usage) == before)
        try fixture.expectSoundLedger()
        #expect(try refund(fixture, task, limit: 300) == .success(.refunded(money(300))))
        try fixture.expectSoundLedger()
    }

    @Test("A key that is not the account's own is no reason against a refund", arguments: StoreKind.allCases)
    func othersKey(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        for credential in ["vault-1", "platform", "recycled-", "recycled-99", "recycled-x"] {
            let task = try solve(fixture, price: 10, credential: credential)
            #expect(try refund(fixture, task) == .success(.refunded(money(10))), "\(credential)")
        }
    }
}
