import Domain
import GRDB
import ProviderKit
import Testing

@testable import Storage

@Suite("A database of an earlier schema")
struct MigrationTests {
    /// A file as the first schema left it, with an account, two open tasks and one that has ended.
    private func firstSchema(at path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            try database.execute(sql: Schema.steps[0])
            try database.execute(
                sql: """
                    INSERT INTO settings VALUES ('server_key', x'000102030405060708090a0b0c0d0e0f');
                    INSERT INTO accounts VALUES (1, 'old', 0, 900, 300, 5);
                    INSERT INTO api_keys VALUES (1, 1, 'k', zeroblob(32), 'solve', 0, 5);
                    INSERT INTO ledger_accounts VALUES (1, 'client:1'), (2, 'cash');
                    INSERT INTO transactions VALUES (1, 'DEPOSIT', 5, 1, NULL, NULL);
                    INSERT INTO entries VALUES (1, 1, 1, 900), (1, 2, 2, -900);
                    INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline)
                        VALUES (1, 1, 1, 'altcha', 100, 5, 9), (2, 1, 1, 'altcha', 200, 5, 9);
                    INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline, ended_at, error, detail)
                        VALUES (3, 1, 1, 'altcha', 100, 5, 9, 7, 'ERROR_CAPTCHA_UNSOLVABLE', 'no');
                    INSERT INTO attempts (task, number, provider, credential, price, cost, state, started_at)
                        VALUES (1, 1, 'p', 'k', 100, 50, 0, 5), (2, 1, 'q', NULL, 200, 0, 1, 5),
                            (3, 1, 'q', NULL, 100, 0, 3, 5);
                    UPDATE sequences SET last = 3 WHERE name = 'tasks';
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = 1;
                    """)
        }
        try queue.close()
    }

    @Test("gives its keys and tasks the routing that they had, and keeps what is changed")
    func routing() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try firstSchema(at: path)
        let store = try SQLiteStore(path: path)
        #expect(try store.keys(of: nil).map(\.settings) == [.standard])
        #expect(try store.openTasks(after: nil, limit: 10).map(\.preference) == [.balanced, .balanced])
        let task = try #require(TaskID(3))
        let route = try #require(try store.route(of: task))
        #expect(route.preference == .balanced)
        #expect(route.explanation == nil)
        #expect(route.attempts.map(\.attempt.state) == [.failed])
        _ = try store.commit(
            [.setRouting(nil, key: 1, try RoutingChange(mode: .lightning, slider: 7))], at: StoreFixture.start)
        store.close()
        let again = try SQLiteStore(path: path)
        #expect(
            try again.keys(of: nil).map(\.settings) == [RoutingSettings(mode: .lightning, preset: .custom, slider: 7)])
    }

    @Test("has keys that may be used from anywhere; a cap that is set then counts what they have open")
    func access() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try firstSchema(at: path)
        let store = try SQLiteStore(path: path)
        #expect(try store.keys(of: nil).map(\.access) == [.unrestricted])
        // Open tasks hold 300 of the 900.
        let cap = AccessChange(openTasks: .set(3), dailySpend: .set(money(350)))
        _ = try store.commit([.setAccess(nil, key: 1, cap)], at: StoreFixture.start)
        func accept(_ price: Int64) throws -> Result<StoreReply, StoreRefusal> {
            let task = NewTask(
                account: AccountID(1), key: 1, family: .altcha, payload: [],
                candidates: [Candidate(provider: "q", credential: nil, price: money(price), cost: .zero)],
                deadline: StoreFixture.start)
            return try #require(try store.commit([.accept(task)], at: StoreFixture.start).first)
        }
        #expect(try accept(51) == .failure(.keySpendLimit))
        #expect((try? accept(50).get()) != nil)
        #expect(try accept(0) == .failure(.keyTaskLimit))
    }

    @Test("is brought up to date with everything in it; its tasks are forced to no provider")
    func fromTheFirst() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try firstSchema(at: path)
        let store = try SQLiteStore(path: path)
        let open = try store.openTasks(after: nil, limit: 10)
        #expect(open.map(\.id.number) == [1, 2])
        #expect(open.map(\.forcedProvider) == [nil, nil])
        #expect(open.map(\.attempt.candidate.provider) == ["p", "q"])
        #expect(try store.task(#require(TaskID(3)))?.end?.outcome == .failed(code: .unsolvable, detail: "no"))
        #expect(try store.account(AccountID(1))?.balance == money(900))
        #expect(try store.verifyLedger().problems == [])
        #expect(store.serverKey == Array(0...15))

        var task = NewTask(
            account: AccountID(1), key: 1, family: .altcha, payload: [],
            candidates: [Candidate(provider: "q", credential: nil, price: money(10), cost: .zero)],
            deadline: StoreFixture.start)
        task.forcedProvider = "q"
        guard case .success(.accepted(let accepted))? = try store.commit([.accept(task)], at: StoreFixture.start).first
        else { throw Unexpected([]) }
        #expect(accepted.id == TaskID(4))
        store.close()
        let again = try SQLiteStore(path: path)
        #expect(try again.openTasks(after: TaskID(3), limit: 1).map(\.forcedProvider) == ["q"])
    }

    @Test("has the usage of its days made of the tasks that have ended, and its transactions found by account")
    func histories() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try firstSchema(at: path)
        let queue = try DatabaseQueue(path: path)
        // Ended at the last millisecond of a day, at the next day's first one, and before 1970.
        try queue.inDatabase {
            try $0.execute(
                sql: """
                    INSERT INTO transactions
                        VALUES (2, 'TASK_CHARGE', 6, 1, 4, NULL), (3, 'TASK_CHARGE', 6, 1, 5, NULL);
                    INSERT INTO ledger_accounts VALUES (3, 'revenue');
                    INSERT INTO entries VALUES (2, 1, 1, -100), (2, 2, 3, 100), (3, 1, 1, -70), (3, 2, 3, 70);
                    UPDATE accounts SET balance = 730;
                    INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline, ended_at, price, cost,
                            charge, solution)
                        VALUES (4, 1, 1, 'altcha', 100, 5, 9, 86399999, 100, 0, 2, x'01'),
                            (5, 1, 1, 'altcha', 100, 5, 9, 86400000, 70, 0, 3, x'01');
                    INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline, ended_at, error, detail)
                        VALUES (6, 1, 1, 'altcha', 100, 5, 9, -1, 'ERROR_CAPTCHA_UNSOLVABLE', 'no');
                    INSERT INTO attempts (task, number, provider, credential, price, cost, state, started_at)
                        VALUES (4, 1, 'p', NULL, 100, 0, 3, 5), (4, 2, 'q', NULL, 100, 0, 2, 5),
                            (5, 1, 'q', NULL, 100, 0, 2, 5), (6, 1, 'q', NULL, 100, 0, 3, 5);
                    UPDATE sequences SET last = 6 WHERE name = 'tasks';
                    """)
        }
        try queue.close()
        let store = try SQLiteStore(path: path)
        let row = { (day: Int64, solved: Int64, failed: Int64, charged: Int64) in
            UsageRow(
                day: day, key: 1, provider: "q", family: .altcha, solved: solved, failed: failed,
                charged: money(charged))
        }
        #expect(
            try store.usage(UsageQuery(account: AccountID(1), days: -9...9))
                == [row(-1, 0, 1, 0), row(0, 1, 1, 100), row(1, 1, 0, 70)])
        let records = try store.transactions(TransactionQuery(account: AccountID(1), limit: 9))
        #expect(records.map(\.number) == [3, 2, 1])
        #expect(records.map(\.provider) == ["q", "q", nil])
        #expect(try store.totals(of: AccountID(1))?.addsUp == true)
        #expect(try store.verifyLedger().problems == [])
        let refund = StoreOperation.refund(try #require(TaskID(4)), of: AccountID(1), dailyLimit: money(100))
        #expect(try store.commit([refund], at: StoreFixture.start) == [.success(.refunded(money(100)))])
        #expect(try store.verifyLedger().problems == [])
    }

    @Test("ends at the version that this binary writes, also a new one")
    func version() throws {
        let directory = try TemporaryDirectory()
        for name in ["old.db", "new.db"] {
            let path = directory.path + "/" + name
            if name == "old.db" { try firstSchema(at: path) }
            try SQLiteStore(path: path).close()
            let queue = try DatabaseQueue(path: path)
            #expect(try queue.inDatabase { try Int64.fetchOne($0, sql: "PRAGMA user_version") } == Schema.version)
            try queue.close()
        }
    }
}
