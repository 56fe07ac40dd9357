import CreateTaskTestSupport
import Domain
import Foundation
import Multibot
import ProviderKit
import ProviderSimulator
import TestSupport
import Testing

/// Multibot copies the interface of which 2Captcha's own library for forms is the best description there is.
@Suite("Multibot's forms, held against the library of the interface that it copies")
struct FormMethodTests {
    /// The recorded forms of methods that Multibot has as well, and what the library sends that says no more than the
    /// method does: none of Multibot's clients sends it.
    static let shared: [(name: String, unsaid: [String])] = [
        ("recaptchaV2", ["enterprise", "version"]), ("turnstile", []),
    ]

    private func form(_ family: TaskFamily, _ fields: JSONObject) async throws -> [String: String] {
        let adapter = MultibotAdapter(settings: AdapterSettings(name: "multibot"))
        let call = ScriptedCall(.json(#"{"status":1,"request":"4711"}"#))
        let task = TaskRequest(family: family, fields: fields, credential: GoldenRun.credential, secondsLeft: 120)
        _ = try await adapter.submit(task, call: call)
        let sent = try #require(call.requests.first)
        #expect(sent.path == "/in.php")
        let pairs = String(decoding: sent.body, as: UTF8.self).split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts.last ?? "").removingPercentEncoding ?? "")
        }
        return Dictionary(pairs) { first, _ in first }
    }

    @Test("A method that both have is sent with the same parameters", arguments: shared)
    func same(_ one: (name: String, unsaid: [String])) async throws {
        let recorded = try #require(SDKRequest.all(of: "2captcha-forms").first { $0.name == one.name })
        let (family, fields) = try Way.canonical.task(recorded)
        let sent = try await form(family, fields)
        let body = JSONObject(sent.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
        #expect(recorded.differences(from: body).map { String($0.prefix { $0 != " " }) } == one.unsaid)
    }

    /// A task of every family that Multibot is asked for, with all that the adapter has a parameter for.
    static let tasks: [(family: TaskFamily, fields: JSONObject)] = [
        (.recaptchaV2, ["websiteURL": "https://a.example/", "websiteKey": "6LcR_okUAAAAAPYrPe"]),
        (.turnstile, ["websiteURL": "https://a.example/", "websiteKey": "0x4AAAAAAAB"]),
        (.authkong, ["websiteURL": "https://a.example/", "websiteKey": "AK"]),
        (.imageToText, ["body": "iVBORw0KGgoAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8="]),
        (
            .hcaptcha,
            [
                "websiteURL": "https://a.example/", "websiteKey": "9409f20b", "isInvisible": true,
                "enterprisePayload": ["rqdata": "r"], "cookies": "a=b", "proxyType": "http",
                "proxyAddress": "198.51.100.9", "proxyPort": 8080, "proxyLogin": "user", "proxyPassword": "secret",
            ]
        ),
    ]

    @Test("Every form has the parameters of its method and no others")
    func documented() async throws {
        let offered = MultibotAdapter.manifest.offers.map(\.family)
        #expect(Set(offered) == Set(Self.tasks.map(\.family)))
        for (family, fields) in Self.tasks {
            let sent = try await form(family, fields)
            let key = GoldenRun.credential.placeholder
            #expect(sent["key"] == key && sent["json"] == "1")
            var vendor = SimulatedVendor(.multibot, accounts: [key: Money(decimal: "10") ?? .zero])
            let answer = vendor.handle(.form("/in.php", sent), at: Timestamp(milliseconds: 0))
            #expect(answer.json["status"] == 1, "\(family): \(answer.text)")
            #expect(vendor.requests.flatMap(\.notes) == [], "\(family)")
        }
    }

    /// Methods that answer where things are in a site's own picture, or in which order: no family of ours asks for it.
    static let unoffered: Set<String> = ["antibot", "upside", "rscaptcha"]

    @Test("Multibot is asked for what the simulator sells there")
    func families() {
        let offered = Set(MultibotAdapter.manifest.offers.map(\.family.rawValue))
        #expect(Set(ProviderSimulator.Vendor.multibot.formFamilies) == offered.union(Self.unoffered))
    }
}
