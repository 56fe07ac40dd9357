@testable import AntiCaptcha
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("Anti-Captcha's own ways")
struct AntiCaptchaVendorTests {
    private let adapter: AntiCaptchaAdapter

    init() throws { adapter = try AntiCaptchaAdapter(settings: AdapterSettings(name: "anticaptcha")) }

    private var run: GoldenRun { GoldenRun(adapter, taskID: "7654321", proxyFields: "{}") }

    private func sent(_ family: TaskFamily, _ fields: JSONObject) async throws -> JSONValue? {
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":7654321}"#))
        _ = try await adapter.submit(run.request(family, fields), call: call)
        return call.requests.first?.json?["task"]
    }

    @Test("A key is 32 hexadecimal digits")
    func keyFormat() throws {
        let format = try #require(try Manifest(parsing: AntiCaptchaAdapter.manifest.bytes).key)
        #expect(format.hexadecimal && format.length == 32...32 && format.prefixes.isEmpty)
    }

    @Test("Its manifest is one that a host takes and says what is documented")
    func manifest() throws {
        let manifest = try Manifest(parsing: AntiCaptchaAdapter.manifest.bytes)
        #expect(manifest.id == "anticaptcha")
        #expect(manifest.origins == ["https://api.anti-captcha.com"])
        #expect(manifest.reportsCost && manifest.chargesUnsolvable)
        // A result is gone a minute after it is there: polls have to come closer together.
        #expect(manifest.resultLifetimeSeconds == 60)
        #expect(manifest.pollPlan.interval <= 30)
    }

    @Test("Its list prices are the upper ends of the ranges")
    func prices() {
        let prices = AntiCaptchaAdapter.manifest.offers.reduce(into: [TaskFamily: String]()) {
            $0[$1.family] = $1.listPrice
        }
        #expect(
            prices == [
                .imageToText: "0.0007", .recaptchaV2: "0.002", .recaptchaV2Enterprise: "0.005",
                .recaptchaV3: "0.002", .recaptchaV3Enterprise: "0.005", .turnstile: "0.002", .funcaptcha: "0.003",
            ])
    }

    @Test(
        "A score becomes the lowest class of workers that reaches it",
        arguments: [("0.1", "0.3"), ("0.3", "0.3"), ("0.31", "0.7"), ("0.7", "0.7"), ("\"0.71\"", "0.9"), ("1", "0.9")])
    func score(_ asked: String, _ sentScore: String) async throws {
        var fields = try GoldenRun.object(#"{"websiteURL":"https://a.test/","websiteKey":"6Le"}"#)
        fields["minScore"] = try JSONValue(parsing: asked)
        #expect(try await sent(.recaptchaV3, fields)?["minScore"]?.numberText == sentScore)
    }

    @Test("A score that is none is refused", arguments: ["\"high\"", "1.5", "-1"])
    func badScore(_ asked: String) async throws {
        var fields = try GoldenRun.object(#"{"websiteURL":"https://a.test/","websiteKey":"6Le"}"#)
        fields["minScore"] = try JSONValue(parsing: asked)
        #expect(await run.refusal(.recaptchaV3, fields)?.kind == .badTask(field: "minScore"))
    }

    @Test("An AWS WAF widget has a script instead of iv and context; without either the task is refused")
    func amazon() async throws {
        var fields = try GoldenRun.object(#"{"websiteURL":"https://a.test/","websiteKey":"k"}"#)
        #expect(await run.refusal(.amazonWaf, fields)?.kind == .badTask(field: "iv"))
        fields["jsapiScript"] = "https://a.test/jsapi.js"
        #expect(try await sent(.amazonWaf, fields)?["waf_type"] == "widget")
    }

    @Test("A proxy by its name is refused; so is one that is not HTTP where only those are taken")
    func proxies() async throws {
        let named = try GoldenRun.object(
            #"{"websiteURL":"https://a.test/","websiteKey":"k","proxyAddress":"p.test","proxyPort":80}"#)
        #expect(await run.refusal(.turnstile, named)?.kind == .badTask(field: "proxyAddress"))
        let socks = try GoldenRun.object(#"{"websiteURL":"https://a.test/"}"#, Golden.canonicalProxy)
        #expect(await run.refusal(.antiBotCookie, socks)?.kind == .unsupportedTask)
    }

    @Test("Reports are taken of pictures that are wrong and of reCAPTCHA")
    func reports() async throws {
        for (family, accepted, path) in [
            (TaskFamily.imageToText, false, "/reportIncorrectImageCaptcha"),
            (.recaptchaV3, false, "/reportIncorrectRecaptcha"), (.recaptchaV2, true, "/reportCorrectRecaptcha"),
        ] {
            let call = ScriptedCall(.json(#"{"errorId":0,"status":"success"}"#))
            let ticket = Ticket(id: "7654321", family: family, credential: GoldenRun.credential)
            try await adapter.report(ticket, accepted: accepted, call: call)
            #expect(call.requests.map(\.path) == [path])
        }
        let ticket = Ticket(id: "7654321", family: .turnstile, credential: GoldenRun.credential)
        let fault = await #expect(throws: Fault.self) {
            try await adapter.report(ticket, accepted: false, call: ScriptedCall())
        }
        #expect(fault?.kind == .unsupportedTask)
    }

    @Test(
        "Credits of a subscription can pay while the balance is zero",
        arguments: [(#","captchaCredits":12"#, true), ("", false)])
    func credits(_ member: String, _ pays: Bool) async throws {
        let call = ScriptedCall(.json(#"{"errorId":0,"balance":"0"\#(member)}"#))
        #expect(
            try await adapter.balance(of: GoldenRun.credential, call: call) == Balance(amount: "0", otherMeans: pays))
    }
}
