import Domain
import Glibc
import ProviderKit
import Testing

@testable import Storage

@Suite("A full disk")
struct DiskFullTests {
    /// Accepts tasks with large payloads until that fails.
    private func fill(_ fixture: StoreFixture) throws -> (accepted: Int, failure: StoreFailure) {
        for accepted in 0..<1_000 {
            do { _ = try fixture.accept([1], payload: [UInt8](repeating: 1, count: 50_000)) } catch {
                return (accepted, try #require(error as? StoreFailure))
            }
        }
        throw StoreFailure(.other, "the disk was never full")
    }

    @Test("A full file refuses commits in words, loses nothing, and goes on when there is room")
    func pages() throws {
        let fixture = try StoreFixture(.sqlite)
        let store = try #require(fixture.store as? SQLiteStore)
        try store.limit(pages: 200)
        let (accepted, failure) = try fill(fixture)
        #expect(failure.kind == .diskFull)
        #expect(failure.description.contains(store.path))
        #expect(accepted > 0)
        #expect(try fixture.amounts() == [1_000, Int64(accepted)])
        #expect(try store.openTasks(after: nil, limit: 1_000).count == accepted)
        try fixture.expectSoundLedger()
        try store.limit(pages: 1_000_000)
        #expect(try fixture.accept([1]).id.number == Int64(accepted) + 1)
        try fixture.expectSoundLedger()
    }

    @Test(
        "A full file system refuses commits in words, loses nothing, and goes on when there is room",
        .enabled(if: geteuid() == 0, "mounting a small file system needs root"))
    func fileSystem() throws {
        let directory = try TemporaryDirectory()
        try #require(mount("ucaptcha-test", directory.path, "tmpfs", 0, "size=3m") == 0)
        defer { umount2(directory.path, Int32(MNT_DETACH)) }
        let path = directory.path + "/store.db"
        let ballast = directory.path + "/ballast"
        let descriptor = open(ballast, O_CREAT | O_WRONLY, 0o600)
        let bytes = [UInt8](repeating: 0, count: 500_000)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        let store = try SQLiteStore(path: path)
        let account = try StoreFixture.createAccount(in: store)
        let hash = [UInt8](repeating: 1, count: 32)
        _ = try store.commit([.createKey(account, NewKey(name: "", hash: hash, scopes: []))], at: StoreFixture.start)
        let task = NewTask(
            account: account, key: 1, family: .altcha, payload: [UInt8](repeating: 1, count: 50_000),
            candidates: [Candidate(provider: "p", credential: nil, price: .zero, cost: .zero)],
            deadline: StoreFixture.start)
        var accepted = 0
        var failure: StoreFailure?
        while failure == nil, accepted < 1_000 {
            do throws(StoreFailure) {
                _ = try store.commit([.accept(task)], at: StoreFixture.start)
                accepted += 1
            } catch { failure = error }
        }
        #expect(failure?.kind == .diskFull)
        #expect(try store.openTasks(after: nil, limit: 1_000).count == accepted)
        unlink(ballast)
        #expect(throws: Never.self) { try store.commit([.accept(task)], at: StoreFixture.start) }
        #expect(try store.openTasks(after: nil, limit: 1_000).count == accepted + 1)
        #expect(try store.verifyLedger().problems == [])
        store.close()
        #expect(try SQLiteStore(path: path).openTasks(after: nil, limit: 1_000).count == accepted + 1)
    }
}
