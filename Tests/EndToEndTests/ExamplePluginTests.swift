import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// What an integrator begins with: the example in Swift, which `adapter new` writes, and the one in C.
@Suite("The example plug-ins", .waitsForPrograms, .serialized)
struct ExamplePluginTests {
    private static let key = "0123456789abcdef0123456789ABCDEF"

    @Test("need nothing of a Swift runtime and show one symbol", arguments: ExamplePlugins.names)
    func file(name: String) throws {
        let file = try ExamplePlugins.file(name).path
        let needed = try tool("ldd", file)
        #expect(needed.contains("libc.so") && !needed.contains("libswift"), "\(needed)")
        let symbols = try tool("nm", "-D", "-g", "--defined-only", file).split(separator: "\n")
        #expect(symbols.compactMap { $0.split(separator: " ").last } == ["ucaptcha_provider_v1"])
    }

    @Test("pass the checks", arguments: ExamplePlugins.names)
    func checks(name: String) throws {
        let checked = try run(HostProcess.program, ["adapter", "check", try ExamplePlugins.file(name).path])
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    }

    @Test("have tasks solved in a real host, with the key and at the cost that the vendor tells")
    func solve() async throws {
        let folder = try TemporaryFolder()
        let vendors = try ExamplePlugins.names.map { _ in try ExampleVendor(key: ExamplePluginTests.key) }
        defer { for vendor in vendors { vendor.close() } }
        let adapters = zip(ExamplePlugins.names, vendors).map { name, vendor in
            "  my-\(name):\n    enabled: true\n    plugin: \(name)\n    endpoint: \(vendor.endpoint)\n"
                + "    keys: [env:EXAMPLE_KEY]\n"
        }
        let host = try HostProcess(in: folder.url, adapters: adapters.joined())
        host.environment["EXAMPLE_KEY"] = ExamplePluginTests.key
        for name in ExamplePlugins.names {
            try FileManager.default.copyItem(
                at: ExamplePlugins.file(name), to: host.plugins.appending(path: "\(name).so"))
        }
        let (account, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        var tasks: [(name: String, siteKey: String, id: JSONValue)] = []
        for name in ExamplePlugins.names {
            for siteKey in ["0x4AAA", "unsolvable"] {
                let id = try create(host, key, provider: "my-\(name)", siteKey: siteKey)
                tasks.append((name, siteKey, id))
            }
        }
        for task in tasks {
            let result = try await result(host, key, task.id)
            if task.siteKey == "unsolvable" {
                #expect(result["errorCode"]?.string == "ERROR_CAPTCHA_UNSOLVABLE", "\(task.name): \(result.text)")
            } else {
                #expect(result["solution"]?["token"]?.string == "solution of 0x4AAA \"é\"", "\(result.text)")
                #expect(result["cost"]?.numberText == "0.0012", "\(result.text)")
            }
        }
        for vendor in vendors {
            // Which of the two tasks comes first is not said.
            let submits = vendor.requests.filter { $0.path == "/v1/createTask" }
            let sent = try #require(submits.first { $0.body["task"]?["websiteKey"] == "0x4AAA" })
            #expect(sent.body["clientKey"]?.string == ExamplePluginTests.key)
            #expect(
                sent.body["task"] == [
                    "type": "TurnstileTask", "websiteURL": "https://shop.example/", "websiteKey": "0x4AAA",
                    "action": "login",
                ])
        }
        #expect(try host.account(account)["balance"]?.string == "0.9976")
        #expect(!host.log.contains(ExamplePluginTests.key))
        #expect(try host.command("ledger", "verify").status == 0)
        host.stop()
    }

    private func create(_ host: HostProcess, _ key: String, provider: String, siteKey: String) throws -> JSONValue {
        let created = try LoopbackHTTP(port: host.port).post(
            "/createTask",
            [
                "clientKey": .string(key), "provider": .string(provider),
                "task": [
                    "type": "TurnstileTaskProxyless", "websiteURL": "https://shop.example/",
                    "websiteKey": .string(siteKey), "action": "login",
                ],
            ])
        return try #require(created.json["taskId"], "\(created.text)\n\(host.log)")
    }

    private func result(_ host: HostProcess, _ key: String, _ id: JSONValue) async throws -> JSONValue {
        let client = try LoopbackHTTP(port: host.port)
        var result: JSONValue = .null
        try await eventually("the task ends") {
            result = try client.post("/getTaskResult", ["clientKey": .string(key), "taskId": id]).json
            return result["status"]?.string != "processing"
        }
        return result
    }
}
