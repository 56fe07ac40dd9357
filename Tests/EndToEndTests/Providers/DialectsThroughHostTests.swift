import Domain
import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// One host, asked in the dialects of several services, in front of a vendor that is simulated.
@Suite("Dialects through a host", .waitsForPrograms)
struct DialectsThroughHostTests {
    private func withHost(_ body: (ProviderHost, SimulatorProcess) async throws -> Void) async throws {
        let simulator = try SimulatorProcess()
        _ = try simulator.control("/script", ["2captcha": ["latency": ["uniform": [0, 1]]]])
        let through = try await ProviderHost(
            simulator,
            [
                .init(
                    name: "2captcha", plugin: "2captcha",
                    prices: "{turnstile: 0.002, recaptchaV2: 0.002}")
            ])
        try await body(through, simulator)
        let verified = try through.host.command("ledger", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(through.host.stop() == 0)
    }

    /// Asks until the answer is another than this.
    private func answer(of path: String, otherThan waiting: String, _ through: ProviderHost) async throws -> String {
        var text = ""
        try await eventually("\(path) has another answer than \(waiting)") {
            text = try through.calls.get(path).text
            return !text.contains(waiting)
        }
        return text
    }

    /// The bodies of the vendor's calls at a path.
    private func told(_ simulator: SimulatorProcess, _ path: String) throws -> [String] {
        let requests = try simulator.control("/requests?vendor=2captcha")["requests"]?.array ?? []
        return requests.compactMap { $0["target"]?.string == path ? $0["body"]?.text : nil }
    }

    @Test("A task goes in by in.php and out by res.php, and a bad word on it reaches the vendor, once")
    func inPHP() async throws {
        try await withHost { through, simulator in
            let key = "key=\(through.key)"
            let submit = "/in.php?\(key)&method=turnstile&sitekey=0x4AAA&pageurl=https://example.com"
            let created = try through.calls.get(submit).text
            #expect(created.hasPrefix("OK|") && created.dropFirst(3).allSatisfy(\.isNumber), "\(created)")
            let id = String(created.dropFirst(3))
            let token = try await answer(
                of: "/res.php?\(key)&action=get&id=\(id)", otherThan: "CAPCHA_NOT_READY", through)
            #expect(token.hasPrefix("OK|") && token.count > 10)
            let paid = try #require(try through.result(.string(id))["cost"]?.numberText)
            #expect(try through.calls.get("/res.php?\(key)&action=get2&id=\(id)").text == "\(token)|\(paid)")
            let left = try #require(Money(decimal: paid).flatMap { Money(decimal: "50")?.subtracting($0) })
            #expect(try through.calls.get("/res.php?\(key)&action=getbalance").text == left.description)
            let report = "/res.php?\(key)&action=reportbad&id=\(id)"
            #expect(try through.calls.get(report).text == "OK_REPORT_RECORDED")
            #expect(try through.calls.get(report).text == "ERROR_DUPLICATE_REPORT")
            try await eventually("the vendor was told") { try told(simulator, "/reportIncorrect").count == 1 }
            // Nothing is given back.
            #expect(try through.balance == left.description)
            // The same task as a client of 2Captcha's JSON calls sees it.
            let body: JSONValue = ["clientKey": .string(through.key), "taskId": .string(id)]
            let seen = try through.calls.post("/getTaskResult", body).json
            #expect(seen["status"] == "ready" && seen["solveCount"] == 1 && seen["cost"]?.string == paid)
        }
    }

    @Test("A task goes in and out as Death By Captcha's clients do it, and a report gives its price back")
    func deathByCaptcha() async throws {
        try await withHost { through, simulator in
            let form = [("content-type", "application/x-www-form-urlencoded")]
            func post(_ path: String, _ body: String) throws -> LoopbackHTTP.Answer {
                try through.calls.send("POST", path, Array(body.utf8), headers: form)
            }
            let params = #"{"googlekey":"6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-","pageurl":"https://example.com"}"#
            let encoded = try #require(params.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let created = try post("/api/captcha", "authtoken=\(through.key)&type=4&token_params=\(encoded)")
            let name = try #require(created.json["captcha"]?.numberText, "\(created.text)")
            let solved = try await answer(of: "/api/captcha/\(name)", otherThan: #""solved":false"#, through)
            #expect(solved.contains(#""is_correct":true"#) && !solved.contains(#""text":"""#), "\(solved)")
            #expect(try through.balance != "50")
            for _ in 0..<2 {
                let reported = try post("/api/captcha/\(name)/report", "authtoken=\(through.key)")
                #expect(reported.status == 200 && reported.json["is_correct"] == false, "\(reported.text)")
            }
            #expect(try through.balance == "50", "once")
            let user = try post("/api/user", "authtoken=\(through.key)").json
            #expect(user["balance"]?.numberText == "50" && user["is_banned"] == false)
            try await eventually("the vendor was told") { try told(simulator, "/reportIncorrect").count == 1 }
            #expect(try post("/api/captcha/1/report", "authtoken=\(through.key)").status == 503)
        }
    }

    @Test("Feedback is taken once, under the service's own statuses")
    func feedback() async throws {
        try await withHost { through, simulator in
            let outcome = try through.create(
                ["type": "TurnstileTokenProxyLess", "websiteURL": "https://example.com", "websiteKey": "0x4AAA"],
                at: nil)
            let id = try #require(outcome["taskId"])
            func say(invalid: Bool) throws -> LoopbackHTTP.Answer {
                try through.calls.post(
                    "/ucaptcha/feedbackTask",
                    [
                        "clientKey": .string(through.key), "taskId": id,
                        "result": ["invalid": .bool(invalid), "message": "It was accepted."],
                    ])
            }
            let early = try say(invalid: false)
            if try through.result(id)["status"] == "processing" {
                #expect(early.status == 400 && early.json["errorCode"] == "ERROR_REPORT_NOT_RECORDED")
            }
            try await eventually("the task is solved") { try through.result(id)["status"] == "ready" }
            let first = try say(invalid: false)
            #expect(first.status == 200 || early.status == 200, "\(first.text)")
            let again = try say(invalid: true)
            #expect(again.status == 409 && again.json["errorCode"] == "ERROR_DUPLICATE_REPORT", "\(again.text)")
            try await eventually("the vendor was told") { try told(simulator, "/reportCorrect").count == 1 }
            #expect(try told(simulator, "/reportIncorrect").isEmpty)
        }
    }
}
