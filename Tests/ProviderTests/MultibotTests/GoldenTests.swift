import ProviderKit
import Testing

@testable import Multibot

/// A task, the form that it is submitted with, and what its answer becomes.
struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let family: TaskFamily
    let fields: JSONObject
    /// Without the key in front and `json=1` at the end.
    let form: String
    let reply: String
    let solution: JSONObject

    var testDescription: String { name }

    static let all: [Golden] = [
        Golden(
            name: "reCAPTCHA v2", family: .recaptchaV2,
            fields: [
                "websiteURL": "https://a.example/login?x=1&y=ü",
                "websiteKey": "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-",
                "isInvisible": true, "userAgent": "Mozilla/5.0", "somethingUnknown": 5,
            ],
            form: "method=userrecaptcha&googlekey=6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-"
                + "&pageurl=https%3A%2F%2Fa.example%2Flogin%3Fx%3D1%26y%3D%C3%BC",
            reply: #"{"status":1,"request":"03AGdBq24-_x"}"#, solution: ["gRecaptchaResponse": "03AGdBq24-_x"]),
        Golden(
            name: "hCaptcha", family: .hcaptcha,
            fields: ["websiteURL": "https://a.example", "websiteKey": "9409f20b-6b75-4057-95c4-138e85f69789"],
            form: "method=hcaptcha&sitekey=9409f20b-6b75-4057-95c4-138e85f69789&pageurl=https%3A%2F%2Fa.example",
            reply: "OK|P1_eyJ0.a|b", solution: ["gRecaptchaResponse": "P1_eyJ0.a|b"]),
        Golden(
            name: "hCaptcha Enterprise with everything", family: .hcaptcha,
            fields: [
                "websiteURL": "https://a.example", "websiteKey": "S", "isInvisible": false,
                "enterprisePayload": ["rqdata": "r+q/d=", "sentry": true], "cookies": "a=b; c=d",
                "proxyType": "socks5", "proxyAddress": "10.1.2.3", "proxyPort": 1080, "proxyLogin": "me",
                "proxyPassword": "p@ss",
            ],
            form: "method=hcaptcha&sitekey=S&pageurl=https%3A%2F%2Fa.example&isInvisible=0&enterprise=1"
                + "&data=r%2Bq%2Fd%3D&cookies=a%3Db%3B%20c%3Dd&proxy=me%3Ap%40ss%4010.1.2.3%3A1080&proxytype=SOCKS5",
            reply: #"{"status":1,"request":"P1_t","useragent":"UA","respKey":"E1_r"}"#,
            solution: ["gRecaptchaResponse": "P1_t", "userAgent": "UA", "respKey": "E1_r"]),
        Golden(
            name: "Turnstile", family: .turnstile,
            fields: ["websiteURL": "https://a.example", "websiteKey": "0x4AAA"],
            form: "method=turnstile&sitekey=0x4AAA&pageurl=https%3A%2F%2Fa.example",
            reply: #"{"status":"1","request":"0.zrSn"}"#, solution: ["token": "0.zrSn"]),
        Golden(
            name: "Authkong", family: .authkong,
            fields: ["websiteURL": "https://a.example", "websiteKey": "AK"],
            form: "method=authkong&sitekey=AK&pageurl=https%3A%2F%2Fa.example",
            reply: "OK|tok\n", solution: ["token": "tok"]),
        Golden(
            name: "image to text", family: .imageToText,
            fields: ["body": "iVBOR+/w==", "numeric": 1, "case": true, "module": "common"],
            form: "method=universal&body=iVBOR%2B%2Fw%3D%3D",
            reply: #"{"status":1,"request":"W68 HP"}"#, solution: ["text": "W68 HP"]),
    ]
}

@Suite("What is sent to Multibot and what its answers become")
struct GoldenTests {
    @Test("A task is submitted as a form with the fields that Multibot knows", arguments: Golden.all)
    func submits(golden: Golden) async throws {
        let call = ScriptedCall(#"{"status":1,"request":"4711"}"#)
        #expect(try await MultibotAdapter.usual.submit(golden.family, golden.fields, call) == .pending(id: "4711"))
        let request = try #require(call.requests.first)
        #expect(call.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.url == "https://api.multibot.cloud/in.php")
        #expect(request.headers == [HTTPRequest.Header("content-type", "application/x-www-form-urlencoded")])
        #expect(
            String(decoding: request.body, as: UTF8.self) == "key=\(credential.placeholder)&\(golden.form)&json=1")
    }

    @Test("An answer becomes a solution with the canonical field of its family", arguments: Golden.all)
    func polls(golden: Golden) async throws {
        let call = ScriptedCall(golden.reply)
        #expect(
            try await MultibotAdapter.usual.poll(golden.family, id: "47&11", call)
                == .solved(Solution(golden.solution)))
        let request = try #require(call.requests.first)
        #expect(request.method == "GET" && request.body.isEmpty)
        #expect(
            request.url
                == "https://api.multibot.cloud/res.php?key=\(credential.placeholder)&action=get&id=47%2611&json=1")
    }

    @Test("Every family that the manifest offers has its pair")
    func complete() {
        #expect(Set(Golden.all.map(\.family)) == Set(MultibotAdapter.manifest.offers.map(\.family)))
    }

    @Test("Another endpoint is used for every call")
    func endpoint() async throws {
        let adapter = MultibotAdapter(
            settings: AdapterSettings(name: "clone", endpoint: "http://api.multibot.in/v1"))
        let submit = ScriptedCall("OK|1"), poll = ScriptedCall("OK|t"), balance = ScriptedCall(#"{"balance":1}"#)
        _ = try await adapter.submit(.turnstile, site, submit)
        _ = try await adapter.poll(.turnstile, poll)
        _ = try await adapter.balance(of: credential, call: balance)
        #expect(submit.requests.first?.url == "http://api.multibot.in/v1/in.php")
        #expect(poll.requests.first?.url.hasPrefix("http://api.multibot.in/v1/res.php?key=") == true)
        #expect(balance.requests.first?.url.hasPrefix("http://api.multibot.in/v1/res.php?action=userinfo&") == true)
    }

    @Test("The manifest crosses, counts in a unit of its own and quotes no price")
    func manifest() throws {
        let manifest = try Manifest(parsing: MultibotAdapter.manifest.bytes)
        #expect(manifest == MultibotAdapter.manifest)
        #expect(manifest.balanceUnit == "multibot-token")
        #expect(manifest.offers.allSatisfy { $0.listPrice == nil })
        #expect(!manifest.reportsCost)
        // Within four and a half minutes.
        #expect(manifest.pollPlan.first + manifest.pollPlan.interval * Double(manifest.pollPlan.most) <= 275)
    }
}
