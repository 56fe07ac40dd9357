import ProviderKit
import Testing

@testable import Multibot

/// A task that is refused before anything is sent.
struct Refused: Sendable, CustomTestStringConvertible {
    let family: TaskFamily
    let without: String?
    let fields: JSONObject
    let kind: Fault.Kind

    init(_ family: TaskFamily, without: String? = nil, _ fields: JSONObject, _ kind: Fault.Kind) {
        self.family = family
        self.without = without
        self.fields = fields
        self.kind = kind
    }

    var testDescription: String { "\(family) \(without ?? "") \(fields.members.map(\.name))" }

    private static let proxy: JSONObject = ["proxyType": "http", "proxyAddress": "1.2.3.4", "proxyPort": 80]

    static let all: [Refused] = [
        Refused(.recaptchaV2, without: "websiteURL", [:], .badTask(field: "websiteURL")),
        Refused(.hcaptcha, without: "websiteKey", [:], .badTask(field: "websiteKey")),
        Refused(.turnstile, ["websiteKey": 5], .badTask(field: "websiteKey")),
        Refused(.authkong, ["websiteURL": ""], .badTask(field: "websiteURL")),
        Refused(.imageToText, [:], .badTask(field: "body")),
        Refused(.recaptchaV2, ["recaptchaDataSValue": "s"], .unsupportedTask),
        Refused(.recaptchaV2, ["cookies": "a=b"], .unsupportedTask),
        Refused(.recaptchaV2, proxy, .unsupportedTask),
        Refused(.turnstile, ["action": "login"], .unsupportedTask),
        Refused(.turnstile, ["cData": "c"], .unsupportedTask),
        Refused(.turnstile, proxy, .unsupportedTask),
        Refused(.authkong, proxy, .unsupportedTask),
        Refused(.imageToText, ["body": "aa", "math": true], .unsupportedTask),
        Refused(.imageToText, ["body": "aa", "comment": "the red ones"], .unsupportedTask),
        Refused(.imageToText, ["body": "aa", "imgInstructions": "aa"], .unsupportedTask),
        Refused(.imageToText, ["body": "aa", "math": "yes"], .badTask(field: "math")),
        Refused(.altcha, [:], .unsupportedTask),
        Refused(.hcaptcha, ["isInvisible": "no"], .badTask(field: "isInvisible")),
        Refused(.hcaptcha, ["enterprisePayload": "rqdata"], .badTask(field: "enterprisePayload")),
        Refused(.hcaptcha, ["proxyAddress": "1.2.3.4", "proxyPort": 80], .badTask(field: "proxyType")),
        Refused(
            .hcaptcha, ["proxyAddress": "1.2.3.4", "proxyType": "ftp", "proxyPort": 80],
            .badTask(field: "proxyType")),
        Refused(.hcaptcha, ["proxyAddress": "1.2.3.4", "proxyType": "http"], .badTask(field: "proxyPort")),
        Refused(
            .hcaptcha, ["proxyAddress": "1.2.3.4", "proxyType": "http", "proxyPort": 65536],
            .badTask(field: "proxyPort")),
    ]
}

@Suite("Tasks that Multibot is not sent")
struct RefusalTests {
    @Test("A task without what it needs, or with what Multibot cannot do, is refused unsent", arguments: Refused.all)
    func refused(row: Refused) async throws {
        let call = ScriptedCall("OK|1")
        var all = site
        for member in row.fields.members { all[member.name] = member.value }
        if let without = row.without { all[without] = nil }
        let fields = all
        let fault = await fault { _ = try await MultibotAdapter.usual.submit(row.family, fields, call) }
        #expect(fault?.kind == row.kind)
        #expect(call.requests.isEmpty)
    }

    @Test("Empty and null fields are as good as none")
    func empty() async throws {
        var fields = site
        for name in ["action", "cData", "cookies", "proxyAddress"] { fields[name] = "" }
        fields["isInvisible"] = .null
        let call = ScriptedCall("OK|1")
        #expect(try await MultibotAdapter.usual.submit(.turnstile, fields, call) == .pending(id: "1"))
    }

    @Test("A proxy without a login, and one with an IPv6 address, are written as in.php wants them")
    func proxies() async throws {
        for (address, expected) in [("p.example", "p.example%3A80"), ("2001:db8::1", "%5B2001%3Adb8%3A%3A1%5D%3A80")] {
            var fields = site
            fields["proxyType"] = "https"
            fields["proxyAddress"] = .string(address)
            fields["proxyPort"] = 80
            let call = ScriptedCall("OK|1")
            _ = try await MultibotAdapter.usual.submit(.hcaptcha, fields, call)
            let body = String(decoding: call.requests.first?.body ?? [], as: UTF8.self)
            #expect(body.hasSuffix("&proxy=\(expected)&proxytype=HTTPS&json=1"), "\(body)")
        }
    }

    @Test("Without a key nothing is sent")
    func noKey() async throws {
        let call = ScriptedCall("OK|1")
        let submitted = await fault {
            _ = try await MultibotAdapter.usual.submit(
                TaskRequest(family: .turnstile, fields: site, credential: nil, secondsLeft: 60), call: call)
        }
        let polled = await fault {
            _ = try await MultibotAdapter.usual.poll(
                Ticket(id: "1", family: .turnstile, credential: nil), call: call)
        }
        #expect(submitted?.kind == .invalidKey && polled?.kind == .invalidKey)
        #expect(call.requests.isEmpty)
    }

    @Test("A ticket of a family that is not sold is refused unsent")
    func foreignTicket() async throws {
        let call = ScriptedCall("OK|1")
        #expect(
            await fault { _ = try await MultibotAdapter.usual.poll(.altcha, call) }?.kind == .unsupportedTask)
        #expect(call.requests.isEmpty)
    }
}
