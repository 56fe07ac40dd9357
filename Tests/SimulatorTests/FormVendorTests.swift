import Domain
import Foundation
import ProviderKit
import ProviderSimulator
import Testing

@Suite("Simulated vendors with forms")
struct FormVendorTests {
    static let v2 = ["method": "userrecaptcha", "googlekey": Caller.site, "pageurl": "https://example.com/"]

    @Test("Plain text by default, JSON only when asked for; IDs are texts of digits; the price with get2")
    func dialects() throws {
        var caller = Caller(.twoCaptcha, JSONVendorTests.later())
        let plain = caller.submit(FormVendorTests.v2)
        #expect(plain.text.hasPrefix("OK|") && plain.text.dropFirst(3).allSatisfy(\.isNumber))
        let id = String(plain.text.dropFirst(3))
        #expect(caller.ask("action=get&id=\(id)").text == "CAPCHA_NOT_READY")
        #expect(caller.ask("action=get&id=\(id)&json=1").text == #"{"status":0,"request":"CAPCHA_NOT_READY"}"#)
        caller.wait(10)
        let answer = caller.ask("action=get&id=\(id)&json=1")
        #expect(answer.json["status"] == 1 && answer.contentType.hasPrefix("application/json"))
        #expect(caller.ask("action=get&id=\(id)").text == "OK|" + (answer.json["request"]?.string ?? ""))
        #expect(caller.ask("action=get2&id=\(id)").text.hasSuffix("|0.00299"))
        #expect(caller.ask("action=get2&id=\(id)&json=1").json["price"] == "0.00299")
        #expect(caller.ask("action=getbalance").text == "9.99701")
        #expect(caller.ask("action=getbalance&json=1").text == #"{"status":1,"request":"9.99701"}"#)
    }

    @Test("GeeTest, Capy, Lemin and AWS answer a JSON object inside the answer")
    func objects() {
        let page = "https://example.com/"
        let methods: [[String: String]] = [
            ["method": "geetest", "gt": "g", "challenge": "c"], ["method": "geetest_v4", "captcha_id": "i"],
            ["method": "capy", "captchakey": "k"], ["method": "lemin", "captcha_id": "i", "div_id": "d"],
            ["method": "amazon_waf", "sitekey": "k", "iv": "i", "context": "c"],
        ]
        for method in methods {
            var caller = Caller(.twoCaptcha)
            let submitted = caller.submit(method.merging(["pageurl": page, "json": "1"]) { $1 })
            let id = submitted.json["request"]?.string ?? submitted.text
            #expect(caller.ask("action=get&id=\(id)&json=1").json["request"]?.object != nil, "\(method)")
            #expect(caller.ask("action=get&id=\(id)").text.hasPrefix("OK|{"), "\(method)")
        }
    }

    @Test("Turnstile tells the user agent in JSON only")
    func turnstile() {
        var caller = Caller(.twoCaptcha)
        let id = caller.submit(["method": "turnstile", "sitekey": "0x4", "pageurl": "https://example.com/"]).text
            .dropFirst(3)
        #expect(caller.ask("action=get&id=\(id)&json=1").json["useragent"]?.string?.contains("Mozilla") == true)
        #expect(!caller.ask("action=get&id=\(id)").text.contains("Mozilla"))
    }

    @Test("Multipart, a JSON body and the query of a GET are read alike")
    func encodings() throws {
        var caller = Caller(.twoCaptcha)
        let picture = try #require(Data(base64Encoded: Caller.picture))
        var body = Data()
        for (head, content) in [
            ("name=\"key\"", Data(Caller.key.utf8)), ("name=\"method\"", Data("post".utf8)),
            ("name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png", picture),
        ] {
            body +=
                Data("--limit\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8) + content + Data("\r\n".utf8)
        }
        body += Data("--limit--\r\n".utf8)
        let multipart = caller.send(
            SimulatedRequest(
                "POST", "/in.php", headers: ["content-type": "multipart/form-data; boundary=limit"], body: Array(body)))
        #expect(multipart.text.hasPrefix("OK|"), "\(multipart.text)")
        let text = caller.ask("action=get&id=\(multipart.text.dropFirst(3))").text
        #expect(text == "OK|" + PictureText.text(for: ["body": .string(Caller.picture)]))
        let fields = FormVendorTests.v2.merging(["key": Caller.key]) { $1 }
        let json = JSONValue.object(JSONObject(fields.map { .init($0.key, .string($0.value)) }))
        #expect(caller.send(.post("/in.php", json)).text.hasPrefix("OK|"))
        let query = fields.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        #expect(caller.send(SimulatedRequest("GET", "/in.php?\(query)")).text.hasPrefix("OK|"))
    }

    @Test("A key of the wrong length and an unknown key are told apart")
    func keys() {
        var caller = Caller(.twoCaptcha)
        #expect(caller.submit(FormVendorTests.v2, key: "short").text == "ERROR_WRONG_USER_KEY")
        let unknown = String(repeating: "f", count: 32)
        #expect(caller.submit(FormVendorTests.v2, key: unknown).text == "ERROR_KEY_DOES_NOT_EXIST")
    }

    @Test("Five wrong keys ban the address: IP_BANNED in in.php, ERROR: 1004 in res.php, 21 in JSON; then it is over")
    func ban() {
        var caller = Caller(.twoCaptcha)
        for _ in 0..<5 { _ = caller.ask("action=getbalance", key: String(repeating: "f", count: 32)) }
        #expect(caller.submit(FormVendorTests.v2).text == "IP_BANNED")
        #expect(caller.ask("action=getbalance").text == "ERROR: 1004")
        #expect(caller.post("getBalance", [:]).json["errorCode"] == "ERROR_IP_BLOCKED")
        caller.wait(301)
        #expect(caller.ask("action=getbalance").text == "10")
    }

    @Test("More than 60 tasks in three seconds: MAX_USER_TURN for ten seconds")
    func rate() {
        var caller = Caller(.twoCaptcha)
        for _ in 0..<60 { #expect(caller.submit(FormVendorTests.v2).text.hasPrefix("OK|")) }
        #expect(caller.submit(FormVendorTests.v2).text == "MAX_USER_TURN")
        caller.wait(9)
        #expect(caller.submit(FormVendorTests.v2).text == "MAX_USER_TURN")
        caller.wait(2)
        #expect(caller.submit(FormVendorTests.v2).text.hasPrefix("OK|"))
    }

    @Test("Polling more than the budget is ERROR: 1005 for five minutes")
    func pollBudget() {
        var caller = Caller(.twoCaptcha)
        for _ in 0..<1200 { _ = caller.ask("action=getbalance") }
        #expect(caller.ask("action=getbalance").text == "ERROR: 1005")
        caller.wait(299)
        #expect(caller.ask("action=getbalance").text == "ERROR: 1005")
        caller.wait(2)
        #expect(caller.ask("action=getbalance").text == "10")
    }

    @Test("Many errors of one kind: ERROR: 1001, 1002 and 1003")
    func errorBans() {
        var poor = Caller(.twoCaptcha, balance: "0")
        for _ in 0..<120 { #expect(poor.submit(FormVendorTests.v2).text == "ERROR_ZERO_BALANCE"); poor.wait(0.2) }
        #expect(poor.submit(FormVendorTests.v2).text == "ERROR: 1002")
        var clumsy = Caller(.twoCaptcha)
        for _ in 0..<120 {
            #expect(clumsy.submit(["method": "nothing"]).text == "ERROR_BAD_PARAMETERS"); clumsy.wait(1)
        }
        #expect(clumsy.submit(FormVendorTests.v2).text == "ERROR: 1003")
    }

    @Test("Reports: once, within 15 minutes")
    func reports() {
        var caller = Caller(.twoCaptcha)
        let ids = (0..<2).map { _ in caller.submit(FormVendorTests.v2).text.dropFirst(3) }
        #expect(caller.ask("action=reportgood&id=\(ids[0])").text == "OK_REPORT_RECORDED")
        #expect(caller.ask("action=reportbad&id=\(ids[0])").text == "ERROR_DUPLICATE_REPORT")
        caller.wait(901)
        #expect(caller.ask("action=reportbad&id=\(ids[1])").text == "ERROR_REPORT_NOT_RECORDED")
        #expect(caller.ask("action=reportbad&id=1").text == "ERROR_WRONG_CAPTCHA_ID")
        #expect(caller.ask("action=reportbad&id=x").text == "ERROR_WRONG_ID_FORMAT")
    }

    @Test("Callbacks' addresses are registered and told")
    func callbackAddresses() {
        var caller = Caller(.twoCaptcha)
        #expect(caller.ask("action=add_pingback&addr=http://a.example/").text == "OK_http://a.example/")
        #expect(caller.ask("action=get_pingback").text == "OK|http://a.example/")
        #expect(caller.ask("action=del_pingback&addr=all").text == "OK")
        #expect(caller.ask("action=get_pingback").text == "OK")
    }

    @Test("Multibot: both names of the sitekey, userinfo, polls without an action, its own codes")
    func multibot() {
        var caller = Caller(.multibot, balance: "1000")
        for name in ["googlekey", "sitekey"] {
            let submitted = caller.submit([
                "method": "userrecaptcha", name: Caller.site, "pageurl": "https://a.example/",
            ])
            #expect(submitted.text.hasPrefix("OK|"), "\(name)")
            #expect(caller.ask("id=\(submitted.text.dropFirst(3))").text.hasPrefix("OK|03AF"))
        }
        #expect(caller.ask("action=userinfo").text == #"{"balance":998}"#)
        #expect(caller.ask("action=userinfo", key: "wrong").text == "ERROR_WRONG_USER_KEY")
        #expect(caller.ask("action=get&id=77").text == "ERROR_NOT_CAPTCHA_ID")
        let order = caller.submit([
            "method": "antibot", "main": Caller.picture, "4711": Caller.picture, "12": Caller.picture,
        ]).text
        #expect(caller.ask("id=\(order.dropFirst(3))").text == "OK|12,4711")
        #expect(caller.submit(["method": "antibot", "main": Caller.picture]).text == "ERROR_BAD_PARAMETERS")
        var poor = Caller(.multibot, balance: "0")
        #expect(poor.submit(["method": "universal", "body": Caller.picture]).text == "ERROR_USER_BALANCE_ZERO")
        var failing = VendorSettings()
        failing.successRate = 0
        caller.vendor.setScript(VendorScript(failing))
        let failed = caller.submit(["method": "universal", "body": Caller.picture]).text.dropFirst(3)
        #expect(caller.ask("id=\(failed)").text == "WRONG_RESULT")
    }
}
