import Domain
import ProviderKit
import Tasks
import TestSupport
import Testing

@testable import API

/// Requests of chance, made of what such requests are made of, answered by dialects over a service that answers by
/// chance too.
private struct Chance {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func one<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }

    mutating func bytes(_ most: Int) -> [UInt8] {
        (0..<Int.random(in: 0...most, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private mutating func name() -> String {
        let known = [
            "key", "method", "action", "json", "id", "ids", "googlekey", "pageurl", "sitekey", "body", "file", "proxy",
            "proxytype", "cookies", "textcaptcha", "coordinatescaptcha", "version", "enterprise", "header_acao",
            "pingback", "type", "token_params", "captchafile", "authtoken", "data[blob]", "json_cookies", "grid",
        ]
        return Int.random(in: 0..<12, using: &random) == 0
            ? FormText.encoded(String(decoding: bytes(9), as: UTF8.self)) : one(known)
    }

    private mutating func value() -> String {
        let known = [
            FakeService.key, FakeService.key, FakeService.manageKey, "1", "0", "", "7", "7,8", "userrecaptcha",
            "base64", "geetest",
            "post", "get", "get2", "getbalance", "userinfo", "reportbad", "https%3A%2F%2Fe.com", "%zz", "%ff%fe", "{}",
            #"{"googlekey":"K","pageurl":"https://e.com"}"#, "[[[[", "4", "3", "99999999999999999999", "u:p@h:1", "3x3",
            "aaaaaaaa-bbbb-4ccc-8ddd-000000000007", String(repeating: "QUJD", count: 40),
        ]
        return Int.random(in: 0..<9, using: &random) == 0 ? String(decoding: bytes(30), as: UTF8.self) : one(known)
    }

    private mutating func pairs() -> [(String, String)] {
        var pairs: [(String, String)] = []
        if Int.random(in: 0..<6, using: &random) > 0 {
            pairs = [("key", FakeService.key), ("authtoken", FakeService.key)]
        }
        if Bool.random(using: &random) {
            pairs += [
                ("method", one(["userrecaptcha", "turnstile", "base64", "post", "nonsense"])),
                ("pageurl", one(["https://e.com", "https%3A%2F%2Fe.com", "e.com"])), ("googlekey", "K"),
                ("action", one(["get", "get2", "getbalance", "userinfo", "threadsinfo", "reportgood"])), ("id", "7"),
            ]
        }
        return pairs + (0..<Int.random(in: 0...5, using: &random)).map { _ in (name(), value()) }
    }

    private mutating func form() -> String { pairs().map { "\($0)=\($1)" }.joined(separator: "&") }

    mutating func asked(_ paths: [String]) -> Asked {
        let target = one(paths) + (Bool.random(using: &random) ? "?" + form().replacing(" ", with: "+") : "")
        let method = one(["GET", "GET", "GET", "POST", "POST", "POST", "POST", "PUT", "HEAD"])
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Asked(method, target)
        case 1: return Asked(method, target, body: form(), type: "application/x-www-form-urlencoded")
        case 2:
            var object = JSONObject()
            for (name, value) in pairs() { object[name] = one([.string(value), .null, 1, true, [1], ["a": "b"]]) }
            return Asked.json(target, object)
        case 3: return Asked(method, target, bytes: bytes(60), type: one(["application/json", "text/plain", ""]))
        default:
            var body: [UInt8] = []
            for (name, value) in pairs() {
                let file = Bool.random(using: &random) ? "; filename=\"x\"" : ""
                body += "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n\(value)\r\n".utf8
            }
            body += "--b--\r\n".utf8
            if Bool.random(using: &random), !body.isEmpty {
                body[Int.random(in: body.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            return Asked(method, target, bytes: body, type: "multipart/form-data; boundary=b")
        }
    }

    mutating func service() -> FakeService {
        let family = one(TaskFamily.all)
        let statuses: [TaskStatus] = [
            .processing, .solved(["gRecaptchaResponse": "T"]), .solved([:]),
            .solved(["coordinates": [["x": 1]], "click": "x", "cookies": [:], "canvas": [1]]),
            .ready(solution: bytes(20), price: .zero, seconds: .nan), .failed(ClientError(one(ErrorCode.allCases))),
        ]
        let status = one(statuses)
        let failure = Int.random(in: 0..<8, using: &random) == 0 ? ClientError(one(ErrorCode.allCases)) : nil
        return FakeService(status: status, family: family, failing: failure) { task throws(ClientError) in
            _ = try TaskVocabulary.understand(task)
            return FakeService.id(7)
        }
    }
}

@Suite("Dialects and requests of chance")
struct DialectFuzzTests {
    @Test("in.php and res.php answer each with status 200, a success or a code of their own", arguments: 0..<20)
    func form(seed: UInt64) async throws {
        var chance = Chance(seed: seed)
        var (successes, codes) = (0, Set<InPHPCode>())
        for _ in 0..<100 {
            let asked = chance.asked(["/in.php", "/res.php", "/2captcha/in.php", "//res.php"])
            let answer = try #require(await InPHPDialect(chance.service()).answer(asked))
            #expect(answer.response.status == 200)
            let text = answer.response.text
            let isJSON = answer.response.contentType == "application/json"
            let json = isJSON ? try JSONValue(parsing: text) : .null
            let word = isJSON ? json["request"]?.string ?? "" : text
            if answer.error != nil {
                codes.insert(try #require(InPHPCode(rawValue: word), "\(text)"))
                #expect(!isJSON || json["status"] == 0)
            } else {
                successes += 1
                #expect(!isJSON || json["status"] == 1 || InPHPCode(rawValue: word) != nil)
            }
        }
        #expect(successes > 0 && codes.count > 3)
    }

    @Test("Death By Captcha's calls answer each with a documented status", arguments: 0..<20)
    func deathByCaptcha(seed: UInt64) async throws {
        var chance = Chance(seed: seed)
        var statuses: Set<Int> = []
        for _ in 0..<100 {
            let asked = chance.asked([
                "/api", "/api/captcha", "/api/user", "/api/9000000000007", "/api/captcha/9000000000007/report",
                "/api/captcha/x", "/api/captcha/9000000000008/report",
            ])
            let answer = try #require(await DeathByCaptchaDialect(chance.service()).answer(asked))
            statuses.insert(answer.response.status)
            #expect((answer.response.json["status"] == 255) == (answer.error != nil))
            #expect(answer.response.status != 500 || answer.error?.code == .internalError)
        }
        #expect(statuses.isSubset(of: [200, 400, 403, 404, 405, 413, 500, 503]))
        #expect(statuses.count > 3)
    }

    @Test("The JSON calls answer each with errorId 0 or 1, and a code with each 1", arguments: 0..<10)
    func calls(seed: UInt64) async throws {
        var chance = Chance(seed: seed)
        for _ in 0..<100 {
            let asked = chance.asked([
                "/createTask", "/capsolver/createTask", "/getTaskResult", "/2captcha/getBalance",
                "/ucaptcha/feedbackTask",
                "/reportIncorrect", "/getQueueStats",
            ])
            let answer = try #require(await TaskCallDialect(chance.service()).answer(asked))
            if answer.error != nil {
                #expect(answer.response.json["errorId"] == 1)
                #expect(answer.response.json["errorCode"]?.string?.isEmpty == false)
            }
            #expect(answer.response.status == 200 || asked.request.path.hasPrefix("/ucaptcha"))
        }
    }
}
