import Domain
import GRDB
import Glibc
import Testing
import Vault

@testable import Storage

@Suite("The SQLite file")
struct SQLiteStoreTests {
    private func failure(_ body: () throws -> Void) throws -> StoreFailure {
        do { try body() } catch { return try #require(error as? StoreFailure) }
        Issue.record("nothing was refused")
        return StoreFailure(.other, "")
    }

    private func edit(_ path: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("Everything is there when the file is opened again, the server key included")
    func reopen() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        var store: SQLiteStore? = try SQLiteStore(path: path)
        let key = try #require(store?.serverKey)
        #expect(key.count == 16)
        _ = try store?.commit(
            [.createAccount(name: "a"), .deposit(AccountID(1), money(5), reference: "r")], at: StoreFixture.start)
        store = nil
        #expect(access(path + "-wal", F_OK) != 0, "closing brings the log into the database")
        let again = try SQLiteStore(path: path)
        #expect(again.serverKey == key)
        #expect(try again.account(AccountID(1))?.balance == money(5))
        #expect(
            try again.commit([.deposit(AccountID(1), money(5), reference: "r")], at: StoreFixture.start)
                == [.success(.deposited(posted: false))])
        let other = try SQLiteStore(path: directory.path + "/other.db")
        #expect(other.serverKey != key)
    }

    @Test("Only the owner can read the files, also when somebody had opened them up")
    func mode() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        func modes() -> [mode_t] {
            ["", "-wal", "-shm", ".lock"].map { suffix in
                var info = stat()
                return stat(path + suffix, &info) == 0 ? info.st_mode & 0o777 : 0
            }
        }
        let previous = umask(0)
        defer { umask(previous) }
        var store: SQLiteStore? = try SQLiteStore(path: path)
        #expect(modes() == [0o600, 0o600, 0o600, 0o600])
        store?.close()
        store = nil
        chmod(path, 0o644)
        store = try SQLiteStore(path: path)
        #expect(modes() == [0o600, 0o600, 0o600, 0o600])
    }

    @Test("Commits wait for the disk unless they are told not to")
    func durability() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        for (durability, expected) in [(SQLiteStore.Durability.full, 2), (.off, 0)] {
            try DatabaseFile.prepare(path)
            let queue = try SQLiteConnections.writer(path, durability)
            #expect(try queue.inDatabase { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == expected)
            #expect(try queue.inDatabase { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
            #expect(try queue.inDatabase { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") } == 1)
        }
    }

    @Test("A second store on the file is refused, whatever path leads to it, until the first is closed")
    func lock() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        let store = try SQLiteStore(path: path)
        symlink(path, directory.path + "/link.db")
        for other in [path, directory.path + "/link.db", directory.path + "/./store.db"] {
            let failure = try failure { _ = try SQLiteStore(path: other) }
            #expect(failure.kind == .inUse)
            #expect(failure.description.contains(path))
            #expect(failure.description.contains("process \(getpid())"))
        }
        store.close()
        #expect(try failure { _ = try store.accounts() }.kind == .stopped)
        #expect(
            try failure { _ = try store.commit([.createAccount(name: "")], at: StoreFixture.start) }.kind == .stopped)
        _ = try SQLiteStore(path: path)
    }

    @Test("A file with a second name is refused: by it another process could open the same file")
    func hardLink() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try SQLiteStore(path: path).close()
        link(path, directory.path + "/second.db")
        for name in [path, directory.path + "/second.db"] {
            #expect(try failure { _ = try SQLiteStore(path: name) }.description.contains("2 names"))
        }
        unlink(directory.path + "/second.db")
        #expect(try SQLiteStore(path: path).accounts().isEmpty)
    }

    @Test("A newer schema is refused in words and left as it is")
    func newerSchema() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try SQLiteStore(path: path).close()
        try edit(path, "PRAGMA user_version = 99")
        let failure = try failure { _ = try SQLiteStore(path: path) }
        #expect(failure.kind == .newerSchema)
        #expect(failure.description.contains("schema 99"))
        #expect(failure.description.contains(path))
        try edit(path, "PRAGMA user_version = \(Schema.version)")
        _ = try SQLiteStore(path: path)
    }

    @Test("What is no database of this program is refused and left as it is")
    func notADatabase() throws {
        let directory = try TemporaryDirectory()
        let text = directory.path + "/text.db"
        let file = try #require(fopen(text, "w"))
        fputs(String(repeating: "This is a letter, not a database.\n", count: 100), file)
        fclose(file)
        let before = try hash(text)
        #expect(try failure { _ = try SQLiteStore(path: text) }.kind == .unreadable)
        #expect(try hash(text) == before)

        let foreign = directory.path + "/foreign.db"
        try edit(foreign, "CREATE TABLE letters (text TEXT)")
        let foreignBefore = try hash(foreign)
        let refused = try failure { _ = try SQLiteStore(path: foreign) }
        #expect(refused.kind == .unreadable)
        #expect(refused.description.contains("another program"))
        #expect(try hash(foreign) == foreignBefore)
    }

    private func hash(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        return try SHA256.hash(descriptor: descriptor)
    }

    @Test("A database that lost its server key is refused")
    func noServerKey() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try SQLiteStore(path: path).close()
        try edit(path, "DELETE FROM settings")
        #expect(try failure { _ = try SQLiteStore(path: path) }.kind == .unreadable)
    }

    @Test("A missing directory and a directory in the file's place are named")
    func missingDirectory() throws {
        let directory = try TemporaryDirectory()
        let missing = try failure { _ = try SQLiteStore(path: directory.path + "/missing/store.db") }
        #expect(missing.kind == .other)
        #expect(missing.description.contains("directory \(directory.path)/missing"))
        #expect(try failure { _ = try SQLiteStore(path: directory.path) }.description.contains("is not a file"))
    }

    @Test("Another program that writes the file is waited for and then named")
    func busy() throws {
        let error = DatabaseError(resultCode: .SQLITE_BUSY)
        #expect(StoreFailure(error, at: "/x").kind == .inUse)
        #expect(StoreFailure(error, at: "/x").description.contains("/x"))
    }

    @Test("A task that is settled does not write its payload again")
    func payloadApart() throws {
        let fixture = try StoreFixture(.sqlite)
        let image = [UInt8](repeating: 3, count: 600_000)
        let task = try fixture.accept([10], payload: image)
        #expect(try fixture.store.payload(of: task.id) == image)
        let wal = fixture.directory.path + "/store.db-wal"
        func size() -> Int {
            var info = stat()
            return stat(wal, &info) == 0 ? Int(info.st_size) : -1
        }
        let before = size()
        _ = try fixture.commit(
            .settle(task.id, attempt: 1, AttemptEnd(.solved), .solved(solution: [1], price: money(1), cost: .zero)))
        #expect(size() - before < 100_000)
    }

    @Test("Reading open tasks, keys and references needs no scan of the history")
    func indexes() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        try SQLiteStore(path: path).close()
        let queue = try DatabaseQueue(path: path)
        for (query, index) in [
            ("SELECT id FROM tasks t WHERE t.ended_at IS NULL AND t.id > 5 ORDER BY t.id LIMIT 5", "open_tasks"),
            ("SELECT id FROM transactions WHERE account = 1 AND reference = 'r'", "transactions_by_reference"),
            (
                "SELECT id FROM recycled_keys WHERE id > 5 AND slot IS NOT NULL ORDER BY id LIMIT 5",
                "living_recycled_keys"
            ), ("SELECT id FROM recycled_keys WHERE account = 1 AND id > 5 ORDER BY id", "recycled_keys_by_account"),
            ("SELECT id FROM api_keys WHERE hash = x'00'", "autoindex_api_keys"),
        ] {
            let plan = try queue.inDatabase { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + query) }
                .map { $0["detail"] as String? ?? "" }.joined()
            #expect(plan.contains(index), "\(plan)")
        }
    }
}
