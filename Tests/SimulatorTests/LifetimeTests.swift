import Domain
import Foundation
import ProviderKit
import ProviderSimulator
import TestSupport
import Testing
import Vault

@Suite("Lifetimes, limits and reports of simulated vendors")
struct LifetimeTests {
    @Test("CapSolver forgets five minutes after the task was made, and after 120 polls")
    func capSolver() throws {
        var caller = Caller(.capSolver, JSONVendorTests.later(100))
        let id = try caller.id(JSONVendorTests.capSolverV2)
        caller.wait(299)
        #expect(caller.result(id).json["status"] == "ready")
        caller.wait(2)
        #expect(caller.result(id).json["errorCode"] == "ERROR_TASKID_INVALID")
        let polled = try caller.id(JSONVendorTests.capSolverV2)
        for _ in 0..<120 { #expect(caller.result(polled).json["errorId"] == 0) }
        #expect(caller.result(polled).json["errorCode"] == "ERROR_TASKID_INVALID")
    }

    @Test("CapSolver gives up after 120 seconds, 2Captcha after 90 and for reCAPTCHA v2 after 300")
    func givingUp() throws {
        var capSolver = Caller(.capSolver, JSONVendorTests.later(500))
        let late = try capSolver.id(JSONVendorTests.capSolverV2)
        capSolver.wait(120)
        #expect(capSolver.result(late).json["errorCode"] == "ERROR_TASK_TIMEOUT")
        var twoCaptcha = Caller(.twoCaptcha, JSONVendorTests.later(500))
        let recaptcha = try twoCaptcha.id(JSONVendorTests.v2)
        let other = try twoCaptcha.id(["type": "TextCaptchaTask", "comment": "2+2?"])
        twoCaptcha.wait(90)
        #expect(twoCaptcha.result(other).json["errorId"] == 12)
        #expect(twoCaptcha.result(recaptcha).json["status"] == "processing")
        twoCaptcha.wait(210)
        #expect(twoCaptcha.result(recaptcha).json["errorId"] == 12)
    }

    @Test("CapMonster: too many polls of a task ban the caller for ten minutes, polls too close are refused")
    func capMonster() throws {
        var caller = Caller(.capMonster, JSONVendorTests.later(1000))
        let id = try caller.id(JSONVendorTests.capMonsterV2)
        for _ in 0..<20 { _ = caller.result(id) }
        #expect(caller.result(id).json["errorCode"] == "ERROR_TOO_MUCH_REQUESTS")
        for _ in 0..<99 {
            caller.wait(2.1)
            #expect(caller.result(id).json["errorId"] == 0)
        }
        caller.wait(2.1)
        #expect(caller.result(id).json["errorCode"] == "ERROR_IP_BLOCKED")
        #expect(caller.post("getBalance", [:]).json["errorCode"] == "ERROR_IP_BANNED")
        caller.wait(601)
        #expect(caller.post("getBalance", [:]).json["errorId"] == 0)
    }

    @Test("A task belongs to its key")
    func owner() throws {
        var caller = Caller(.antiCaptcha)
        caller.vendor.accounts["another"] = SimulatedAccount(balance: Money(decimal: "1") ?? .zero)
        let id = try caller.id(JSONVendorTests.v2)
        #expect(caller.post("getTaskResult", ["taskId": id], key: "another").json["errorId"] == 16)
        #expect(caller.result(id).json["errorId"] == 0)
    }

    @Test("Anti-Captcha takes one report of the right kind within 60 seconds")
    func antiCaptchaReports() throws {
        var caller = Caller(.antiCaptcha)
        let token = try caller.id(JSONVendorTests.v2)
        let picture = try caller.id(["type": "ImageToTextTask", "body": .string(Caller.picture)])
        func report(_ path: String, _ id: JSONValue) -> JSONValue { caller.post(path, ["taskId": id]).json }
        #expect(report("reportIncorrectImageCaptcha", token)["errorId"] == 16)
        #expect(report("reportCorrectRecaptcha", token) == ["errorId": 0, "status": "success"])
        #expect(report("reportIncorrectRecaptcha", token)["errorId"] == 16)
        caller.wait(61)
        #expect(report("reportIncorrectImageCaptcha", picture)["errorId"] == 16)
        #expect(report("reportCorrectImageCaptcha", picture)["errorCode"] == "ERROR_NO_SUCH_METHOD")
    }

    @Test("2Captcha takes reports for 15 minutes under all its names, until too many complain")
    func twoCaptchaReports() throws {
        for path in [
            "reportCorrect", "reportIncorrect", "reportCorrectRecaptcha", "reportIncorrectImageCaptcha",
            "reportIncorrectRecaptcha",
        ] {
            var caller = Caller(.twoCaptcha)
            let id = try caller.id(JSONVendorTests.v2)
            caller.wait(900)
            #expect(caller.post(path, ["taskId": id]).json["status"] == "success", "\(path)")
            caller.wait(1)
            #expect(caller.post(path, ["taskId": id]).json["errorId"] == 16, "\(path)")
        }
        var caller = Caller(.twoCaptcha)
        let ids = try (0..<20).map { _ in try caller.id(JSONVendorTests.v2) }
        let taken = ids.count { caller.post("reportIncorrect", ["taskId": $0]).json["errorId"] == 0 }
        #expect(taken == 8)
    }

    @Test("CapSolver's one report says good or bad; CapMonster's refusal has no description")
    func otherReports() throws {
        var capSolver = Caller(.capSolver)
        let id = try capSolver.id(JSONVendorTests.capSolverV2)
        #expect(capSolver.post("feedbackTask", ["taskId": id]).json["errorId"] == 1)
        let report: JSONObject = ["taskId": id, "result": ["invalid": true, "code": 1001]]
        #expect(capSolver.post("feedbackTask", report).json["errorId"] == 0)
        var capMonster = Caller(.capMonster)
        let task = try capMonster.id(JSONVendorTests.capMonsterV2)
        for path in ["reportIncorrectImageCaptcha", "reportIncorrectTokenCaptcha", "reportIncorrectRecaptcha"] {
            let answer = capMonster.post(path, ["taskId": task]).json
            #expect((answer["status"] == "success") == (path == "reportIncorrectTokenCaptcha"), "\(path)")
            if answer["errorId"] == 1 { #expect(answer["errorDescription"] == nil) }
        }
    }

    @Test("ALTCHA is solved for real where the number is small")
    func altcha() throws {
        var caller = Caller(.twoCaptcha)
        let made = AltchaChallenge(salt: "salt", number: 42)
        let id = try caller.id([
            "type": "AltchaTaskProxyless", "websiteURL": "https://example.com/",
            "challengeJSON": .string(made.json.text),
        ])
        let token = caller.result(id).json["solution"]?["token"]?.string ?? ""
        let payload = try JSONValue(parsing: Array(Data(base64Encoded: token) ?? Data()))
        #expect(payload["number"]?.integer == 42 && payload["signature"] == "sig")
        var capMonster = Caller(.capMonster)
        let custom = try capMonster.id([
            "type": "CustomTask", "class": "altcha", "websiteURL": "https://example.com/", "websiteKey": "",
            "metadata": [
                "challenge": .string(made.challenge), "iterations": "1000", "salt": "salt", "signature": "sig",
            ],
        ])
        #expect(capMonster.result(custom).json["solution"]?["data"]?["number"]?.integer == 42)
    }

    @Test("Statistics and pages beside the interfaces")
    func beside() {
        var antiCaptcha = Caller(.antiCaptcha)
        let stats = antiCaptcha.post("getQueueStats", ["queueId": 6], key: nil).json
        #expect(stats["errorId"] == nil && stats["bid"]?.string != nil && stats["waiting"]?.integer != nil)
        var capMonster = Caller(.capMonster)
        #expect(capMonster.send(SimulatedRequest("GET", "/api/useragent/actual")).text.hasPrefix("Mozilla"))
        let prices = capMonster.send(SimulatedRequest("GET", "/api/prices?all=true")).json["PricesV2"]?.array ?? []
        #expect(prices.contains { $0["Name"] == "RecaptchaV2Task" && $0["Price"]?.numberText == "0.6" })
    }
}

/// A challenge of version 1 as a site's server makes it.
struct AltchaChallenge {
    let salt: String
    let number: Int
    let challenge: String

    init(salt: String, number: Int) {
        self.salt = salt
        self.number = number
        challenge = SHA256.hash(Array("\(salt)\(number)".utf8)).map { String(format: "%02x", $0) }.joined()
    }

    var json: JSONValue {
        [
            "algorithm": "SHA-256", "challenge": .string(challenge), "maxnumber": 1000, "salt": .string(salt),
            "signature": "sig",
        ]
    }
}
