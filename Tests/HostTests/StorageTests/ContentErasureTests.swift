import Domain
import Foundation
import ProviderKit
import Storage
import Testing

@Suite("The content of tasks that have ended long ago")
struct ContentErasureTests {
    private static let payload = Array(#"{"websiteURL":"https://shop.example.org/nobody-else"}"#.utf8)
    private static let solution = Array(#"{"token":"what-only-the-client-may-read"}"#.utf8)

    private func solve(_ task: AcceptedTask, _ fixture: StoreFixture, after seconds: Double) throws {
        let result = try fixture.store.commit(
            [
                .settle(
                    task.id, attempt: 1, AttemptEnd(.solved),
                    .solved(solution: Self.solution, price: money(70), cost: money(60)))
            ], at: StoreFixture.start.adding(seconds: seconds))
        guard case .success(.settled)? = result.first else { throw Unexpected(result) }
    }

    private func erase(_ fixture: StoreFixture, endedUntil seconds: Double, atMost count: Int = 10) throws -> Int {
        let reply = try fixture.commit(
            .eraseContent(endedUntil: StoreFixture.start.adding(seconds: seconds), atMost: count))
        guard case .success(.erased(let erased)) = reply else { throw Unexpected([reply]) }
        return erased
    }

    @Test("is erased when its time has come, and nothing else of them is", arguments: StoreKind.allCases)
    func erased(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let old = try fixture.accept(payload: Self.payload)
        let failed = try fixture.accept(payload: Self.payload)
        let young = try fixture.accept(payload: Self.payload)
        let open = try fixture.accept(payload: Self.payload)
        try solve(old, fixture, after: 10)
        try fixture.expect(
            .success(.settled(charged: .zero)),
            .settle(failed.id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "no")))
        try solve(young, fixture, after: 11)
        #expect(try erase(fixture, endedUntil: 9.999) == 1, "the one that failed ended at 0")
        #expect(try fixture.store.payload(of: failed.id) == nil)
        #expect(try fixture.store.task(failed.id)?.end?.outcome == .failed(code: .unsolvable, detail: "no"))
        #expect(try fixture.store.payload(of: old.id) == Self.payload)
        #expect(try erase(fixture, endedUntil: 10) == 1)
        #expect(try erase(fixture, endedUntil: 10) == 0)
        #expect(try fixture.store.payload(of: old.id) == nil)
        #expect(
            try fixture.store.task(old.id)?.end?.outcome == .solved(solution: [], price: money(70), cost: money(60)))
        for task in [young, open] { #expect(try fixture.store.payload(of: task.id) == Self.payload) }
        guard case .solved(Self.solution, _, _)? = try fixture.store.task(young.id)?.end?.outcome else {
            throw Unexpected([])
        }
        // The last one is open however late it is.
        #expect(try erase(fixture, endedUntil: 1e9) == 1)
        #expect(try fixture.store.payload(of: open.id) == Self.payload)
        #expect(try fixture.amounts() == [860, 100])
        try fixture.expectSoundLedger()
    }

    @Test("is erased a bounded number of tasks at a time, the oldest first", arguments: StoreKind.allCases)
    func bounded(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let tasks = try (0..<5).map { _ in try fixture.accept([10], payload: Self.payload) }
        for task in tasks.dropFirst() { try solve(task, fixture, after: 0) }
        // The first is open: it is looked at, and not erased.
        #expect(try erase(fixture, endedUntil: 1, atMost: 3) == 2)
        #expect(try tasks.map { try fixture.store.payload(of: $0.id) != nil } == [true, false, false, true, true])
        #expect(try erase(fixture, endedUntil: 1, atMost: 3) == 2)
        #expect(try erase(fixture, endedUntil: 1, atMost: 3) == 0)
        #expect(try erase(fixture, endedUntil: 1, atMost: -1) == 0)
        // It is not forgotten, however often it was looked at.
        try solve(tasks[0], fixture, after: 2)
        #expect(try erase(fixture, endedUntil: 1) == 0)
        #expect(try erase(fixture, endedUntil: 2) == 1)
    }

    @Test("does not come back when the batch is undone", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept(payload: Self.payload)
        try solve(task, fixture, after: 0)
        let broken = NewTask(
            account: fixture.account, key: 99, family: .altcha, payload: [],
            candidates: [Candidate(provider: "a", credential: nil, price: money(1), cost: .zero)],
            deadline: StoreFixture.start)
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(
                [.eraseContent(endedUntil: StoreFixture.start, atMost: 10), .accept(broken)], at: StoreFixture.start)
        }
        #expect(try fixture.store.payload(of: task.id) == Self.payload)
        #expect(
            try fixture.store.task(task.id)?.end?.outcome
                == .solved(
                    solution: Self.solution, price: money(70), cost: money(60)))
        #expect(try erase(fixture, endedUntil: 0) == 1)
        #expect(try fixture.store.payload(of: task.id) == nil)
    }

    @Test("takes the address with it of a callback that is not over", arguments: StoreKind.allCases)
    func callback(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        var new = fixture.newTask([100])
        new.callback = CallbackTarget(url: "https://a.example/secret", host: "a.example", taskName: .number)
        guard case .success(.accepted(let task)) = try fixture.commit(.accept(new)) else { throw Unexpected([]) }
        try fixture.expect(
            .success(.settled(charged: .zero, hasCallback: true)),
            .settle(task.id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "no")))
        #expect(try fixture.store.callbackMessage(of: task.id)?.target == new.callback)
        #expect(try erase(fixture, endedUntil: 0) == 1)
        let left = CallbackTarget(url: "", host: "a.example", taskName: .number)
        #expect(try fixture.store.callbackMessage(of: task.id)?.target == left)
        try fixture.expect(.success(.done), .callback(.forget(task.id)))
        #expect(try fixture.store.callbackMessage(of: task.id) == nil)
    }

    @Test("is gone from the files too")
    func files() throws {
        let fixture = try StoreFixture(.sqlite)
        // One of more than a page of the database, as pictures are.
        let long = Self.payload + Array(repeating: 0x20, count: 20_000) + Self.payload
        for payload in [Self.payload, long] { try solve(try fixture.accept(payload: payload), fixture, after: 0) }
        #expect(traces(in: fixture) > 0)
        #expect(try erase(fixture, endedUntil: 0) == 2)
        #expect(traces(in: fixture) == 0)
        try fixture.expectSoundLedger()
    }

    private func traces(in fixture: StoreFixture) -> Int {
        ["store.db", "store.db-wal"].reduce(0) { sum, name in
            let data = (try? Data(contentsOf: URL(filePath: fixture.directory.path + "/" + name))) ?? Data()
            return sum
                + ["nobody-else", "what-only-the-client"].count { data.range(of: Data($0.utf8)) != nil }
        }
    }
}
