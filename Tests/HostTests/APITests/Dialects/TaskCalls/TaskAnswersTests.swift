import Domain
import ProviderKit
import Tasks
import Testing

@testable import API

/// How one dialect answers, exactly.
private struct Expected: Sendable, CustomTestStringConvertible {
    let dialect: ClientDialect
    let created: String
    let processing: String
    let ready: String
    let failed: String
    let feedback: String

    var testDescription: String { dialect.rawValue }

    static let uuid = #""aaaaaaaa-bbbb-4ccc-8ddd-000000000007""#
    static let times = #""createTime":1700000000,"endTime":1700000002,"solveCount":1"#
    static let failure = #""status":"failed","errorCode":"ERROR_CAPTCHA_UNSOLVABLE","errorDescription":"No.""#
    static let recorded = #"{"errorId":0,"message":"Feedback recorded"}"#
    static let processing = #"{"errorId":0,"status":"processing"}"#

    static func antiCaptcha(_ dialect: ClientDialect, facts: String) -> Expected {
        Expected(
            dialect: dialect, created: #"{"errorId":0,"taskId":7}"#, processing: processing,
            ready: #"{"errorId":0,"status":"ready","solution":{"token":"T"}\#(facts)}"#,
            failed: #"{"errorId":1,\#(failure)}"#, feedback: recorded)
    }

    static let all = [
        antiCaptcha(.anticaptcha, facts: #","cost":0.00085,"# + times),
        antiCaptcha(.twoCaptcha, facts: #","cost":"0.00085","# + times), antiCaptcha(.capmonster, facts: ""),
        Expected(
            dialect: .capsolver, created: #"{"errorId":0,"taskId":\#(uuid),"status":"processing"}"#,
            processing: #"{"errorId":0,"taskId":\#(uuid),"status":"processing"}"#,
            ready: #"{"errorId":0,"taskId":\#(uuid),"status":"ready","solution":{"token":"T"}}"#,
            failed: #"{"errorId":1,\#(failure)}"#, feedback: #"{"errorId":0,"message":"okay"}"#),
        Expected(
            dialect: .ucaptcha, created: #"{"errorId":0,"taskId":\#(uuid),"status":"processing"}"#,
            processing: processing,
            ready: #"{"errorId":0,"status":"ready","solution":{"token":"T"},"cost":0.00085,"solveTime":1002}"#,
            failed: #"{"errorId":0,\#(failure)}"#, feedback: recorded),
    ]
}

@Suite("The answers of the JSON dialects")
struct TaskAnswersTests {
    private static let key = JSONValue.string(FakeService.key)
    private static let create: JSONObject = ["clientKey": key, "task": ["type": "TurnstileTask"]]
    private static let result: JSONObject = ["clientKey": key, "taskId": 7]
    private static let feedback: JSONObject = ["clientKey": key, "taskId": 7, "result": ["invalid": true]]

    private func text(_ service: FakeService, _ path: String, _ body: JSONObject) async -> String {
        await TaskCallDialect(service).text(Asked.json(path, body))
    }

    @Test("are those of the service that the path names", arguments: Expected.all)
    private func shapes(_ expected: Expected) async throws {
        let prefix = "/\(expected.dialect.rawValue)"
        let service = FakeService()
        #expect(await text(service, prefix + "/createTask", TaskAnswersTests.create) == expected.created)
        #expect(service.dialects == [expected.dialect])
        #expect(await text(service, prefix + "/getTaskResult", TaskAnswersTests.result) == expected.processing)
        let solved = FakeService(status: .solved(["token": "T"]), family: .turnstile, taskDialect: .ucaptcha)
        #expect(await text(solved, prefix + "/getTaskResult", TaskAnswersTests.result) == expected.ready)
        // A result can be read more than once.
        #expect(await text(solved, prefix + "/getTaskResult", TaskAnswersTests.result) == expected.ready)
        let failed = FakeService(status: .failed(ClientError(.unsolvable, "No.")))
        let answer = try #require(
            await TaskCallDialect(failed).answer(Asked.json(prefix + "/getTaskResult", TaskAnswersTests.result)))
        #expect(answer.response.text == expected.failed && answer.response.status == 200 && answer.error == nil)
        #expect(await text(service, prefix + "/feedbackTask", TaskAnswersTests.feedback) == expected.feedback)
        let rich = FakeService(balance: try #require(Money(decimal: "50.25")))
        #expect(
            await text(rich, prefix + "/getBalance", ["clientKey": TaskAnswersTests.key])
                == #"{"errorId":0,"balance":50.25}"#)
    }

    @Test("tell the address that asks where the services do, and nowhere else")
    func address() throws {
        let task = ClientTask(
            id: FakeService.id(7), family: .turnstile, dialect: nil, createdAt: .zero, endedAt: .zero,
            status: .ready(solution: Array(#"{"token":"T"}"#.utf8), price: .zero, seconds: 1))
        let address = try #require(IPAddress("2001:db8::7"))
        for dialect in ClientDialect.allCases {
            let text = TaskAnswers(dialect).result(task, FakeCipher(), to: address).text
            let isTold = [.anticaptcha, .twoCaptcha].contains(dialect)
            #expect(text.contains(#","ip":"2001:db8::7","createTime""#) == isTold, "\(dialect): \(text)")
            #expect(text.contains("2001") == isTold)
        }
    }

    @Test("record reports by every vendor's names")
    func reports() async {
        let names: [(String, Bool)] = [
            ("reportCorrect", true), ("reportCorrectRecaptcha", true), ("reportIncorrect", false),
            ("reportIncorrectImageCaptcha", false), ("reportIncorrectRecaptcha", false),
            ("reportIncorrectHcaptcha", false), ("reportIncorrectTokenCaptcha", false),
        ]
        for (name, isGood) in names {
            let service = FakeService()
            #expect(await text(service, "/\(name)", TaskAnswersTests.result) == #"{"errorId":0,"status":"success"}"#)
            #expect(service.reports.map(\.isGood) == [isGood], "\(name)")
            let unknown: JSONObject = ["clientKey": TaskAnswersTests.key, "taskId": 8]
            #expect(await text(service, "/\(name)", unknown).contains("ERROR_WRONG_CAPTCHA_ID"))
        }
    }

    @Test("take feedback that says whether a solution was accepted, and refuse other feedback")
    func feedbackFields() async {
        for (result, isGood) in [
            (["invalid": true, "code": 1001, "message": "x"], false), (["invalid": false], true),
        ] as [(JSONValue, Bool)] {
            let service = FakeService()
            let body: JSONObject = ["clientKey": TaskAnswersTests.key, "taskId": "7", "result": result]
            _ = await text(service, "/feedbackTask", body)
            #expect(service.reports.map(\.isGood) == [isGood])
        }
        for (result, field) in [
            (nil, "result"), ("bad", "result"), ([:], "result.invalid"), (["invalid": "yes"], "result.invalid"),
        ] as [(JSONValue?, String)] {
            var body: JSONObject = ["clientKey": TaskAnswersTests.key, "taskId": "7"]
            body["result"] = result
            let answer = await text(FakeService(), "/feedbackTask", body)
            #expect(answer.contains(#""errorCode":"ERROR_BAD_PARAMETERS","errorDescription":"\#(field): "#))
        }
    }

    @Test("tell how a queue stands, without a key")
    func queue() async throws {
        let answer = try JSONValue(parsing: await text(FakeService(), "/getQueueStats", ["queueId": 1]))
        #expect(
            answer.object?.members.map { "\($0.name)=\($0.value.text)" } == [
                "waiting=75", "load=25", "bid=0.0005", "speed=2.5", "total=100",
            ])
        #expect(await text(FakeService(), "/anticaptcha/getQueueStats", ["queueId": "2"]).contains(#""waiting":75"#))
        for body in [["queueId": 5], ["queueId": 999], ["queueId": "x"], [:]] as [JSONObject] {
            #expect(await text(FakeService(), "/getQueueStats", body).contains(#""errorId":1"#), "\(body)")
        }
    }

    @Test("have the solution in createTask where the type is solved at once, and else wait for nothing")
    func instant() async {
        let solved = TaskStatus.solved(["text": "abc"])
        func created(_ path: String, _ type: String, _ status: TaskStatus) async -> (String, [Double]) {
            let service = FakeService(status: status, family: .imageToText)
            let body: JSONObject = ["clientKey": TaskAnswersTests.key, "task": ["type": .string(type)]]
            return (await text(service, path, body), service.waits)
        }
        let ready =
            #"{"errorId":0,"taskId":\#(Expected.uuid),"status":"ready","#
            + #""solution":{"text":"abc","answer":"abc"}}"#
        let withCost = String(ready.dropLast()) + #","cost":0.00085,"solveTime":1002}"#
        for (path, ready) in [("/capsolver/createTask", ready), ("/ucaptcha/createTask", withCost)] {
            let answer = await created(path, "imageToTextTask", solved)
            #expect(answer.0 == ready && answer.1 == [Limits.instantAnswerSeconds])
            let late = await created(path, "ImageToTextTask", .processing)
            #expect(late.0 == #"{"errorId":0,"taskId":\#(Expected.uuid),"status":"processing"}"#)
            let failed = await created(path, "ImageToTextTask", .failed(ClientError(.unsolvable)))
            let errorID = path == "/ucaptcha/createTask" ? 0 : 1
            #expect(
                failed.0.hasPrefix(
                    #"{"errorId":\#(errorID),"taskId":\#(Expected.uuid),"status":"failed","#
                        + #""errorCode":"ERROR_CAPTCHA_UNSOLVABLE","errorDescription":"#))
            // The task is there, whatever keeps its end from being told.
            let service = FakeService(failing: ClientError(.storage))
            let body: JSONObject = ["clientKey": TaskAnswersTests.key, "task": ["type": "ImageToTextTask"]]
            #expect(
                await text(service, path, body) == #"{"errorId":0,"taskId":\#(Expected.uuid),"status":"processing"}"#)
        }
        for type in ["VisionEngine", "ReCaptchaV2Classification", "AwsWafClassification"] {
            #expect(await created("/capsolver/createTask", type, solved).0 == ready)
            #expect(await created("/ucaptcha/createTask", type, solved).1 == [])
        }
        for dialect in ["anticaptcha", "capmonster", "2captcha"] {
            let answer = await created("/\(dialect)/createTask", "ImageToTextTask", solved)
            #expect(answer.0 == #"{"errorId":0,"taskId":7}"# && answer.1 == [])
        }
    }

    @Test("are kept from a key that was revoked while the end was waited for")
    func revokedMeanwhile() async {
        let solved = TaskStatus.solved(["text": "abc"])
        let result: JSONObject = ["clientKey": TaskAnswersTests.key, "taskId": "7", "wait": 5]
        let refused = FakeService(status: solved, family: .imageToText, revokingAfter: 1)
        #expect(await text(refused, "/getTaskResult", result).contains("ERROR_KEY_DOES_NOT_EXIST"))
        let instant: JSONObject = ["clientKey": TaskAnswersTests.key, "task": ["type": "ImageToTextTask"]]
        let created = FakeService(status: solved, family: .imageToText, revokingAfter: 1)
        #expect(
            await text(created, "/ucaptcha/createTask", instant)
                == #"{"errorId":0,"taskId":\#(Expected.uuid),"status":"processing"}"#)
    }

    @Test("name every error of the catalogue, with HTTP statuses in ucaptcha alone", arguments: ErrorCode.allCases)
    func errors(_ code: ErrorCode) async throws {
        for dialect in ClientDialect.allCases {
            let service = FakeService { _ throws(ClientError) in throw ClientError(code, field: "task.x", "Why.") }
            let asked = Asked.json("/\(dialect.rawValue)/createTask", TaskAnswersTests.create)
            let answer = try #require(await TaskCallDialect(service).answer(asked))
            #expect(answer.response.status == (dialect == .ucaptcha ? code.httpStatus : 200))
            let shown = try #require(answer.response.json["errorCode"]?.string)
            #expect(shown == AnswerShape(dialect).codes[code] ?? code.rawValue)
            #expect(shown.contains("ERROR") || shown == code.rawValue)
            #expect(answer.response.json["errorId"] == 1)
            #expect(answer.response.json["errorDescription"] == "task.x: Why.")
            #expect(answer.response.json.members.count == 3 && answer.error?.code == code)
            let refused = TaskCallDialect(service).answer(ClientError(code), to: asked.request)
            #expect(refused.status == answer.response.status)
        }
    }

    @Test(
        "use the vendors' words for what clients look for",
        arguments: [
            (.ucaptcha, .keyDoesNotExist, "ERROR_KEY_DOES_NOT_EXIST"),
            (.anticaptcha, .keyDoesNotExist, "ERROR_KEY_DOES_NOT_EXIST"),
            (.capsolver, .keyDoesNotExist, "ERROR_KEY_DENIED_ACCESS"),
            (.capmonster, .keyDoesNotExist, "ERROR_KEY_DOES_NOT_EXIST"),
            (.anticaptcha, .wrongTaskID, "ERROR_NO_SUCH_CAPCHA_ID"), (.capsolver, .wrongTaskID, "ERROR_TASKID_INVALID"),
            (.twoCaptcha, .taskNotSupported, "ERROR_TASK_NOT_SUPPORTED"),
            (.ucaptcha, .taskNotSupported, "TASK_NOT_SUPPORTED"),
            (.twoCaptcha, .noProviders, "ERROR_NO_SLOT_AVAILABLE"),
            (.capsolver, .overloaded, "ERROR_SERVICE_UNAVALIABLE"), (.capmonster, .badParameters, "ERROR_INVALID_TASK"),
        ] as [(ClientDialect, ErrorCode, String)])
    func words(dialect: ClientDialect, code: ErrorCode, word: String) {
        #expect(AnswerShape(dialect).code(ClientError(code)) == word)
    }

    @Test("name a page and a site key by codes of their own where the service documents them")
    func fieldCodes() {
        let page = ClientError(.badParameters, field: "task.websiteURL", "x")
        let key = ClientError(.badParameters, field: "task.websiteKey", "x")
        #expect(AnswerShape(.ucaptcha).code(page) == "ERROR_PAGEURL")
        #expect(AnswerShape(.ucaptcha).code(key) == "ERROR_SITEKEY")
        #expect(AnswerShape(.twoCaptcha).code(page) == "ERROR_PAGEURL")
        #expect(AnswerShape(.twoCaptcha).code(key) == "ERROR_BAD_PARAMETERS")
        #expect(AnswerShape(nil).code(page) == "ERROR_BAD_PARAMETERS")
    }
}
