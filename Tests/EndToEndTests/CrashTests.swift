import Foundation
import ProviderKit
import Synchronization
import TestSupport
import TestTraits
import Testing

/// Kills a host at random instants under load, again and again on one database, and looks whether anything was lost.
private final class CrashRun: @unchecked Sendable {
    private let folder: TemporaryFolder
    private let host: HostProcess
    private let account: Int64
    private let key: String
    private let powerCut: PowerCut?
    private var random: SystemRandomNumberGenerator = .init()
    /// The IDs of tasks that clients were told.
    private let accepted = Mutex<Set<String>>([])

    init(powerCut: Bool, synchronous: String = "full") throws {
        folder = try TemporaryFolder()
        // One adapter answers at once, the other one later: some tasks are caught while they are being sent, some while
        // they are polled, some while they are settled.
        host = try HostProcess(
            in: folder.url,
            adapters: """
                  later:
                    enabled: true
                    prices: { altcha: 0.0002 }
                """)
        // The clients send more in ten seconds than one address usually may.
        let text = try String(contentsOf: host.config, encoding: .utf8)
            .replacing("server:\n", with: "server:\n  rateLimit: { requests: 0 }\n")
            .replacing("synchronous: full", with: "synchronous: \"\(synchronous)\"")
        try Data(text.utf8).write(to: host.config)
        try host.install("later")
        self.powerCut = powerCut ? try PowerCut(database: host.database) : nil
        (account, key) = try host.makeAccount(deposit: "1000")
        host.environment = self.powerCut?.environment ?? [:]
    }

    private static let clients = 4
    private var lives = 0

    /// One life of the host: load from several clients, then death at a random instant.
    func life() async throws {
        try await host.start()
        lives += 1
        let stopped = Mutex(false)
        let clients = (0..<CrashRun.clients).map { _ in
            Thread { [self] in
                guard let client = try? LoopbackHTTP(port: host.port) else { return }
                while !stopped.withLock({ $0 }) {
                    guard let answer = try? client.post("/ucaptcha/createTask", body),
                        let id = answer.json["taskId"]?.string
                    else { return }
                    accepted.withLock { _ = $0.insert(id) }
                }
            }
        }
        for client in clients { client.start() }
        let instant = DispatchTime.now() + .milliseconds(Int.random(in: 5...250, using: &random))
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: instant) { continuation.resume() }
        }
        host.kill()
        stopped.withLock { $0 = true }
        try await eventually("the clients have noticed") { clients.allSatisfy(\.isFinished) }
        try powerCut?.cut()
    }

    private var body: JSONValue {
        ["clientKey": .string(key), "task": ["type": "AltchaTaskProxyless", "challengeJSON": #"{"challenge":"x"}"#]]
    }

    /// Lets the last life end all tasks; returns what does not fit.
    func problems() async throws -> [String] {
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        var solved = 0
        var problems: [String] = []
        let ids = accepted.withLock { $0 }
        for id in ids {
            var answer: JSONValue = .null
            try await eventually("task \(id) ends") { [key] in
                let ask: JSONValue = ["clientKey": .string(key), "taskId": .string(id)]
                answer = try client.post("/ucaptcha/getTaskResult", ask).json
                return answer["status"]?.string != "processing"
            }
            switch answer["status"]?.string {
            case "ready": solved += 1
            case "failed": break
            default: problems.append("\(id): \(answer.text)")
            }
        }
        try await eventually("no reservation is open") { [self] in try host.account(account)["held"]?.string == "0" }
        let verified = try host.command("ledger", "verify", "--json")
        if verified.status != 0 { problems.append("ledger verify: \(verified.output)\(verified.errors)") }
        let balance = Decimal(string: try host.account(account)["balance"]?.string ?? "") ?? 0
        let charges = (Decimal(1000) - balance) / (Decimal(string: "0.0002") ?? 1)
        // A task that was stored when the host died, before its client was told, is charged as well: one a client.
        if charges < Decimal(solved) || charges > Decimal(solved + lives * CrashRun.clients) {
            problems.append("\(solved) tasks were solved but \(charges) charged")
        }
        if ids.count < 20 { problems.append("only \(ids.count) tasks were accepted: the test has tried nothing") }
        host.stop()
        return problems
    }
}

private let soak = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] != nil

@Suite("A host that dies", .waitsForPrograms, .serialized)
struct CrashTests {
    @Test("loses no task and no money when it is killed at random instants under load")
    func killed() async throws {
        let run = try CrashRun(powerCut: false)
        for _ in 0..<(soak ? 1000 : 50) { try await run.life() }
        let problems = try await run.problems()
        #expect(problems.isEmpty, "\(problems.count): \(problems.prefix(5))")
    }

    @Test("loses no task and no money when the power goes at random instants under load")
    func powerCut() async throws {
        let run = try CrashRun(powerCut: true)
        for _ in 0..<(soak ? 1000 : 50) { try await run.life() }
        let problems = try await run.problems()
        #expect(problems.isEmpty, "\(problems.count): \(problems.prefix(5))")
    }

    @Test("does lose tasks when the power goes and commits don't wait for the disk: the test can fail")
    func powerCutWithoutSync() async throws {
        let run = try CrashRun(powerCut: true, synchronous: "off")
        do {
            for _ in 0..<3 { try await run.life() }
            let lost = try await run.problems()
            #expect(lost.contains { $0.contains("ERROR_WRONG_CAPTCHA_ID") || $0.contains("ledger verify") }, "\(lost)")
        } catch let failure as TestFailure where failure.description.contains("The host ended") {
            // Commits that reached the disk in part may leave a file that is none.
            #expect(failure.description.contains("database"), "\(failure)")
        }
    }
}
