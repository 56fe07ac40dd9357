import Domain
import GRDB
import Storage
import Testing

@Suite("Verifying the ledger")
struct LedgerVerifierTests {
    /// Tasks 1 and 2 solved for 300 each, 3 failed, 4 open with 500 reserved; 5 is another account's, open with 10.
    private func fixture() throws -> StoreFixture {
        let fixture = try StoreFixture(.sqlite, balance: 2_000)
        for _ in 0..<3 { _ = try fixture.accept([300]) }
        let solved = TaskOutcome.solved(solution: [1], price: money(300), cost: money(40))
        for number in [1, 2] as [Int64] {
            let id = try #require(TaskID(number))
            _ = try fixture.commit(.settle(id, attempt: 1, AttemptEnd(.solved), solved))
        }
        let third = try #require(TaskID(3))
        _ = try fixture.commit(
            .settle(third, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "")))
        _ = try fixture.accept([500])
        let other = try StoreFixture.createAccount(in: fixture.store)
        _ = try fixture.commit(.deposit(other, money(50), reference: nil))
        var task = fixture.newTask([10])
        task.account = other
        _ = try fixture.commit(.accept(task))
        return fixture
    }

    @Test("A sound ledger has no problems")
    func sound() throws {
        let fixture = try fixture()
        let report = try fixture.store.verifyLedger()
        #expect(report == LedgerReport(accounts: 2, transactions: 4, openReservations: 2, problems: []))
    }

    private static let client = "(SELECT id FROM ledger_accounts WHERE name = 'client:1')"
    private static let other = "(SELECT id FROM ledger_accounts WHERE name = 'client:2')"

    /// What somebody may do to the file, and words of the sentence that has to tell of it.
    static let tamperings: [(sql: String, problem: String)] = [
        ("UPDATE entries SET amount = amount + 1 WHERE transaction_id = 2 AND line = 1", "Transaction 2 sums to"),
        ("DELETE FROM entries WHERE transaction_id = 2 AND line = 2", "Transaction 2 sums to"),
        ("DELETE FROM entries WHERE transaction_id = 2 AND line > 1", "Transaction 2 has fewer than two entries"),
        (
            "INSERT INTO entries SELECT transaction_id, 5, ledger_account, amount FROM entries "
                + "WHERE transaction_id = 2 AND line = 1", "Transaction 2 sums to"
        ),
        ("UPDATE entries SET line = 9 WHERE transaction_id = 2 AND line = 4", "Transaction 2 has no entry 4"),
        ("UPDATE entries SET ledger_account = \(other) WHERE ledger_account = \(client)", "Account 1 has a balance of"),
        (
            "UPDATE entries SET ledger_account = (SELECT id FROM ledger_accounts WHERE name = 'cash') "
                + "WHERE transaction_id = 2 AND line = 2", "Transaction 2 is not the charge of task 1"
        ),
        ("UPDATE entries SET ledger_account = 99 WHERE transaction_id = 3 AND line = 2", "unknown ledger account"),
        ("UPDATE ledger_accounts SET name = 'pocket' WHERE name = 'revenue'", "unknown ledger account"),
        ("UPDATE accounts SET balance = balance + 1 WHERE id = 1", "Account 1 has a balance of"),
        ("UPDATE accounts SET balance = -1 WHERE id = 2", "that cannot be"),
        ("UPDATE accounts SET held = held - 1 WHERE id = 1", "Account 1 has 0.000000499 held"),
        ("UPDATE tasks SET ceiling = 501 WHERE id = 4", "have reserved 0.000000501"),
        ("UPDATE tasks SET account = 2 WHERE id = 4", "Account 2 has 0.00000001 held"),
        ("UPDATE tasks SET account = 7 WHERE id = 4", "Open tasks belong to account 7"),
        ("UPDATE tasks SET ceiling = 200 WHERE id = 1", "above its reservation of 0.0000002"),
        ("UPDATE tasks SET price = 200 WHERE id = 1", "Transaction 2 is not the charge of task 1"),
        ("UPDATE tasks SET charge = NULL WHERE id = 1", "Task 1 was solved and has no charge"),
        ("UPDATE tasks SET charge = 88 WHERE id = 1", "transaction 88, which does not exist"),
        ("UPDATE transactions SET task = 1 WHERE id = 3", "Transaction 3 charges for task 1 once more"),
        ("UPDATE transactions SET task = 3 WHERE id = 3", "charges for task 3, which was not solved"),
        ("UPDATE transactions SET task = 4 WHERE id = 3", "charges for task 4, which was not solved"),
        ("UPDATE transactions SET task = 77 WHERE id = 3", "charges for a task that does not exist"),
        ("UPDATE transactions SET account = 2 WHERE id = 2", "Transaction 2 is not the charge of task 1"),
        ("UPDATE transactions SET account = 2 WHERE id = 1", "Transaction 1 is not a deposit of account 2"),
        ("UPDATE transactions SET kind = 'GIFT' WHERE id = 1", "unknown kind `GIFT`"),
        ("DELETE FROM transactions WHERE id = 2", "Entries belong to transaction 2, which does not exist"),
        ("DELETE FROM transactions WHERE id = 2; DELETE FROM entries WHERE transaction_id = 2", "are missing"),
        ("UPDATE tasks SET ended_at = NULL WHERE id = 1", "Task 1 is charged and not settled"),
        ("UPDATE tasks SET price = NULL, cost = NULL, error = 'X' WHERE id = 1", "Task 1 failed and is charged"),
        ("DELETE FROM attempts WHERE task = 4", "Task 4 has no attempt"),
        ("DELETE FROM accounts WHERE id = 2", "Entries belong to account 2"),
        ("UPDATE sequences SET last = 3", "Task 4 has a number that was never handed out"),
        (
            "INSERT INTO transactions (id, kind, time, account, task) VALUES (5, 'TASK_CHARGE', 0, 1, 1); "
                + "INSERT INTO entries SELECT 5, line, ledger_account, amount FROM entries WHERE transaction_id = 2; "
                + "UPDATE accounts SET balance = balance - 300 WHERE id = 1",
            "Transaction 5 charges for task 1 once more"
        ),
    ]

    @Test("Each kind of tampering is found and told", arguments: tamperings)
    func tampering(sql: String, problem: String) throws {
        let fixture = try fixture()
        let problems = try withExtendedLifetime(fixture) { try fixture.store.problems(afterTampering: sql) }
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test("A broken ledger does not fill the memory with sentences")
    func bounded() throws {
        let fixture = try StoreFixture(.sqlite)
        let store = try #require(fixture.store as? SQLiteStore)
        for _ in 0..<150 { _ = try fixture.commit(.deposit(fixture.account, money(1), reference: nil)) }
        store.close()
        let queue = try DatabaseQueue(path: store.path)
        try queue.inDatabase { try $0.execute(sql: "UPDATE entries SET amount = amount + 2") }
        try queue.close()
        #expect(try SQLiteStore(path: store.path).verifyLedger().problems.count == 100)
    }

    @Test("A task whose reservation is not held any more is not settled but told")
    func brokenInvariant() throws {
        let fixture = try fixture()
        let store = try #require(fixture.store as? SQLiteStore)
        store.close()
        let queue = try DatabaseQueue(path: store.path)
        try queue.inDatabase { try $0.execute(sql: "UPDATE accounts SET held = 499 WHERE id = 1") }
        try queue.close()
        let again = try SQLiteStore(path: store.path, durability: .off)
        let id = try #require(TaskID(4))
        let failure = #expect(throws: StoreFailure.self) {
            try again.commit(
                [.settle(id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: ""))],
                at: StoreFixture.start)
        }
        #expect(failure?.description.contains("ledger verify") == true)
        #expect(try again.task(id)?.end == nil)
    }
}
