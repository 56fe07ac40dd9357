import Domain
import ProviderKit
import ProviderSimulator
import Testing

@Suite("Simulated vendors with JSON")
struct JSONVendorTests {
    static let v2: JSONObject = [
        "type": "RecaptchaV2TaskProxyless", "websiteURL": "https://example.com/", "websiteKey": .string(Caller.site),
    ]
    static let capSolverV2: JSONObject = [
        "type": "ReCaptchaV2TaskProxyLess", "websiteURL": "https://example.com/", "websiteKey": .string(Caller.site),
    ]
    static let capMonsterV2: JSONObject = [
        "type": "RecaptchaV2Task", "websiteURL": "https://example.com/", "websiteKey": .string(Caller.site),
    ]

    static func later(_ seconds: Double = 10) -> VendorSettings {
        var settings = VendorSettings()
        settings.latency = .fixed(seconds)
        return settings
    }

    @Test("2Captcha: IDs beyond 32 bits, cost as text, times as numbers, both names of the token")
    func twoCaptcha() throws {
        var caller = Caller(.twoCaptcha, JSONVendorTests.later())
        let id = try caller.id(JSONVendorTests.v2)
        #expect(try #require(id.integer) > 1 << 32)
        #expect(caller.result(id).text == #"{"errorId":0,"status":"processing"}"#)
        caller.wait(10)
        let ready = caller.result(id).json
        #expect(ready["status"] == "ready" && ready["cost"] == "0.00299")
        #expect(ready["solution"]?["gRecaptchaResponse"] == ready["solution"]?["token"])
        #expect(ready["endTime"]?.integer == (ready["createTime"]?.integer).map { $0 + 10 })
        #expect(caller.post("getBalance", [:]).text == #"{"errorId":0,"balance":9.99701}"#)
    }

    @Test("A number is no text: an ID in quotes is refused where numbers are documented, and the other way round")
    func idTypes() throws {
        for vendor in [Vendor.twoCaptcha, .antiCaptcha, .capMonster] {
            var caller = Caller(vendor)
            let task = vendor == .capMonster ? JSONVendorTests.capMonsterV2 : JSONVendorTests.v2
            let id = try caller.id(task)
            #expect(caller.result(.string(id.text)).json["errorId"] != 0, "\(vendor)")
            #expect(caller.result(id).json["status"] == "ready", "\(vendor)")
        }
        var caller = Caller(.capSolver)
        #expect(caller.result(5).json["errorCode"] == "ERROR_TASKID_INVALID")
    }

    @Test("CapSolver: UUIDs, empty error texts, `status` null, idle before processing, no cost, packages")
    func capSolver() throws {
        var caller = Caller(.capSolver, JSONVendorTests.later())
        let created = caller.create(JSONVendorTests.capSolverV2).json
        let id = try #require(created["taskId"])
        #expect(id.string?.count == 36)
        #expect(created["errorCode"] == "" && created["status"] == .null)
        #expect(caller.result(id).json["status"] == "idle")
        #expect(caller.result(id).json["status"] == "processing")
        caller.wait(11)
        let ready = caller.result(id).json
        #expect(ready["status"] == "ready" && ready["cost"] == nil && ready["taskId"] == id)
        #expect(caller.post("getBalance", [:]).json["packages"] == [])
        caller.vendor.accounts[Caller.key]?.packageTasks = 2
        caller.vendor.accounts[Caller.key]?.balance = .zero
        #expect(caller.create(JSONVendorTests.capSolverV2).json["errorId"] == 0)
        #expect(caller.post("getBalance", [:]).json["packages"]?.array?.count == 1)
        #expect(caller.account.balance == .zero)
    }

    @Test("CapSolver: recognition types answer at once")
    func synchronous() {
        var caller = Caller(.capSolver, JSONVendorTests.later())
        let answer = caller.create(["type": "ImageToTextTask", "body": .string(Caller.picture)]).json
        #expect(answer["status"] == "ready")
        #expect(answer["solution"]?["text"]?.string == PictureText.text(for: ["body": .string(Caller.picture)]))
        let grid = caller.create([
            "type": "ReCaptchaV2Classification", "image": .string(Caller.picture), "question": "/m/04_sv",
        ])
        #expect(grid.json["solution"]?["objects"]?.array?.isEmpty == false)
        let unknown = caller.create([
            "type": "ReCaptchaV2Classification", "image": .string(Caller.picture), "question": "buses",
        ])
        #expect(unknown.status == 400 && unknown.json["errorCode"] == "ERROR_UNKNOWN_QUESTION")
    }

    @Test("CapSolver: status 401 for a wrong key, 400 for other errors, failed tasks with 400 and with 200")
    func capSolverStatus() throws {
        var failing = VendorSettings()
        failing.successRate = 0
        var caller = Caller(.capSolver, failing)
        let wrong = caller.post("getBalance", [:], key: "CAP-wrong")
        #expect(wrong.status == 401 && wrong.json["errorId"] == 1)
        #expect(wrong.json["errorCode"] == "ERROR_KEY_DENIED_ACCESS")
        let statuses = try (0..<2).map { _ in
            let id = try caller.id(JSONVendorTests.capSolverV2)
            let answer = caller.result(id)
            #expect(answer.json["errorCode"] == "ERROR_CAPTCHA_UNSOLVABLE" && answer.json["status"] == "failed")
            return answer.status
        }
        #expect(statuses == [200, 400])
        #expect(caller.account.balance.description == "10" && caller.account.refunded.description == "0.0016")
    }

    @Test("Anti-Captcha: cost now as text, now as a number; unsolvable is charged; 60 seconds and the result is gone")
    func antiCaptcha() throws {
        var caller = Caller(.antiCaptcha)
        let ids = [try caller.id(JSONVendorTests.v2), try caller.id(JSONVendorTests.v2)]
        let costs = ids.map { caller.result($0).json["cost"] ?? .null }
        #expect(costs == [.number(try #require(JSONValue(parsing: "0.002").number)), "0.002"])
        caller.wait(60)
        #expect(caller.result(ids[0]).json["status"] == "ready")
        caller.wait(1)
        #expect(caller.result(ids[0]).json["errorCode"] == "ERROR_NO_SUCH_CAPCHA_ID")
        #expect(caller.result(ids[0]).json["errorId"] == 16)
        var failing = VendorSettings()
        failing.successRate = 0
        caller.vendor.setScript(VendorScript(failing))
        let id = try caller.id(JSONVendorTests.v2)
        #expect(caller.result(id).json["errorId"] == 12)
        #expect(caller.account.balance.description == "9.994" && caller.account.refunded == .zero)
    }

    @Test("2Captcha gives money back for what it can't solve")
    func refund() throws {
        var failing = JSONVendorTests.later()
        failing.successRate = 0
        var caller = Caller(.twoCaptcha, failing)
        let id = try caller.id(JSONVendorTests.v2)
        #expect(caller.account.balance.description == "9.99701")
        caller.wait(10)
        let answer = caller.result(id).json
        #expect(answer["errorId"] == 12 && answer["status"] == nil)
        #expect(caller.account.balance.description == "10")
    }

    @Test("CapMonster: nulls, `taskId` 0 with an error, five minutes, no cost but for ComplexImageTask")
    func capMonster() throws {
        var caller = Caller(.capMonster, JSONVendorTests.later())
        let created = caller.create(JSONVendorTests.capMonsterV2)
        #expect(created.json["errorCode"] == .null && created.json["errorDescription"] == .null)
        let id = try #require(created.json["taskId"])
        #expect(caller.result(id).json["solution"] == .null)
        caller.wait(10)
        #expect(caller.result(id).json["cost"] == nil)
        caller.wait(301)
        #expect(caller.result(id).json["errorCode"] == "ERROR_NO_SUCH_CAPCHA_ID")
        let refused = caller.create(["type": "RecaptchaV2Task", "websiteURL": "https://example.com/"])
        #expect(refused.status == 200 && refused.json["taskId"] == 0 && refused.json["errorId"] == 1)
        #expect(refused.json["errorCode"] == "ERROR_INVALID_TASK")
        #expect(refused.json["errorDescription"]?.string?.contains("websiteKey") == true)
        caller.vendor.setScript(VendorScript())
        let complex = try caller.id([
            "type": "ComplexImageTask", "class": "recaptcha", "imagesBase64": [.string(Caller.picture)],
            "metadata": ["Grid": "3x3", "TaskDefinition": "/m/015qff"],
        ])
        #expect(caller.result(complex).json["cost"]?.numberText == "0.00004")
        #expect(caller.result(complex).json["solution"]?["answer"]?.array?.count == 9)
        #expect(caller.post("getBalance", [:], key: Caller.key + "__nocache").json["errorId"] == 0)
    }

    @Test("CapMonster: DataDome's cookie lies below the host, TSPD's below capital letters")
    func capMonsterDomains() throws {
        var caller = Caller(.capMonster)
        let proxy: JSONObject = [
            "proxyType": "http", "proxyAddress": "198.51.100.9", "proxyPort": 8080, "proxyLogin": "a",
            "proxyPassword": "b",
        ]
        var task: JSONObject = [
            "type": "CustomTask", "class": "DataDome", "websiteURL": "https://shop.example.org/a",
            "metadata": ["captchaUrl": "https://geo.captcha-delivery.com/captcha/", "datadomeCookie": "datadome=1"],
        ]
        #expect(caller.create(task).json["errorCode"] == "ERROR_PROXY_MISSING")
        for member in proxy.members { task[member.name] = member.value }
        let cookies = caller.result(try caller.id(task)).json["solution"]?["domains"]?["shop.example.org"]
        #expect(cookies?["cookies"]?["datadome"]?.string != nil)
        task["class"] = "tspd"
        task["userAgent"] = "Mozilla/5.0"
        task["metadata"] = ["tspdCookie": "TSPD=1", "htmlPageBase64": "PGh0bWw+"]
        let domains = caller.result(try caller.id(task)).json["solution"]?["Domains"]
        #expect(domains?["shop.example.org"]?["Cookies"]?["TSPD_101"]?.string != nil)
        task["proxyPassword"] = "50%"
        #expect(caller.create(task).json["errorCode"] == "ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER")
    }

    @Test("A type in another spelling is unknown")
    func spelling() {
        let wrong: [(Vendor, String, String)] = [
            (.twoCaptcha, "ReCaptchaV2TaskProxyLess", "ERROR_TASK_NOT_SUPPORTED"),
            (.capSolver, "RecaptchaV2TaskProxyless", "ERROR_TASK_NOT_SUPPORTED"),
            (.antiCaptcha, "NoCaptchaTaskProxyless", "ERROR_TASK_NOT_SUPPORTED"),
            (.capMonster, "RecaptchaV2TaskProxyless", "ERROR_TASK_NOT_SUPPORTED"),
            (.twoCaptcha, "HCaptchaTaskProxyless", "ERROR_TASK_NOT_SUPPORTED"),
        ]
        for (vendor, type, code) in wrong {
            var caller = Caller(vendor)
            var task = JSONVendorTests.v2
            task["type"] = .string(type)
            #expect(caller.create(task).json["errorCode"]?.string == code, "\(vendor) \(type)")
        }
    }

    @Test("A field that the type does not have is noted, not refused")
    func notes() {
        var caller = Caller(.twoCaptcha)
        let answer = caller.create([
            "type": "TurnstileTaskProxyless", "websiteURL": "https://example.com/", "websiteKey": "0x4AAA",
            "cData": "x",
        ])
        #expect(answer.json["errorId"] == 0)
        #expect(caller.vendor.requests.last?.notes == ["The type TurnstileTaskProxyless has no field cData."])
    }

    @Test("Two vendors made alike answer alike; another seed answers otherwise")
    func determinism() throws {
        func token(_ seed: UInt64) throws -> JSONValue? {
            var caller = Caller(.twoCaptcha, seed: seed)
            let id = try caller.id(JSONVendorTests.v2)
            return caller.result(id).json["solution"]
        }
        #expect(try token(3) == token(3))
        #expect(try token(3) != token(4))
    }
}

extension JSONValue {
    var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
}
