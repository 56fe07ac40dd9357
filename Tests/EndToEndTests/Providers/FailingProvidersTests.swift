import Foundation
import ProviderKit
import TestSupport
import Testing

/// What a client is told when vendors don't do their part, and where its task goes instead.
extension ProvidersThroughHostTests {
    private typealias Instance = ProviderHost.Instance

    /// A task with as few fields as possible.
    private static func task(_ family: String) throws -> JSONObject {
        try ProviderTask("any", family, family, ProviderTask.plain[family] ?? [:]).task
    }

    @Test("A wrong key, a key without money and an unsolvable task are told for what they are, at every vendor")
    func told() async throws {
        let simulator = try SimulatorProcess()
        let unsolvable: JSONValue = ["families": ["turnstile": ["successRate": 0]]]
        _ = try simulator.control(
            "/script", .object(JSONObject(OfferedPrices.providers.map { .init($0, unsolvable) })))
        let wrongKey = "ffffffffffffffffffffffffffffffff"
        let prices = "{ recaptchaV2: 0.01, turnstile: 0.01 }"
        let through = try await ProviderHost(
            simulator,
            OfferedPrices.providers.flatMap { vendor in
                [
                    Instance(name: vendor, plugin: vendor, prices: prices),
                    Instance(name: "\(vendor)-wrong", plugin: vendor, key: wrongKey, prices: prices),
                    Instance(name: "\(vendor)-poor", plugin: vendor, key: SimulatorProcess.poorKey, prices: prices),
                ]
            })
        let (widget, box) = (try Self.task("turnstile"), try Self.task("recaptchaV2"))
        let wanted = OfferedPrices.providers.flatMap { vendor in
            [(widget, vendor), (box, "\(vendor)-wrong"), (box, "\(vendor)-poor"), (box, vendor)]
        }
        let outcomes = try await through.outcomes(wanted)
        for ((_, provider), outcome) in zip(wanted, outcomes) {
            let code = outcome["errorCode"]?.string
            switch provider {
            case _ where provider.hasSuffix("-wrong") || provider.hasSuffix("-poor"):
                #expect(code == "NO_PROVIDERS_AVAILABLE", "\(provider): \(outcome.text)")
            case _ where outcome["status"] == "ready":
                #expect(outcome["solution"]?["gRecaptchaResponse"] != nil, "\(provider): \(outcome.text)")
            default: #expect(code == "ERROR_CAPTCHA_UNSOLVABLE", "\(provider): \(outcome.text)")
            }
            // The platform's keys and money are not the client's business.
            #expect(!outcome.text.localizedCaseInsensitiveContains("balance"), "\(provider): \(outcome.text)")
        }
        #expect(outcomes.count { $0["status"] == "ready" } == OfferedPrices.providers.count)
        #expect(outcomes.count { $0["errorCode"] == "ERROR_CAPTCHA_UNSOLVABLE" } == OfferedPrices.providers.count)
        #expect(try through.host.command("ledger", "verify").status == 0)
        #expect(through.host.stop() == 0)
        for key in [SimulatorProcess.key, SimulatorProcess.poorKey, wrongKey] {
            #expect(!through.host.log.contains(key))
        }
    }

    @Test("With a vendor out of order its client is told so, and other vendors solve what is not forced")
    func failsOver() async throws {
        let simulator = try SimulatorProcess()
        let script: JSONValue = [
            "anticaptcha": ["faults": [["kind": "status", "status": 503, "on": "submit"]]],
            "capsolver": ["successRate": 0],
        ]
        _ = try simulator.control("/script", script)
        let wrongKey = "ffffffffffffffffffffffffffffffff"
        let through = try await ProviderHost(
            simulator,
            [
                Instance(name: "wrong", plugin: "2captcha", key: wrongKey, prices: "{ recaptchaV2: 0.0001 }"),
                Instance(
                    name: "poor", plugin: "2captcha", key: SimulatorProcess.poorKey,
                    prices: "{ recaptchaV2: 0.0002 }"),
                Instance(name: "broken", plugin: "anticaptcha", prices: "{ recaptchaV2: 0.0003 }"),
                Instance(name: "unable", plugin: "capsolver", prices: "{ recaptchaV2: 0.0004 }"),
                Instance(name: "capmonster", plugin: "capmonster", prices: "{}"),
            ], deadlineSeconds: 14)
        let task = try Self.task("recaptchaV2")
        let outcomes = try await through.outcomes([(task, nil), (task, "broken")])
        #expect(outcomes[0]["status"] == "ready", "\(outcomes[0].text)\n\(through.host.log)")
        #expect(outcomes[0]["cost"]?.numberText == "0.0006")
        #expect(outcomes[1]["errorCode"] == "NO_PROVIDERS_AVAILABLE", "\(outcomes[1].text)")
        // 2Captcha had two refusals, Anti-Captcha's gateway failed more than once for the task that had to be there.
        for (vendor, least) in [("2captcha", 2), ("anticaptcha", 3), ("capsolver", 1), ("capmonster", 1)] {
            let requests = try simulator.control("/requests?vendor=\(vendor)")["requests"]?.array ?? []
            #expect(requests.count { $0["call"] == "submit" } >= least, "\(vendor)")
        }
        #expect(try simulator.control("/accounts?vendor=capsolver")[SimulatorProcess.key]?["refunded"] == "0.0008")
        #expect(try through.balance == "49.9994")
        #expect(try through.host.command("ledger", "verify").status == 0)
        #expect(through.host.stop() == 0)
    }
}
