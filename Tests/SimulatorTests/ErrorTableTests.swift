import Domain
import ProviderKit
import ProviderSimulator
import TestSupport
import Testing

@Suite("Errors of the simulated vendors")
struct ErrorTableTests {
    @Test("Every row of every table is answered when a script asks for it, at submit and at poll")
    func scripted() throws {
        for vendor in Vendor.allCases where vendor != .multibot {
            for row in vendor.errors {
                var settings = VendorSettings()
                settings.faults = [ScriptedFault(.error, on: .submit, code: row.code)]
                var caller = Caller(vendor, settings)
                let refused = caller.create(JSONVendorTests.v2)
                #expect(refused.json["errorCode"]?.string == row.code && refused.status == row.status, "\(row)")
                #expect(refused.json["errorId"]?.integer == Int64(row.id), "\(row)")
                var failing = VendorSettings()
                failing.successRate = 0
                failing.failure = row.code
                caller.vendor.setScript(VendorScript(failing))
                let task = [.capSolver: JSONVendorTests.capSolverV2, .capMonster: JSONVendorTests.capMonsterV2][vendor]
                let id = try caller.id(task ?? JSONVendorTests.v2)
                #expect(caller.result(id).json["errorCode"]?.string == row.code, "\(row)")
            }
        }
        for vendor in [Vendor.twoCaptcha, .multibot] {
            for row in vendor.formErrors {
                var settings = VendorSettings()
                settings.faults = [ScriptedFault(.error, code: row.code)]
                var caller = Caller(vendor, settings)
                #expect(caller.submit(FormVendorTests.v2).text == row.code)
                #expect(caller.ask("action=get&id=1&json=1").json["request"]?.string == row.code)
            }
        }
    }

    /// A request that meets an error by itself.
    struct Case: Sendable, CustomStringConvertible {
        let vendor: Vendor
        let code: String
        var task: JSONObject = [:]
        var prepare: @Sendable (inout Caller) -> Void = { _ in }
        var description: String { "\(vendor.rawValue) \(code)" }
    }

    private static func v2(_ changes: JSONObject, without name: String? = nil, of base: JSONObject = JSONVendorTests.v2)
        -> JSONObject
    {
        var task = base
        for member in changes.members { task[member.name] = member.value }
        if let name { task[name] = nil }
        return task
    }

    private static func proxied(_ address: String, type: String = "RecaptchaV2Task") -> JSONObject {
        v2(["type": .string(type), "proxyType": "http", "proxyAddress": .string(address), "proxyPort": 8080])
    }

    private static func picture(_ body: String, _ extra: JSONObject = [:]) -> JSONObject {
        v2(extra, of: ["type": "ImageToTextTask", "body": .string(body)])
    }

    private static let tiny = "iVBORw0KGgo="
    private static let huge = String(repeating: "iVBOR3t7", count: 100_000)
    private static let noPicture = String(repeating: "AAAA", count: 100)

    static let twoCaptcha: [Case] = [
        Case(vendor: .twoCaptcha, code: "ERROR_ZERO_CAPTCHA_FILESIZE", task: picture(tiny)),
        Case(vendor: .twoCaptcha, code: "ERROR_TOO_BIG_CAPTCHA_FILESIZE", task: picture(huge)),
        Case(vendor: .twoCaptcha, code: "ERROR_IMAGE_TYPE_NOT_SUPPORTED", task: picture(noPicture)),
        Case(
            vendor: .twoCaptcha, code: "ERROR_BAD_IMGINSTRUCTIONS",
            task: picture(Caller.picture, ["imgInstructions": .string(noPicture)])),
        Case(vendor: .twoCaptcha, code: "ERROR_PAGEURL", task: v2(["websiteURL": "example"])),
        Case(vendor: .twoCaptcha, code: "ERROR_PAGEURL", task: v2([:], without: "websiteURL")),
        Case(vendor: .twoCaptcha, code: "ERROR_RECAPTCHA_INVALID_SITEKEY", task: v2(["websiteKey": "nothing"])),
        Case(vendor: .twoCaptcha, code: "ERROR_BAD_PARAMETERS", task: v2([:], without: "websiteKey")),
        Case(vendor: .twoCaptcha, code: "ERROR_BAD_PARAMETERS", task: v2(["isInvisible": "true"])),
        Case(vendor: .twoCaptcha, code: "ERROR_TASK_NOT_SUPPORTED", task: ["type": "NoSuchTask"]),
        Case(vendor: .twoCaptcha, code: "ERROR_BAD_PROXY", task: proxied("192.0.2.1")),
        Case(vendor: .twoCaptcha, code: "ERROR_ACCOUNT_SUSPENDED", task: JSONVendorTests.v2) {
            $0.vendor.accounts[Caller.key]?.isSuspended = true
        },
        Case(vendor: .twoCaptcha, code: "ERROR_IP_NOT_ALLOWED", task: JSONVendorTests.v2) {
            $0.vendor.accounts[Caller.key]?.refusesAddress = true
        },
        Case(vendor: .twoCaptcha, code: "ERROR_ZERO_BALANCE", task: JSONVendorTests.v2) {
            $0.vendor.accounts[Caller.key]?.balance = .zero
        },
        Case(vendor: .twoCaptcha, code: "ERROR_IP_BLOCKED", task: JSONVendorTests.v2) { caller in
            for _ in 0..<5 { _ = caller.post("getBalance", [:], key: "wrong") }
        },
    ]

    static let antiCaptcha: [Case] =
        [
            (25, "ERROR_PROXY_CONNECT_REFUSED"), (26, "ERROR_PROXY_CONNECT_TIMEOUT"),
            (27, "ERROR_PROXY_READ_TIMEOUT"), (28, "ERROR_PROXY_BANNED"), (29, "ERROR_PROXY_TRANSPARENT"),
            (35, "ERROR_PROXY_HAS_NO_IMAGE_SUPPORT"), (36, "ERROR_PROXY_INCOMPATIBLE_HTTP_VERSION"),
            (49, "ERROR_PROXY_NOT_AUTHORISED"),
        ].map { Case(vendor: .antiCaptcha, code: $0.1, task: proxied("192.0.2.\($0.0)")) } + [
            Case(vendor: .antiCaptcha, code: "ERROR_INCORRECT_SESSION_DATA", task: proxied("proxy.example.com")),
            Case(vendor: .antiCaptcha, code: "ERROR_INCORRECT_SESSION_DATA", task: v2([:], without: "websiteKey")),
            Case(vendor: .antiCaptcha, code: "ERROR_TASK_NOT_SUPPORTED", task: ["type": "HCaptchaTaskProxyless"]),
            Case(
                vendor: .antiCaptcha, code: "ERROR_TEMPLATE_NOT_FOUND",
                task: [
                    "type": "AntiGateTask", "websiteURL": "https://example.com/", "templateName": "none",
                    "variables": [:],
                ]),
            Case(
                vendor: .antiCaptcha, code: "ERROR_INCORRECT_SESSION_DATA",
                task: v2(["type": "RecaptchaV3TaskProxyless", "minScore": 0])),
            Case(vendor: .antiCaptcha, code: "ERROR_IP_NOT_ALLOWED", task: JSONVendorTests.v2) {
                $0.vendor.accounts[Caller.key]?.refusesAddress = true
            },
        ]

    static let others: [Case] = [
        Case(
            vendor: .capSolver, code: "ERROR_INVALID_TASK_DATA",
            task: v2([:], without: "websiteKey", of: JSONVendorTests.capSolverV2)),
        Case(vendor: .capSolver, code: "ERROR_TASK_NOT_SUPPORTED", task: JSONVendorTests.v2),
        Case(vendor: .capSolver, code: "ERROR_INVALID_IMAGE", task: picture("")),
        Case(vendor: .capSolver, code: "ERROR_PARSE_IMAGE_FAIL", task: picture(noPicture)),
        Case(
            vendor: .capSolver, code: "ERROR_PROXY_BANNED",
            task: v2(["type": "ReCaptchaV2Task", "proxy": "http:192.0.2.1:80:a:b"], of: JSONVendorTests.capSolverV2)),
        Case(vendor: .capSolver, code: "ERROR_IP_BANNED", task: JSONVendorTests.capSolverV2) { caller in
            for _ in 0..<5 { _ = caller.post("getBalance", [:], key: "wrong") }
        },
        Case(vendor: .capSolver, code: "ERROR_KEY_TEMP_BLOCKED", task: JSONVendorTests.capSolverV2) { caller in
            for _ in 0...60 { _ = caller.create(["type": "None"]) }
        },
        Case(
            vendor: .capMonster, code: "ERROR_INVALID_TASK",
            task: v2([:], without: "websiteKey", of: JSONVendorTests.capMonsterV2)),
        Case(vendor: .capMonster, code: "ERROR_NO_SUCH_METHOD", task: ["websiteURL": "https://example.com/"]),
        Case(
            vendor: .capMonster, code: "ERROR_TOO_BIG_CAPTCHA_FILESIZE",
            task: picture(String(repeating: "iVBOR3t7", count: 9000))),
        Case(vendor: .capMonster, code: "ERROR_PROXY_BANNED", task: proxied("192.0.2.28")),
        Case(vendor: .capMonster, code: "ERROR_PROXY_NOT_AUTHORISED", task: proxied("192.0.2.49")),
        Case(vendor: .capMonster, code: "ERROR_IP_BANNED", task: JSONVendorTests.capMonsterV2) { caller in
            for _ in 0..<5 { _ = caller.post("getBalance", [:], key: "wrong") }
        },
        Case(vendor: .capMonster, code: "ERROR_IP_BLOCKED", task: JSONVendorTests.capMonsterV2) { caller in
            for _ in 0...60 { _ = caller.create(["type": "None"]) }
        },
    ]

    @Test(
        "What a vendor documents as an error of the task, the key or the account is met by itself",
        arguments: twoCaptcha + antiCaptcha + others)
    func natural(_ one: Case) {
        var caller = Caller(one.vendor)
        one.prepare(&caller)
        let answer = caller.create(one.task)
        #expect(answer.json["errorCode"]?.string == one.code, "\(answer.text)")
    }

    @Test("Requests that are no tasks: no body, no task, an unknown path, no key")
    func requests() {
        let codes: [Vendor: [String]] = [
            .twoCaptcha: ["ERROR_TASK_ABSENT", "ERROR_NO_SUCH_METHOD", "ERROR_KEY_DOES_NOT_EXIST"],
            .antiCaptcha: ["ERROR_TASK_ABSENT", "ERROR_NO_SUCH_METHOD", "ERROR_KEY_DOES_NOT_EXIST"],
            .capSolver: ["ERROR_BAD_REQUEST", "ERROR_BAD_REQUEST", "ERROR_KEY_DENIED_ACCESS"],
            .capMonster: ["ERROR_TASK_ABSENT", "ERROR_NO_SUCH_METHOD", "ERROR_KEY_DOES_NOT_EXIST"],
        ]
        for (vendor, wanted) in codes {
            var caller = Caller(vendor)
            let answers = [
                caller.post("createTask", [:]), caller.post("makeTask", [:]), caller.post("getBalance", [:], key: nil),
            ]
            #expect(answers.map { $0.json["errorCode"]?.string } == wanted, "\(vendor)")
        }
    }

    static let forms: [(code: String, fields: [String: String])] = [
        ("ERROR_PAGEURL", ["method": "userrecaptcha", "googlekey": Caller.site]),
        ("ERROR_GOOGLEKEY", ["method": "userrecaptcha", "pageurl": "https://a.example/"]),
        ("ERROR_WRONG_GOOGLEKEY", ["method": "userrecaptcha", "pageurl": "https://a.example/", "googlekey": "x"]),
        ("ERROR_BAD_PARAMETERS", ["method": "geetest", "pageurl": "https://a.example/", "gt": "x"]),
        ("ERROR_BAD_PARAMETERS", ["method": "no_such"]),
        ("ERROR_METHOD_CALL", ["method": "hcaptcha", "sitekey": "x", "pageurl": "https://a.example/"]),
        ("ERROR_ZERO_CAPTCHA_FILESIZE", ["method": "base64", "body": tiny]),
        ("ERROR_TOO_BIG_CAPTCHA_FILESIZE", ["method": "base64", "body": huge]),
        ("ERROR_IMAGE_TYPE_NOT_SUPPORTED", ["method": "base64", "body": noPicture]),
        ("ERROR_UPLOAD", ["method": "post"]),
        ("ERROR_PROXY_FORMAT", FormVendorTests.v2.merging(["proxy": "nonsense", "proxytype": "HTTP"]) { $1 }),
        ("ERROR_BAD_PROXY", FormVendorTests.v2.merging(["proxy": "a:b@192.0.2.7:80", "proxytype": "HTTP"]) { $1 }),
    ]

    @Test("in.php has a code for each thing that is wrong", arguments: forms)
    func form(_ one: (code: String, fields: [String: String])) {
        var caller = Caller(.twoCaptcha)
        #expect(caller.submit(one.fields).text == one.code)
        #expect(caller.submit(one.fields.merging(["json": "1"]) { $1 }).json["request"]?.string == one.code)
        #expect(caller.ask("id=1").text == "ERROR_EMPTY_ACTION")
    }
}
