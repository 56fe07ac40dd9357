import Domain
import GRDB
import ProviderKit
import Testing

@testable import Storage

@Suite("Callbacks, in every store")
struct CallbackStoreTests {
    private static let start = StoreFixture.start
    private let solved = TaskOutcome.solved(solution: [1, 2], price: money(1), cost: .zero)

    private func accept(
        _ fixture: StoreFixture, host: String = "a.example", name: Callback.TaskName = .uuid
    ) throws -> TaskID {
        var task = fixture.newTask([1])
        task.callback = CallbackTarget(url: "https://\(host)/x?y=z", host: host, taskName: name)
        guard case .success(.accepted(let accepted)) = try fixture.commit(.accept(task)) else { throw Unexpected([]) }
        return accepted.id
    }

    private func settle(_ fixture: StoreFixture, _ task: TaskID, after seconds: Double = 0) throws {
        let results = try fixture.store.commit(
            [.settle(task, attempt: 1, AttemptEnd(.solved), solved)],
            at: CallbackStoreTests.start.adding(seconds: seconds))
        #expect(results == [.success(.settled(charged: money(1), hasCallback: true))])
    }

    private func page(
        _ fixture: StoreFixture, after host: String? = nil, at seconds: Double = 0, hosts: Int = 9, perHost: Int = 9
    ) throws -> CallbackPage {
        try fixture.store.dueCallbacks(
            CallbackQuery(
                now: CallbackStoreTests.start.adding(seconds: seconds), afterHost: host, hosts: hosts, perHost: perHost)
        )
    }

    @Test("A callback is due from the commit on that ends its task, and tells its end", arguments: StoreKind.allCases)
    func due(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try accept(fixture, name: .number)
        #expect(try page(fixture) == CallbackPage(due: [], lastHost: nil, nextAt: nil))
        #expect(try fixture.store.callbackMessage(of: task) == nil)
        // Nothing happens to it before.
        try fixture.expect(.success(.done), .callback(.postpone(task, attempts: 3, until: CallbackStoreTests.start)))
        try settle(fixture, task, after: 7)
        #expect(try page(fixture, at: 6).due == [])
        #expect(try page(fixture, at: 6).nextAt == CallbackStoreTests.start.adding(seconds: 7))
        let due = DueCallback(
            task: task, account: fixture.account, host: "a.example", attempts: 0,
            endedAt: CallbackStoreTests.start.adding(seconds: 7))
        #expect(try page(fixture, at: 7) == CallbackPage(due: [due], lastHost: nil, nextAt: nil))
        let target = CallbackTarget(url: "https://a.example/x?y=z", host: "a.example", taskName: .number)
        #expect(
            try fixture.store.callbackMessage(of: task)
                == CallbackMessage(
                    target: target, family: .altcha, outcome: solved, keyHash: Array(repeating: 7, count: 32)))
    }

    @Test("A task without one has none; a failed one's is due as well", arguments: StoreKind.allCases)
    func failed(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let bare = try fixture.accept()
        let failure = TaskOutcome.failed(code: .unsolvable, detail: "no")
        try fixture.expect(
            .success(.settled(charged: .zero, hasCallback: false)),
            .settle(bare.id, attempt: 1, AttemptEnd(.failed), failure))
        let task = try accept(fixture)
        try fixture.expect(
            .success(.settled(charged: .zero, hasCallback: true)),
            .settle(task, attempt: 1, AttemptEnd(.failed), failure))
        #expect(try page(fixture).due.map(\.task) == [task])
        #expect(try fixture.store.callbackMessage(of: task)?.outcome == failure)
        #expect(try fixture.store.callbackMessage(of: bare.id) == nil)
    }

    @Test("It is postponed and forgotten, each as often as it is said", arguments: StoreKind.allCases)
    func postponed(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try accept(fixture)
        try settle(fixture, task)
        let later = CallbackStoreTests.start.adding(seconds: 5)
        for attempts in 1...2 {
            try fixture.expect(.success(.done), .callback(.postpone(task, attempts: attempts, until: later)))
            #expect(try page(fixture, at: 4.9) == CallbackPage(due: [], lastHost: nil, nextAt: later))
            #expect(try page(fixture, at: 5).due.map(\.attempts) == [attempts])
        }
        for _ in 1...2 {
            try fixture.expect(.success(.done), .callback(.forget(task)))
            #expect(try page(fixture, at: 5) == CallbackPage(due: [], lastHost: nil, nextAt: nil))
            #expect(try fixture.store.callbackMessage(of: task) == nil)
        }
        try fixture.expect(.success(.done), .callback(.postpone(task, attempts: 1, until: later)))
        #expect(try page(fixture, at: 5).due == [])
    }

    @Test(
        "They are read host by host, a few of each, in the order in which they became due",
        arguments: StoreKind.allCases)
    func pages(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        var tasks: [String: [TaskID]] = [:]
        for host in ["c", "a", "d", "b", "a", "a", "c"] {
            tasks[host, default: []].append(try accept(fixture, host: host))
        }
        // The last one of a host became due first.
        for (host, ids) in tasks where host != "d" {
            for (index, id) in ids.enumerated() { try settle(fixture, id, after: Double(10 - index)) }
        }
        let a = try #require(tasks["a"]), b = try #require(tasks["b"]), c = try #require(tasks["c"])
        let first = try page(fixture, at: 10, hosts: 2, perHost: 2)
        #expect(first.due.map(\.task) == [a[2], a[1]] + b)
        #expect(first.lastHost == "b")
        let second = try page(fixture, after: "b", at: 10, hosts: 2, perHost: 2)
        #expect(second.due.map(\.task) == [c[1], c[0]])
        #expect(second.lastHost == nil)
        #expect(try page(fixture, after: "c", at: 10).due == [])
        // What is not due takes no place of a page, and its host is looked at all the same.
        let early = try page(fixture, at: 8, hosts: 1)
        #expect(early.due.map(\.task) == [a[2]])
        #expect(early.lastHost == "a")
        #expect(early.nextAt == CallbackStoreTests.start.adding(seconds: 9))
    }

    @Test("A batch that fails leaves neither a callback nor a due one", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try accept(fixture)
        var other = fixture.newTask([1])
        other.callback = CallbackTarget(url: "https://b/", host: "b", taskName: .uuid)
        let broken = StoreOperation.createKey(fixture.account, NewKey(name: "", hash: [1], scopes: []))
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(
                [.accept(other), .settle(task, attempt: 1, AttemptEnd(.solved), solved), broken],
                at: CallbackStoreTests.start)
        }
        #expect(try page(fixture, at: 99) == CallbackPage(due: [], lastHost: nil, nextAt: nil))
        try settle(fixture, task)
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit([.callback(.forget(task)), broken], at: CallbackStoreTests.start)
        }
        #expect(try page(fixture).due.map(\.task) == [task])
    }

    @Test("They outlive the process, and a thousand of one host are not looked at for another's")
    func durable() throws {
        let fixture = try StoreFixture(.sqlite)
        let path = fixture.directory.path + "/store.db"
        let task = try accept(fixture, host: "b")
        try settle(fixture, task)
        try #require(fixture.store as? SQLiteStore).close()
        let again = try SQLiteStore(path: path)
        let query = CallbackQuery(now: CallbackStoreTests.start, afterHost: nil, hosts: 9, perHost: 9)
        #expect(try again.dueCallbacks(query).due.map(\.task) == [task])
        again.close()

        let queue = try DatabaseQueue(path: path)
        let plans = try queue.inDatabase { database in
            try [
                "SELECT min(host) FROM callbacks WHERE next_at IS NOT NULL AND host > 'a'",
                "SELECT task FROM callbacks WHERE host = 'a' AND next_at <= 1 ORDER BY next_at, task LIMIT 1",
                "SELECT min(next_at) FROM callbacks WHERE next_at > 1",
            ].map { try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + $0).map { $0["detail"] as String } }
        }
        try queue.close()
        #expect(plans[0] == ["SEARCH callbacks USING COVERING INDEX callbacks_by_host (host>?)"])
        #expect(plans[1] == ["SEARCH callbacks USING COVERING INDEX callbacks_by_host (host=? AND next_at<?)"])
        #expect(plans[2] == ["SEARCH callbacks USING COVERING INDEX callbacks_by_time (next_at>?)"])
    }
}
