@testable import CapMonster
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("CapMonster's own ways")
struct CapMonsterVendorTests {
    private let adapter: CapMonsterAdapter

    init() throws { adapter = try CapMonsterAdapter(settings: AdapterSettings(name: "capmonster")) }

    private var run: GoldenRun { GoldenRun(adapter, taskID: "407533072", proxyFields: "{}") }

    private func sent(_ family: TaskFamily, _ text: String...) async throws -> JSONValue? {
        var fields = JSONObject()
        for part in text { for member in try GoldenRun.object(part).members { fields[member.name] = member.value } }
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":407533072}"#))
        _ = try await adapter.submit(run.request(family, fields), call: call)
        return call.requests.first?.json?["task"]
    }

    private func refusal(_ family: TaskFamily, _ text: String...) async throws -> Fault.Kind? {
        var fields = JSONObject()
        for part in text { for member in try GoldenRun.object(part).members { fields[member.name] = member.value } }
        return await run.refusal(family, fields)?.kind
    }

    @Test("Its manifest is one that a host takes and says what is documented")
    func manifest() throws {
        let manifest = try Manifest(parsing: CapMonsterAdapter.manifest.bytes)
        #expect(manifest.id == "capmonster")
        #expect(manifest.origins == ["https://api.capmonster.cloud"])
        #expect(!manifest.reportsCost && !manifest.chargesUnsolvable && manifest.resultLifetimeSeconds == 300)
        let plan = manifest.pollPlan
        #expect(plan.interval >= 2 && plan.most <= 120)
        #expect(plan.first + Double(plan.most - 1) * plan.interval < 300)
    }

    @Test("Its list prices are the upper ends of the ranges")
    func prices() {
        let prices = CapMonsterAdapter.manifest.offers.reduce(into: [TaskFamily: String]()) {
            $0[$1.family] = $1.listPrice
        }
        #expect(
            prices == [
                .imageToText: "0.0003", .recaptchaV2: "0.0006", .recaptchaV2Enterprise: "0.004",
                .recaptchaV3: "0.0009", .recaptchaV3Enterprise: "0.0015", .turnstile: "0.0013",
                .cloudflareToken: "0.0013", .geetestV3: "0.0012", .geetestV4: "0.0012", .amazonWaf: "0.0014",
                .datadome: "0.0022", .grid: "0.00004", .audio: "0.0008",
            ])
    }

    @Test("HTTP 500 on getTaskResult means that the task is still worked on")
    func http500() async throws {
        let ticket = Ticket(id: "407533072", family: .turnstile, credential: GoldenRun.credential)
        let busy = ScriptedCall(.json("Internal Server Error", status: 500))
        #expect(try await adapter.poll(ticket, call: busy) == .pending)
        let waiting = ScriptedCall(.json(#"{"errorId":1,"errorCode":"CAPTCHA_NOT_READY"}"#))
        #expect(try await adapter.poll(ticket, call: waiting) == .pending)
    }

    @Test("The three variants of an AWS WAF task are told apart by what the client has")
    func amazon() async throws {
        let site = #"{"websiteURL":"https://a.test/"}"#
        let visible = try await sent(.amazonWaf, site, #"{"websiteKey":"k","jsapiScript":"j.js","iv":"i"}"#)
        let expected: JSONValue = [
            "captchaScript": "j.js", "type": "AmazonTask", "websiteKey": "k", "websiteURL": "https://a.test/",
        ]
        #expect(visible == expected)
        let both = try await sent(
            .amazonWaf, site,
            #"{"websiteKey":"k","challengeScript":"c.js","iv":"i","context":"x","cookieSolution":true}"#)
        #expect(both?["iv"] == "i" && both?["context"] == "x" && both?["cookieSolution"] == true)
        #expect(try await refusal(.amazonWaf, site) == .badTask(field: "websiteKey"))
        #expect(
            try await refusal(.amazonWaf, site, #"{"websiteKey":"k","challengeScript":"c.js"}"#)
                == .badTask(field: "context"))
    }

    @Test("The DataDome cookie comes from the client's cookies before the address")
    func datadome() async throws {
        let page = #"{"websiteURL":"https://a.test/","userAgent":"M","captchaUrl":"https://geo.test/?t=fe&cid=c1"}"#
        let own = try await sent(.datadome, page, #"{"cookies":"a=b; datadome=mine"}"#, Golden.canonicalProxy)
        #expect(own?["metadata"]?["datadomeCookie"] == "datadome=mine")
        #expect(own?["cookies"] == nil)
        let bare = #"{"websiteURL":"https://a.test/","userAgent":"M","captchaUrl":"https://geo.test/"}"#
        #expect(try await refusal(.datadome, bare, Golden.canonicalProxy) == .badTask(field: "cookies"))
    }

    @Test("ALTCHA by its address, or of version 2, is not asked of it")
    func altcha() async throws {
        let page = #"{"websiteURL":"https://a.test/"}"#
        #expect(try await refusal(.altcha, page, #"{"challengeURL":"https://a.test/c"}"#) == .unsupportedTask)
        #expect(try await refusal(.altcha, page, #"{"challengeJSON":{"parameters":{}}}"#) == .unsupportedTask)
        #expect(try await refusal(.altcha, page, #"{"challengeJSON":"no"}"#) == .badTask(field: "challengeJSON"))
        #expect(try await refusal(.altcha, page) == .badTask(field: "challengeJSON"))
        let usual = try await sent(.altcha, page, #"{"challengeJSON":{"challenge":"c","salt":"s","signature":"g"}}"#)
        #expect(usual?["metadata"]?["iterations"] == "1000000")
    }

    @Test("A client may ask for the waiting room, and send the page in CapMonster's own field")
    func waitRoom() async throws {
        let task = try await sent(
            .cloudflareClearance,
            #"""
            {"websiteURL":"https://a.test/","userAgent":"M","cloudflareTaskType":"wait_room",
             "htmlPageBase64":"UEc="}
            """#,
            Golden.canonicalProxy)
        #expect(task?["cloudflareTaskType"] == "wait_room")
        #expect(task?["htmlPageBase64"] == "UEc=")
    }

    @Test("A picture task that its usual module cannot do is refused, unless another module is named")
    func pictures() async throws {
        #expect(try await refusal(.coordinates, #"{"comment":"cat"}"#) == .badTask(field: "body"))
        #expect(try await refusal(.coordinates, #"{"body":"R0lG","comment":"cat"}"#) == .unsupportedTask)
        let named = try await sent(.coordinates, #"{"body":"R0lG","comment":"cat","metadata":{"Task":"icons"}}"#)
        #expect(named?["metadata"]?["Task"] == "icons")
        #expect(try await refusal(.grid, #"{"body":"R0lG","comment":"cars"}"#) == .badTask(field: "rows"))
        #expect(
            try await refusal(.grid, #"{"body":"R0lG","rows":3,"columns":3}"#) == .badTask(field: "question"))
    }

    @Test("Bad solutions of pictures and tokens are reported, good ones never")
    func reports() async throws {
        for (family, path) in [
            (TaskFamily.imageToText, "/reportIncorrectImageCaptcha"), (.turnstile, "/reportIncorrectTokenCaptcha"),
        ] {
            let call = ScriptedCall(.json(#"{"errorId":0,"status":"success"}"#))
            let ticket = Ticket(id: "407533072", family: family, credential: GoldenRun.credential)
            try await adapter.report(ticket, accepted: false, call: call)
            #expect(call.requests.map(\.path) == [path])
            await #expect(throws: Fault.self) { try await adapter.report(ticket, accepted: true, call: call) }
        }
    }

    @Test("A percent sign in a proxy's password is refused unsent")
    func percent() async throws {
        #expect(
            try await refusal(
                .turnstile, #"{"websiteURL":"https://a.test/","websiteKey":"k"}"#, Golden.canonicalProxy,
                #"{"proxyPassword":"a%20b"}"#) == .badTask(field: "proxyPassword"))
    }
}
