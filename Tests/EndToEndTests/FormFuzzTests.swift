import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Requests of chance in the dialects that take forms, against a real host: queries, forms, multipart and JSON, whole
/// and damaged. `hypothesis` makes them and finds the smallest one that is answered wrongly.
@Suite("Requests of chance to a host", .waitsForPrograms)
struct FormFuzzTests {
    private static let isSoak = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] == "1"

    /// How often each word was answered.
    private func fuzz(_ dialect: String) async throws -> [String: Int] {
        guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
            throw TestFailure("\(Repository.python.path) is missing. `make test` sets it up.")
        }
        let simulator = try SimulatorProcess(["--no-limits"])
        _ = try simulator.control("/script", ["2captcha": ["latency": ["uniform": [0, 1]]]])
        let prices = "{turnstile: 0.0001, recaptchaV2: 0.0001, recaptchaV3: 0.0001, imageToText: 0.0001}"
        let through = try await ProviderHost(
            simulator, [.init(name: "2captcha", plugin: "2captcha", prices: prices)])
        let task: JSONObject = [
            "type": "TurnstileTaskProxyless", "websiteURL": "https://example.com", "websiteKey": "0x4AAAAAAAB",
        ]
        // In the words of res.php, and in those of Death By Captcha.
        let number = try through.calls.post(
            "/2captcha/createTask", ["clientKey": .string(through.key), "task": .object(task)]
        ).json["taskId"]
        let secret = try through.calls.post(
            "/api",
            [
                "authtoken": .string(through.key), "type": 12,
                "turnstile_params": .object([
                    "sitekey": "0x4AAAAAAAB", "pageurl": "https://example.com",
                ]),
            ]
        ).json["captcha"]
        let uuid = try through.create(task, at: nil)["taskId"]
        let tasks = [number, secret, uuid].compactMap(\.self)
        try #require(tasks.count == 3)
        let settings: JSONValue = [
            "port": .number(JSONNumber(through.host.port)), "key": .string(through.key),
            "dialect": .string(dialect), "requests": Self.isSoak ? 20_000 : 2_000,
            "seed": Self.isSoak ? .number(JSONNumber(UInt32.random(in: 0...UInt32.max))) : .null,
            "document": .string(Repository.root.appending(path: "docs/dialects.md").path), "tasks": .array(tasks),
        ]
        let script = Repository.root.appending(path: "Tests/EndToEndTests/Clients/fuzz_forms.py").path
        let done = try run(Repository.python, [script, settings.text])
        guard done.status == 0 else {
            throw TestFailure("With the settings \(settings.text):\n\(done.output)\(done.errors.suffix(6000))")
        }
        let counts = try JSONValue(parsing: done.output).object?.members ?? []
        #expect(through.host.isRunning)
        let verified = try through.host.command("ledger", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(through.host.stop() == 0)
        return Dictionary(uniqueKeysWithValues: counts.map { ($0.name, Int($0.value.integer ?? 0)) })
    }

    @Test("in.php and res.php answer each with status 200, a success or a code of their own, in time")
    func forms() async throws {
        let counts = try await fuzz("in.php")
        #expect(counts.values.reduce(0, +) >= (Self.isSoak ? 20_000 : 2_000))
        // The requests are sensible enough to come through, and odd enough to meet many errors.
        #expect((counts["success"] ?? 0) > 50 && counts.count > 10, "\(counts)")
    }

    @Test("Death By Captcha's calls answer each with a status and a word that are documented, in time")
    func deathByCaptcha() async throws {
        let counts = try await fuzz("Death By Captcha")
        #expect(counts.values.reduce(0, +) >= (Self.isSoak ? 20_000 : 2_000))
        #expect((counts["success"] ?? 0) > 50 && counts.count > 4, "\(counts)")
    }
}
