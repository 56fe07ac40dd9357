import Domain
import Foundation
import GRDB
import ProviderKit
import TestSupport
import Testing

@testable import Storage

@Suite("What was erased, in the files of a database that was worked with for long")
struct ErasedTraceTests {
    @Test("No payload, solution or address that is erased is in file, log or backup, also after a kill; all others are")
    func traces() throws {
        let fixture = try StoreFixture(.sqlite, balance: 1_000_000)
        let path = fixture.directory.path + "/store.db"
        var work = ContentWork(fixture, seed: 21)
        for round in 1...700 {
            try work.round()
            if round % 100 == 0 { try work.expectNoTraces(of: path) }
        }
        #expect(work.erased.count > 350)
        #expect(work.kept.count > 60)

        // As if the process were killed here: the files are taken as they are.
        let killed = fixture.directory.path + "/killed.db"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: killed + suffix)
        }
        #expect(work.traces(in: [killed, killed + "-wal"]) == [])
        let store = try SQLiteStore(path: killed, durability: .off)
        work.store = store
        try work.expectNoTraces(of: killed)
        for _ in 1...300 { try work.round() }
        try work.expectNoTraces(of: killed)
        #expect(work.erased.count > 600)
        #expect(try store.verifyLedger().problems == [])

        // What is erased long ago takes no room any more.
        store.close()
        let queue = try DatabaseQueue(path: killed)
        try queue.inDatabase { database in
            for table in ["contents", "solutions"] {
                let zeroed = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table) WHERE erased = 1") ?? 0
                #expect(zeroed > 0 && zeroed < 250, "\(table)")
            }
            #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
        }
        try queue.close()
    }
}

@Suite("A database from before contents had tables of their own")
struct ErasedTraceMigrationTests {
    /// A file as that schema left it: every other task of 300 is erased, and copies of what it had remain.
    private func file(at path: String) throws {
        let step = try #require(Schema.steps.firstIndex(of: Schema.erasableContent))
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            for step in Schema.steps[..<step] { try database.execute(sql: step) }
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = OFF;
                    PRAGMA secure_delete = OFF;
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = \(step);
                    INSERT INTO settings VALUES ('\(Migrations.serverKey)', zeroblob(\(Migrations.serverKeyBytes)));
                    INSERT INTO accounts VALUES (1, 'old', 0, 0, 0, 5);
                    INSERT INTO api_keys (id, account, name, hash, scopes, created_at)
                        VALUES (1, 1, 'k', zeroblob(32), 'solve', 5);
                    UPDATE sequences SET last = 300 WHERE name = 'tasks';
                    """)
            for id in 1...300 {
                try database.execute(
                    sql: """
                        INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline)
                            VALUES (?1, 1, 1, 'altcha', 0, 5, 9);
                        INSERT INTO payloads VALUES (?1, ?2);
                        INSERT INTO callbacks (task, url, host, task_name) VALUES (?1, ?3, 'a.example', 'uuid');
                        """.replacing("?1", with: "\(id)").replacing("?2", with: hex(id, 700))
                            .replacing("?3", with: "CAST(\(hex(1_000 + id, 100)) AS TEXT)"))
                let solved = (id * 7) % 300 + 1
                guard solved <= id else { continue }
                try database.execute(sql: solve(solved))
            }
            for id in 1...300 where (id * 7) % 300 + 1 > id { try database.execute(sql: solve((id * 7) % 300 + 1)) }
            try database.execute(
                sql: """
                    DELETE FROM payloads WHERE task % 2 = 0;
                    UPDATE tasks SET solution = NULL WHERE id % 2 = 0;
                    DELETE FROM callbacks WHERE task % 2 = 0;
                    """)
        }
        try queue.close()
    }

    private func hex(_ number: Int, _ bytes: Int) -> String {
        let digits = Array("0123456789abcdef")
        let content = TraceWords.content(number, bytes: bytes)
        return "x'" + String(content.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "'"
    }

    private func solve(_ id: Int) -> String {
        """
        UPDATE tasks SET ended_at = 5, price = 0, cost = 0, solution = \(hex(2_000 + id, 40 + id * 3)) WHERE id = \(id);
        UPDATE callbacks SET next_at = 5 WHERE task = \(id);
        """
    }

    private func erasedWords(in path: String) -> Int {
        var gone: Set<[UInt8]> = []
        for id in stride(from: 2, through: 300, by: 2) {
            for number in [id, id + 1_000, id + 2_000] { gone.insert(TraceWords.content(number, bytes: 0)) }
        }
        return TraceWords.found(in: path).union(TraceWords.found(in: path + "-wal")).intersection(gone).count
    }

    @Test("keeps what is not erased, and loses all copies of what is, also when it is stopped in between")
    func migration() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try file(at: path)
        #expect(erasedWords(in: path) > 20)
        // Stopped between the step and what is owed after it.
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            try Migrations.run(database, from: try #require(try Int64.fetchOne(database, sql: "PRAGMA user_version")))
        }
        try queue.close()
        #expect(erasedWords(in: path) > 20)

        var store = try SQLiteStore(path: path)
        _ = try store.commit([.setSuspended(AccountID(1), false)], at: StoreFixture.start)
        #expect(erasedWords(in: path) == 0)
        for number in 1...300 {
            let id = try #require(TaskID(Int64(number)))
            let isErased = number % 2 == 0
            let solution = isErased ? [] : TraceWords.content(2_000 + number, bytes: 40 + number * 3)
            #expect(try store.payload(of: id) == (isErased ? nil : TraceWords.content(number, bytes: 700)))
            #expect(
                try store.task(id)?.end?.outcome == .solved(solution: solution, price: .zero, cost: .zero))
            let url = try store.callbackMessage(of: id)?.target.url
            #expect(url.map { Array($0.utf8) } == (isErased ? nil : TraceWords.content(1_000 + number, bytes: 100)))
        }
        store.close()
        // It is done once.
        store = try SQLiteStore(path: path)
        let reply = try store.commit(
            [.eraseContent(endedUntil: StoreFixture.start, atMost: 999)], at: StoreFixture.start)
        #expect(reply == [.success(.erased(150))])
        #expect(TraceWords.found(in: path).union(TraceWords.found(in: path + "-wal")) == [])
        let next = NewTask(
            account: AccountID(1), key: 1, family: .altcha, payload: [],
            candidates: [Candidate(provider: "q", credential: nil, price: .zero, cost: .zero)],
            deadline: StoreFixture.start)
        let outcome = TaskOutcome.solved(solution: [7], price: .zero, cost: .zero)
        let task = try #require(TaskID(301))
        let results = try store.commit(
            [.accept(next), .settle(task, attempt: 1, AttemptEnd(.solved), outcome)], at: StoreFixture.start)
        #expect(results.last == .success(.settled(charged: .zero)))
        #expect(try store.task(task)?.end?.outcome == outcome)
        store.close()
        let file = try DatabaseQueue(path: path)
        let checks = try file.inDatabase { database in
            try ["integrity_check", "foreign_key_check"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(checks == ["ok", nil])
        try file.close()
    }
}
