import Domain
import ProviderKit
import Tasks
import Testing

@testable import API

/// A solution, and what it is in plain text and in JSON.
private struct SolutionCase: Sendable, CustomTestStringConvertible {
    let family: TaskFamily
    let solution: JSONObject
    let plain: String
    let json: JSONValue

    init(_ family: TaskFamily, _ solution: JSONObject, _ plain: String, json: JSONValue? = nil) {
        self.family = family
        self.solution = solution
        self.plain = plain
        self.json = json ?? .string(plain)
    }

    var testDescription: String { family.rawValue }
}

@Suite("res.php")
struct InPHPResultTests {
    private func text(_ service: FakeService, _ query: String) async -> String {
        await InPHPDialect(service).text(Asked("GET", "/res.php?key=\(FakeService.key)&\(query)"))
    }

    private static let solutions: [SolutionCase] = [
        SolutionCase(.recaptchaV2, ["gRecaptchaResponse": "03|A=", "userAgent": "U"], "03|A="),
        SolutionCase(.hcaptcha, ["gRecaptchaResponse": "P1", "respKey": "R"], "P1"),
        SolutionCase(.funcaptcha, ["token": "T|r=eu"], "T|r=eu"), SolutionCase(.imageToText, ["text": "abc"], "abc"),
        SolutionCase(.datadome, ["cookie": "datadome=x; Path=/"], "datadome=x; Path=/"),
        SolutionCase(.imperva, ["cookies": ["a": "b", "c": "d"]], "a=b; c=d"),
        SolutionCase(
            .coordinates, ["coordinates": [["x": 39, "y": 59], [252, 72]]], "coordinate:x=39,y=59;x=252,y=72"),
        SolutionCase(.grid, ["click": [3, 8, 9]], "click:3/8/9"),
        SolutionCase(.grid, ["click": []], "No_matching_images"),
        SolutionCase(.rotate, ["rotate": -120], "-120"),
        SolutionCase(
            .drawAround, ["canvas": [[["x": 1, "y": 2], ["x": 3, "y": 4]], [["x": 5, "y": 6]]]], "canvas:1,2,3,4;5,6;"),
        SolutionCase(
            .boundingBox, ["bounding_boxes": [["xMin": 1, "xMax": 2, "yMin": 3, "yMax": 4]]],
            #"[{"xMin":1,"xMax":2,"yMin":3,"yMax":4}]"#),
        SolutionCase(
            .amazonWaf, ["captcha_voucher": "V", "existing_token": "E"],
            #"{"captcha_voucher":"V","existing_token":"E"}"#,
            json: ["captcha_voucher": "V", "existing_token": "E"]),
        SolutionCase(
            .lemin, ["answer": "A", "challenge_id": "C"], #"{"answer":"A","challenge_id":"C"}"#,
            json: ["answer": "A", "challenge_id": "C"]),
        SolutionCase(
            .geetestV3, ["challenge": "C", "validate": "V", "seccode": "S"],
            #"{"challenge":"C","validate":"V","seccode":"S","geetest_challenge":"C","geetest_validate":"V","#
                + #""geetest_seccode":"S"}"#,
            json: [
                "challenge": "C", "validate": "V", "seccode": "S", "geetest_challenge": "C", "geetest_validate": "V",
                "geetest_seccode": "S",
            ]),
        SolutionCase(
            .geetestV4,
            ["captcha_id": "I", "lot_number": "L", "pass_token": "P", "gen_time": "1", "captcha_output": "O"],
            #"{"captcha_id":"I","lot_number":"L","pass_token":"P","gen_time":"1","captcha_output":"O"}"#,
            json: ["captcha_id": "I", "lot_number": "L", "pass_token": "P", "gen_time": "1", "captcha_output": "O"]),
        SolutionCase(
            .capy, ["captchakey": "K", "challengekey": "C", "answer": "A"],
            #"{"captchakey":"K","challengekey":"C","answer":"A"}"#,
            json: ["captchakey": "K", "challengekey": "C", "answer": "A"]),
    ]

    @Test("get answers a solution as its family's clients know it; get2 adds the price", arguments: solutions)
    private func solution(_ given: SolutionCase) async throws {
        let service = FakeService(status: .solved(given.solution), family: given.family)
        #expect(await text(service, "action=get&id=7") == "OK|" + given.plain)
        #expect(await text(service, "action=get2&id=7") == "OK|\(given.plain)|0.00085")
        let json = try JSONValue(parsing: await text(service, "action=get&id=7&json=1"))
        #expect(json == .object(["status": 1, "request": given.json]))
        let priced = try JSONValue(parsing: await text(service, "action=GET2&id=7&json=1"))
        #expect(priced == .object(["status": 1, "request": given.json, "price": "0.00085"]))
    }

    @Test("tells Turnstile's user agent in JSON alone")
    func userAgent() async {
        let service = FakeService(status: .solved(["token": "T", "userAgent": "U"]), family: .turnstile)
        #expect(await text(service, "action=get&id=7") == "OK|T")
        #expect(await text(service, "action=get&id=7&json=1") == #"{"status":1,"request":"T","useragent":"U"}"#)
    }

    @Test("writes the word ERROR in a solution so that it reads the same and is not found in JSON")
    func errorInSolution() async throws {
        let service = FakeService(status: .solved(["token": "xERRORx"]), family: .turnstile)
        let json = await text(service, "action=get&id=7&json=1")
        #expect(!json.contains("ERROR"))
        #expect(try JSONValue(parsing: json)["request"] == "xERRORx")
    }

    @Test("tells that a task is under way, or failed")
    func others() async {
        #expect(await text(FakeService(), "action=get&id=7") == "CAPCHA_NOT_READY")
        #expect(
            await text(FakeService(), "action=get&id=7&json=1") == #"{"status":0,"request":"CAPCHA_NOT_READY"}"#)
        let failed = FakeService(status: .failed(ClientError(.unsolvable, "No.")))
        #expect(await text(failed, "action=get&id=7") == "ERROR_CAPTCHA_UNSOLVABLE")
        #expect(
            await text(failed, "action=get&id=7&json=1") == #"{"status":0,"request":"ERROR_CAPTCHA_UNSOLVABLE"}"#)
    }

    @Test(
        "takes IDs as numbers and as UUIDs, and tells what is none",
        arguments: [
            ("7", "CAPCHA_NOT_READY"), ("aaaaaaaa-bbbb-4ccc-8ddd-000000000007", "CAPCHA_NOT_READY"),
            ("8", "ERROR_WRONG_CAPTCHA_ID"), ("0", "ERROR_WRONG_CAPTCHA_ID"),
            ("99999999999999999999", "ERROR_WRONG_CAPTCHA_ID"), ("x", "ERROR_WRONG_ID_FORMAT"),
            ("-1", "ERROR_WRONG_ID_FORMAT"), ("", "ERROR_WRONG_ID_FORMAT"),
        ])
    func ids(id: String, answer: String) async {
        #expect(await text(FakeService(), "action=get&id=\(id)") == answer)
    }

    @Test("answers several tasks at once, each with its own word")
    func several() async {
        let service = FakeService(status: .solved(["token": "T"]), family: .turnstile)
        #expect(await text(service, "action=get&ids=7,8,x,7") == "T|ERROR_WRONG_CAPTCHA_ID|ERROR_WRONG_ID_FORMAT|T")
        #expect(await text(service, "ids=7,7&json=1") == #"{"status":1,"request":"T|T"}"#)
        #expect(await text(FakeService(), "action=get&ids=7") == "CAPCHA_NOT_READY")
        for (ids, words) in [
            ([7, "7", "8"], "T|T|ERROR_WRONG_CAPTCHA_ID"), ([7, []], "T|ERROR_WRONG_ID_FORMAT"), ("7,7", "T|T"),
        ] as [(JSONValue, String)] {
            let asked = Asked.json("/res.php", ["key": .string(FakeService.key), "ids": ids])
            #expect(await InPHPDialect(service).text(asked) == words)
        }
        let failed = FakeService(status: .failed(ClientError(.unsolvable)))
        #expect(await text(failed, "action=get&ids=7,8") == "ERROR_CAPTCHA_UNSOLVABLE|ERROR_WRONG_CAPTCHA_ID")
        let many = Array(repeating: "7", count: Limits.tasksPerRequest + 1).joined(separator: ",")
        #expect(await text(service, "action=get&ids=\(many)") == "ERROR_BAD_PARAMETERS")
        #expect(await text(FakeService(failing: ClientError(.storage)), "ids=7,8") == "ERROR_SERVICE_NOT_AVAILABLE")
    }

    @Test(
        "without an action is get when there is an ID, and else has none; so has an unknown one",
        arguments: [("id=7", "CAPCHA_NOT_READY"), ("", "ERROR_EMPTY_ACTION"), ("action=x&id=7", "ERROR_EMPTY_ACTION")])
    func actions(query: String, answer: String) async {
        #expect(await text(FakeService(), query) == answer)
    }

    @Test(
        "tells the balance with four decimals or more",
        arguments: [
            ("50.25", "50.2500"), ("0", "0.0000"), ("1.23456", "1.23456"), ("-3.5", "-3.5000"),
            ("0.000000001", "0.000000001"),
        ])
    func balance(amount: String, text: String) async throws {
        let service = FakeService(balance: try #require(Money(decimal: amount)))
        #expect(await self.text(service, "action=getbalance") == text)
        #expect(await self.text(service, "action=getbalance&json=1") == #"{"status":1,"request":"\#(text)"}"#)
        let user = try JSONValue(parsing: await self.text(service, "action=userinfo"))
        #expect(user == .object(["status": 1, "request": .string(text), "balance": service.number(amount)]))
    }

    @Test("tells how many tasks are under way, and may be")
    func threads() async throws {
        let answer = try JSONValue(parsing: await text(FakeService(), "action=threadsinfo&json=1"))
        #expect(answer == ["status": 1, "request": "OK", "threads": 100, "working_threads": 3])
    }

    @Test("records reports, and refuses those on tasks that are none")
    func reports() async {
        let service = FakeService()
        #expect(await text(service, "action=reportbad&id=7") == "OK_REPORT_RECORDED")
        #expect(
            await text(service, "action=reportgood&id=7&json=1") == #"{"status":1,"request":"OK_REPORT_RECORDED"}"#)
        #expect(await text(service, "action=reportbad&id=8") == "ERROR_WRONG_CAPTCHA_ID")
        #expect(service.reports.map(\.isGood) == [false, true])
        #expect(service.reports.allSatisfy { !$0.refunds }, "only Death By Captcha's promise that")
        let early = FakeService(failing: ClientError(.reportNotRecorded))
        #expect(await text(early, "action=reportbad&id=7") == "ERROR_REPORT_NOT_RECORDED")
        let again = FakeService(failing: ClientError(.duplicateReport))
        #expect(await text(again, "action=reportgood&id=7") == "ERROR_DUPLICATE_REPORT")
    }

    @Test("is answered by POST as well, as a form and as JSON")
    func post() async throws {
        let service = FakeService(balance: try #require(Money(decimal: "1")))
        let form = Asked("POST", "/res.php", body: Asked.form(["action": "getbalance"]))
        #expect(await InPHPDialect(service).text(form) == "1.0000")
        let json = Asked.json("/res.php", ["key": .string(FakeService.key), "action": "getbalance", "json": 1])
        #expect(await InPHPDialect(service).text(json) == #"{"status":1,"request":"1.0000"}"#)
        let mixed = Asked("POST", "/res.php?key=\(FakeService.key)", body: "action=get&id=7")
        #expect(await InPHPDialect(service).text(mixed) == "CAPCHA_NOT_READY")
    }

    @Test("counts what was asked for")
    func counted() async throws {
        for (query, call) in [
            ("action=get&id=7", .getTaskResult), ("action=getbalance", .getBalance), ("action=userinfo", .getBalance),
            ("action=threadsinfo", .accountFigures), ("action=reportbad&id=7", .reportTask),
        ] as [(String, APICall)] {
            let answer = await InPHPDialect(FakeService()).answer(
                Asked("GET", "/res.php?key=\(FakeService.key)&\(query)"))
            #expect(answer?.call == call && answer?.error == nil, "\(query)")
        }
    }
}

extension FakeService {
    fileprivate func number(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .null }
}
