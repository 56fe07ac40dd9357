import Foundation
import Glibc
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// A real host from outside: its command line, its start and its stop.
@Suite("The host as a process", .waitsForPrograms, .serialized)
struct HostTests {
    private func host(_ adapters: String = "  good:\n    enabled: true\n    prices: { altcha: 0.0002 }") throws
        -> (HostProcess, TemporaryFolder)
    {
        let folder = try TemporaryFolder()
        let host = try HostProcess(in: folder.url, adapters: adapters)
        try host.install("good")
        return (host, folder)
    }

    private func task(_ key: String) -> JSONValue {
        ["clientKey": .string(key), "task": ["type": "AltchaTaskProxyless", "challengeJSON": #"{"challenge":"x"}"#]]
    }

    @Test("commands take effect at once while it runs, and work on the file when it doesn't")
    func commands() async throws {
        let (host, folder) = try host()
        defer { withExtendedLifetime(folder) {} }
        let (account, key) = try host.makeAccount(deposit: "0.0003")
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        #expect(try client.post("/getBalance", ["clientKey": .string(key)]).json["balance"]?.numberText == "0.0003")
        #expect(try client.post("/createTask", task(key)).json["errorId"]?.integer == 0)
        try await eventually("the task is charged") { try host.account(account)["balance"]?.string == "0.0001" }
        #expect(try client.post("/createTask", task(key)).json["errorCode"]?.string == "ERROR_ZERO_BALANCE")
        #expect(try host.command("deposit", "\(account)", "0.01", "--reference", "r1").status == 0)
        #expect(try host.command("deposit", "\(account)", "0.01", "--reference", "r1").output.contains("before"))
        let reused = try host.command("deposit", "\(account)", "0.02", "--reference", "r1")
        #expect(reused.status != 0 && reused.errors.contains("reference"))
        #expect(try client.post("/getBalance", ["clientKey": .string(key)]).json["balance"]?.numberText == "0.0101")
        #expect(try host.command("account", "suspend", "\(account)").status == 0)
        #expect(try client.post("/createTask", task(key)).json["errorCode"]?.string == "ERROR_ACCOUNT_SUSPENDED")
        #expect(try host.command("account", "resume", "\(account)").status == 0)
        #expect(try client.post("/createTask", task(key)).json["errorId"]?.integer == 0)
        #expect(try host.command("deposit", "99", "1").status != 0)
        #expect(host.stop() == 0)
        #expect(try host.command("account", "list").output.contains("0.0101") == false)
        #expect(try host.command("ledger", "verify").output.contains("The ledger fits"))
    }

    @Test("writes a backup while it runs, readable by its owner alone, with everything in it")
    func backup() async throws {
        let (host, folder) = try host()
        let (account, _) = try host.makeAccount(deposit: "5")
        try await host.start()
        let copy = folder.file("copy.sqlite")
        #expect(try host.command("backup", copy.path).status == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: copy.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let again = try host.command("backup", copy.path)
        #expect(again.status != 0 && again.errors.contains("exist"), "an existing file is not overwritten")
        #expect(host.stop() == 0)
        try FileManager.default.removeItem(at: host.database)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: host.database.path + suffix) }
        try FileManager.default.moveItem(at: copy, to: host.database)
        #expect(try host.account(account)["balance"]?.string == "5")
        withExtendedLifetime(folder) {}
    }

    @Test("is refused a database that another host serves, in words")
    func secondHost() async throws {
        let (host, folder) = try host()
        try await host.start()
        let second = try run(HostProcess.program, ["serve", "--config", host.config.path])
        #expect(second.status != 0)
        #expect(second.errors.contains("db.sqlite"), "\(second.errors)")
        #expect(try LoopbackHTTP(port: host.port).get("/healthz").status == 200)
        host.stop()
        withExtendedLifetime(folder) {}
    }

    @Test("stops on SIGTERM with the tasks under way, and takes them up again")
    func drains() async throws {
        let (host, folder) = try host("  later:\n    enabled: true\n    prices: { altcha: 0.0002 }")
        try host.install("later")
        let (account, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        var ids: [JSONValue] = []
        for _ in 0..<50 { ids.append(try #require(try client.post("/createTask", task(key)).json["taskId"])) }
        #expect(host.stop() == 0)
        try await host.start()
        let again = try LoopbackHTTP(port: host.port)
        for id in ids {
            try await eventually("task \(id.text) is solved") {
                try again.post("/getTaskResult", ["clientKey": .string(key), "taskId": id]).json["status"]?.string
                    == "ready"
            }
        }
        try await eventually("all are charged") { try host.account(account)["balance"]?.string == "0.99" }
        #expect(try host.command("ledger", "verify").status == 0)
        host.stop()
        withExtendedLifetime(folder) {}
    }

    @Test("has taken up every open task before it listens, so that none that comes in is taken for one of them")
    func recoversFirst() async throws {
        let (host, folder) = try host("  stalls:\n    enabled: true\n    prices: { altcha: 0.0002 }")
        try host.install("stalls")
        let (_, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        for _ in 0..<1500 { _ = try client.post("/createTask", task(key)) }
        host.kill()
        try await host.start()
        #expect(host.log.contains("Took up 1500 open tasks"))
        let listening = try #require(host.log.range(of: "listening on 127.0.0.1"))
        #expect(try #require(host.log.range(of: "Took up")).lowerBound < listening.lowerBound)
        host.kill()
        withExtendedLifetime(folder) {}
    }

    @Test("waits for a command that has the database, although a host that died has left its socket behind")
    func staleSocket() async throws {
        let (host, folder) = try host()
        _ = try host.makeAccount(deposit: "1")
        try await host.start()
        host.kill()
        let lock = open(host.database.path + ".lock", O_RDWR)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        try host.launch()
        // Long enough for a host that would give up at once.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + 1) { continuation.resume() }
        }
        #expect(host.isRunning, "\(host.log)")
        close(lock)
        try await eventually("the host is ready") {
            (try? LoopbackHTTP(port: host.port).get("/readyz").status) == 200
        }
        host.stop()
        withExtendedLifetime(folder) {}
    }

    @Test("goes on answering while it waits for the calls under way at a stop, and says that it stops")
    func answersWhileStopping() async throws {
        let (host, folder) = try host("  waits:\n    enabled: true\n    prices: { altcha: 0.0002 }")
        try host.install("waits")
        let (_, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        let slow: JSONValue = [
            "clientKey": .string(key),
            "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#, "milliseconds": 4000],
        ]
        let id = try #require(try client.post("/createTask", slow).json["taskId"])
        Glibc.kill(host.pid, SIGTERM)
        try await eventually("the host says that it stops") {
            try LoopbackHTTP(port: host.port).get("/readyz").status == 503
        }
        let late = try LoopbackHTTP(port: host.port)
        #expect(try late.post("/createTask", task(key)).json["errorCode"]?.string == "ERROR_SERVER_STOPPING")
        let result = try late.post("/getTaskResult", ["clientKey": .string(key), "taskId": id]).json
        #expect(result["status"]?.string == "processing")
        #expect(host.waitForEnd() == 0)
        try await host.start()
        let solved = try LoopbackHTTP(port: host.port).post(
            "/getTaskResult", ["clientKey": .string(key), "taskId": id])
        #expect(solved.json["status"]?.string == "ready", "what ended while the host stopped is kept")
        host.stop()
        withExtendedLifetime(folder) {}
    }

    @Test("keeps secrets of the configuration out of what it prints, and names a reference that leads nowhere")
    func references() async throws {
        let (host, folder) = try host("  good:\n    enabled: true\n    keys: [\"env:UCAPTCHA_TEST_NO_SUCH\"]")
        let refused = try run(HostProcess.program, ["serve", "--config", host.config.path])
        #expect(refused.status != 0 && refused.errors.contains("env:UCAPTCHA_TEST_NO_SUCH"), "\(refused.errors)")
        withExtendedLifetime(folder) {}
    }

    @Test("charges an adapter without keys at its price, also when the configuration names keys for it")
    func keylessWithKeys() async throws {
        let (host, folder) = try host(
            "  good:\n    enabled: true\n    keys: [\"file:key\"]\n    prices: { altcha: 0.0002 }")
        try folder.write("a-key-of-somebody", to: "key")
        let (account, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        _ = try client.post("/createTask", task(key))
        try await eventually("the task is charged") { try host.account(account)["balance"]?.string == "0.9998" }
        #expect(host.log.contains("needs no keys"))
        #expect(host.log.contains("a-key-of-somebody") == false)
        host.stop()
        withExtendedLifetime(folder) {}
    }

    @Test("lets several commands at once wait for each other when no host runs")
    func commandsAtOnce() async throws {
        let (host, folder) = try host()
        let config = host.config.path
        let results = try await withThrowingTaskGroup(of: ProgramResult.self) { group in
            for _ in 0..<5 {
                group.addTask { try run(HostProcess.program, ["account", "create", "--config", config]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { #expect(result.status == 0, "\(result.errors)") }
        withExtendedLifetime(folder) {}
    }

    @Test("makes no database for a look, and takes no text that would spoil a terminal or an empty reference")
    func looks() async throws {
        let (host, folder) = try host()
        let look = try host.command("account", "list")
        #expect(look.status != 0 && look.errors.contains("There is no database"))
        #expect(FileManager.default.fileExists(atPath: host.database.path) == false)
        _ = try host.makeAccount(deposit: "1")
        #expect(try host.command("account", "create", "--name", "a\u{1B}b").status != 0)
        #expect(try host.command("deposit", "1", "1", "--reference", "").status != 0)
        withExtendedLifetime(folder) {}
    }

    @Test("serves metrics on the admin listener alone")
    func metrics() async throws {
        let (host, folder) = try host()
        let (_, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        _ = try client.post("/createTask", task(key))
        let metrics = try LoopbackHTTP(port: host.adminPort).get("/metrics")
        #expect(metrics.text.contains("ucaptcha_tasks_accepted_total{family=\"altcha\"} 1"))
        #expect(metrics.text.contains(key) == false)
        #expect(try client.get("/metrics").text.contains("ucaptcha_tasks") == false)
        host.stop()
        withExtendedLifetime(folder) {}
    }
}
