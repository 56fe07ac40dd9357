import Foundation
import ProviderKit
import Synchronization
import TestSupport
import TestTraits
import Testing

/// A real host with an adapter in a process of its own, under load, and tasks that take that process down.
@Suite("A host with an isolated adapter", .waitsForPrograms, .serialized)
struct IsolationTests {
    private let folder: TemporaryFolder
    private let host: HostProcess
    private let account: Int64
    private let key: String

    /// The fragile adapter is the cheaper one, so that it gets the tasks first; the other one is for what it must not
    /// have again.
    init() throws {
        folder = try TemporaryFolder()
        host = try HostProcess(
            in: folder.url,
            adapters: """
                  fragile:
                    enabled: true
                    isolation: process
                    prices: { altcha: 0.0001 }
                  good:
                    enabled: true
                    prices: { altcha: 0.002 }
                """)
        try host.install("fragile")
        try host.install("good")
        (account, key) = try host.makeAccount(deposit: "100")
    }

    private func create(_ client: LoopbackHTTP, _ words: String) throws -> String {
        try IsolationTests.create(client, words, key)
    }

    private static func create(_ client: LoopbackHTTP, _ words: String, _ key: String) throws -> String {
        let task: JSONValue = ["type": "AltchaTask", "challengeJSON": .string("{\"word\":\"\(words)\"}")]
        let answer = try client.post("/ucaptcha/createTask", ["clientKey": .string(key), "task": task]).json
        guard let id = answer["taskId"]?.string else { throw TestFailure("createTask: \(answer.text)") }
        return id
    }

    /// The end of a task: what `getTaskResult` says when it no longer says `processing`.
    private func end(of id: String, _ client: LoopbackHTTP) async throws -> JSONValue {
        var answer: JSONValue = .null
        try await eventually("task \(id) ends") { [key] in
            let ask: JSONValue = ["clientKey": .string(key), "taskId": .string(id)]
            answer = try client.post("/ucaptcha/getTaskResult", ask).json
            return answer["status"]?.string != "processing"
        }
        return answer
    }

    private func row(_ adapter: String) throws -> JSONValue {
        let listed = try host.command("adapter", "list", "--json")
        let rows = (try? JSONValue(parsing: listed.output))?.array ?? []
        return try #require(rows.first { $0["adapter"]?.string == adapter }, "\(listed.output)\(listed.errors)")
    }

    @Test(
        "loses no task to one that takes the adapter's process down, and the adapter is back within a second",
        arguments: [
            ("segv", ["signal 11"]), ("hang", ["did not return"]), ("leak", ["MiB of memory", "had been given up"]),
        ])
    func underLoad(how: String, reasons: [String]) async throws {
        try await host.start()
        #expect(try row("fragile")["isolation"]?.string == "process")
        let ids = Mutex<[String]>([])
        let failures = Mutex<[String]>([])
        let isOver = Mutex(false)
        let clients = (0..<3).map { _ in
            Thread { [port = host.port, key] in
                do {
                    let client = try LoopbackHTTP(port: port)
                    while !isOver.withLock({ $0 }) {
                        let id = try IsolationTests.create(client, "plain", key)
                        ids.withLock { $0.append(id) }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        for client in clients { client.start() }
        let client = try LoopbackHTTP(port: host.port)
        let poison = try create(client, how)
        // It goes to the fragile adapter, and then to the good one.
        let solved = try await end(of: poison, client)
        #expect(solved["solution"]?["token"]?.string == "good", "\(solved.text)")
        try await eventually("the load has gone on") { ids.withLock { $0.count } > 200 }
        isOver.withLock { $0 = true }
        try await eventually("the clients have noticed") { clients.allSatisfy(\.isFinished) }
        #expect(failures.withLock { $0 } == [], "every task was taken")
        let all = ids.withLock { $0 }
        for id in all {
            let answer = try await end(of: id, client)
            #expect(answer["status"]?.string == "ready", "\(answer.text)")
        }
        // On a crowded machine a leak takes longer than the task waits for, and may then be ended for that.
        try await eventually("the adapter is back") { self.host.log.contains("The adapter works again, ") }
        let log = host.log
        #expect(log.components(separatedBy: "The adapter's process is gone").count == 2, "\(log)")
        #expect(reasons.contains { log.contains($0) } && log.contains("fragile.so"), "\(log)")
        let pauses = log.components(separatedBy: "The adapter works again, ").dropFirst()
            .compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(pauses.count == 1 && pauses.allSatisfy { $0 < 1000 }, "\(pauses)")
        let state = try row("fragile")["state"]?.string ?? ""
        #expect(reasons.contains { state.contains($0) }, "\(state)")
        let metrics = try LoopbackHTTP(port: host.adminPort).get("/metrics").text
        #expect(metrics.contains("ucaptcha_plugin_events_total{adapter=\"fragile\",event="), "\(metrics)")
        #expect(try host.command("ledger", "verify").status == 0)
        #expect(host.stop() == 0)
    }

    @Test("ends the adapter's process with itself, even when it is killed")
    func dies() async throws {
        try await host.start()
        let state = try row("fragile")["state"]?.string ?? ""
        let pid = try #require(state.components(separatedBy: "process ").last.flatMap { Int32($0) }, "\(state)")
        #expect(kill(pid, 0) == 0)
        host.kill()
        try await eventually("the process is gone") { kill(pid, 0) != 0 }
    }

    @Test("lets the adapter's process go on while the host answers what is under way, whoever tells both to stop")
    func signals() async throws {
        try await host.start()
        let state = try row("fragile")["state"]?.string ?? ""
        let pid = try #require(state.components(separatedBy: "process ").last.flatMap { Int32($0) }, "\(state)")
        kill(pid, SIGTERM)
        kill(pid, SIGINT)
        let client = try LoopbackHTTP(port: host.port)
        let answer = try await end(of: create(client, "plain"), client)
        #expect(answer["solution"]?["token"]?.string == "t", "\(answer.text)")
        #expect(try row("fragile")["state"]?.string?.hasSuffix("process \(pid)") == true, "it is the same process")
        #expect(host.stop() == 0)
        try await eventually("the process is gone") { kill(pid, 0) != 0 }
    }
}
