import Domain
import Storage
import Testing

@Suite("Verifying credits for recycled keys")
struct CreditVerifierTests {
    /// Key 1 is of account 2. Task 1 is solved by it for 100, at 80: transactions 2 (charge) and 3 (credit). Task 2 has
    /// a lost attempt with it, at 70: transaction 4; it is then solved by a key of the platform, at 60: transaction 5.
    /// Task 3 fails with it, task 4 is open with it. Key 2 is of account 1 and unused.
    private func fixture() throws -> RecyclingFixture {
        let fixture = try RecyclingFixture(.sqlite)
        let key = try fixture.activate(of: fixture.other, print: 1)
        _ = try fixture.activate(of: fixture.owner, print: 2)
        try fixture.solve(try fixture.accept(fixture.candidate(key)))
        let second = try fixture.accept(fixture.candidate(key, cost: 70))
        _ = try fixture.fixture.commit(
            .nextAttempt(second, ended: 1, AttemptEnd(.lost), next: fixture.candidate(nil, cost: 60)))
        try fixture.fixture.expect(
            .success(.settled(charged: money(100))),
            .settle(
                second, attempt: 2, AttemptEnd(.solved), .solved(solution: [1], price: money(100), cost: money(60))))
        let third = try fixture.accept(fixture.candidate(key))
        _ = try fixture.fixture.commit(
            .settle(third, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "")))
        _ = try fixture.accept(fixture.candidate(key))
        return fixture
    }

    @Test("A sound ledger with credits has no problems")
    func sound() throws {
        let fixture = try fixture()
        let report = try fixture.store.verifyLedger()
        #expect(report == LedgerReport(accounts: 2, transactions: 5, openReservations: 1, problems: []))
        #expect(try fixture.balance(of: fixture.other) == 150)
    }

    private static func account(_ name: String) -> String {
        "(SELECT id FROM ledger_accounts WHERE name = '\(name)')"
    }

    /// What somebody may do to the file, and the sentence that has to tell of it first: it names what does not fit.
    static let tamperings: [(what: String, sql: String, first: String)] = [
        (
            "another cost of a task that a recycled key has solved", "UPDATE tasks SET cost = 81 WHERE id = 1",
            "Transaction 3 credits 0.00000008 for the solution of task 1, whose cost is 0.000000081."
        ),
        (
            "a kind that nothing posts", "UPDATE transactions SET kind = 'ADJUSTMENT' WHERE id = 1",
            "Transaction 1 is an ADJUSTMENT, and nothing here makes one."
        ),
        (
            "a missing entry", "DELETE FROM entries WHERE transaction_id = 3 AND line = 2",
            "Transaction 3 sums to 0.00000008 instead of zero."
        ),
        (
            "a missing entry whose amount another has taken over",
            "DELETE FROM entries WHERE transaction_id = 5 AND line = 4; DELETE FROM entries WHERE transaction_id = 5 "
                + "AND line = 3",
            "Transaction 5 is not the charge of task 2: its entry 3 is missing and should be -0.00000006 to "
                + "provider-cost:a."
        ),
        (
            "a doubled entry",
            "INSERT INTO entries SELECT transaction_id, 3, ledger_account, amount FROM entries "
                + "WHERE transaction_id = 3 AND line = 1",
            "Transaction 3 sums to 0.00000008 instead of zero."
        ),
        (
            "a changed amount", "UPDATE entries SET amount = 81 WHERE transaction_id = 3 AND line = 1",
            "Transaction 3 sums to 0.000000001 instead of zero."
        ),
        (
            "an amount that is changed on both sides",
            "UPDATE entries SET amount = amount + sign(amount) WHERE transaction_id = 3",
            "Transaction 3 is not the credit of attempt 1 of task 1 for recycled key 1: its entry 1 is 0.000000081 to "
                + "client:2 and should be 0.00000008 to client:2."
        ),
        (
            "a changed account of an entry",
            "UPDATE entries SET ledger_account = \(account("client:1")) WHERE transaction_id = 3 AND line = 1",
            "Transaction 3 is not the credit of attempt 1 of task 1 for recycled key 1: its entry 1 is 0.00000008 to "
                + "client:1 and should be 0.00000008 to client:2."
        ),
        (
            "losses that are booked as the provider's cost",
            "UPDATE entries SET ledger_account = \(account("provider-cost:a")) WHERE transaction_id = 4 AND line = 2",
            "Transaction 4 is not the credit of attempt 1 of task 2 for recycled key 1: its entry 2 is -0.00000007 to "
                + "provider-cost:a and should be -0.00000007 to losses."
        ),
        (
            "a changed account of a transaction", "UPDATE transactions SET account = 1 WHERE id = 3",
            "Transaction 3 is not the credit of attempt 1 of task 1 for recycled key 1: it is of account 1, not 2."
        ),
        (
            "a key of another account", "UPDATE recycled_keys SET account = 1 WHERE id = 1",
            "Transaction 3 is not the credit of attempt 1 of task 1 for recycled key 1: its entry 1 is 0.00000008 to "
                + "client:2 and should be 0.00000008 to client:1."
        ),
        (
            "a transaction that does not sum to zero",
            "INSERT INTO transactions (id, kind, time, account) VALUES (6, 'ADJUSTMENT', 0, 2); "
                + "INSERT INTO entries VALUES (6, 1, \(account("client:2")), 5), (6, 2, \(account("losses")), -4); "
                + "UPDATE accounts SET balance = balance + 5 WHERE id = 2",
            "Transaction 6 sums to 0.000000001 instead of zero."
        ),
        (
            "a balance that differs from its entries", "UPDATE accounts SET balance = 151 WHERE id = 2",
            "Account 2 has a balance of 0.000000151, and its entries sum to 0.00000015."
        ),
        (
            "a held that differs from its reservations", "UPDATE accounts SET held = 99 WHERE id = 1",
            "Account 1 has 0.000000099 held, and its open tasks have reserved 0.0000001."
        ),
        (
            "a task charged twice",
            "INSERT INTO transactions (id, kind, time, account, task) VALUES (6, 'TASK_CHARGE', 0, 1, 1); "
                + "INSERT INTO entries SELECT 6, line, ledger_account, amount FROM entries WHERE transaction_id = 2; "
                + "UPDATE accounts SET balance = balance - 100 WHERE id = 1",
            "Transaction 6 charges for task 1 once more."
        ),
        (
            "a charge above its reservation", "UPDATE tasks SET ceiling = 99 WHERE id = 1",
            "Task 1 is charged 0.0000001, above its reservation of 0.000000099."
        ),
        (
            "a credit without its attempt", "UPDATE transactions SET attempt = 9 WHERE id = 3",
            "Transaction 3 credits attempt 9 of task 1, which does not exist."
        ),
        (
            "a credit whose attempt is deleted", "DELETE FROM attempts WHERE task = 2 AND number = 1",
            "Transaction 4 credits attempt 1 of task 2, which does not exist."
        ),
        (
            "a credit that names no attempt", "UPDATE transactions SET attempt = NULL WHERE id = 3",
            "Transaction 3 is a credit and names no attempt."
        ),
        (
            "a credit of an attempt that has not ended", "UPDATE transactions SET task = 4 WHERE id = 3",
            "Transaction 3 credits attempt 1 of task 4 once more: the credit of that is none."
        ),
        (
            "a credit of an attempt that failed",
            "UPDATE transactions SET task = 3 WHERE id = 3; UPDATE attempts SET credit = 3 WHERE task = 3",
            "Transaction 3 credits attempt 1 of task 3, which has no cost to credit."
        ),
        (
            "a credit of an attempt with a key of the platform",
            "UPDATE attempts SET credential = 'config-1' WHERE task = 1",
            // Its charge would then have to have the platform's cost.
            "Transaction 2 is not the charge of task 1: its entry 3 is missing and should be -0.00000008 to "
                + "provider-cost:a."
        ),
        (
            "a credit that is posted twice",
            "INSERT INTO transactions (id, kind, time, account, task, attempt) "
                + "VALUES (6, 'RECYCLE_CREDIT', 0, 2, 1, 1); "
                + "INSERT INTO entries SELECT 6, line, ledger_account, amount "
                + "FROM entries WHERE transaction_id = 3; UPDATE accounts SET balance = balance + 80 WHERE id = 2; "
                + "UPDATE recycled_keys SET credited = credited + 80 WHERE id = 1",
            "Transaction 6 credits attempt 1 of task 1 once more: the credit of that is transaction 3."
        ),
        (
            "a credit of another amount than was reported",
            "UPDATE attempts SET reported_cost = 79 WHERE task = 1",
            "Transaction 3 is not the credit of attempt 1 of task 1 for recycled key 1: its entry 1 is 0.00000008 to "
                + "client:2 and should be 0.000000079 to client:2."
        ),
        (
            "a credit that its attempt does not know of", "UPDATE attempts SET credit = NULL WHERE task = 1",
            "Transaction 3 credits attempt 1 of task 1 once more: the credit of that is none."
        ),
        (
            "a missing credit",
            "UPDATE attempts SET state = 4 WHERE task = 3",
            "The attempt 1 of task 3 used recycled key 1, and 0.00000008 for it is not credited."
        ),
        (
            "a credit whose transaction is another's", "UPDATE attempts SET credit = 5 WHERE task = 4",
            "The attempt 1 of task 4 is credited by transaction 5, which is no credit of an attempt."
        ),
        (
            "a credit that two attempts have", "UPDATE attempts SET credit = 3 WHERE task = 4",
            "The attempt 1 of task 4 is credited by transaction 3, which is the credit of attempt 1 of task 1."
        ),
        (
            "a credited that differs", "UPDATE recycled_keys SET credited = 149 WHERE id = 1",
            "Recycled key 1 has 0.000000149 credited, and its credits sum to 0.00000015."
        ),
        (
            "a credited of a key that has no credits", "UPDATE recycled_keys SET credited = 1 WHERE id = 2",
            "Recycled key 2 has 0.000000001 credited, and its credits sum to 0."
        ),
        (
            "a key that is gone", "DELETE FROM recycled_keys WHERE id = 1",
            "Transaction 3 credits attempt 1 of task 1, which used no recycled key."
        ),
        (
            "a whole credit that is gone, as the last transaction",
            "DELETE FROM entries WHERE transaction_id = 5; DELETE FROM transactions WHERE id = 5; "
                + "DELETE FROM entries WHERE transaction_id = 4; DELETE FROM transactions WHERE id = 4",
            "Task 2 is charged by transaction 5, which does not exist."
        ),
        (
            "more taken than there was",
            "UPDATE entries SET amount = 50 * sign(amount) WHERE transaction_id = 1; "
                + "UPDATE accounts SET balance = balance - 950 WHERE id = 1",
            "Transaction 2 leaves account 1 with a balance of -0.00000005."
        ),
    ]

    @Test("Each kind of tampering is found and told first by what does not fit", arguments: tamperings)
    func tampering(what: String, sql: String, first: String) throws {
        let fixture = try fixture()
        let problems = try withExtendedLifetime(fixture) { try fixture.store.problems(afterTampering: sql) }
        #expect(problems.first == first, "\(what): \(problems)")
    }
}
