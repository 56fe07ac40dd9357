import Domain
import ProviderKit
import Tasks
import Testing

@testable import API

@Suite("The choice of a dialect")
struct DialectChoiceTests {
    private static let key = JSONValue.string(FakeService.key)
    private static let uuid = #""aaaaaaaa-bbbb-4ccc-8ddd-000000000007""#
    private static let number = #"{"errorId":0,"taskId":7}"#
    private static let named = #"{"errorId":0,"taskId":\#(uuid),"status":"processing"}"#

    private func created(
        _ service: FakeService, path: String = "/createTask", type: String = "AltchaTask", envelope: JSONObject = [:],
        host: String? = nil, rules: DialectRules = DialectRules()
    ) async -> String {
        var body: JSONObject = ["clientKey": DialectChoiceTests.key, "task": ["type": .string(type)]]
        for member in envelope.members { body[member.name] = member.value }
        let headers = host.map { [("host", $0)] } ?? []
        return await TaskCallDialect(service, rules).text(Asked.json(path, body, headers: headers))
    }

    @Test(
        "at the root is the task's: by the spelling of its type",
        arguments: [
            ("ReCaptchaV2TaskProxyLess", .capsolver), ("ReCaptchaV3EnterpriseTaskProxyLess", .capsolver),
            ("AntiTurnstileTaskProxyLess", .capsolver), ("GeeTestTaskProxyLess", .capsolver),
            ("ReCaptchaV2Task", .capsolver), ("DatadomeSliderTask", .capsolver), ("AntiCloudflareTask", .capsolver),
            ("AntiAwsWafTask", .capsolver), ("ReCaptchaV2Classification", .capsolver), (" VisionEngine ", .capsolver),
            ("ReCaptchaV2TokenProxyLess", .ucaptcha), ("TurnstileToken", .ucaptcha),
            ("HardCaptchaTokenProxyLess", .ucaptcha), ("RecaptchaV2TaskProxyless", .anticaptcha),
            ("RecaptchaV2Task", .anticaptcha), ("NoCaptchaTaskProxyless", .anticaptcha),
            ("TurnstileTaskProxyless", .anticaptcha), ("ImageToTextTask", .anticaptcha),
            ("DataDomeSliderTask", .anticaptcha), ("recaptchav2taskproxyless", .anticaptcha), ("x", .anticaptcha),
        ] as [(String, ClientDialect)])
    func types(type: String, dialect: ClientDialect) async {
        let service = FakeService()
        _ = await created(service, type: type)
        #expect(service.dialects == [dialect])
    }

    @Test("at the root is shown by what stands beside the task where the type shows nothing")
    func envelopes() async {
        for (envelope, dialect) in [
            (["softId": 1], .anticaptcha), (["soft_id": 1], .anticaptcha), (["appId": "x"], .capsolver),
            (["source": "x"], .capsolver), (["version": "1"], .capsolver), (["languagePool": "en"], .anticaptcha),
        ] as [(JSONObject, ClientDialect)] {
            let service = FakeService()
            _ = await created(service, type: "ImageToTextTask", envelope: envelope)
            #expect(service.dialects == [dialect], "\(envelope)")
        }
        // The type comes first.
        let service = FakeService()
        #expect(await created(service, type: "TurnstileToken", envelope: ["appId": "x"]) == DialectChoiceTests.named)
        #expect(service.dialects == [.ucaptcha])
    }

    @Test("is the path's before the key's, the key's before the host's, the host's before that of all")
    func order() async {
        let rules = DialectRules(root: .ucaptcha, hosts: ["api.2captcha.com": .twoCaptcha])
        let keyed = FakeService(keyDialect: .capsolver)
        _ = await created(keyed, path: "/capmonster/createTask", host: "api.2captcha.com", rules: rules)
        _ = await created(keyed, host: "API.2captcha.com:8080", rules: rules)
        #expect(keyed.dialects == [.capmonster, .capsolver])
        let service = FakeService()
        _ = await created(service, host: "API.2captcha.com.:8080", rules: rules)
        _ = await created(service, host: "elsewhere", rules: rules)
        _ = await created(service, rules: rules)
        _ = await created(service, type: "TurnstileToken", host: "api.2captcha.com", rules: rules)
        _ = await created(service, host: "api.2captcha.com")
        #expect(service.dialects == [.twoCaptcha, .ucaptcha, .ucaptcha, .twoCaptcha, .anticaptcha])
    }

    @Test("of a result is the task's, unless something says otherwise")
    func results() async {
        let body: JSONObject = ["clientKey": DialectChoiceTests.key, "taskId": 7]
        let processing = #"{"errorId":0,"status":"processing"}"#
        let named = #"{"errorId":0,"taskId":\#(DialectChoiceTests.uuid),"status":"processing"}"#
        func result(_ task: ClientDialect?, key: ClientDialect? = nil, path: String = "/getTaskResult") async -> String
        {
            let service = FakeService(taskDialect: task, keyDialect: key)
            return await TaskCallDialect(service).text(Asked.json(path, body))
        }
        #expect(await result(.capsolver) == named)
        #expect(await result(.ucaptcha) == processing)
        #expect(await result(nil) == processing)
        #expect(await result(nil, key: .capsolver) == named)
        #expect(await result(.capsolver, key: .anticaptcha) == processing)
        #expect(await result(.anticaptcha, path: "/capsolver/getTaskResult") == named)
        let solved = FakeService(status: .solved(["token": "T"]), family: .turnstile, taskDialect: nil)
        #expect(await TaskCallDialect(solved).text(Asked.json("/getTaskResult", body)).contains(#""solveCount":1"#))
    }

    @Test("where no task is known, is none: status 200, the catalogue's codes, and a balance alone")
    func unknown() async throws {
        let dialect = TaskCallDialect(FakeService(balance: try #require(Money(decimal: "1.5"))))
        let balance: JSONObject = ["clientKey": DialectChoiceTests.key]
        #expect(await dialect.text(Asked.json("/getBalance", balance)) == #"{"errorId":0,"balance":1.5}"#)
        let wrong: JSONObject = ["clientKey": "ucap_00000000000000000000000000000000"]
        for path in ["/createTask", "/getTaskResult", "/getBalance", "/feedbackTask", "/reportCorrect"] {
            let answer = try #require(await dialect.answer(Asked.json(path, wrong)))
            #expect(answer.response.status == 200)
            #expect(answer.response.json["errorId"] == 1)
            #expect(answer.response.json["errorCode"] == "ERROR_KEY_DOES_NOT_EXIST")
        }
        let named = try #require(await dialect.answer(Asked.json("/ucaptcha/getBalance", wrong)))
        #expect(named.response.status == 401)
    }

    @Test("of an error after the key is known is the key's")
    func keyErrors() async throws {
        let service = FakeService(keyDialect: .capsolver)
        let body: JSONObject = ["clientKey": DialectChoiceTests.key, "taskId": 8]
        let answer = try #require(await TaskCallDialect(service).answer(Asked.json("/getTaskResult", body)))
        #expect(answer.response.json["errorCode"] == "ERROR_TASKID_INVALID")
    }

    @Test(
        "is found in every spelling of the path",
        arguments: [
            ("/capsolver/createTask", .capsolver), ("//capsolver//createTask", .capsolver),
            ("/CapSolver/createTask%20", .capsolver), ("/2captcha/createTask/", .twoCaptcha), ("//createTask", nil),
            ("/createTask%20", nil), ("/nonsense/createTask", nil),
        ] as [(String, ClientDialect?)])
    func paths(path: String, dialect: ClientDialect?) async throws {
        let service = FakeService()
        let asked = Asked.json(path, ["clientKey": DialectChoiceTests.key, "task": ["type": "x"]])
        let answer = await TaskCallDialect(service).answer(asked)
        if path.hasPrefix("/nonsense") {
            #expect(answer?.response.text == nil)
        } else {
            #expect(service.dialects == [dialect ?? .anticaptcha])
        }
    }

    @Test("answers what is no call behind a dialect's name in that dialect")
    func noCall() async throws {
        try await withClientServer { server in
            let response = try await server.post("/ucaptcha/nonsense", "{}")
            #expect(response.status == 404)
            #expect(try response.errorCode == "ERROR_NO_SUCH_METHOD")
            #expect(try await server.post("/capsolver/nonsense", "{}").status == 200)
            #expect(try await server.post("/nonsense", "{}").status == 200)
        }
    }
}
