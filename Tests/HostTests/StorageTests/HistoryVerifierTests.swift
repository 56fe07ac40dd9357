import Domain
import ProviderKit
import Storage
import Testing

@Suite("Verifying refunds and usage")
struct HistoryVerifierTests {
    /// Transactions: 1 deposit; 2, 3 and 4 the charges of tasks 1 to 3, 300 each; 5 the refund of task 1; 6 a deposit
    /// of account 2. Task 4 failed, task 5 is open.
    private func fixture() throws -> StoreFixture {
        let fixture = try StoreFixture(.sqlite, balance: 2_000)
        let tasks = try (0..<5).map { _ in try fixture.accept([300]) }
        let solved = TaskOutcome.solved(solution: [1], price: money(300), cost: money(40))
        for task in tasks.prefix(3) {
            _ = try fixture.commit(.settle(task.id, attempt: 1, AttemptEnd(.solved), solved)).get()
        }
        _ = try fixture.commit(
            .settle(tasks[3].id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: ""))
        ).get()
        _ = try fixture.commit(.refund(tasks[0].id, of: fixture.account, dailyLimit: .most)).get()
        let other = try StoreFixture.createAccount(in: fixture.store)
        _ = try fixture.commit(.deposit(other, money(50), reference: nil))
        return fixture
    }

    @Test("A sound ledger has no problems")
    func sound() throws {
        let fixture = try fixture()
        let report = try fixture.store.verifyLedger()
        #expect(report == LedgerReport(accounts: 2, transactions: 6, openReservations: 1, problems: []))
    }

    private static let copy = """
        INSERT INTO transactions (id, kind, time, account, task) VALUES (7, 'TASK_REFUND', 0, 1, 1);
        INSERT INTO entries SELECT 7, line, ledger_account, amount FROM entries WHERE transaction_id = 5;
        UPDATE accounts SET balance = balance + 300 WHERE id = 1
        """

    /// What somebody may do to the file, and words of the sentence that has to tell of it.
    static let tamperings: [(sql: String, problem: String)] = [
        (copy, "Transaction 7 refunds task 1 once more"),
        ("UPDATE transactions SET task = 2 WHERE id = 5", "Transaction 5 refunds task 2, which does not say so"),
        ("UPDATE transactions SET task = 4 WHERE id = 5", "Transaction 5 refunds task 4, which was not solved"),
        ("UPDATE transactions SET task = 5 WHERE id = 5", "Transaction 5 refunds task 5, which was not solved"),
        ("UPDATE transactions SET task = NULL WHERE id = 5", "Transaction 5 refunds a task that does not exist"),
        ("UPDATE transactions SET task = 99 WHERE id = 5", "Transaction 5 refunds a task that does not exist"),
        ("UPDATE transactions SET account = 2 WHERE id = 5", "Transaction 5 is not the refund of task 1"),
        (
            "UPDATE entries SET amount = amount * 2 WHERE transaction_id = 5; "
                + "UPDATE accounts SET balance = balance + 300 WHERE id = 1",
            "Transaction 5 is not the refund of task 1: 0.0000003 to account 1"
        ),
        (
            "UPDATE entries SET ledger_account = (SELECT id FROM ledger_accounts WHERE name = 'cash') "
                + "WHERE transaction_id = 5 AND line = 2", "Transaction 5 is not the refund of task 1"
        ),
        (
            "UPDATE entries SET ledger_account = (SELECT id FROM ledger_accounts WHERE name = 'client:2') "
                + "WHERE transaction_id = 5 AND line = 1; UPDATE accounts SET balance = balance - 300 WHERE id = 1; "
                + "UPDATE accounts SET balance = balance + 300 WHERE id = 2",
            "Transaction 5 is not the refund of task 1"
        ),
        ("UPDATE tasks SET refund = NULL WHERE id = 1", "Transaction 5 refunds task 1, which does not say so"),
        ("UPDATE tasks SET refund = 88 WHERE id = 1", "Task 1 is refunded by transaction 88, which does not exist"),
        (
            "UPDATE tasks SET refund = 3 WHERE id = 2",
            "Task 2 is refunded by transaction 3, which is not a refund of it"
        ),
        (
            "UPDATE tasks SET refund = 5 WHERE id = 2",
            "Task 2 is refunded by transaction 5, which is not a refund of it"
        ),
        ("UPDATE tasks SET refund = 5 WHERE id = 4", "Task 4 failed and is refunded"),
        ("UPDATE tasks SET refund = 5 WHERE id = 5", "Task 5 is refunded and not settled"),
        ("DELETE FROM usage_days", "The usage of account 1 sums to 0 solved and 0 failed tasks"),
        ("UPDATE usage_days SET solved = 4", "4 solved and 1 failed tasks, 0.0000009 charged and 0.0000003 refunded"),
        ("UPDATE usage_days SET failed = 0", "3 solved and 0 failed tasks"),
        ("UPDATE usage_days SET charged = charged - 1", "0.000000899 charged"),
        (
            "UPDATE usage_days SET refunded = 0",
            "and its tasks to 3 solved and 1 failed tasks, 0.0000009 charged and 0.0"
        ),
        ("UPDATE usage_days SET account = 2", "The usage of account 2 sums to"),
        ("UPDATE usage_days SET account = 9", "The usage of account 9 sums to"),
        ("UPDATE usage_days SET day = day + 1", "The usage of account 1 is of other days, keys, families or providers"),
        ("UPDATE usage_days SET key = 2", "The usage of account 1 is of other days"),
        ("UPDATE usage_days SET family = 'turnstile'", "The usage of account 1 is of other days"),
        ("UPDATE usage_days SET provider = 'p'", "The usage of account 1 is of other days"),
        ("UPDATE tasks SET ended_at = ended_at + 86400000 WHERE id = 4", "The usage of account 1 is of other days"),
        (
            "INSERT INTO usage_days VALUES (1, 1, 1, 'altcha', 'p', 1, 0, 300, 0); "
                + "UPDATE usage_days SET solved = 2, charged = 600 WHERE day > 1",
            "The usage of account 1 is of other days"
        ),
        (
            "INSERT INTO usage_days VALUES (2, 1, 1, 'altcha', 'p', 0, 1, 0, 0)",
            "The usage of account 2 sums to 0 solved"
        ),
    ]

    @Test("Each kind of tampering is found and told", arguments: tamperings)
    func tampering(sql: String, problem: String) throws {
        let fixture = try fixture()
        let problems = try withExtendedLifetime(fixture) { try fixture.store.problems(afterTampering: sql) }
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }
}
