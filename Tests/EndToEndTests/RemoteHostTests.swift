import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Two hosts, of which one solves through the other with the plug-in `native`.
@Suite("A host behind a host", .waitsForPrograms)
struct RemoteHostTests {
    /// The number 42 after the salt `s`.
    private static let challenge: JSONValue = [
        "algorithm": "SHA-256", "challenge": "e903fcd0a7b9e8f14bd1ad2540112430d3ab460037058c2487a0514f4c679159",
        "salt": "s", "signature": "5167", "maxnumber": 100,
    ]

    @Test("solves through an account there, and both charge their clients")
    func solves() async throws {
        let (nearFolder, farFolder) = (try TemporaryFolder(), try TemporaryFolder())
        defer { withExtendedLifetime((nearFolder, farFolder)) {} }
        let far = try HostProcess(in: farFolder.url, adapters: "  native:\n    enabled: true")
        try far.installNative()
        let (platform, farKey) = try far.makeAccount(deposit: "1")
        try await far.start()
        let near = try HostProcess(
            in: nearFolder.url,
            adapters: """
                  far:
                    enabled: true
                    plugin: native
                    endpoint: http://127.0.0.1:\(far.port)
                    keys: ["file:far-key"]
                    prices: { altcha: 0.0005 }
                """)
        try near.installNative()
        try nearFolder.write(farKey, to: "far-key")
        let (client, nearKey) = try near.makeAccount(deposit: "1")
        try await near.start()
        let calls = try LoopbackHTTP(port: near.port)
        let made = try calls.post(
            "/createTask",
            [
                "clientKey": .string(nearKey),
                "task": [
                    "type": "AltchaTaskProxyless", "websiteURL": "https://a.example", "challengeJSON": Self.challenge,
                ],
            ])
        let id = try #require(made.json["taskId"], "\(made.text)")
        var answer: JSONValue = .null
        try await eventually("the task is solved") {
            answer = try calls.post("/getTaskResult", ["clientKey": .string(nearKey), "taskId": id]).json
            return answer["status"]?.string != "processing"
        }
        #expect(answer["status"]?.string == "ready", "\(answer.text)\n\(near.log)")
        #expect(answer["solution"]?["number"] == 42)
        // The near host charges what the far one took from it.
        #expect(answer["cost"]?.numberText == "0.0002")
        try await eventually("the far host has charged") { try far.account(platform)["balance"]?.string == "0.9998" }
        #expect(try near.account(client)["balance"]?.string == "0.9998")
        #expect(try near.command("ledger", "verify").status == 0)
        #expect(!near.log.contains(farKey))
    }

    @Test("offers nothing without a key, and says so")
    func keyless() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let host = try HostProcess(
            in: folder.url,
            adapters: "  far:\n    enabled: true\n    plugin: native\n    endpoint: http://127.0.0.1:9")
        try host.installNative()
        try host.launch()
        try await eventually("it is in the log") { host.log.contains("adapters.far has no keys") }
        host.stop()
    }
}
