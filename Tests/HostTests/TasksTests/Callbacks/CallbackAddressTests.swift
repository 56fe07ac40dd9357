import Domain
import Foundation
import Logging
import OutboundHTTP
import ProviderKit
import Storage
import Synchronization
@testable import Tasks
import TestSupport
import Testing

/// Keeps what is logged, at every level.
private struct KeepingLog: LogHandler {
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}

/// Callbacks over the real transport, from the store to the connection. What is checked when a client names an address
/// is passed over: a name that leads elsewhere by the time of the callback comes as far.
@Suite("Where callbacks go", .timeLimit(.minutes(2)))
struct CallbackAddressTests {
    /// A store with callbacks that are due, and what sends them; the clock stands until it is set.
    private final class Bench: Sendable {
        static let start = Timestamp(milliseconds: 1_700_000_000_000)

        let store = MemoryStore()
        let dispatcher: CallbackDispatcher
        private let results: Results
        private let log = KeepingLog.Lines()
        private let threads: StoreThreads

        /// What came of attempts, in their order, and what time it is.
        final class Results: CallbackObserver {
            let clock = Mutex(Bench.start)
            let attempts = Mutex<[String]>([])
            let ends = Mutex<[CallbackEnd]>([])
            func attempted(_ result: String, seconds: Double) { attempts.withLock { $0.append(result) } }
            func ended(_ end: CallbackEnd) { ends.withLock { $0.append(end) } }
        }

        var logged: [String] { log.all.withLock { $0 } }
        var attempts: [String] { results.attempts.withLock { $0 } }
        var ends: [CallbackEnd] { results.ends.withLock { $0 } }

        static let solved = TaskOutcome.solved(solution: Array(#"{"token":"t"}"#.utf8), price: .zero, cost: .zero)

        init(_ policy: AddressPolicy, urls: [String], outcome: TaskOutcome = Bench.solved) throws {
            let results = Results()
            self.results = results
            let transport = try ClientAddressTransport(policy: policy, limits: .callbacks)
            threads = try StoreThreads(store, now: { Bench.start })
            let log = log
            dispatcher = CallbackDispatcher(
                store: threads,
                surroundings: CallbackSurroundings(
                    send: { request, completion in
                        let handle = transport.send(OutboundRequest(request), completion: completion)
                        return { handle.cancel() }
                    }, uuid: { "\($0)" }, sign: { _, key in key }, dither: { 0 }),
                observer: results, logger: Logger(label: "test") { _ in KeepingLog(lines: log) },
                now: { results.clock.withLock { $0 } })
            let key = NewKey(name: "", hash: [UInt8](repeating: 1, count: 32), scopes: [.solve])
            _ = try store.commit(
                [.createAccount(name: "", key: key, deposit: .usd("1"))], at: Bench.start)[0].get()
            for (index, url) in urls.enumerated() {
                let host = (try? Origin(of: url).host) ?? "none"
                let task = NewTask(
                    account: AccountID(1), key: 1, family: .altcha, payload: [],
                    candidates: [Candidate(provider: "p", credential: nil, price: .zero, cost: .zero)],
                    callback: CallbackTarget(url: url, host: host, taskName: .number), deadline: Bench.start)
                let id = try #require(TaskID(Int64(index + 1)))
                for result in try store.commit(
                    [.accept(task), .settle(id, attempt: 1, AttemptEnd(.solved), outcome)], at: Bench.start)
                { _ = try result.get() }
            }
        }

        deinit { threads.stop() }

        func pass(seconds: Double) { results.clock.withLock { $0 = $0.adding(seconds: seconds) } }

        /// Keeps time going, in small steps, until so many attempts have ended and all of them are stored.
        func run(untilAttempts count: Int) async throws {
            try await eventually("\(count) attempts have ended") { [self] in
                _ = dispatcher.advance()
                pass(seconds: 0.002)
                return attempts.count >= count && dispatcher.underWay == 0
            }
        }
    }

    @Test("No callback reaches an address that isn't public, however it is written, and each attempt says so")
    func special() async throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let hosts = [
            "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "0.0.0.0", "[::]", "10.0.0.1", "172.16.0.1", "192.168.1.1",
            "169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255", "[fd00::1]", "[fe80::1]",
            "[ff02::1]", "[2002:7f00:1::]", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        ]
        let urls = hosts.map { "http://\($0):\(peer.port)/secret" } + ["https://127.0.0.1:\(peer.port)/"]
        let bench = try Bench(.publicOnly, urls: urls)
        try await bench.run(untilAttempts: urls.count)
        #expect(bench.attempts == Array(repeating: "refused", count: urls.count))
        #expect(peer.connections == 0)
        // They are tried again, like any that failed.
        #expect(bench.ends.isEmpty)
        #expect(bench.store.callbackMessage(of: try #require(TaskID(1))) != nil)
    }

    @Test("A name is judged by where it leads at each attempt, and a redirect is not followed")
    func resolvedAnew() async throws {
        let inner = try NetworkPeer { $0.respondAlways() }
        let outer = try NetworkPeer { connection in
            while connection.request() != nil {
                connection.respond(status: "302 Found", headers: "Location: http://127.0.0.1:\(inner.port)/\r\n")
            }
        }
        defer {
            inner.close()
            outer.close()
        }
        // Stands for a name whose address is public at first, and no more at the second attempt.
        let asked = Mutex(0)
        let policy = AddressPolicy { address in
            address == .v4(0x7F00_0001)
                && asked.withLock { asked in
                    asked += 1
                    return asked == 1
                }
        }
        let bench = try Bench(policy, urls: ["http://localhost:\(outer.port)/"])
        try await bench.run(untilAttempts: 1)
        #expect(bench.attempts == ["3xx"])
        bench.pass(seconds: 5)
        try await bench.run(untilAttempts: 2)
        #expect(bench.attempts == ["3xx", "refused"])
        #expect(asked.withLock { $0 } >= 2)
        #expect(outer.connections == 1 && inner.connections == 0)
    }

    @Test("Each has a connection of its own, also to one server that would keep it open")
    func ownConnections() async throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let own = AddressPolicy.publicOr([try IPRange("127.0.0.1")])
        let bench = try Bench(own, urls: (1...12).map { "http://127.0.0.1:\(peer.port)/?n=\($0)" })
        try await bench.run(untilAttempts: 12)
        #expect(bench.attempts == Array(repeating: "2xx", count: 12))
        #expect(bench.ends == Array(repeating: .delivered, count: 12))
        #expect(peer.connections == 12 && peer.requests == 12)
        #expect(bench.store.callbackMessage(of: try #require(TaskID(12))) == nil)
    }

    @Test("One whose task was erased before it was delivered is over, and nobody is asked")
    func erased() async throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let own = AddressPolicy.publicOr([try IPRange("127.0.0.1")])
        let urls = (1...2).map { "http://127.0.0.1:\(peer.port)/?n=\($0)" }
        let bench = try Bench(own, urls: urls, outcome: .failed(code: .unsolvable, detail: "no"))
        _ = try bench.store.commit([.eraseContent(endedUntil: .distantFuture, atMost: 1)], at: Bench.start)
        try await bench.run(untilAttempts: 1)
        try await eventually("both are over") {
            _ = bench.dispatcher.advance()
            return bench.ends.count == 2
        }
        #expect(Set(bench.ends) == [.erased, .delivered])
        #expect(peer.requests == 1)
    }

    @Test("A status is an answer, whatever becomes of the body behind it")
    func statusAlone() async throws {
        let large = { @Sendable (connection: NetworkConnection, status: String) in
            while connection.request() != nil {
                let body = String(repeating: "x", count: 4 * Limits.clientAddressBodyBytes)
                guard connection.respond(body, status: status) else { return }
            }
        }
        let taken = try NetworkPeer { large($0, "200 OK") }
        let refused = try NetworkPeer { large($0, "500 Sorry") }
        // Ends before the body that it has announced.
        let short = try NetworkPeer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Taken\r\nContent-Length: 9\r\n\r\nx")
        }
        // Ends before its header lines do.
        let half = try NetworkPeer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n")
        }
        let peers = [taken, refused, short, half]
        defer { for peer in peers { peer.close() } }
        let bench = try Bench(.any, urls: peers.map { "http://127.0.0.1:\($0.port)/" })
        try await bench.run(untilAttempts: 4)
        #expect(bench.attempts.sorted() == ["2xx", "2xx", "5xx", "interrupted"])
        try await eventually("both are over") { bench.ends.count == 2 }
        #expect(bench.ends == Array(repeating: CallbackEnd.delivered, count: 2))
    }

    @Test("No answer at all, or header lines that are too large, is a failure that is tried again")
    func failures() async throws {
        let large = try NetworkPeer { connection in
            guard connection.request() != nil else { return }
            connection.respond(headers: "X: " + String(repeating: "x", count: Limits.responseHeaderBytes) + "\r\n")
        }
        let mute = try NetworkPeer { _ in }
        defer {
            large.close()
            mute.close()
        }
        let bench = try Bench(
            .any, urls: [large, mute].map { "http://127.0.0.1:\($0.port)/secret-path?secret-query" })
        try await bench.run(untilAttempts: 2)
        #expect(Set(bench.attempts) == ["tooLarge", "interrupted"])
        #expect(bench.ends.isEmpty)
        let page = bench.store.dueCallbacks(
            CallbackQuery(now: .distantFuture, afterHost: nil, hosts: 9, perHost: 9))
        #expect(page.due.map(\.attempts) == [1, 1])
        // The log names the host and no more of the address; the last attempt is the end of it.
        bench.pass(seconds: 3600)
        try await bench.run(untilAttempts: 4)
        #expect(bench.ends == [.givenUp, .givenUp])
        #expect(bench.logged.count == 3)
        #expect(bench.logged.allSatisfy { $0.contains("127.0.0.1") && !$0.contains("secret") }, "\(bench.logged)")
        #expect(bench.logged.contains { $0.hasPrefix("A callback is given up.") })
    }
}
