import Domain
import Foundation
import GRDB
import ProviderKit
import TestSupport
import Testing

@testable import Storage

@Suite("Recycled keys in the SQLite file")
struct RecycledKeyFileTests {
    /// How many of these are in the database's files, which are named by the ends of their names. Their first eight
    /// bytes are looked for: random ones are found nowhere else.
    private func traces(of needles: [[UInt8]], in path: String, _ suffixes: [String] = ["", "-wal"]) -> Int {
        let words = Set(needles.map { needle in needle.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } })
        var found: Set<UInt64> = []
        for suffix in suffixes {
            guard let file = FileManager.default.contents(atPath: path + suffix), file.count >= 8 else { continue }
            file.withUnsafeBytes { bytes in
                for offset in 0...(bytes.count - 8) {
                    let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    if words.contains(word) { found.insert(word) }
                }
            }
        }
        return found.count
    }

    private func bytes(_ random: inout SeededGenerator) -> [UInt8] {
        (0..<61).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test("The ciphertext and fingerprint of an erased key are in no file any more", arguments: [61, 300, 5_000])
    func erased(size: Int) throws {
        let fixture = try RecyclingFixture(.sqlite)
        let path = try #require(fixture.store as? SQLiteStore).path
        var random = SeededGenerator(seed: 1)
        let secret = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        let needles = [secret, Array(secret.suffix(8)), Array(secret.dropFirst(size / 2))]
        let print = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        let reserved = try fixture.seal(of: fixture.owner)
        let sealed = SealedProviderKey(
            id: reserved.id, provider: "a", owner: fixture.owner, label: "", dataKey: 1, sealed: secret,
            fingerprint: print)
        try fixture.commit(.submit(sealed, masked: ""))
        try fixture.event(sealed.id, .removed)
        #expect(traces(of: needles + [print], in: path) > 0)
        try fixture.event(sealed.id, .drained)
        #expect(traces(of: needles + [print], in: path) == 0)
        #expect(try fixture.store.recycledKey(sealed.id)?.life.isErased == true)
    }

    @Test("A platform's key that is removed is in no file any more either")
    func platform() throws {
        let fixture = try RecyclingFixture(.sqlite)
        let path = try #require(fixture.store as? SQLiteStore).path
        var random = SeededGenerator(seed: 2)
        let secret = bytes(&random)
        let sealed = try fixture.seal(of: nil, sealed: secret)
        try fixture.fixture.expect(.success(.done), .vault(.addProviderKey(sealed)))
        #expect(traces(of: [secret], in: path) > 0)
        try fixture.fixture.expect(.success(.done), .vault(.removeProviderKey(sealed.id)))
        #expect(traces(of: [secret], in: path) == 0)
    }

    @Test("A log that somebody reads is emptied once nobody does; no commit waits for it")
    func read() throws {
        let fixture = try RecyclingFixture(.sqlite)
        let path = try #require(fixture.store as? SQLiteStore).path
        var random = SeededGenerator(seed: 3)
        let secret = bytes(&random)
        let sealed = try fixture.seal(of: fixture.owner, sealed: secret)
        try fixture.commit(.submit(sealed, masked: ""))
        let reader = try DatabaseQueue(path: path)
        try reader.inDatabase { database in
            try database.execute(sql: "BEGIN")
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM recycled_keys")
            try fixture.event(sealed.id, .removed)
            try fixture.event(sealed.id, .drained)
            #expect(traces(of: [secret], in: path, ["-wal"]) == 1)
            try database.execute(sql: "COMMIT")
        }
        try reader.close()
        let later = StoreFixture.start.adding(seconds: Limits.erasureRetrySeconds)
        _ = try fixture.store.commit([.setSuspended(fixture.other, false)], at: later)
        #expect(traces(of: [secret], in: path) == 0)
    }

    @Test("After a crash between an erasure and its end the log is emptied with the first commit")
    func crash() throws {
        let fixture = try RecyclingFixture(.sqlite)
        let path = try #require(fixture.store as? SQLiteStore).path
        var random = SeededGenerator(seed: 4)
        let secret = bytes(&random)
        let sealed = try fixture.seal(of: fixture.owner, sealed: secret)
        try fixture.commit(.submit(sealed, masked: ""))
        let copy = fixture.fixture.directory.path + "/crashed.db"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        // As if the process had ended here: the other connection erases, and leaves the log behind.
        let queue = try SQLiteConnections.writer(copy, .off)
        try queue.inDatabase {
            try $0.execute(
                sql: """
                    UPDATE sealed_recycled_keys SET sealed = zeroblob(length(sealed));
                    UPDATE recycled_keys SET state = 'REMOVED', data_key = NULL, slot = NULL, fingerprint = NULL;
                    """)
        }
        let crashed = fixture.fixture.directory.path + "/again.db"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: copy + suffix, toPath: crashed + suffix)
        }
        try queue.close()
        #expect(traces(of: [secret], in: crashed) > 0)
        let store = try SQLiteStore(path: crashed, durability: .off)
        _ = try store.commit([.setSuspended(AccountID(1), false)], at: StoreFixture.start)
        #expect(traces(of: [secret], in: crashed) == 0)
    }

    @Test("Of many keys that come, change and go in any order, none that is erased leaves a trace")
    func many() throws {
        let fixture = try RecyclingFixture(.sqlite)
        let path = try #require(fixture.store as? SQLiteStore).path
        var random = SeededGenerator(seed: 13)
        var kept: [ProviderKeyID: [UInt8]] = [:]
        var gone: [[UInt8]] = []
        var waiting: [SealedProviderKey] = []
        for round in 0..<1_500 {
            let time = Double(round) * 400
            let reserved = try fixture.seal(of: fixture.owner)
            let secret = bytes(&random)
            waiting.append(
                SealedProviderKey(
                    id: reserved.id, provider: "a", owner: fixture.owner,
                    label: String(repeating: "l", count: round % 90),
                    dataKey: 1, sealed: secret,
                    fingerprint: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }))
            // Numbers are not stored in the order in which they are handed out.
            if waiting.count > 3 {
                let next = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
                try fixture.commit(.submit(next, masked: "m"), after: time)
                kept[next.id] = next.sealed
            }
            if let id = kept.keys.sorted().randomElement(using: &random) {
                try fixture.check(id, RecycledKeyCheck(.good, balance: money(Int64(round) << 30)), after: time)
            }
            if kept.count > 100, let id = kept.keys.sorted().randomElement(using: &random) {
                try fixture.event(id, .removed, after: time)
                try fixture.event(id, .drained, after: time)
                if let secret = kept.removeValue(forKey: id) { gone.append(secret) }
            }
        }
        #expect(gone.count > 1_000)
        #expect(traces(of: gone, in: path) == 0)
        #expect(traces(of: Array(kept.values), in: path) >= kept.count)
    }

    @Test("A database from before recycled keys gets them and keeps what it has")
    func migration() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        let before = try #require(Schema.steps.firstIndex(of: Schema.recycling))
        #expect(before == 4)
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            for step in Schema.steps[..<before] { try database.execute(sql: step) }
            try database.execute(
                sql: """
                    INSERT INTO settings VALUES ('\(Migrations.serverKey)', zeroblob(\(Migrations.serverKeyBytes)));
                    INSERT INTO accounts VALUES (1, 'old', 0, 600, 100, 5);
                    INSERT INTO api_keys (id, account, name, hash, scopes, created_at, mode, preset, slider)
                        VALUES (1, 1, 'k', zeroblob(32), 'solve', 5, 'LIGHTNING', 'fastest', 20);
                    INSERT INTO data_keys VALUES (1, x'01', 5, 5);
                    INSERT INTO provider_keys VALUES (1, 'a', '', 1, x'0102', zeroblob(32), 5);
                    UPDATE sequences SET last = 1 WHERE name = 'provider_keys';
                    UPDATE sequences SET last = 2 WHERE name = 'tasks';
                    INSERT INTO ledger_accounts VALUES (1, 'client:1'), (2, 'cash'), (3, 'revenue'),
                        (4, 'provider-cost:a'), (5, 'provider-funds:a');
                    INSERT INTO transactions (id, kind, time, account, task)
                        VALUES (1, 'DEPOSIT', 5, 1, NULL), (2, 'TASK_CHARGE', 6, 1, 1);
                    INSERT INTO entries VALUES (1, 1, 1, 700), (1, 2, 2, -700), (2, 1, 1, -100), (2, 2, 3, 100),
                        (2, 3, 4, -80), (2, 4, 5, 80);
                    INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline, ended_at, price, cost,
                        charge, solution) VALUES (1, 1, 1, 'altcha', 100, 5, 9, 6, 100, 80, 2, x'01');
                    INSERT INTO tasks (id, account, key, family, ceiling, created_at, deadline)
                        VALUES (2, 1, 1, 'altcha', 100, 5, 9);
                    INSERT INTO attempts (task, number, provider, credential, price, cost, state, started_at)
                        VALUES (1, 1, 'a', 'vault-1', 100, 80, 2, 5), (2, 1, 'a', 'vault-1', 100, 80, 1, 5);
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = \(before);
                    """)
        }
        try queue.close()
        let store = try SQLiteStore(path: path)
        #expect(try store.verifyLedger().problems == [])
        #expect(
            try store.keys(of: nil).map(\.settings)
                == [RoutingSettings(mode: .lightning, preset: .fastest, slider: 20, keyPool: .all)])
        #expect(try store.openTasks(after: nil, limit: 9).map(\.keyPool) == [.all])
        #expect(try store.recycledKeys(of: nil) == [])
        try useMigrated(store)
        store.close()
        let again = try SQLiteStore(path: path)
        #expect(try again.verifyLedger().problems == [])
        #expect(try again.account(AccountID(1))?.balance == money(580))
        #expect(try again.recycledKeys(of: nil).map(\.funds.credited) == [money(80)])
    }

    /// A key is handed over, the open task moves on to it, and it is credited.
    private func useMigrated(_ store: SQLiteStore) throws {
        let id = try #require(ProviderKeyID(2)), task = try #require(TaskID(2))
        let sealed = SealedProviderKey(
            id: id, provider: "a", owner: AccountID(1), label: "", dataKey: 1, sealed: [1],
            fingerprint: Array(repeating: 1, count: 32))
        let candidate = Candidate(
            provider: "a", credential: id.recycledCredential, price: money(100), cost: money(80))
        let results = try store.commit(
            [
                .vault(.reserveProviderKey), .recycling(.submit(sealed, masked: "")),
                .nextAttempt(task, ended: 1, AttemptEnd(.failed), next: candidate),
                .settle(
                    task, attempt: 2, AttemptEnd(.solved), .solved(solution: [1], price: money(100), cost: money(80))),
            ], at: StoreFixture.start)
        #expect(results.allSatisfy { if case .success = $0 { true } else { false } }, "\(results)")
    }
}
