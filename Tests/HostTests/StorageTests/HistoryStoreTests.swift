import Domain
import ProviderKit
import Storage
import Testing

@Suite("Histories, in every store")
struct HistoryStoreTests {
    private static let today = UTCDay(of: StoreFixture.start).number

    private func at(_ seconds: Double) -> Timestamp { StoreFixture.start.adding(seconds: seconds) }

    private func commit(_ fixture: StoreFixture, _ operation: StoreOperation, after seconds: Double) throws
        -> StoreReply
    {
        try #require(try fixture.store.commit([operation], at: at(seconds)).first).get()
    }

    /// Accepts a task and settles it so many seconds after the start.
    private func end(
        _ fixture: StoreFixture, _ task: NewTask, price: Int64?, cost: Int64 = 0, after seconds: Double
    ) throws -> TaskID {
        guard case .accepted(let accepted) = try commit(fixture, .accept(task), after: seconds) else {
            throw Unexpected([])
        }
        let outcome: TaskOutcome =
            price.map { .solved(solution: [1], price: money($0), cost: money(cost)) }
            ?? .failed(code: .unsolvable, detail: "")
        let end = AttemptEnd(price == nil ? .failed : .solved)
        _ = try commit(fixture, .settle(accepted.id, attempt: 1, end, outcome), after: seconds)
        return accepted.id
    }

    /// Transactions 1 deposit, 2 deposit of another account, 3 charge, 4 charge of the other, 5 deposit, 6 refund of 3.
    private func fixture(_ kind: StoreKind) throws -> (fixture: StoreFixture, other: AccountID) {
        let fixture = try StoreFixture(kind)
        let other = try StoreFixture.createAccount(in: fixture.store)
        _ = try commit(fixture, .deposit(other, money(500), reference: "x"), after: 1)
        let mine = try end(fixture, fixture.newTask([300]), price: 300, cost: 40, after: 2)
        var task = fixture.newTask([200])
        task.account = other
        _ = try end(fixture, task, price: 200, after: 3)
        _ = try commit(fixture, .deposit(fixture.account, money(50), reference: "r"), after: 4)
        _ = try commit(fixture, .refund(mine, of: fixture.account, dailyLimit: .most), after: 5)
        return (fixture, other)
    }

    @Test(
        "Transactions of an account come newest first, with what they changed and whose work it was",
        arguments: StoreKind.allCases)
    func transactions(kind: StoreKind) throws {
        let (fixture, other) = try fixture(kind)
        let task = try #require(TaskID(1))
        let records = try fixture.store.transactions(TransactionQuery(account: fixture.account, limit: 10))
        #expect(
            records == [
                TransactionRecord(
                    number: 6, kind: .taskRefund, time: at(5), amount: money(300), task: task, provider: "provider0"),
                TransactionRecord(number: 5, kind: .deposit, time: at(4), amount: money(50), reference: "r"),
                TransactionRecord(
                    number: 3, kind: .taskCharge, time: at(2), amount: money(-300), task: task, provider: "provider0"),
                TransactionRecord(number: 1, kind: .deposit, time: at(0), amount: money(1_000)),
            ])
        let others = try fixture.store.transactions(TransactionQuery(account: other, limit: 10))
        #expect(others.map(\.number) == [4, 2])
        #expect(others.map(\.amount.nanos) == [-200, 500])
        #expect(try fixture.store.transactions(TransactionQuery(account: AccountID(9), limit: 10)) == [])
    }

    @Test("They are filtered by kind and time, and paged by number", arguments: StoreKind.allCases)
    func filtered(kind: StoreKind) throws {
        let (fixture, _) = try fixture(kind)
        func numbers(_ change: (inout TransactionQuery) -> Void) throws -> [Int64] {
            var query = TransactionQuery(account: fixture.account, limit: 10)
            change(&query)
            return try fixture.store.transactions(query).map(\.number)
        }
        #expect(try numbers { $0.kinds = [.deposit] } == [5, 1])
        #expect(try numbers { $0.kinds = [.taskCharge, .taskRefund] } == [6, 3])
        #expect(try numbers { $0.kinds = [.recycleCredit, .adjustment] } == [])
        #expect(try numbers { $0.from = at(2) } == [6, 5, 3])
        #expect(try numbers { $0.until = at(4) } == [3, 1])
        #expect(
            try numbers {
                $0.from = at(2)
                $0.until = at(5)
                $0.kinds = [.deposit]
            } == [5])
        #expect(try numbers { $0.limit = 2 } == [6, 5])
        #expect(
            try numbers {
                $0.before = 5
                $0.limit = 1
            } == [3])
        #expect(try numbers { $0.before = 1 } == [])
        #expect(try numbers { $0.before = .min } == [])
        #expect(try numbers { $0.before = 7 } == [6, 5, 3, 1])
        // One of another account.
        #expect(try numbers { $0.before = 4 } == [3, 1])
        #expect(
            try numbers {
                $0.before = 5
                $0.until = at(5)
            } == [3, 1])
        #expect(
            try numbers {
                $0.before = 6
                $0.until = at(2)
            } == [1])
        #expect(try numbers { $0.limit = 0 } == [])
        #expect(try numbers { $0.limit = -1 } == [])
    }

    @Test("A clock that was set back leaves pages by time, each transaction on one", arguments: StoreKind.allCases)
    func clockSetBack(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        for seconds in [5, 3, 3, 9, -1] as [Double] {
            _ = try commit(fixture, .deposit(fixture.account, money(1), reference: nil), after: seconds)
        }
        var pages: [Int64] = []
        var query = TransactionQuery(account: fixture.account, limit: 2)
        while let last = try fixture.store.transactions(query).last {
            pages += try fixture.store.transactions(query).map(\.number)
            query.before = last.number
        }
        #expect(pages == [5, 2, 4, 3, 1, 6])
        query = TransactionQuery(account: fixture.account, from: at(0), until: at(5), limit: 9)
        #expect(try fixture.store.transactions(query).map(\.number) == [4, 3, 1])
    }

    @Test(
        "The provider is that of the attempt that solved; a charge names no recycled key", arguments: StoreKind.allCases
    )
    func provider(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept([300])
        let next = Candidate(provider: "last", credential: "recycled-7", price: money(200), cost: money(50))
        _ = try commit(fixture, .nextAttempt(task.id, ended: 1, AttemptEnd(.failed), next: next), after: 1)
        let outcome = TaskOutcome.solved(solution: [1], price: money(200), cost: .zero)
        _ = try commit(fixture, .settle(task.id, attempt: 2, AttemptEnd(.solved), outcome), after: 2)
        let query = TransactionQuery(account: fixture.account, kinds: [.taskCharge], limit: 1)
        let charge = try #require(try fixture.store.transactions(query).first)
        #expect(charge.provider == "last")
        #expect(charge.recycledKey == nil)
    }

    @Test(
        "Usage is counted by day, key, family and provider, and refunds where the task ended",
        arguments: StoreKind.allCases)
    func usage(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let today = HistoryStoreTests.today
        let second = try commit(
            fixture, .createKey(fixture.account, NewKey(name: "2", hash: .init(repeating: 2, count: 32), scopes: [])),
            after: 0)
        guard case .key(let key) = second else { throw Unexpected([]) }
        let first = try end(fixture, fixture.newTask([30]), price: 30, after: 0)
        _ = try end(fixture, fixture.newTask([40]), price: 20, after: 1)
        _ = try end(fixture, fixture.newTask([50]), price: nil, after: 2)
        var task = fixture.newTask([60])
        task.key = key.id
        _ = try end(fixture, task, price: 60, after: 3)
        task.key = fixture.key.id
        task.family = .turnstile
        _ = try end(fixture, task, price: 60, after: 4)
        // The next day, on which the first task is refunded.
        _ = try end(fixture, fixture.newTask([70]), price: 70, after: 6_400)
        _ = try commit(fixture, .refund(first, of: fixture.account, dailyLimit: .most), after: 6_500)
        let query = UsageQuery(account: fixture.account, days: today...today + 1)
        let row = { (day: Int64, key: Int64, family: TaskFamily) in
            UsageRow(day: day, key: key, provider: "provider0", family: family)
        }
        var expected = [
            row(today, 1, .altcha), row(today, 1, .turnstile), row(today, key.id, .altcha), row(today + 1, 1, .altcha),
        ]
        (expected[0].solved, expected[0].failed, expected[0].charged, expected[0].refunded) = (
            2, 1, money(50), money(30)
        )
        (expected[1].solved, expected[1].charged) = (1, money(60))
        (expected[2].solved, expected[2].charged) = (1, money(60))
        (expected[3].solved, expected[3].charged) = (1, money(70))
        #expect(try fixture.store.usage(query) == expected)
        let one = UsageQuery(account: fixture.account, days: today + 1...today + 1)
        #expect(try fixture.store.usage(one) == [expected[3]])
        #expect(try fixture.store.usage(UsageQuery(account: AccountID(9), days: query.days)) == [])
        try fixture.expectSoundLedger()
    }

    @Test("Tasks of one batch count in one row, and an open task in none", arguments: StoreKind.allCases)
    func usageOfBatch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let tasks = try (0..<4).map { _ in try fixture.accept([10]) }
        let outcome = TaskOutcome.solved(solution: [], price: money(10), cost: .zero)
        let refund = StoreOperation.refund(tasks[0].id, of: fixture.account, dailyLimit: .most)
        let settles = tasks.dropLast().map { StoreOperation.settle($0.id, attempt: 1, AttemptEnd(.solved), outcome) }
        for result in try fixture.store.commit(settles + [refund, settles[0]], at: StoreFixture.start).dropLast() {
            _ = try result.get()
        }
        let query = UsageQuery(account: fixture.account, days: 0...Int64.max)
        #expect(
            try fixture.store.usage(query) == [
                UsageRow(
                    day: HistoryStoreTests.today, key: fixture.key.id, provider: "provider0", family: .altcha,
                    solved: 3, charged: money(30), refunded: money(10))
            ])
        try fixture.expectSoundLedger()
    }

    @Test("An account's totals sum to its balance, and its reservations to what is held", arguments: StoreKind.allCases)
    func totals(kind: StoreKind) throws {
        let (fixture, other) = try fixture(kind)
        _ = try fixture.accept([100])
        _ = try fixture.accept([70])
        let totals = try #require(try fixture.store.totals(of: fixture.account))
        #expect(totals.account == (try fixture.store.account(fixture.account)))
        #expect(
            totals.kinds == [
                .init(.deposit, count: 2, amount: money(1_050)), .init(.taskCharge, count: 1, amount: money(-300)),
                .init(.taskRefund, count: 1, amount: money(300)),
            ])
        #expect(totals.openTasks == 2)
        #expect(totals.reserved == money(170))
        #expect(totals.addsUp)
        let others = try #require(try fixture.store.totals(of: other))
        #expect(others.kinds.map(\.amount.nanos) == [500, -200])
        #expect(others.openTasks == 0 && others.reserved == .zero && others.addsUp)
        #expect(try fixture.store.totals(of: AccountID(9)) == nil)
    }
}
