import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Plug-ins that are broken in every way an operator may meet: each is refused or contained, in words, and the host
/// serves on with the good one.
@Suite("A host with a broken plug-in beside a good one", .waitsForPrograms, .serialized)
struct BadPluginTests {
    private struct Setup {
        let folder: TemporaryFolder
        let host: HostProcess
        let key: String

        /// The good adapter is dearer than any other, so that a broken one that is offered gets the tasks first.
        init(_ adapters: String) throws {
            folder = try TemporaryFolder()
            host = try HostProcess(
                in: folder.url, adapters: "  good:\n    enabled: true\n    prices: { altcha: 0.002 }\n" + adapters)
            try host.install("good")
            key = try host.makeAccount(deposit: "10").key
        }

        func solve(within seconds: Double = patience) async throws -> JSONValue {
            let client = try LoopbackHTTP(port: host.port)
            let created = try client.post(
                "/createTask",
                ["clientKey": .string(key), "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#]]
            ).json
            let id = try #require(created["taskId"], "\(created.text)")
            var result: JSONValue = .null
            try await eventually("the task ends", within: seconds) {
                result = try client.post("/getTaskResult", ["clientKey": .string(key), "taskId": id]).json
                return result["status"]?.string != "processing"
            }
            return result
        }
    }

    private func adapter(_ name: String, _ more: String = "") -> String {
        "  \(name):\n    enabled: true\n    prices: { altcha: 0.0001 }\n\(more)"
    }

    /// The plug-ins' names have hyphens, their sources' underscores.
    private func install(_ name: String, in setup: Setup) throws {
        try setup.host.install(name.replacing("-", with: "_"), as: name)
    }

    @Test(
        "is refused by name and reason, and the host serves on",
        arguments: [
            ("wrong-abi", "version"), ("no-symbol", "ucaptcha_provider_v1"), ("bad-manifest", "manifest"),
            ("foreign-toolchain", "Swift runtime"), ("no-table", "table"), ("refuses-settings", "settings"),
        ])
    func refused(plugin: String, words: String) async throws {
        let setup = try Setup(adapter(plugin))
        try install(plugin, in: setup)
        try await setup.host.start()
        #expect(setup.host.log.contains("\(plugin).so"), "\(setup.host.log)")
        #expect(setup.host.log.contains(words), "\(setup.host.log)")
        #expect(try await setup.solve()["status"]?.string == "ready")
        #expect(try setup.host.command("adapter", "list").output.contains("refused"))
        setup.host.stop()
    }

    @Test("is refused when it is a text file, or has the name of another plug-in")
    func textAndTakenName() async throws {
        let setup = try Setup(adapter("text") + adapter("taken-name"))
        try setup.folder.write("not a plug-in\n", to: "plugins/text.so")
        try install("taken-name", in: setup)
        try await setup.host.start()
        #expect(setup.host.log.contains("text.so"))
        #expect(setup.host.log.contains("calls itself"), "\(setup.host.log)")
        #expect(try await setup.solve()["status"]?.string == "ready")
        setup.host.stop()
    }

    @Test("is refused when its SHA-256 is not the pinned one")
    func pinned() async throws {
        let pin = String(repeating: "ab", count: 32)
        let setup = try Setup(adapter("instant", "    sha256: \(pin)\n"))
        try install("instant", in: setup)
        try await setup.host.start()
        #expect(setup.host.log.contains(pin), "\(setup.host.log)")
        setup.host.stop()
    }

    @Test("stops the start when its file is not there, with the file that was looked for")
    func missing() throws {
        let setup = try Setup(adapter("absent"))
        let refused = try run(HostProcess.program, ["serve", "--config", setup.host.config.path])
        #expect(refused.status != 0)
        #expect(refused.errors.contains("\(setup.host.plugins.path)/absent.so"), "\(refused.errors)")
    }

    @Test("is contained when it blocks its thread for ever: its tasks go to the good one")
    func blocks() async throws {
        let setup = try Setup(adapter("blocks-for-ever") + "tasks:\n  deadlineSeconds: 60")
        try install("blocks-for-ever", in: setup)
        try await setup.host.start()
        // Enough tasks to use up the threads that it may block.
        var results: [JSONValue] = []
        for _ in 0..<2 { results.append(try await setup.solve()) }
        #expect(results.allSatisfy { $0["status"]?.string == "ready" }, "\(results)")
        #expect(setup.host.log.contains("did not return within"), "\(setup.host.log)")
        #expect(try LoopbackHTTP(port: setup.host.port).get("/healthz").status == 200)
        setup.host.stop()
    }

    @Test("is contained when it completes twice: the task is charged once")
    func completesTwice() async throws {
        let setup = try Setup(adapter("completes-twice"))
        try install("completes-twice", in: setup)
        try await setup.host.start()
        for _ in 0..<20 { #expect(try await setup.solve()["status"]?.string == "ready") }
        let verified = try setup.host.command("ledger", "verify")
        #expect(verified.status == 0 && verified.output.contains("21 transactions"), "\(verified.output)")
        let metrics = try LoopbackHTTP(port: setup.host.adminPort).get("/metrics").text
        #expect(metrics.contains("event=\"strayCompletion\"} 40"), "\(metrics)")
        setup.host.stop()
    }

    @Test("is left out when it hangs while it is loaded: the host starts itself again without it")
    func hangs() async throws {
        let setup = try Setup(adapter("hangs-on-load"))
        try install("hangs-on-load", in: setup)
        try setup.host.launch()
        try await eventually("the host is ready without it") {
            (try? LoopbackHTTP(port: setup.host.port).get("/readyz").status) == 200
        }
        #expect(setup.host.log.contains("hangs-on-load.so"))
        #expect(try await setup.solve()["status"]?.string == "ready")
        #expect(setup.host.stop() == 0)
    }

    @Test("is named when it takes the process down, left out at the next start, and loaded again after its release")
    func crashes() async throws {
        let setup = try Setup(adapter("crash-on-load"))
        try install("crash-on-load", in: setup)
        try setup.host.launch()
        #expect(setup.host.waitForEnd() != 0)
        try await setup.host.start()
        #expect(setup.host.log.contains("crash-on-load.so was not loaded"), "\(setup.host.log)")
        #expect(setup.host.log.contains("ucaptcha adapter release crash-on-load"))
        #expect(try await setup.solve()["status"]?.string == "ready")
        #expect(try setup.host.command("adapter", "release", "crash-on-load").status == 0)
        #expect(try setup.host.command("adapter", "release", "crash-on-load").status != 0)
        setup.host.stop()
        try setup.host.install("instant", as: "crash-on-load")
        try await setup.host.start()
        #expect(setup.host.log.contains("was not loaded") == false)
        setup.host.stop()
    }
}
