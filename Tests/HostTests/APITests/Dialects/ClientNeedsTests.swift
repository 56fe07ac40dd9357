import Domain
import ProviderKit
import Tasks
import Testing

@testable import API

/// What published client libraries break without, each a test: they were found by running them.
/// A picture of 120 bytes in base64.
private let picture = JSONValue.string(String(repeating: "QUJD", count: 40))

@Suite("What published clients need")
struct ClientNeedsTests {
    private static let key = JSONValue.string(FakeService.key)
    private static let wrongKey: JSONValue = "ucap_00000000000000000000000000000000"
    private static let vendors = ["", "/anticaptcha", "/capsolver", "/capmonster", "/2captcha"]
    private static let antiCaptchaLike = ["/anticaptcha", "/capmonster", "/2captcha"]

    /// A service that takes the tasks that the real one takes.
    private static func service(
        _ status: TaskStatus = .processing, _ family: TaskFamily = .recaptchaV2, balance: Money = .zero
    ) -> FakeService {
        FakeService(status: status, family: family, balance: balance) { task throws(ClientError) in
            _ = try TaskVocabulary.understand(task)
            return FakeService.id(7)
        }
    }

    private func json(_ service: FakeService, _ path: String, _ more: JSONObject = [:]) async throws -> JSONObject {
        var body: JSONObject = ["clientKey": ClientNeedsTests.key]
        for member in more.members { body[member.name] = member.value }
        let answer = try #require(await TaskCallDialect(service).answer(Asked.json(path, body)))
        #expect(answer.response.status == 200)
        return answer.response.json
    }

    private static func task(_ type: String, _ more: JSONObject = [:]) -> JSONObject {
        var task: JSONObject = ["type": .string(type), "websiteURL": "https://e.com", "websiteKey": "K"]
        for member in more.members { task[member.name] = member.value }
        return ["task": .object(task)]
    }

    private func form(_ service: FakeService, _ target: String, key: String = FakeService.key) async -> ServerResponse?
    {
        await InPHPDialect(service).answer(Asked("GET", target + "&key=\(key)"))?.response
    }

    // MARK: JSON

    @Test("Errors come with HTTP 200 and errorId 1, never 11, a wrong key's too", arguments: vendors)
    func errors(prefix: String) async throws {
        for call in ["createTask", "getTaskResult", "getBalance"] {
            let wrong = try await json(
                ClientNeedsTests.service(), "\(prefix)/\(call)", ["clientKey": ClientNeedsTests.wrongKey])
            #expect(wrong["errorId"] == 1)
            #expect(wrong["errorCode"]?.string?.hasPrefix("ERROR_") == true)
        }
        let bad = try await json(ClientNeedsTests.service(), "\(prefix)/createTask", ClientNeedsTests.task("x"))
        #expect(bad["errorId"] == 1)
    }

    @Test("A success has no errorCode and no errorDescription", arguments: vendors)
    func success(prefix: String) async throws {
        let solved = ClientNeedsTests.service(.solved(["token": "T"]))
        for (path, body) in [
            ("createTask", ClientNeedsTests.task("RecaptchaV2Task")), ("getTaskResult", ["taskId": 7]),
            ("getBalance", [:]),
        ] as [(String, JSONObject)] {
            let answer = try await json(solved, "\(prefix)/\(path)", body)
            #expect(answer["errorId"] == 0)
            #expect(answer["errorCode"] == nil && answer["errorDescription"] == nil, "\(path)")
        }
    }

    @Test("A balance is a JSON number with nothing beside it", arguments: vendors)
    func balance(prefix: String) async throws {
        let service = ClientNeedsTests.service(balance: try #require(Money(decimal: "50.25")))
        let answer = try await json(service, "\(prefix)/getBalance")
        #expect(answer["balance"]?.numberText == "50.25")
        #expect(answer.members.map(\.name) == ["errorId", "balance"])
    }

    @Test("Anti-Captcha's like have a whole number as taskId, and no status in createTask", arguments: antiCaptchaLike)
    func numbers(prefix: String) async throws {
        let answer = try await json(
            ClientNeedsTests.service(), "\(prefix)/createTask", ClientNeedsTests.task("RecaptchaV2TaskProxyless"))
        #expect(answer.members.map(\.name) == ["errorId", "taskId"])
        #expect(answer["taskId"]?.integer == 7)
    }

    @Test("CapSolver's have text as taskId, a status in createTask, and the taskId again in getTaskResult")
    func capSolver() async throws {
        for path in ["/capsolver/createTask", "/createTask"] {
            let answer = try await json(
                ClientNeedsTests.service(), path, ClientNeedsTests.task("ReCaptchaV2TaskProxyLess"))
            #expect(answer["taskId"]?.string == FakeCipher().uuid(of: FakeService.id(7)))
            #expect(answer["status"] == "processing")
        }
        let result = try await json(
            ClientNeedsTests.service(.solved(["token": "T"])), "/capsolver/getTaskResult", ["taskId": 7])
        #expect(result["taskId"]?.string == FakeCipher().uuid(of: FakeService.id(7)))
        #expect(result.members.map(\.name) == ["errorId", "taskId", "status", "solution"])
    }

    @Test(
        "Anti-Captcha's like have no taskId in getTaskResult, and a cost that is a number, or text for 2Captcha's",
        arguments: antiCaptchaLike)
    func results(prefix: String) async throws {
        let result = try await json(
            ClientNeedsTests.service(.solved(["token": "T"])), "\(prefix)/getTaskResult", ["taskId": 7])
        #expect(result["taskId"] == nil)
        let cost = prefix == "/2captcha" ? result["cost"]?.string : result["cost"]?.numberText
        #expect(result["cost"] == nil || cost == "0.00085")
    }

    @Test("A taskId is taken back as a number, as digits in text, and as a UUID", arguments: vendors + ["/ucaptcha"])
    func taskIDs(prefix: String) async throws {
        // Where there is one kind of number alone a whole one may be written so.
        let number = try JSONValue(parsing: "7.0")
        for id in [7, number, "7", .string(FakeCipher().uuid(of: FakeService.id(7)))] as [JSONValue] {
            let answer = try await json(ClientNeedsTests.service(), "\(prefix)/getTaskResult", ["taskId": id])
            #expect(answer["errorId"] == 0 && answer["status"] == "processing", "\(id)")
        }
    }

    @Test("createTask waits for a solution for less than the 5 s after which clients give up")
    func patience() async throws {
        let service = ClientNeedsTests.service()
        _ = try await json(service, "/capsolver/createTask", ["task": ["type": "ImageToTextTask", "body": picture]])
        let waited = try #require(service.waits.first)
        #expect(service.waits.count == 1 && waited > 0 && waited <= 3.5)
    }

    @Test("What is pending is `processing`, not `idle`", arguments: vendors)
    func pending(prefix: String) async throws {
        let answer = try await json(ClientNeedsTests.service(), "\(prefix)/getTaskResult", ["taskId": 7])
        #expect(answer["status"] == "processing")
    }

    @Test("A finished result can be read 28 times and more")
    func again() async throws {
        let service = ClientNeedsTests.service(.solved(["token": "T"]))
        for _ in 0..<30 { #expect(try await json(service, "/getTaskResult", ["taskId": "7"])["status"] == "ready") }
    }

    @Test("A reCAPTCHA solution has gRecaptchaResponse and token", arguments: vendors)
    func recaptcha(prefix: String) async throws {
        let solved = ClientNeedsTests.service(.solved(["gRecaptchaResponse": "03A"]))
        let solution = try await json(solved, "\(prefix)/getTaskResult", ["taskId": 7])["solution"]
        #expect(solution?["gRecaptchaResponse"] == "03A" && solution?["token"] == "03A")
    }

    @Test("Request fields that are not known are ignored")
    func unknownFields() async throws {
        var body = ClientNeedsTests.task("RecaptchaV2TaskProxyless", ["nocache": true, "comment": ""])
        for (name, value) in [
            ("softId", 7), ("languagePool", "en"), ("appId", "a"), ("source", "n8n"), ("version", "1.0"),
            ("callbackUrl", ""), ("soft_id", [1]),
        ] as [(String, JSONValue)] {
            body[name] = value
        }
        let service = ClientNeedsTests.service()
        #expect(try await json(service, "/createTask", body)["errorId"] == 0)
        #expect(service.tasks.first?["nocache"] == true, "the vocabulary drops what it does not know of a task")
    }

    @Test(
        "Old names, names without any proxy, CapSolver's names, and types in any case are known",
        arguments: [
            "RecaptchaV2Task", "RecaptchaV3Task", "TurnstileTask", "NoCaptchaTaskProxyless", "NoCaptchaTask",
            "ReCaptchaV2TaskProxyLess", "ReCaptchaV3TaskProxyLess", "ReCaptchaV2EnterpriseTaskProxyLess",
            "AntiTurnstileTaskProxyLess", "MtCaptchaTaskProxyLess", "recaptchav2taskPROXYLESS", "TURNSTILETASK",
        ])
    func names(type: String) async throws {
        #expect(
            try await json(ClientNeedsTests.service(), "/createTask", ClientNeedsTests.task(type))["errorId"] == 0)
    }

    @Test(
        "A doubled slash, a blank at the end, and any header Host work",
        arguments: ["//createTask", "/createTask%20", "/createTask/", "/capsolver//createTask"])
    func paths(path: String) async throws {
        for host in ["api.2captcha.com", "", "nonsense:99999", "[::1]:80", "http://x"] {
            var body = ClientNeedsTests.task("RecaptchaV2Task")
            body["clientKey"] = ClientNeedsTests.key
            let rules = DialectRules(hosts: ["api.capsolver.com": .capsolver])
            let asked = Asked.json(path, body, headers: [("host", host)])
            let answer = await TaskCallDialect(ClientNeedsTests.service(), rules).answer(asked)
            #expect(answer?.response.json["errorId"] == 0, "\(host)")
        }
    }

    @Test("A success never holds the text ERROR, in whatever dialect", arguments: vendors + ["/ucaptcha"])
    func noErrorText(prefix: String) async throws {
        let solved = ClientNeedsTests.service(.solved(["token": "aERRORb"]))
        let body: JSONObject = ["clientKey": ClientNeedsTests.key, "taskId": 7]
        let answer = try #require(
            await TaskCallDialect(solved).answer(Asked.json("\(prefix)/getTaskResult", body)))
        #expect(!answer.response.text.contains("ERROR"))
        #expect(answer.response.json["solution"]?["token"] == "aERRORb")
    }

    // MARK: in.php and res.php

    @Test("in.php and res.php answer errors with HTTP 200, and know json=1 on every call")
    func formErrors() async throws {
        let solved = ClientNeedsTests.service(.solved(["token": "T"]))
        for target in [
            "/in.php?method=userrecaptcha&googlekey=K&pageurl=https://e.com", "/res.php?action=get&id=7",
            "/res.php?action=get2&id=7", "/res.php?action=getbalance", "/res.php?action=userinfo",
            "/res.php?action=threadsinfo", "/res.php?action=reportbad&id=7", "/res.php?id=7",
        ] {
            let good = try #require(await form(solved, target + "&json=1"))
            #expect(good.status == 200 && good.contentType == "application/json")
            #expect(good.json["status"] == 1, "\(target)")
            // Text, also where it is an ID.
            #expect(good.json["request"]?.string != nil, "\(target)")
            let plain = try #require(await form(solved, target))
            #expect(!plain.text.hasSuffix("\n"))
            let bad = try #require(await form(solved, target + "&json=1", key: "ucap_0000"))
            #expect(bad.status == 200 && bad.json["status"] == 0)
            #expect(bad.json["request"] == "ERROR_WRONG_USER_KEY")
        }
    }

    @Test("IDs are digits; a Multibot client asks for a result without an action; captchaai for its threads")
    func formCalls() async throws {
        let service = ClientNeedsTests.service()
        let id = try #require(await form(service, "/in.php?method=hcaptcha&sitekey=K&pageurl=https://e.com"))
        #expect(id.text.dropFirst(3).allSatisfy { $0.isNumber })
        #expect(await form(service, "/res.php?id=7")?.text == "CAPCHA_NOT_READY")
        let threads = try #require(await form(service, "/res.php?action=threadsinfo")).json
        #expect(threads["threads"]?.integer == 100 && threads["working_threads"]?.integer == 3)
    }

    @Test("What means nothing is sent and ignored: version=v2, enterprise=0, an empty body, an image in the query")
    func meaningless() async throws {
        let service = ClientNeedsTests.service()
        let recaptcha = "/in.php?method=userrecaptcha&googlekey=K&pageurl=https://e.com&version=v2&enterprise=0&body="
        #expect(await form(service, recaptcha)?.text == "OK|7")
        let picture = String(repeating: "QUJD", count: 40)
        #expect(await form(service, "/in.php?method=base64&body=\(picture)")?.text == "OK|7")
        #expect(service.tasks.map { $0["type"] } == ["RecaptchaV2Task", "ImageToTextTask"])
    }
}
