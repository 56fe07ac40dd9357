import Domain
import Glibc
import Testing

@testable import Storage

@Suite("Backups")
struct BackupTests {
    @Test("A backup is one private file that opens with everything in it")
    func backup() throws {
        let fixture = try StoreFixture(.sqlite)
        let store = try #require(fixture.store as? SQLiteStore)
        let task = try fixture.accept([100])
        let target = fixture.directory.path + "/backup.db"
        try store.backup(to: target)
        _ = try fixture.accept([100])
        var info = stat()
        #expect(stat(target, &info) == 0 && info.st_mode & 0o777 == 0o600)
        #expect(try leftovers(fixture.directory.path) == ["backup.db"])

        let copy = try SQLiteStore(path: target)
        #expect(copy.serverKey == store.serverKey)
        #expect(try copy.openTasks(after: nil, limit: 9).map(\.id) == [task.id])
        #expect(try copy.account(fixture.account)?.held == money(100))
        #expect(try copy.verifyLedger().problems == [])
        #expect(try copy.commit([.createAccount(name: "")], at: StoreFixture.start).count == 1)
    }

    @Test("A backup replaces no file and names a missing directory")
    func refusals() throws {
        let fixture = try StoreFixture(.sqlite)
        let target = fixture.directory.path + "/backup.db"
        let descriptor = open(target, O_CREAT | O_WRONLY, 0o600)
        close(descriptor)
        let exists = #expect(throws: StoreFailure.self) { try fixture.store.backup(to: target) }
        #expect(exists?.description.contains("exists already") == true)
        var info = stat()
        #expect(stat(target, &info) == 0 && info.st_size == 0)
        let missing = fixture.directory.path + "/missing/backup.db"
        let failure = #expect(throws: StoreFailure.self) { try fixture.store.backup(to: missing) }
        #expect(failure?.description.contains("does not exist") == true)
        #expect(try leftovers(fixture.directory.path) == ["backup.db"])
    }

    @Test("A store in memory has nothing to back up")
    func memory() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: StoreFailure.self) { try MemoryStore().backup(to: directory.path + "/backup.db") }
    }

    /// The files beside the database's own.
    private func leftovers(_ path: String) throws -> [String] {
        let directory = try #require(opendir(path))
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", !name.hasPrefix("store.db") { names.append(name) }
        }
        return names.sorted()
    }
}
