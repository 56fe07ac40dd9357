import Domain
import Storage
import Testing

@Suite("Settling, in every store")
struct SettleStoreTests {
    private func solved(_ price: Int64, cost: Int64 = 0) -> TaskOutcome {
        .solved(solution: Array("{\"token\":\"t\"}".utf8), price: money(price), cost: money(cost))
    }

    @Test("A solved task is charged its price, and its reservation is released", arguments: StoreKind.allCases)
    func charge(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let task = try fixture.accept([300, 700])
        let settle = StoreOperation.settle(task.id, attempt: 1, AttemptEnd(.solved), solved(300, cost: 40))
        try fixture.expect(.success(.settled(charged: money(300))), settle)
        #expect(try fixture.amounts() == [700, 0])
        let end = try #require(try fixture.store.task(task.id)?.end)
        #expect(end == TaskRecord.End(at: StoreFixture.start, outcome: solved(300, cost: 40)))
        #expect(try fixture.store.openTasks(after: nil, limit: 10).isEmpty)
        #expect(
            try fixture.store.verifyLedger()
                == LedgerReport(accounts: 1, transactions: 2, openReservations: 0, problems: []))
    }

    @Test("No task is charged above its reservation", arguments: StoreKind.allCases)
    func aboveCeiling(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let task = try fixture.accept([300])
        try fixture.expect(
            .success(.settled(charged: money(300))),
            .settle(task.id, attempt: 1, AttemptEnd(.solved), solved(301, cost: 500)))
        #expect(try fixture.amounts() == [700, 0])
        #expect(try fixture.store.task(task.id)?.end?.outcome == solved(300, cost: 500))
        try fixture.expectSoundLedger()
    }

    @Test("A failed task costs nothing", arguments: StoreKind.allCases)
    func failed(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let task = try fixture.accept([300])
        let outcome = TaskOutcome.failed(code: .unsolvable, detail: "The challenge has expired.")
        try fixture.expect(
            .success(.settled(charged: .zero)),
            .settle(task.id, attempt: 1, AttemptEnd(.failed, fault: "unsolvable"), outcome))
        #expect(try fixture.amounts() == [1_000, 0])
        #expect(try fixture.store.task(task.id)?.end?.outcome == outcome)
        #expect(try fixture.store.verifyLedger().transactions == 1)
        try fixture.expectSoundLedger()
    }

    @Test("A task that is free and costs nothing is settled without a transaction", arguments: StoreKind.allCases)
    func free(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        let task = try fixture.accept([0])
        try fixture.expect(
            .success(.settled(charged: .zero)), .settle(task.id, attempt: 1, AttemptEnd(.solved), solved(0)))
        #expect(try fixture.store.verifyLedger().transactions == 0)
        try fixture.expectSoundLedger()
    }

    @Test("A task is settled exactly once, within a batch as well", arguments: StoreKind.allCases)
    func once(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let task = try fixture.accept([300])
        let settle = StoreOperation.settle(task.id, attempt: 1, AttemptEnd(.solved), solved(300))
        let fail = StoreOperation.settle(
            task.id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: ""))
        let results = try fixture.store.commit([settle, settle, fail], at: StoreFixture.start)
        let settled = Result<StoreReply, StoreRefusal>.failure(.taskSettled)
        #expect(results == [.success(.settled(charged: money(300))), settled, settled])
        try fixture.expect(settled, settle)
        let next = task.attempt.candidate
        try fixture.expect(settled, .nextAttempt(task.id, ended: 1, AttemptEnd(.failed), next: next))
        try fixture.expect(settled, .attemptPending(task.id, attempt: 1, providerTask: "late"))
        #expect(try fixture.amounts() == [700, 0])
        try fixture.expectSoundLedger()
    }

    @Test("Only the last attempt settles, and its provider bears the cost", arguments: StoreKind.allCases)
    func lastAttempt(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let task = try fixture.accept([300])
        let next = Candidate(provider: "other", credential: nil, price: money(200), cost: money(50))
        _ = try fixture.commit(.nextAttempt(task.id, ended: 1, AttemptEnd(.failed), next: next))
        try fixture.expect(
            .failure(.notTheLastAttempt), .settle(task.id, attempt: 1, AttemptEnd(.solved), solved(300)))
        try fixture.expect(
            .success(.settled(charged: money(200))),
            .settle(task.id, attempt: 2, AttemptEnd(.solved, reportedCost: money(60)), solved(200, cost: 60)))
        #expect(try fixture.amounts() == [800, 0])
        try fixture.expectSoundLedger()
    }

    @Test("What settles no task is refused", arguments: StoreKind.allCases)
    func refusals(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let task = try fixture.accept([300])
        let end = AttemptEnd(.solved)
        let unknown = try #require(TaskID(99))
        try fixture.expect(.failure(.unknownTask), .settle(unknown, attempt: 1, end, solved(1)))
        try fixture.expect(.failure(.badAmount), .settle(task.id, attempt: 1, end, solved(-1)))
        try fixture.expect(.failure(.badAmount), .settle(task.id, attempt: 1, end, solved(1, cost: -1)))
        #expect(try fixture.amounts() == [1_000, 300])
    }

    @Test("A refused operation leaves the others of its batch alone", arguments: StoreKind.allCases)
    func refusedInBatch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 100)
        let results = try fixture.store.commit(
            [
                .accept(fixture.newTask([60])), .accept(fixture.newTask([60])), .accept(fixture.newTask([40])),
                .deposit(fixture.account, money(20), reference: nil), .accept(fixture.newTask([20])),
            ], at: StoreFixture.start)
        let isAccepted = results.map { if case .success(.accepted) = $0 { true } else { false } }
        #expect(isAccepted == [true, false, true, false, true])
        #expect(results[1] == .failure(.insufficientBalance))
        #expect(try fixture.amounts() == [120, 120])
        #expect(try fixture.store.openTasks(after: nil, limit: 9).map(\.id.number) == [1, 2, 3])
        try fixture.expectSoundLedger()
    }

    @Test("When a commit fails nothing of its batch has happened", arguments: StoreKind.allCases)
    func failedBatch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        var keyless = fixture.newTask([10])
        keyless.key = 99
        let deposit = StoreOperation.deposit(fixture.account, money(100), reference: "r")
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(
                [
                    .createAccount(name: "new"), deposit, .accept(fixture.newTask([10])), .accept(keyless),
                ], at: StoreFixture.start)
        }
        #expect(try fixture.amounts() == [0, 0])
        #expect(try fixture.store.accounts().count == 1)
        #expect(try fixture.store.openTasks(after: nil, limit: 9).isEmpty)
        #expect(try fixture.store.verifyLedger().transactions == 0)
        // The store goes on, with the numbers and ledger accounts that were not used.
        try fixture.expect(.success(.deposited(posted: true)), deposit)
        #expect(try fixture.accept([10]).id == TaskID(1))
        try fixture.expectSoundLedger()
    }

    @Test("A commit that fails undoes what it did to tasks and accounts that were there", arguments: StoreKind.allCases)
    func failedBatchUndone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let pending = try fixture.accept([100]), retried = try fixture.accept([100]), ended = try fixture.accept([100])
        var keyless = fixture.newTask([10])
        keyless.key = 99
        let open = try fixture.store.openTasks(after: nil, limit: 9)
        let account = try fixture.store.account(fixture.account)
        let changes: [StoreOperation] = [
            .attemptPending(pending.id, attempt: 1, providerTask: "p"),
            .nextAttempt(retried.id, ended: 1, AttemptEnd(.lost), next: retried.attempt.candidate),
            .settle(ended.id, attempt: 1, AttemptEnd(.solved), solved(100, cost: 5)),
            .setSuspended(fixture.account, true),
        ]
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(changes.dropLast() + [.accept(keyless)], at: StoreFixture.start)
        }
        #expect(try fixture.store.openTasks(after: nil, limit: 9) == open)
        #expect(try fixture.store.account(fixture.account) == account)
        #expect(try fixture.store.task(ended.id)?.end == nil)
        try fixture.expectSoundLedger()
        let results = try fixture.store.commit(changes, at: StoreFixture.start)
        #expect(results.allSatisfy { if case .success = $0 { true } else { false } })
        try fixture.expectSoundLedger()
    }
}
