import Domain
import GRDB
import ProviderKit
import TestSupport
import Testing

@testable import Storage

@Suite("What routing keeps, in every store")
struct RouteStoreTests {
    private func accept(
        _ fixture: StoreFixture, _ preference: RoutingPreference, _ explanation: RouteExplanation? = nil
    ) throws -> TaskID {
        var task = fixture.newTask([100], cost: 40)
        task.preference = preference
        task.explanation = explanation
        let reply = try fixture.commit(.accept(task))
        guard case .success(.accepted(let accepted)) = reply else { throw Unexpected([reply]) }
        return accepted.id
    }

    @Test("A task keeps what was wanted of the choice", arguments: StoreKind.allCases)
    func preference(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let wanted: [RoutingPreference] = [
            .balanced, try #require(RoutingPreference(speedWeight: 50, reliableFirst: true)),
            try #require(RoutingPreference(speedWeight: 0)), try #require(RoutingPreference(speedWeight: 100)),
        ]
        let ids = try wanted.map { try accept(fixture, $0) }
        #expect(try fixture.store.openTasks(after: nil, limit: 9).map(\.preference) == wanted)
        #expect(try ids.map { try fixture.store.route(of: $0)?.preference } == wanted)
    }

    @Test(
        "A route tells the task, the explanation and every attempt with its times and end",
        arguments: StoreKind.allCases)
    func route(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        var task = fixture.newTask([100, 170], cost: 40)
        task.forcedProvider = "provider0"
        task.explanation = RouteExplanation([1, 2, 3])
        let reply = try fixture.commit(.accept(task))
        guard case .success(.accepted(let accepted)) = reply else { throw Unexpected([reply]) }
        let first = accepted.attempt
        let next = Candidate(provider: "other", credential: "k", price: money(90), cost: money(50))
        let later = StoreFixture.start.adding(seconds: 3), last = StoreFixture.start.adding(seconds: 8)
        _ = try fixture.store.commit(
            [
                .attemptPending(accepted.id, attempt: 1, providerTask: "abc"),
                .nextAttempt(accepted.id, ended: 1, AttemptEnd(.failed, fault: "overloaded"), next: next),
            ], at: later)
        let open = try #require(try fixture.store.route(of: accepted.id))
        #expect(open.task == (try fixture.store.task(accepted.id)))
        #expect(open.task.end == nil)
        #expect(open.ceiling == money(170))
        #expect(open.forcedProvider == "provider0")
        #expect(open.explanation == [1, 2, 3])
        var ended = first
        ended.state = .failed
        ended.providerTask = "abc"
        let failed = AttemptRecord(
            attempt: ended, startedAt: StoreFixture.start, endedAt: later, fault: "overloaded", reportedCost: nil)
        #expect(
            open.attempts == [
                failed,
                AttemptRecord(
                    attempt: Attempt(number: 2, candidate: next), startedAt: later, endedAt: nil, fault: nil,
                    reportedCost: nil),
            ])
        _ = try fixture.store.commit(
            [
                .settle(
                    accepted.id, attempt: 2, AttemptEnd(.solved, reportedCost: money(45)),
                    .solved(solution: [9], price: money(90), cost: money(45)))
            ], at: last)
        let closed = try #require(try fixture.store.route(of: accepted.id))
        #expect(closed.task.end?.outcome == .solved(solution: [9], price: money(90), cost: money(45)))
        #expect(closed.ceiling == money(170), "also of a task that has ended")
        #expect(closed.attempts.first == failed)
        #expect(
            closed.attempts.last
                == AttemptRecord(
                    attempt: Attempt(number: 2, candidate: next, state: .solved), startedAt: later, endedAt: last,
                    fault: nil, reportedCost: money(45)))
        #expect(try fixture.store.route(of: #require(TaskID(99))) == nil)
    }

    @Test(
        "Tasks without an explanation have none, and those with different ones keep them apart",
        arguments: StoreKind.allCases)
    func explanations(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let one = RouteExplanation([1]), two = RouteExplanation([2]), empty = RouteExplanation([])
        let ids = try [one, nil, two, one, empty].map { try accept(fixture, .balanced, $0) }
        #expect(try ids.map { try fixture.store.route(of: $0)?.explanation } == [[1], nil, [2], [1], []])
    }

    @Test(
        "Statistics replace those of the same host, provider and family, and leave all others",
        arguments: StoreKind.allCases)
    func statistics(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        func row(_ provider: String, _ family: TaskFamily, _ value: UInt8) -> StoredStatistics {
            StoredStatistics(provider: provider, family: family, asOf: StoreFixture.start, value: [value])
        }
        #expect(try fixture.store.statistics() == [:])
        try fixture.expect(
            .success(.done), .storeStatistics(host: "a", [row("q", .altcha, 1), row("p", .turnstile, 2)]))
        try fixture.expect(.success(.done), .storeStatistics(host: "b", [row("q", .altcha, 3)]))
        #expect(
            try fixture.store.statistics() == [
                "a": [row("p", .turnstile, 2), row("q", .altcha, 1)], "b": [row("q", .altcha, 3)],
            ])
        try fixture.expect(
            .success(.done),
            .storeStatistics(host: "a", [row("q", .turnstile, 4), row("q", .altcha, 5), row("q", .turnstile, 6)]))
        #expect(
            try fixture.store.statistics() == [
                "a": [row("p", .turnstile, 2), row("q", .altcha, 5), row("q", .turnstile, 6)],
                "b": [row("q", .altcha, 3)],
            ])
        try fixture.expect(.success(.done), .storeStatistics(host: "c", []))
        #expect(try fixture.store.statistics().keys.sorted() == ["a", "b"])
    }

    @Test(
        "Statistics to which nothing was added for long are erased when others are stored, those of other hosts too",
        arguments: StoreKind.allCases)
    func oldStatistics(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let start = StoreFixture.start
        func row(_ provider: String, _ seconds: Double) -> StoredStatistics {
            StoredStatistics(provider: provider, family: .altcha, asOf: start.adding(seconds: seconds), value: [1])
        }
        _ = try fixture.store.commit(
            [
                .storeStatistics(host: "a", [row("p", 0), row("q", 1)]), .storeStatistics(host: "b", [row("p", 0)]),
            ], at: start)
        let day = 24.0 * 3600
        _ = try fixture.store.commit([.storeStatistics(host: "c", [row("r", 30 * day)])], at: row("", 30 * day).asOf)
        #expect(try fixture.store.statistics().count == 3, "none is older than 30 days")
        let later = row("", 30 * day + 1).asOf
        _ = try fixture.store.commit([.storeStatistics(host: "c", [row("r", 30 * day + 1)])], at: later)
        #expect(try fixture.store.statistics() == ["a": [row("q", 1)], "c": [row("r", 30 * day + 1)]])
    }
}

@Suite("Explanations that are old, in every store")
struct OldExplanationTests {
    private let kept = Limits.keptExplanationSeconds

    private func accept(_ fixture: StoreFixture, _ explanation: RouteExplanation?, at seconds: Double) throws -> TaskID
    {
        var task = fixture.newTask([1])
        task.explanation = explanation
        let reply = try fixture.store.commit([.accept(task)], at: StoreFixture.start.adding(seconds: seconds))
        guard case .success(.accepted(let accepted))? = reply.first else { throw Unexpected(reply) }
        return accepted.id
    }

    private func explanations(_ fixture: StoreFixture, _ ids: [TaskID]) throws -> [[UInt8]?] {
        try ids.map { try fixture.store.route(of: $0)?.explanation }
    }

    @Test(
        "The oldest makes way for a new one when it was kept long enough, and all else about its tasks stays",
        arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let one = RouteExplanation([1]), three = RouteExplanation([3])
        var ids = [
            try accept(fixture, one, at: 0), try accept(fixture, nil, at: 0), try accept(fixture, .init([2]), at: 1),
            try accept(fixture, one, at: 2),
        ]
        ids.append(try accept(fixture, three, at: kept))
        #expect(try explanations(fixture, ids) == [[1], nil, [2], [1], [3]], "none is old enough")
        let before = try fixture.store.route(of: ids[0])
        ids.append(try accept(fixture, three, at: kept + 1))
        #expect(try explanations(fixture, ids) == [[1], nil, [2], [1], [3], [3]], "no new one has come")
        ids.append(try accept(fixture, .init([4]), at: kept + 1))
        #expect(try explanations(fixture, ids) == [[], nil, [2], [], [3], [3], [4]])
        let after = try fixture.store.route(of: ids[0])
        #expect(after?.attempts == before?.attempts && after?.task == before?.task && after?.attempts.count == 1)
        // One that comes again after it was erased is a new one.
        ids.append(try accept(fixture, one, at: kept + 2))
        #expect(try explanations(fixture, ids) == [[], nil, [], [], [3], [3], [4], [1]])
        try fixture.expectSoundLedger()
    }

    @Test("One after the other makes way, and those that came in their place in turn", arguments: StoreKind.allCases)
    func round(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        var ids: [TaskID] = []
        for time in 0..<9 {
            let seconds = Double(time / 3) * (kept + 10) + Double(time % 3)
            ids.append(try accept(fixture, .init([UInt8(time + 1)]), at: seconds))
            let known = try explanations(fixture, ids).suffix(3).map { $0 ?? [] }
            #expect(known == (max(0, time - 2)...time).map { [UInt8($0 + 1)] })
            let older = try explanations(fixture, ids.dropLast(3))
            #expect(older.allSatisfy { $0 == [] })
        }
    }

    @Test("A commit that fails replaces none", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let one = RouteExplanation([1])
        var ids = [try accept(fixture, one, at: 0)]
        var good = fixture.newTask([1])
        good.explanation = RouteExplanation([2])
        var broken = fixture.newTask([1])
        broken.key = 99
        let later = StoreFixture.start.adding(seconds: kept + 1)
        #expect(throws: StoreFailure.self) { try fixture.store.commit([.accept(good), .accept(broken)], at: later) }
        #expect(try explanations(fixture, ids) == [[1]])
        ids.append(try accept(fixture, one, at: kept + 1))
        #expect(try explanations(fixture, ids) == [[1], [1]])
    }

    @Test("A SQLite file holds no more of them than came in that time, also over a restart")
    func bounded() throws {
        let fixture = try StoreFixture(.sqlite)
        var store = try #require(fixture.store as? SQLiteStore)
        var task = fixture.newTask([1])
        for month in 0..<6 {
            for number in 0..<10 {
                task.explanation = RouteExplanation([UInt8(month), UInt8(number)])
                let now = StoreFixture.start.adding(seconds: Double(month) * (kept + 20) + Double(number))
                _ = try store.commit([.accept(task)], at: now)
                if number == 5 {
                    store.close()
                    store = try SQLiteStore(path: store.path, durability: .off)
                }
            }
        }
        store.close()
        let queue = try DatabaseQueue(path: store.path)
        defer { try? queue.close() }
        let rows = try queue.inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM routes") }
        #expect(rows == 10)
    }
}

@Suite("Statistics in a SQLite file")
struct StatisticsRowTests {
    @Test("Rows of a family that cannot be, or with bytes that nobody can read, keep no host from starting")
    func unknownFamily() throws {
        let fixture = try StoreFixture(.sqlite)
        let store = try #require(fixture.store as? SQLiteStore)
        let good = StoredStatistics(provider: "p", family: .altcha, asOf: StoreFixture.start, value: [1])
        try fixture.expect(.success(.done), .storeStatistics(host: "a", [good]))
        let queue = try DatabaseQueue(path: store.path)
        defer { try? queue.close() }
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO route_statistics VALUES ('a', 'o', 'from-the-future', 0, x'01'),
                        ('a', 'q', '\(TaskFamily.turnstile.rawValue)', 0, x''), ('z', 'o', '', 0, x'ff')
                    """)
        }
        let read = try store.statistics()
        #expect(read.keys.sorted() == ["a"])
        #expect(read["a"]?.map(\.provider) == ["p", "q"] && read["a"]?.first == good)
        #expect(read["a"]?.last?.value == [], "whoever reads the bytes finds out that they say nothing")
    }
}

@Suite("Explanations in a SQLite file")
struct WrittenExplanationTests {
    private func rows(_ path: String) throws -> Int {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM routes") } ?? -1
    }

    @Test("Many tasks share one row, within a batch and over many, also after one that failed")
    func shared() throws {
        let fixture = try StoreFixture(.sqlite, balance: 10_000)
        let store = try #require(fixture.store as? SQLiteStore)
        let shared = RouteExplanation([7, 7])
        var task = fixture.newTask([1])
        task.explanation = shared
        _ = try store.commit([.accept(task), .accept(task), .accept(task)], at: StoreFixture.start)
        _ = try store.commit([.accept(task)], at: StoreFixture.start)
        #expect(try rows(store.path) == 1)

        // A batch that fails takes an explanation back that it wrote, and not the one from before.
        var other = task
        other.explanation = RouteExplanation([8])
        var broken = task
        broken.key = 99
        #expect(throws: StoreFailure.self) {
            try store.commit([.accept(other), .accept(task), .accept(broken)], at: StoreFixture.start)
        }
        #expect(try rows(store.path) == 1)
        let results = try store.commit([.accept(other), .accept(task)], at: StoreFixture.start)
        #expect(try rows(store.path) == 2)
        let explanations = try results.map { result in
            guard case .success(.accepted(let accepted)) = result else { throw Unexpected([result]) }
            return try store.route(of: accepted.id)?.explanation
        }
        #expect(explanations == [[8], [7, 7]])
    }

    @Test("A task that is refused brings no explanation along")
    func refused() throws {
        let fixture = try StoreFixture(.sqlite, balance: 1)
        let store = try #require(fixture.store as? SQLiteStore)
        var task = fixture.newTask([100])
        task.explanation = RouteExplanation([1])
        try fixture.expect(.failure(.insufficientBalance), .accept(task))
        #expect(try rows(store.path) == 0)
    }

    @Test("What is remembered is bounded, and what was forgotten is written again")
    func bounded() throws {
        var written = WrittenExplanations()
        let explanations = (0...Limits.rememberedExplanations).map { _ in RouteExplanation([]) }
        for (number, explanation) in explanations.enumerated() { written.remember(explanation, as: Int64(number)) }
        let known = explanations.compactMap(written.number)
        #expect(known == [Int64(Limits.rememberedExplanations)])
    }
}
