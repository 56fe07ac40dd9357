import Domain
import GRDB
import Storage
import TestSupport
import Testing

@Suite("Where a key may be used from and how much it may do, in every store")
struct KeyCapTests {
    private static let day: Double = 86_400

    @Test("Addresses and caps are kept, seen by whoever asks, and survive a reopening", arguments: StoreKind.allCases)
    func kept(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        #expect(fixture.key.access == .unrestricted)
        var expected = fixture.key
        expected.access.addresses = [try IPRange("10.0.0.0/8"), try IPRange("2001:db8::7")]
        try fixture.expect(
            .success(.key(expected)),
            .setAccess(nil, key: 1, AccessChange(addresses: .allow(expected.access.addresses))))
        expected.access.caps = try #require(KeyCaps(openTasks: 3, dailySpend: money(500)))
        try fixture.expect(
            .success(.key(expected)),
            .setAccess(fixture.account, key: 1, AccessChange(openTasks: .set(3), dailySpend: .set(money(500)))))
        try fixture.expect(.success(.key(expected)), .setAccess(nil, key: 1, AccessChange()))
        // A change of something else leaves them as they are.
        expected.name = "shop"
        try fixture.expect(.success(.key(expected)), .renameKey(nil, key: 1, name: "shop"))
        #expect(try fixture.store.key(hash: Array(repeating: 7, count: 32))?.key == expected)
        #expect(try fixture.store.keys(of: nil) == [expected])
        guard let sqlite = fixture.store as? SQLiteStore else { return }
        sqlite.close()
        let again = try SQLiteStore(path: fixture.directory.path + "/store.db", durability: .off)
        #expect(try again.keys(of: nil) == [expected])
        for _ in 0..<3 {
            let replies = try again.commit([.accept(fixture.newTask([10]))], at: StoreFixture.start)
            guard case .success(.accepted) = try #require(replies.first) else { throw Unexpected(replies) }
        }
        #expect(try again.commit([.accept(fixture.newTask([10]))], at: StoreFixture.start) == [.failure(.keyTaskLimit)])
    }

    @Test("What cannot be is refused, and changes nothing", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let other = try StoreFixture.createAccount(in: fixture.store)
        let ten = (0..<10).map { IPRange(.v4(UInt32($0))) }
        try fixture.expect(.failure(.unknownKey), .setAccess(other, key: 1, AccessChange(addresses: .clear)))
        try fixture.expect(.failure(.unknownKey), .setAccess(nil, key: 9, AccessChange()))
        try fixture.expect(.failure(.badAmount), .setAccess(nil, key: 1, AccessChange(openTasks: .set(0))))
        let eleven = ten + [try IPRange("::1")]
        try fixture.expect(
            .failure(.tooManyAddresses), .setAccess(nil, key: 1, AccessChange(addresses: .allow(eleven))))
        #expect(try fixture.store.keys(of: nil) == [fixture.key])
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(addresses: .allow(ten)))).get()
        // Those that are there already are no further ones.
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(addresses: .allow(ten)))).get()
        try fixture.expect(
            .failure(.tooManyAddresses),
            .setAccess(nil, key: 1, AccessChange(addresses: .allow([try IPRange("::1")]))))
    }

    @Test("No more tasks are open than the cap says, also within one commit", arguments: StoreKind.allCases)
    func openTasks(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let before = try fixture.accept([10])
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(openTasks: .set(4)))).get()
        let results = try fixture.store.commit(
            (0..<9).map { _ in .accept(fixture.newTask([10])) }, at: StoreFixture.start)
        #expect(results.count { (try? $0.get()) != nil } == 3, "the one from before the cap counts")
        #expect(results.count { $0 == .failure(.keyTaskLimit) } == 6)
        #expect(try fixture.amounts() == [1_000, 40])
        try fixture.expect(
            .success(.settled(charged: .zero)),
            .settle(before.id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "")))
        _ = try fixture.accept([10])
        try fixture.expect(.failure(.keyTaskLimit), .accept(fixture.newTask([10])))
        // Another key of the account has no cap.
        let hash = [UInt8](repeating: 9, count: 32)
        guard
            case .key(let other) = try fixture.commit(
                .createKey(fixture.account, NewKey(name: "", hash: hash, scopes: [.solve]))
            ).get()
        else { throw Unexpected([]) }
        var task = fixture.newTask([10])
        task.key = other.id
        for _ in 0..<9 { _ = try fixture.commit(.accept(task)).get() }
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(openTasks: .lift))).get()
        _ = try fixture.accept([10])
        try fixture.expectSoundLedger()
    }

    @Test("A cap of a batch that failed is none, and what it lifted still holds", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept([10])
        // An attempt cannot end in this state, which undoes the batch.
        let failing = StoreOperation.settle(
            task.id, attempt: 1, AttemptEnd(.pending), .failed(code: .unsolvable, detail: ""))
        func commit(_ change: AccessChange) throws {
            #expect(throws: StoreFailure.self) {
                try fixture.store.commit([.setAccess(nil, key: 1, change), failing], at: StoreFixture.start)
            }
        }
        try commit(AccessChange(openTasks: .set(1)))
        _ = try fixture.accept([10])
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(openTasks: .set(3)))).get()
        try commit(AccessChange(openTasks: .lift))
        _ = try fixture.accept([10])
        try fixture.expect(.failure(.keyTaskLimit), .accept(fixture.newTask([10])))
    }

    @Test("Charges of the day and open reservations stay within the daily cap", arguments: StoreKind.allCases)
    func dailySpend(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let solved = TaskOutcome.solved(solution: [], price: money(100), cost: .zero)
        try fixture.expect(
            .success(.settled(charged: money(100))),
            .settle(try fixture.accept([100]).id, attempt: 1, AttemptEnd(.solved), solved))
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(dailySpend: .set(money(300))))).get()
        // 100 is charged already; the dearest that 200 covers is reserved.
        let second = try fixture.accept([250, 150, 90])
        #expect(second.ceiling == money(150) && second.attempt.candidate.price == money(150))
        try fixture.expect(.failure(.keySpendLimit), .accept(fixture.newTask([51])))
        let third = try fixture.accept([50])
        try fixture.expect(.failure(.keySpendLimit), .accept(fixture.newTask([1])))
        // What even the balance does not cover is no matter of the cap.
        try fixture.expect(.failure(.insufficientBalance), .accept(fixture.newTask([5_000])))
        try fixture.expect(
            .success(.settled(charged: .zero)),
            .settle(second.id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "")))
        let tomorrow = StoreFixture.start.adding(seconds: KeyCapTests.day)
        // Open since yesterday, charged today.
        _ = try fixture.store.commit(
            [.settle(third.id, attempt: 1, AttemptEnd(.solved), .solved(solution: [], price: money(40), cost: .zero))],
            at: tomorrow)
        let results = try fixture.store.commit(
            [.accept(fixture.newTask([261])), .accept(fixture.newTask([260])), .accept(fixture.newTask([1]))],
            at: tomorrow)
        #expect(results[0] == .failure(.keySpendLimit) && results[2] == .failure(.keySpendLimit))
        #expect((try? results[1].get()) != nil)
        try fixture.expectSoundLedger()
    }

    @Test("A cap counts what the same commit has charged before it", arguments: StoreKind.allCases)
    func chargedInTheSameCommit(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let solved = TaskOutcome.solved(solution: [], price: money(100), cost: .zero)
        let (before, within) = (try fixture.accept([100]), try fixture.accept([100]))
        try fixture.expect(
            .success(.settled(charged: money(100))), .settle(before.id, attempt: 1, AttemptEnd(.solved), solved))
        let results = try fixture.store.commit(
            [
                .settle(within.id, attempt: 1, AttemptEnd(.solved), solved),
                .setAccess(nil, key: 1, AccessChange(dailySpend: .set(money(300)))),
                .accept(fixture.newTask([101])), .accept(fixture.newTask([100])),
            ], at: StoreFixture.start)
        #expect(results[2] == .failure(.keySpendLimit))
        #expect((try? results[3].get()) != nil)
    }

    @Test("A clock that is set back over midnight gives nothing back", arguments: StoreKind.allCases)
    func clock(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(dailySpend: .set(money(150))))).get()
        let solved = TaskOutcome.solved(solution: [], price: money(100), cost: .zero)
        let tomorrow = StoreFixture.start.adding(seconds: KeyCapTests.day)
        for time in [StoreFixture.start, tomorrow] {
            let accepted = try fixture.store.commit([.accept(fixture.newTask([100]))], at: time)
            guard case .success(.accepted(let task)) = accepted[0] else { throw Unexpected(accepted) }
            _ = try fixture.store.commit([.settle(task.id, attempt: 1, AttemptEnd(.solved), solved)], at: time)[0].get()
        }
        for time in [tomorrow, StoreFixture.start] {
            #expect(
                try fixture.store.commit([.accept(fixture.newTask([51]))], at: time) == [.failure(.keySpendLimit)])
        }
    }

    @Test(
        "A verification tells when what is kept of a key with a cap is not what it has open",
        arguments: [
            ("UPDATE key_usage SET open_tasks = 0", "API key 1 is said to have 0 open tasks with 0.00000002 reserved"),
            ("UPDATE key_usage SET held = held + 1", "0.000000021 reserved, and has 2 with 0.00000002."),
            ("DELETE FROM key_usage", "API key 1 is said to have 0 open tasks"),
        ])
    func verified(sql: String, problem: String) throws {
        let fixture = try StoreFixture(.sqlite)
        _ = try fixture.commit(.setAccess(nil, key: 1, AccessChange(openTasks: .set(9)))).get()
        for _ in 0..<2 { _ = try fixture.accept([10]) }
        try fixture.expectSoundLedger()
        let store = try #require(fixture.store as? SQLiteStore)
        store.close()
        let queue = try DatabaseQueue(path: store.path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        let problems = try SQLiteStore(path: store.path, durability: .off).verifyLedger().problems
        #expect(problems.count == 1 && problems[0].contains(problem), "\(problems)")
    }

    @Test("Over days, with caps that come and go, no cap is ever exceeded", arguments: StoreKind.allCases)
    func random(kind: StoreKind) throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            var model = CapModel(fixture: try StoreFixture(kind, balance: 1_000_000_000), seed: seed)
            for _ in 0..<300 { try model.step() }
            #expect(model.refusals > 5 && model.accepted > 20, "seed \(seed): \(model.refusals), \(model.accepted)")
            try model.fixture.expectSoundLedger()
        }
    }
}

/// Random operations on one key, and what has to come of them.
private struct CapModel {
    let fixture: StoreFixture
    var random: SeededGenerator
    var now = StoreFixture.start
    var caps = KeyCaps()
    var open: [(task: TaskID, ceiling: Int64)] = []
    var charges: [(day: Int64, amount: Int64)] = []
    var (accepted, refusals) = (0, 0)

    init(fixture: StoreFixture, seed: UInt64) {
        self.fixture = fixture
        random = SeededGenerator(seed: seed)
    }

    private var held: Int64 { open.reduce(0) { $0 + $1.ceiling } }
    private var chargedToday: Int64 {
        charges.filter { $0.day == now.milliseconds / 86_400_000 }.reduce(0) { $0 + $1.amount }
    }

    mutating func step() throws {
        now = now.adding(seconds: Double.random(in: 0...4_000, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0: try setCaps()
        case 1...5: try accept()
        default: try settle()
        }
    }

    private mutating func setCaps() throws {
        var change = AccessChange()
        if Bool.random(using: &random) { change.openTasks = .set(Int.random(in: 1...6, using: &random)) }
        if Bool.random(using: &random) { change.dailySpend = .set(money(Int64.random(in: 1...900, using: &random))) }
        if Int.random(in: 0..<4, using: &random) == 0 {
            change = AccessChange(openTasks: .lift, dailySpend: .lift)
        }
        let result = try fixture.store.commit([.setAccess(nil, key: 1, change)], at: now)
        guard case .success(.key(let key)) = result[0] else { throw Unexpected(result) }
        caps = key.access.caps
    }

    private mutating func accept() throws {
        let price = Int64.random(in: 0...200, using: &random)
        let result = try fixture.store.commit([.accept(fixture.newTask([price]))], at: now)
        let isFull = caps.openTasks.map { open.count >= $0 } ?? false
        let isSpent = caps.dailySpend.map { price > max($0.nanos - held - chargedToday, 0) } ?? false
        switch result[0] {
        case .success(.accepted(let task)):
            #expect(!isFull && !isSpent)
            open.append((task.id, task.ceiling.nanos))
            accepted += 1
        case .failure(.keyTaskLimit):
            #expect(isFull)
            refusals += 1
        case .failure(.keySpendLimit):
            #expect(!isFull && isSpent)
            refusals += 1
        default: throw Unexpected(result)
        }
    }

    private mutating func settle() throws {
        guard let index = open.indices.randomElement(using: &random) else { return }
        let (task, ceiling) = open.remove(at: index)
        guard Bool.random(using: &random) else {
            let failed = TaskOutcome.failed(code: .unsolvable, detail: "")
            _ = try fixture.store.commit([.settle(task, attempt: 1, AttemptEnd(.failed), failed)], at: now)[0].get()
            return
        }
        let price = Int64.random(in: 0...250, using: &random)
        let solved = TaskOutcome.solved(solution: [], price: money(price), cost: .zero)
        _ = try fixture.store.commit([.settle(task, attempt: 1, AttemptEnd(.solved), solved)], at: now)[0].get()
        charges.append((now.milliseconds / 86_400_000, min(price, ceiling)))
    }
}
