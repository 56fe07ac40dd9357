import Domain
import GRDB
import Storage
import Testing

@Suite("Idempotency keys, in every store")
struct IdempotencyStoreTests {
    private let first = IdempotencyKey(text: "a", request: [UInt8](repeating: 1, count: 32))
    private let other = IdempotencyKey(text: "a", request: [UInt8](repeating: 2, count: 32))
    private static let lifetime = Limits.idempotencySeconds

    private func accept(
        _ fixture: StoreFixture, _ key: IdempotencyKey?, price: Int64 = 100, after seconds: Double = 0,
        of account: AccountID? = nil
    ) throws -> Result<StoreReply, StoreRefusal> {
        var task = fixture.newTask([price])
        task.idempotencyKey = key
        if let account { task.account = account }
        let now = StoreFixture.start.adding(seconds: seconds)
        return try #require(try fixture.store.commit([.accept(task)], at: now).first)
    }

    private func number(_ result: Result<StoreReply, StoreRefusal>) throws -> Int64 {
        guard case .success(.accepted(let task)) = result else { throw Unexpected([result]) }
        return task.id.number
    }

    private func repeated(_ number: Int64) throws -> Result<StoreReply, StoreRefusal> {
        .success(.repeated(try #require(TaskID(number))))
    }

    @Test("The same key and request are the same task, which is reserved once", arguments: StoreKind.allCases)
    func same(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        #expect(try number(accept(fixture, first)) == 1)
        #expect(try accept(fixture, first) == repeated(1))
        #expect(try accept(fixture, first, after: IdempotencyStoreTests.lifetime - 1) == repeated(1))
        #expect(try fixture.amounts() == [1_000, 100])
        #expect(try number(accept(fixture, nil)) == 2)
        #expect(try number(accept(fixture, nil)) == 3)
        try fixture.expectSoundLedger()
    }

    @Test("Two requests with the same key in one batch are one task", arguments: StoreKind.allCases)
    func batch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        var task = fixture.newTask([100])
        task.idempotencyKey = first
        var reused = task
        reused.idempotencyKey = other
        let results = try fixture.store.commit([.accept(task), .accept(task), .accept(reused)], at: StoreFixture.start)
        #expect(try number(try #require(results.first)) == 1)
        #expect(Array(results.dropFirst()) == [try repeated(1), .failure(.idempotencyKeyReused)])
        #expect(try fixture.amounts() == [1_000, 100])
    }

    @Test("The same key with another request is refused; another account's is its own", arguments: StoreKind.allCases)
    func reused(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        _ = try accept(fixture, first)
        #expect(try accept(fixture, other) == .failure(.idempotencyKeyReused))
        #expect(try fixture.amounts() == [1_000, 100])
        let stranger = try StoreFixture.createAccount(in: fixture.store)
        _ = try fixture.commit(.deposit(stranger, money(100), reference: nil))
        #expect(try number(accept(fixture, other, of: stranger)) == 2)
        #expect(try accept(fixture, first) == repeated(1))
        #expect(try accept(fixture, other, of: stranger) == repeated(2))
    }

    @Test(
        "A repeated request needs no balance and no candidate; a suspended account has none",
        arguments: StoreKind.allCases)
    func withoutBalance(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 100)
        _ = try accept(fixture, first)
        #expect(try accept(fixture, nil) == .failure(.insufficientBalance))
        #expect(try accept(fixture, first) == repeated(1))
        var bare = fixture.newTask([])
        bare.idempotencyKey = first
        try fixture.expect(try repeated(1), .accept(bare))
        bare.idempotencyKey = IdempotencyKey(text: "new", request: first.request)
        try fixture.expect(.failure(.insufficientBalance), .accept(bare))
        _ = try fixture.commit(.setSuspended(fixture.account, true))
        #expect(try accept(fixture, first) == .failure(.accountSuspended))
    }

    @Test("A request that was refused does not use its key up", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 100)
        #expect(try accept(fixture, first, price: 101) == .failure(.insufficientBalance))
        #expect(try number(accept(fixture, other, price: 100)) == 1)
        #expect(try accept(fixture, other) == repeated(1))
    }

    @Test("A key whose time is over stands for the next task, whatever that asks for", arguments: StoreKind.allCases)
    func expired(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lifetime = IdempotencyStoreTests.lifetime
        _ = try accept(fixture, first)
        #expect(try number(accept(fixture, other, after: lifetime)) == 2)
        #expect(try accept(fixture, other, after: 2 * lifetime - 1) == repeated(2))
        #expect(try accept(fixture, first, after: 2 * lifetime - 1) == .failure(.idempotencyKeyReused))
        #expect(try number(accept(fixture, first, after: 2 * lifetime)) == 3)
    }

    @Test("A commit that fails leaves no key behind, and none erased", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        _ = try accept(fixture, first)
        var task = fixture.newTask([100]), keyless = task
        task.idempotencyKey = IdempotencyKey(text: "b", request: first.request)
        keyless.key = 99
        let later = StoreFixture.start.adding(seconds: IdempotencyStoreTests.lifetime)
        #expect(throws: StoreFailure.self) { try fixture.store.commit([.accept(task), .accept(keyless)], at: later) }
        // A clock that goes back finds the first key as it was.
        #expect(try accept(fixture, first) == repeated(1))
        #expect(try number(accept(fixture, IdempotencyKey(text: "b", request: other.request))) == 2)
        try fixture.expectSoundLedger()
    }

    @Test("A request without a whole hash is a mistake and stores nothing", arguments: StoreKind.allCases)
    func malformed(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let failure = #expect(throws: StoreFailure.self) {
            try accept(fixture, IdempotencyKey(text: "a", request: [1]))
        }
        #expect(failure?.description.contains("32 bytes") == true)
        #expect(try fixture.amounts() == [1_000, 0])
    }

    @Test("Keys whose time is over are erased, a few with each that is stored")
    func erased() throws {
        let fixture = try StoreFixture(.sqlite)
        for index in 0..<9 {
            _ = try accept(
                fixture, IdempotencyKey(text: "old \(index)", request: first.request), price: 1, after: Double(index))
        }
        let expectations: [(after: Double, stored: Int)] = [
            // Of the nine none has ended; then three; then four of those six that have, and the rest.
            (-1, 10), (2, 8), (20, 5), (21, 4), (22, 5),
        ]
        for (number, expected) in expectations.enumerated() {
            _ = try accept(
                fixture, IdempotencyKey(text: "new \(number)", request: first.request), price: 1,
                after: IdempotencyStoreTests.lifetime + expected.after)
            #expect(try stored(fixture) == expected.stored, "\(expected)")
        }
    }

    private func stored(_ fixture: StoreFixture) throws -> Int? {
        let queue = try DatabaseQueue(path: fixture.directory.path + "/store.db")
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM idempotency_keys") }
    }
}
