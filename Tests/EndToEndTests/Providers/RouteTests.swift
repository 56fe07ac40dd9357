import Foundation
import ProviderKit
import TestSupport
import Testing

/// What clients and operators are told of routes, through the real binary with simulated vendors.
extension ProvidersThroughHostTests {
    private static func json(_ result: ProgramResult) throws -> JSONValue {
        guard result.status == 0 else { throw TestFailure("\(result.output)\(result.errors)") }
        return try JSONValue(parsing: result.output)
    }

    @Test("A task that failed over shows both attempts to its owner, and the operator what the host has learnt")
    func routeTold() async throws {
        let simulator = try SimulatorProcess()
        _ = try simulator.control(
            "/script", ["anticaptcha": ["faults": [["kind": "status", "status": 503, "on": "submit"]]]])
        let through = try await ProviderHost(
            simulator,
            [
                .init(name: "broken", plugin: "anticaptcha", prices: "{ recaptchaV2: 0.0003 }"),
                .init(name: "works", plugin: "capmonster", prices: "{ recaptchaV2: 0.0006 }"),
                .init(name: "rich", plugin: "capmonster", prices: "{ recaptchaV2: 100 }"),
            ], extra: "routing:\n  policy: published")
        let task = try ProviderTask("any", "recaptchaV2", "recaptchaV2", ProviderTask.plain["recaptchaV2"] ?? [:]).task
        let made = try through.create(task, at: nil)
        let id = try #require(made["taskId"]?.string)
        let open = try through.calls.get("/v1/tasks/\(id)/route", key: through.key)
        #expect(open.status == 200 && open.json["taskId"]?.string == id, "\(open.text)")
        try await eventually("the task has ended") {
            try through.result(.string(id))["status"] != "processing"
        }
        let route = try through.calls.get("/v1/tasks/\(id)/route", key: through.key).json
        #expect(route["status"] == "ready", "\(route.text)")
        let attempts = try #require(route["attempts"]?.array)
        #expect(attempts.map { $0["provider"]?.string } == ["broken", "works"], "\(route.text)")
        #expect(attempts.map { $0["state"]?.string } == ["lost", "solved"], "it may have been taken")
        #expect(attempts[0]["fault"]?.string != nil && attempts[1]["fault"] == .null)
        #expect(attempts[0]["price"]?.numberText == "0.0003" && attempts[1]["cost"]?.numberText == "0.0006")
        #expect(route["price"]?.numberText == "0.0006" && route["cost"]?.numberText == "0.0006")
        #expect(attempts.allSatisfy { ($0["seconds"]?.double ?? -1) >= 0 })
        #expect(route["chosen"] == "broken" && route["policy"] == "published")
        #expect(route["ceiling"]?.numberText == "0.0006", "the dearest that the balance covers")
        let candidates = try #require(route["candidates"]?.array)
        #expect(Set(candidates.map { $0["provider"]?.string }) == ["broken", "works", "rich"])
        #expect(candidates.filter { $0["aboveCeiling"] == true }.map { $0["provider"]?.string } == ["rich"])
        #expect(!route.text.contains("config-1") && !route.text.contains(SimulatorProcess.key))

        let stranger = try through.host.makeAccount(deposit: "1").key
        #expect(try through.calls.get("/v1/tasks/\(id)/route", key: stranger).status == 404)
        let solver = try Self.json(
            try through.host.command("key", "create", "\(through.account)", "--json"))["apiKey"]?.string
        #expect(try through.calls.get("/v1/tasks/\(id)/route", key: try #require(solver)).status == 403)
        #expect(try through.calls.get("/v1/tasks/\(id)/route").status == 401)
        try operatorsView(through)
        #expect(through.host.stop() == 0)
        let refused = try through.host.command("route", "explain", "--type", "recaptchaV2")
        #expect(refused.status == 1 && refused.errors.contains("no host runs"), "\(refused.errors)")
    }

    private func operatorsView(_ through: ProviderHost) throws {
        for options in [
            ["--slider", "0"], ["--slider", "100"], ["--preset", "reliable"], ["--selection-mode", "priority"],
        ] {
            let words = ["route", "explain", "--type", "RecaptchaV2TaskProxyless", "--json"] + options
            let explained = try Self.json(
                try run(HostProcess.program, words + ["--config", through.host.config.path]))
            #expect(explained["chosen"]?.string == PublishedChoice(explained).chosen, "\(explained.text)")
            let works = explained["candidates"]?.array?.first { $0["provider"] == "works" }
            let seconds = try #require(works?["seconds"]?.double)
            #expect(seconds < 20, "it was seen to be faster than is believed of any: \(explained.text)")
        }
        let shown = try through.host.command("route", "explain", "--type", "recaptchaV2", "--policy", "adaptive")
        let lines = shown.output.split(separator: "\n")
        #expect(lines.first?.contains("adaptive (configured is published)") == true, "\(shown.output)\(shown.errors)")
        #expect(lines.last?.contains(" is chosen: ") == true, "\(shown.output)")
        #expect(lines.count == 6, "\(shown.output)")
        let status = try Self.json(try through.host.command("route", "status", "--json"))
        let lane = status["providers"]?.array?.first { $0["provider"] == "works" }
        #expect(lane?["breaker"] == "closed" && lane?["tries"]?.integer == 1, "\(status.text)")
        #expect(status["keys"]?.array?.map { $0["state"]?.string } == ["ready", "ready", "ready"], "\(status.text)")
        #expect(try through.host.command("route", "status").output.contains("file:key-works"))
        let both = try through.host.command(
            "route", "explain", "--type", "altcha", "--slider", "1", "--selection-mode", "priority")
        #expect(both.status != 0 && both.errors.contains("either --selection-mode"))
    }
}
