import Domain
@testable import Tasks
import TestSupport
import Testing

@Suite("The turns of callbacks")
struct CallbackQueueTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    /// Callbacks that are due, as a store has them, and a queue that serves them.
    private struct Bench {
        var queue: CallbackQueue
        var due: [DueCallback] = []
        var now = start
        private(set) var reads = 0
        private var last: Int64 = 0

        init(_ places: CallbackQueue.Places = .init()) {
            queue = CallbackQueue(places)
        }

        mutating func add(_ count: Int, host: String, account: Int64 = 1) throws {
            for _ in 0..<count {
                last += 1
                let task = try #require(TaskID(last))
                due.append(
                    DueCallback(task: task, account: AccountID(account), host: host, attempts: 0, endedAt: start))
            }
            queue.want()
        }

        /// What a store answers.
        func page(_ query: CallbackQuery) -> CallbackPage {
            let names = Set(due.map(\.host)).sorted().filter { $0 > query.afterHost ?? "" }
            let hosts = names.prefix(query.hosts)
            return CallbackPage(
                due: hosts.flatMap { host in due.filter { $0.host == host }.prefix(query.perHost) },
                lastHost: hosts.count < names.count ? hosts.last : nil, nextAt: nil)
        }

        /// Reads pages until the queue wants none; those that got a place.
        mutating func begin() -> [DueCallback] {
            var begun: [DueCallback] = []
            while let wake = queue.wake, wake <= now.adding(seconds: 1) {
                now = max(now, wake)
                guard let query = queue.page(at: now) else { break }
                reads += 1
                begun += queue.begin(page(query), at: now)
            }
            return begun
        }

        mutating func end(_ task: TaskID) {
            due.removeAll { $0.task == task }
            queue.ended(task)
        }
    }

    @Test("A host that does not answer holds its own places, and all others are served")
    func deadHost() throws {
        var bench = Bench()
        try bench.add(1_000, host: "dead")
        #expect(bench.begin().count == Limits.callbacksPerHost)
        for number in 0..<50 { try bench.add(10, host: "live\(number)", account: 2) }
        var served = 0
        var begun = bench.begin()
        while !begun.isEmpty {
            #expect(begun.allSatisfy { $0.host != "dead" })
            #expect(bench.queue.underWay.count <= Limits.callbacksAtOnce)
            served += begun.count
            for callback in begun { bench.end(callback.task) }
            begun = bench.begin()
        }
        #expect(served == 500)
        #expect(bench.queue.underWay.count == Limits.callbacksPerHost)
        // When one place becomes free, the next of that host has it.
        let first = try #require(bench.queue.underWay.keys.first)
        bench.end(first)
        #expect(bench.begin().map(\.host) == ["dead"])
    }

    @Test("An account with any number of hosts that do not answer leaves places for others")
    func deadAccount() throws {
        var bench = Bench()
        for number in 0..<500 { try bench.add(1, host: "dead\(number)") }
        #expect(bench.begin().count == Limits.callbacksPerAccount)
        try bench.add(3, host: "zebra", account: 2)
        #expect(bench.begin().map(\.host) == ["zebra", "zebra", "zebra"])
        #expect(bench.queue.wake == bench.now.adding(seconds: Limits.callbackLookSeconds))
    }

    @Test("Hosts take turns when all places are taken")
    func turns() throws {
        var bench = Bench(.init(all: 4, perHost: 2, perAccount: 9))
        for host in ["a", "b", "c", "d"] { try bench.add(6, host: host) }
        var order: [String] = []
        for callback in bench.begin() { order.append(callback.host) }
        #expect(order == ["a", "a", "b", "b"])
        while let ending = bench.queue.underWay.keys.min() {
            bench.end(ending)
            order += bench.begin().map(\.host)
        }
        #expect(order.count == 24)
        let firstTwelve = Set(order.prefix(12))
        #expect(firstTwelve == ["a", "b", "c", "d"])
        for host in ["a", "b", "c", "d"] { #expect(order.count { $0 == host } == 6) }
    }

    @Test("A callback that ends while a page is read, which still has it, is not begun again")
    func endedMeanwhile() throws {
        var bench = Bench()
        try bench.add(1, host: "a")
        let callback = try #require(bench.begin().first)
        try bench.add(1, host: "b")
        bench.now = bench.now.adding(seconds: 1)
        let wanted = bench.queue.page(at: bench.now)
        let query = try #require(wanted)
        let stale = bench.page(query)
        bench.end(callback.task)
        #expect(bench.queue.begin(stale, at: bench.now).map(\.host) == ["b"])
        // With the next page it is known again.
        bench.due.append(callback)
        bench.queue.want()
        #expect(bench.begin() == [callback])
    }

    @Test("Pages are read at a bounded pace, and when nothing is due only now and then")
    func pace() throws {
        var bench = Bench()
        #expect(bench.begin().isEmpty)
        #expect(bench.reads == 1)
        for _ in 0..<100 { bench.queue.want() }
        let early = bench.queue.page(at: bench.now)
        #expect(early == nil)
        #expect(bench.queue.wake == bench.now.adding(seconds: Limits.callbackPageSeconds))
        bench.now = bench.now.adding(seconds: Limits.callbackPageSeconds)
        let wanted = bench.queue.page(at: bench.now)
        let query = try #require(wanted)
        let second = bench.queue.page(at: bench.now)
        #expect(second == nil && bench.queue.wake == nil)
        // One that was postponed while the page was read, which doesn't know of it.
        bench.queue.due(at: bench.now.adding(seconds: 5))
        _ = bench.queue.begin(bench.page(query), at: bench.now)
        #expect(bench.queue.wake == bench.now.adding(seconds: 5))
        let before = bench.queue.page(at: bench.now.adding(seconds: 4.9))
        let due = bench.queue.page(at: bench.now.adding(seconds: 5))
        #expect(before == nil && due != nil)
        bench.queue.readFailed(at: bench.now.adding(seconds: 5))
        #expect(bench.queue.wake == bench.now.adding(seconds: 5 + Limits.storeRetrySeconds))
    }

    @Test("Whatever comes and ends when, every callback has its turn, and no bound is passed", arguments: 1...20)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bench = Bench(.init(all: 6, perHost: 2, perAccount: 4))
        var begun: Set<TaskID> = []
        var added = 0
        for round in 0..<3_000 {
            if added < 400, Int.random(in: 0..<3, using: &random) == 0 {
                let host = "h\(Int.random(in: 0..<200, using: &random))"
                try bench.add(1, host: host, account: Int64.random(in: 1...3, using: &random))
                added += 1
            }
            for callback in bench.begin() { #expect(begun.insert(callback.task).inserted) }
            let underWay = bench.queue.underWay.values
            #expect(underWay.count <= 6)
            #expect(Dictionary(grouping: underWay, by: \.host).values.allSatisfy { $0.count <= 2 })
            #expect(Dictionary(grouping: underWay, by: \.account).values.allSatisfy { $0.count <= 4 })
            if let ending = bench.queue.underWay.keys.sorted().randomElement(using: &random), round % 2 == 0 {
                bench.end(ending)
            }
        }
        #expect(begun.count == added && added == 400)
    }
}
