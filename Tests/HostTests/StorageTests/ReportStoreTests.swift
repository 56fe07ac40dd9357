import Domain
import ProviderKit
import Storage
import Testing

@Suite("Reports on solutions, in every store")
struct ReportStoreTests {
    private func solve(_ fixture: StoreFixture, providerTask: String? = nil) throws -> TaskID {
        let id = try fixture.accept([100]).id
        if let providerTask { _ = try fixture.commit(.attemptPending(id, attempt: 1, providerTask: providerTask)) }
        let outcome = TaskOutcome.solved(solution: [1], price: money(100), cost: .zero)
        _ = try fixture.commit(.settle(id, attempt: 1, AttemptEnd(.solved), outcome)).get()
        return id
    }

    @Test(
        "The first word on a task is taken down, with who has solved it; a second one is not",
        arguments: StoreKind.allCases)
    func once(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let bad = try solve(fixture, providerTask: "v-1"), good = try solve(fixture)
        func reported(_ providerTask: String?) -> ReportedTask {
            ReportedTask(
                family: .altcha, provider: "provider0", credential: nil, providerTask: providerTask,
                submittedAt: StoreFixture.start, solvedAt: StoreFixture.start)
        }
        try fixture.expect(.success(.reported(reported("v-1"))), .report(bad, of: fixture.account, isGood: false))
        try fixture.expect(.success(.reported(reported(nil))), .report(good, of: fixture.account, isGood: true))
        for isGood in [true, false] {
            let again = StoreOperation.report(bad, of: fixture.account, isGood: isGood)
            try fixture.expect(.failure(.alreadyReported(isGood: false)), again)
        }
        let other = StoreOperation.report(good, of: fixture.account, isGood: false)
        try fixture.expect(.failure(.alreadyReported(isGood: true)), other)
        #expect(try fixture.amounts() == [800, 0], "a report moves no money")
        try fixture.expectSoundLedger()
    }

    @Test("Of two words on a task in one batch the first holds", arguments: StoreKind.allCases)
    func batch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try solve(fixture)
        let operations = [true, false].map { StoreOperation.report(task, of: fixture.account, isGood: $0) }
        let results = try fixture.store.commit(operations, at: StoreFixture.start)
        #expect(throws: Never.self) { try results[0].get() }
        #expect(results[1] == .failure(.alreadyReported(isGood: true)))
    }

    @Test(
        "There is nothing to say of a task that is open, has failed, or is somebody else's",
        arguments: StoreKind.allCases)
    func refusals(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let open = try fixture.accept([100]).id, failed = try fixture.accept([100]).id
        _ = try fixture.commit(
            .settle(failed, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: ""))
        ).get()
        for task in [open, failed] {
            try fixture.expect(.failure(.notSolved), .report(task, of: fixture.account, isGood: false))
        }
        let solved = try solve(fixture)
        let stranger = try StoreFixture.createAccount(in: fixture.store)
        try fixture.expect(.failure(.unknownTask), .report(solved, of: stranger, isGood: false))
        let unknown = try #require(TaskID(99))
        try fixture.expect(.failure(.unknownTask), .report(unknown, of: fixture.account, isGood: false))
        // None of these has taken the task's one word.
        #expect(throws: Never.self) {
            try fixture.commit(.report(solved, of: fixture.account, isGood: true)).get()
        }
    }

    @Test("A word on a task outlives the host")
    func durable() throws {
        let fixture = try StoreFixture(.sqlite)
        let task = try solve(fixture)
        _ = try fixture.commit(.report(task, of: fixture.account, isGood: false)).get()
        (fixture.store as? SQLiteStore)?.close()
        let again = try SQLiteStore(path: fixture.directory.path + "/store.db", durability: .off)
        let results = try again.commit(
            [.report(task, of: fixture.account, isGood: true)], at: StoreFixture.start)
        #expect(results == [.failure(.alreadyReported(isGood: false))])
    }
}
