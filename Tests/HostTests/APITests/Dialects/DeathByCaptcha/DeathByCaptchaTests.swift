import Domain
import Foundation
import ProviderKit
import Tasks
import Testing

@testable import API

private let picture = String(repeating: "QUJD", count: 40)
/// A task's number as this dialect shows it.
private let number = "9000000000007"

@Suite("Death By Captcha's dialect")
struct DeathByCaptchaTests {
    private static let proxy = #""proxy":"http://u:p@1.2.3.4:80","proxytype":"HTTP","pageurl":"https://e.com/""#

    /// What a published client sends of a type, and the family that it means.
    struct Submission: Sendable, CustomTestStringConvertible {
        let body: String
        let family: TaskFamily
        var testDescription: String { body }

        init(_ body: String, _ family: TaskFamily) {
            self.body = body
            self.family = family
        }

        init(_ type: Int, _ name: String, _ params: String, _ family: TaskFamily) {
            self.init("type=\(type)&\(name)=\(FormText.encoded("{\(proxy),\(params)}"))", family)
        }
    }

    static let submissions: [Submission] = [
        Submission("captchafile=base64:\(picture)", .imageToText),
        Submission("type=0&captcha=\(picture)", .imageToText),
        Submission("type=2&captchafile=\(picture)", .coordinates),
        Submission("type=3&captchafile=\(picture)&banner=\(picture)&banner_text=cats&grid=4x3", .grid),
        Submission(4, "token_params", #""googlekey":"K","data-s":"D""#, .recaptchaV2),
        Submission(5, "token_params", #""googlekey":"K","action":"a","min_score":0.3"#, .recaptchaV3),
        Submission(6, "funcaptcha_params", #""publickey":"K""#, .funcaptcha),
        Submission(7, "hcaptcha_params", #""sitekey":"K""#, .hcaptcha),
        Submission(8, "geetest_params", #""gt":"G","challenge":"C""#, .geetestV3),
        Submission(9, "geetest_params", #""captcha_id":"I""#, .geetestV4),
        Submission("type=11&textcaptcha=2%2B2", .textQuestion),
        Submission(12, "turnstile_params", #""sitekey":"K""#, .turnstile),
        Submission("type=13&audio=\(picture)&language=en", .audio),
        Submission(14, "lemin_params", #""captchaid":"I""#, .lemin),
        Submission(15, "capy_params", #""captchakey":"K","api_server":"A""#, .capy),
        Submission(16, "waf_params", #""sitekey":"K","iv":"I","context":"C""#, .amazonWaf),
        Submission(17, "siara_params", #""slideurlid":"S","useragent":"U""#, .cyberSiara),
        Submission(18, "mtcaptcha_params", #""sitekey":"K""#, .mtcaptcha),
        Submission(19, "cutcaptcha_params", #""apikey":"A","miserykey":"M""#, .cutcaptcha),
        Submission(20, "friendly_params", #""sitekey":"K""#, .friendlyCaptcha),
        Submission(21, "datadome_params", #""captcha_url":"https://c.com/","useragent":"U""#, .datadome),
        Submission(23, "tencent_params", #""appid":"A""#, .tencent),
        Submission(24, "atb_params", #""appid":"A","apiserver":"S""#, .atbCaptcha),
        Submission(25, "token_enterprise_params", #""googlekey":"K""#, .recaptchaV2Enterprise),
    ]

    @Test("takes every type of the vendor's clients as the task that it means", arguments: submissions)
    func types(_ submission: Submission) async throws {
        let service = FakeService()
        let body = "username=u&password=\(FakeService.key)&\(submission.body)"
        let answer = try #require(
            await DeathByCaptchaDialect(service).answer(
                Asked("POST", "/api/captcha", body: body, headers: [("accept", "application/json")])))
        #expect(answer.response.status == 200 && answer.error == nil)
        #expect(
            answer.response.text == #"{"status":0,"captcha":\#(number),"is_correct":true,"solved":false,"text":""}"#)
        let task = try #require(service.tasks.first)
        let understood = try TaskVocabulary.understand(task)
        #expect(understood.family == submission.family)
        let hasProxy = submission.body.contains("proxy")
        #expect((understood.fields["proxyAddress"] == "1.2.3.4") == hasProxy)
        #expect(service.dialects == [nil])
    }

    @Test("covers every type that it knows")
    func allTypes() {
        let tested = DeathByCaptchaTests.submissions.compactMap { submission in
            submission.body.split(separator: "&").first { $0.hasPrefix("type=") }.flatMap { Int($0.dropFirst(5)) }
        }
        #expect(Set(tested) == Set(DeathByCaptchaKind.byNumber.keys))
    }

    @Test("takes a picture as a file, with the fields beside it")
    func file() async throws {
        let service = FakeService()
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"authtoken\"\r\n\r\n\(FakeService.key)\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"captchafile\"; filename=\"captchafile\"\r\n\r\n"
            + "ABC\r\n--b--"
        let asked = Asked("POST", "/api", body: body, type: "multipart/form-data; boundary=b")
        #expect(await DeathByCaptchaDialect(service).answer(asked)?.error == nil)
        #expect(service.tasks == [["type": "ImageToTextTask", "body": "QUJD"]])
        let grid = Asked(
            "POST", "/api", body: "authtoken=\(FakeService.key)&type=3&captchafile=\(picture)&grid=4x3")
        _ = await DeathByCaptchaDialect(service).answer(grid)
        #expect(service.tasks.last?["columns"] == "4" && service.tasks.last?["rows"] == "3")
    }

    @Test(
        "tells what is wrong with a task by the names of its own parameters",
        arguments: [
            ("", "captchafile: The field is missing."), ("type=13", "audio: The field is missing."),
            ("captchafile=base64:", "captchafile: The picture or recording is too small to be one."),
            ("captchafile=!&banner=x", "captchafile: It is not base64."),
            ("captchafile=\(picture)&banner=!", "banner: It is not base64."),
            ("type=3&captchafile=\(picture)&grid=axb&banner_text=x", "grid: "),
            ("type=99", "type: This kind of task is not known here."),
            ("type=4", "token_params: The field is missing."),
            ("type=4&token_params={}", "token_params.pageurl: The field is missing."),
            (#"type=4&token_params={"pageurl":"https://e.com"}"#, "token_params.googlekey: The field is missing."),
            (
                #"type=4&token_params={"pageurl":"https://e.com","googlekey":"K","proxy":"x"}"#,
                "token_params.proxy: "
            ),
        ])
    func parameters(body: String, sentence: String) async throws {
        // What the use case itself does with a task.
        let service = FakeService { task throws(ClientError) in
            _ = try TaskVocabulary.understand(task)
            return FakeService.id(7)
        }
        let asked = Asked("POST", "/api", body: "authtoken=\(FakeService.key)&\(body)")
        let answer = try #require(await DeathByCaptchaDialect(service).answer(asked))
        #expect(answer.response.status == 400)
        let message = answer.response.json["message"]?.string ?? ""
        #expect(message.hasPrefix(sentence), "\(message)")
    }

    @Test("finds the key wherever clients put it")
    func keys() async throws {
        let basic = Data("\(FakeService.key):x".utf8).base64EncodedString()
        let basicPassword = Data("u:\(FakeService.key)".utf8).base64EncodedString()
        let asked = [
            Asked("POST", "/api/user", body: "authtoken=\(FakeService.key)"),
            Asked("GET", "/api/user?authtoken=\(FakeService.key)"),
            Asked("POST", "/api/user", body: "username=\(FakeService.key)&password=secret"),
            Asked("POST", "/api/user", body: "username=me&password=\(FakeService.key)"),
            Asked("POST", "/api/user", headers: [("authorization", "Basic \(basic)")]),
            Asked("POST", "/api/user", headers: [("authorization", "basic  \(basicPassword)")]),
            Asked.json("/api/user", ["authtoken": .string(FakeService.key)]),
        ]
        let service = FakeService(balance: try #require(Money(decimal: "12.5")))
        for asked in asked {
            let text = await DeathByCaptchaDialect(service).text(asked)
            #expect(text == #"{"user":0,"rate":0,"balance":12.5,"is_banned":false}"#, "\(asked.request)")
        }
        for headers in [[], [("authorization", "Basic !")], [("authorization", "Digest x")]] {
            let answer = await DeathByCaptchaDialect(service).answer(Asked("POST", "/api/user", headers: headers))
            #expect(answer?.response.status == 403)
        }
    }

    @Test("tells how a task stands, without a key to whoever has its number")
    func results() async {
        let cases: [(TaskStatus, String)] = [
            (.processing, #""is_correct":true,"solved":false,"text":"""#),
            (.solved(["gRecaptchaResponse": "03A"]), #""is_correct":true,"solved":true,"text":"03A""#),
            (.failed(ClientError(.unsolvable)), #""is_correct":false,"solved":true,"text":"","error":"Task failed""#),
        ]
        for (status, rest) in cases {
            let dialect = DeathByCaptchaDialect(FakeService(status: status))
            let uuid = "aaaaaaaa-bbbb-4ccc-8ddd-000000000007"
            #expect(await dialect.text(Asked("GET", "/api/\(number)")) == #"{"captcha":\#(number),\#(rest)}"#)
            #expect(
                await dialect.text(Asked("GET", "/api/\(uuid)?authtoken=\(FakeService.key)"))
                    == #"{"captcha":"\#(uuid)",\#(rest)}"#)
            #expect(
                await dialect.text(Asked("GET", "/api/\(uuid)"))
                    == #"{"captcha":"\#(uuid)","is_correct":false,"solved":false,"text":""}"#)
        }
    }

    @Test("gives the vendor's own clients the status that they look for, and a text of all that has ended")
    func vendorsClients() async {
        // `unicaps` refuses an answer without `status`; `deathbycaptcha` asks on until its time is over without a text.
        let cases: [(TaskStatus, String)] = [
            (.processing, #""is_correct":true,"solved":false,"text":"""#),
            (.solved(["gRecaptchaResponse": "03A"]), #""is_correct":true,"solved":true,"text":"03A""#),
            (.failed(ClientError(.unsolvable)), #""is_correct":false,"solved":true,"text":"?","error":"Task failed""#),
        ]
        for (status, rest) in cases {
            let dialect = DeathByCaptchaDialect(FakeService(status: status))
            #expect(
                await dialect.text(Asked("GET", "/api/captcha/\(number)"))
                    == #"{"status":0,"captcha":\#(number),\#(rest)}"#)
        }
    }

    @Test("tells the account where it is asked for the dialect's root, as some clients do")
    func root() async throws {
        let dialect = DeathByCaptchaDialect(FakeService(balance: try #require(Money(decimal: "12.5"))))
        let answer = try #require(await dialect.answer(Asked("GET", "/api?authtoken=\(FakeService.key)")))
        #expect(answer.call == .getBalance && answer.error == nil)
        #expect(answer.response.text == #"{"status":0,"user":0,"rate":0,"balance":1250,"is_banned":false}"#)
        #expect(await dialect.answer(Asked("GET", "/api"))?.response.status == 403)
    }

    @Test(
        "tells the balance there in US cents, to the last billionth",
        arguments: [
            ("0", "0"), ("0.01", "1"), ("0.0099", "0.99"), ("12.345678901", "1234.5678901"),
            ("0.000000001", "0.0000001"),
            ("4000000000", "400000000000"), ("-0.005", "-0.5"), ("-2.5", "-250"), ("-2.505", "-250.5"),
        ])
    func cents(dollars: String, cents: String) async throws {
        let balance = try #require(Money(decimal: dollars))
        let dialect = DeathByCaptchaDialect(FakeService(balance: balance))
        let told = await dialect.answer(Asked("GET", "/api?authtoken=\(FakeService.key)"))?.response.json["balance"]
        #expect(told?.numberText == cents)
        let documented = await dialect.answer(Asked("POST", "/api/user?authtoken=\(FakeService.key)"))?.response.json
        #expect(documented?["balance"]?.numberText == dollars)
    }

    @Test("tells without a key whether tasks are taken")
    func service() async throws {
        let answer = try #require(await DeathByCaptchaDialect(FakeService()).answer(Asked("GET", "/api/status")))
        #expect(answer.call == .queueFigures)
        #expect(answer.response.text == #"{"status":0,"is_service_overloaded":false,"solved_in":2.5}"#)
        let nobody = DeathByCaptchaAnswers().service(nil)
        #expect(nobody.text == #"{"status":0,"is_service_overloaded":true,"solved_in":0}"#)
        let full = DeathByCaptchaAnswers().service(QueueFigures(free: 0, most: 9, price: .zero, seconds: 1.26))
        #expect(full.text == #"{"status":0,"is_service_overloaded":true,"solved_in":1.3}"#)
    }

    @Test(
        "knows no task by its plain number, and says of one that there is not what is documented",
        arguments: ["7", "0", "9000000000008", "99999999999999999999999", "x"])
    func unknown(name: String) async {
        let answer = await DeathByCaptchaDialect(FakeService()).answer(Asked("GET", "/api/captcha/\(name)"))
        #expect(answer?.response.status == 200)
        #expect(answer?.response.json["is_correct"] == false && answer?.response.json["solved"] == false)
        #expect(answer?.response.json["text"] == "")
        #expect(answer?.response.json.members.count == 5)
        let documented = await DeathByCaptchaDialect(FakeService()).answer(Asked("GET", "/api/\(name)"))
        #expect(documented?.response.json.members.count == 4)
    }

    @Test("does not show a task to a key that is not known")
    func wrongKey() async {
        let service = FakeService(status: .solved(["text": "x"]), family: .imageToText)
        let asked = Asked("GET", "/api/\(number)?authtoken=ucap_00000000000000000000000000000000")
        let answer = await DeathByCaptchaDialect(service).answer(asked)
        #expect(answer?.response.status == 403)
        #expect(answer?.response.json["error"] == "invalid-credentials")
    }

    @Test("records a report, and says of a task that is not the account's what is documented")
    func report() async throws {
        let service = FakeService()
        let body = "username=u&password=\(FakeService.key)"
        let answer = try #require(
            await DeathByCaptchaDialect(service).answer(Asked("POST", "/api/captcha/\(number)/report", body: body)))
        #expect(answer.response.status == 200 && answer.call == .reportTask)
        #expect(
            answer.response.text == #"{"status":0,"captcha":\#(number),"is_correct":false,"solved":true,"text":""}"#)
        #expect(service.reports == [FakeService.Report(task: FakeService.id(7), isGood: false, refunds: true)])
        for name in ["9000000000008", "x", "7"] {
            let answer = await DeathByCaptchaDialect(service).answer(
                Asked("POST", "/api/captcha/\(name)/report", body: body))
            #expect(answer?.response.status == 503)
            #expect(
                answer?.response.text == #"{"status":255,"error":"Captcha not found or not owned by this user"}"#)
        }
        let stranger = await DeathByCaptchaDialect(service).answer(Asked("POST", "/api/captcha/\(number)/report"))
        #expect(stranger?.response.status == 403)
    }

    @Test("tells points, cells and objects as the vendor does")
    func shapes() async {
        let cases: [(TaskFamily, JSONObject, JSONValue)] = [
            (.coordinates, ["coordinates": [["x": 23, "y": 82]]], "[[23,82]]"),
            (.grid, ["click": [1, 4, 6]], "[1,4,6]"),
            (
                .geetestV4, ["captcha_id": "I", "lot_number": "L"], ["captcha_id": "I", "lot_number": "L"]
            ),
            (.imageToText, ["text": "abc"], "abc"),
        ]
        for (family, solution, text) in cases {
            let dialect = DeathByCaptchaDialect(FakeService(status: .solved(solution), family: family))
            #expect(await dialect.answer(Asked("GET", "/api/\(number)"))?.response.json["text"] == text)
        }
    }

    @Test("answers as a form where the client asks for one")
    func forms() async {
        let service = FakeService(status: .solved(["token": "a b&c"]), family: .turnstile)
        let accept = ("accept", "application/x-www-form-urlencoded")
        let answer = await DeathByCaptchaDialect(service).answer(Asked("GET", "/api/\(number)", headers: [accept]))
        #expect(answer?.response.contentType == accept.1)
        #expect(answer?.response.text == "captcha=\(number)&is_correct=1&solved=1&text=a%20b%26c")
        let refused = await DeathByCaptchaDialect(service).answer(Asked("POST", "/api", headers: [accept]))
        #expect(refused?.response.text.hasPrefix("status=255&error=invalid-credentials&message=") == true)
        #expect(refused?.response.status == 403)
    }

    @Test(
        "shows every error of the catalogue with a status that its clients know, and 255", arguments: ErrorCode.allCases
    )
    func errors(_ code: ErrorCode) async throws {
        let service = FakeService { _ throws(ClientError) in throw ClientError(code, field: "task.websiteURL") }
        let asked = Asked("POST", "/api", body: "authtoken=\(FakeService.key)&captchafile=\(picture)")
        let answer = try #require(await DeathByCaptchaDialect(service).answer(asked))
        #expect([400, 403, 404, 405, 413, 500, 503].contains(answer.response.status))
        #expect(answer.response.status != 500 || code == .internalError)
        #expect(answer.response.json["status"] == 255)
        #expect(answer.response.json["error"]?.string?.isEmpty == false)
        #expect(answer.error?.code == code)
        let refused = DeathByCaptchaDialect(service).answer(ClientError(code), to: Asked("POST", "/api").request)
        #expect(refused.status == answer.response.status)
    }

    @Test(
        "refuses what it does not know",
        arguments: [
            ("POST", "/api", "type=99", 400), ("POST", "/api", "type=4", 400), ("POST", "/api", "type=x", 400),
            ("POST", "/api", "type=4&token_params=[1]", 400), ("GET", "/api/captcha", "", 405),
            ("PUT", "/api", "", 405), ("PUT", "/api/user", "", 405), ("POST", "/api/status", "", 405),
            ("DELETE", "/api/7", "", 405), ("POST", "/api/7", "", 405), ("GET", "/api/a/b", "", 404),
            ("GET", "/api/captcha/7/report/x", "", 404), ("POST", "/api/user/balance", "", 404),
        ])
    func refusals(method: String, path: String, body: String, status: Int) async {
        let asked = Asked(method, path, body: "authtoken=\(FakeService.key)&\(body)")
        let response = await DeathByCaptchaDialect(FakeService()).answer(asked)?.response
        #expect(response?.status == status && response?.json["status"] == 255)
        #expect(response?.allowedMethods.isEmpty == (status != 405))
        for name in response?.allowedMethods ?? [] where name != "HEAD" {
            #expect(response?.json["message"]?.string?.contains(name) == true)
        }
    }

    @Test("says of a suspended account that it is banned")
    func banned() async {
        let service = FakeService(suspended: true)
        let asked = Asked("POST", "/api/user", body: "authtoken=\(FakeService.key)")
        let answer = await DeathByCaptchaDialect(service).answer(asked)
        #expect(answer?.response.text == #"{"user":0,"rate":0,"balance":0,"is_banned":true}"#)
        #expect(answer?.error == nil)
        let submit = Asked("POST", "/api", body: "authtoken=\(FakeService.key)&captchafile=\(picture)")
        #expect(await DeathByCaptchaDialect(service).answer(submit)?.response.status == 403)
    }

    @Test(
        "has no other paths",
        arguments: ["/apis", "/v1/api", "/"])
    func paths(path: String) {
        #expect(DeathByCaptchaDialect(FakeService()).call("GET", at: path) == nil)
    }
}
