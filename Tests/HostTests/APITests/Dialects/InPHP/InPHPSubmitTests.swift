import Domain
import NIOCore
import ProviderKit
import Tasks
import Testing

@testable import API

@Suite("in.php")
struct InPHPSubmitTests {
    private static let query = "method=userrecaptcha&googlekey=K&pageurl=https://e.com"

    @Test(
        "takes a task by GET, form, multipart and JSON, and answers its number",
        arguments: ["", "&json=0", "&json=1"])
    func submits(json: String) async throws {
        let multipart =
            ["key=\(FakeService.key)"]
            + (InPHPSubmitTests.query + json).split(separator: "&").map(String.init)
        let parts = multipart.map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1)
            return "--b\r\nContent-Disposition: form-data; name=\"\(sides[0])\"\r\n\r\n\(sides[1])\r\n"
        }.joined()
        let object: JSONObject = [
            "key": .string(FakeService.key), "method": "userrecaptcha", "googlekey": "K", "pageurl": "https://e.com",
            "json": json == "&json=1" ? 1 : 0,
        ]
        let asked = [
            Asked("GET", "/in.php?key=\(FakeService.key)&\(InPHPSubmitTests.query)\(json)"),
            Asked(
                "POST", "/in.php", body: "key=\(FakeService.key)&\(InPHPSubmitTests.query)\(json)",
                type: "application/x-www-form-urlencoded"),
            Asked("POST", "/in.php", body: parts + "--b--\r\n", type: "multipart/form-data; boundary=b"),
            Asked.json("/in.php", object),
        ]
        let service = FakeService()
        for asked in asked {
            let answer = try #require(await InPHPDialect(service).answer(asked))
            #expect(answer.response.status == 200 && answer.error == nil && answer.call == .createTask)
            if json == "&json=1" {
                #expect(answer.response.text == #"{"status":1,"request":"7"}"#)
                #expect(answer.response.contentType == "application/json")
            } else {
                #expect(answer.response.text == "OK|7")
                #expect(answer.response.contentType == "text/plain; charset=utf-8")
            }
        }
        let task: JSONObject = ["type": "RecaptchaV2Task", "websiteURL": "https://e.com", "websiteKey": "K"]
        #expect(service.tasks.map(Members.init) == Array(repeating: Members(task), count: 4))
        #expect(service.keys == Array(repeating: FakeService.key, count: 4))
        #expect(service.dialects == [.twoCaptcha, .twoCaptcha, .twoCaptcha, .twoCaptcha])
    }

    /// An object whose members may come in any order.
    private struct Members: Equatable {
        let members: [String: JSONValue]

        init(_ object: JSONObject) {
            members = Dictionary(object.members.map { ($0.name, $0.value) }) { first, _ in first }
        }
    }

    @Test(
        "is there behind every dialect's name, with doubled slashes and blanks at the end",
        arguments: ["/in.php", "//in.php", "/in.php/", "/in.php%20", "/2captcha/in.php", "/CapMonster//in.php"])
    func paths(_ path: String) async {
        let asked = Asked("GET", "\(path)?key=\(FakeService.key)&\(InPHPSubmitTests.query)")
        #expect(await InPHPDialect(FakeService()).text(asked) == "OK|7")
    }

    @Test("sends the header of header_acao, and ignores what it does not know")
    func extras() async throws {
        let service = FakeService()
        let asked = Asked(
            "GET",
            "/in.php?key=\(FakeService.key)&\(InPHPSubmitTests.query)&pingback=https://e.com/cb?a=1&header_acao=1"
                + "&soft_id=9&debug_dump=1&body=&foo[]=x")
        let answer = try #require(await InPHPDialect(service).answer(asked))
        #expect(answer.response.text == "OK|7")
        #expect(answer.response.headers.map(\.name) == ["access-control-allow-origin"])
        #expect(answer.response.headers.map(\.value) == ["*"])
        #expect(service.tasks.first?.members.count == 3)
        let plain = Asked("GET", "/in.php?key=\(FakeService.key)&\(InPHPSubmitTests.query)&header_acao=0")
        #expect(try #require(await InPHPDialect(service).answer(plain)).response.headers.isEmpty)
    }

    @Test(
        "has a word of its own for a key that can be none, and another for one that is not known",
        arguments: [
            ("", "ERROR_WRONG_USER_KEY"), ("key=&", "ERROR_WRONG_USER_KEY"), ("key=short&", "ERROR_WRONG_USER_KEY"),
            ("key=ucap_00000000000000000000000000000000&", "ERROR_KEY_DOES_NOT_EXIST"),
        ])
    func keys(key: String, code: String) async throws {
        for path in ["/in.php?\(key)\(InPHPSubmitTests.query)", "/res.php?\(key)action=getbalance"] {
            let plain = try #require(await InPHPDialect(FakeService()).answer(Asked("GET", path)))
            #expect(plain.response.text == code && plain.response.status == 200)
            #expect(plain.error?.code == .keyDoesNotExist)
            let json = await InPHPDialect(FakeService()).text(Asked("GET", path + "&json=1"))
            #expect(json == #"{"status":0,"request":"\#(code)"}"#)
        }
    }

    @Test(
        "tells what is wrong with a parameter by its own words, in JSON with a sentence about it",
        arguments: [
            ("method=userrecaptcha&googlekey=K", "ERROR_PAGEURL", "pageurl"),
            ("method=userrecaptcha&googlekey=K&pageurl=e.com", "ERROR_PAGEURL", "pageurl"),
            ("method=userrecaptcha&pageurl=https://e.com", "ERROR_GOOGLEKEY", "googlekey"),
            ("method=turnstile&pageurl=https://e.com", "ERROR_SITEKEY", "sitekey"),
            ("method=funcaptcha&pageurl=https://e.com", "ERROR_SITEKEY", "publickey"),
            ("method=geetest&pageurl=https://e.com&gt=G", "ERROR_BAD_PARAMETERS", "challenge"),
            ("method=base64", "ERROR_BAD_PARAMETERS", "body"),
            ("method=base64&body=QUJD", "ERROR_ZERO_CAPTCHA_FILESIZE", "body"),
            ("method=nonsense", "ERROR_METHOD_CALL", "method"),
            (query + "&proxy=x", "ERROR_PROXY_FORMAT", "proxy"),
            (query + "&proxy=1.2.3.4:99999", "ERROR_BAD_PROXY", "proxy"),
        ])
    func parameters(query: String, code: String, parameter: String) async throws {
        // What the use case itself does with a task.
        let service = FakeService { task throws(ClientError) in
            _ = try TaskVocabulary.understand(task)
            return FakeService.id(7)
        }
        let target = "/in.php?key=\(FakeService.key)&\(query)"
        #expect(await InPHPDialect(service).text(Asked("GET", target)) == code)
        let json = try #require(await InPHPDialect(service).answer(Asked("GET", target + "&json=1")))
        #expect(json.response.json["status"] == 0)
        #expect(json.response.json["request"]?.string == code)
        #expect(json.response.json["error_text"]?.string?.hasPrefix("\(parameter): ") == true)
    }

    @Test("tells that a file is empty", arguments: ["file", "file_1", "body"])
    func emptyFile(name: String) async {
        let parts = ["key": FakeService.key, "method": "post", "json": "1"].map {
            "--b\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n"
        }
        let file = "--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"a.png\"\r\n\r\n\r\n"
        let asked = Asked(
            "POST", "/in.php", body: parts.joined() + file + "--b--", type: "multipart/form-data; boundary=b")
        let json = await InPHPDialect(FakeService()).answer(asked)?.response.json
        #expect(json?["request"] == "ERROR_ZERO_CAPTCHA_FILESIZE")
        #expect(json?["error_text"]?.string?.hasPrefix("body: The picture or recording is too small") == true)
    }

    @Test("names nothing by the words of other dialects", arguments: ErrorCode.allCases)
    func sentences(_ code: ErrorCode) {
        for word in ["clientKey", "task.type", "createTask", "websiteURL"] {
            #expect(!code.sentence.contains(word), "\(code.sentence)")
        }
    }

    @Test("shows every error of the catalogue by a code of its own closed set", arguments: ErrorCode.allCases)
    func errors(_ code: ErrorCode) async throws {
        let service = FakeService { _ throws(ClientError) in throw ClientError(code) }
        let asked = Asked("GET", "/in.php?key=\(FakeService.key)&\(InPHPSubmitTests.query)")
        let answer = try #require(await InPHPDialect(service).answer(asked))
        #expect(InPHPCode(rawValue: answer.response.text) != nil, "\(answer.response.text)")
        #expect(answer.response.status == 200)
        #expect(answer.error?.code == code)
        let failing = FakeService(failing: ClientError(code))
        let polled = await InPHPDialect(failing).text(Asked("GET", "/res.php?key=\(FakeService.key)&action=get&id=7"))
        #expect(InPHPCode(rawValue: polled) != nil, "\(polled)")
        let ended = FakeService(status: .failed(ClientError(code)))
        let failed = await InPHPDialect(ended).text(Asked("GET", "/res.php?key=\(FakeService.key)&action=get&id=7"))
        #expect(InPHPCode(rawValue: failed) != nil, "\(failed)")
        let refused = InPHPDialect(service).answer(ClientError(code), to: Asked("GET", "/in.php").request)
        #expect(InPHPCode(rawValue: refused.text) != nil && refused.status == 200)
    }

    @Test(
        "answers a request that cannot be read, and one with another HTTP method",
        arguments: [
            Asked("PUT", "/in.php"), Asked("HEAD", "/in.php"),
            Asked("POST", "/in.php", body: "{", type: "application/json"),
            Asked("POST", "/in.php", body: "x", type: "multipart/form-data; boundary=b"),
        ])
    func unreadable(_ asked: Asked) async {
        #expect(await InPHPDialect(FakeService()).text(asked) == "ERROR_BAD_PARAMETERS")
        for query in ["json=1", "JSON=true&a=%"] {
            let json = Asked(
                asked.request.method, "/in.php?" + query, bytes: Array(asked.request.body.readableBytesView),
                type: asked.request.header("content-type"))
            #expect(await InPHPDialect(FakeService()).answer(json)?.response.json["request"] == "ERROR_BAD_PARAMETERS")
            let refused = InPHPDialect(FakeService()).answer(ClientError(.overloaded), to: json.request)
            #expect(refused.json["request"] == "ERROR_NO_SLOT_AVAILABLE")
        }
    }

    @Test("has no words that say success among its codes, and writes ERROR where clients look for it")
    func codes() {
        for code in InPHPCode.allCases where ![.notReady, .tooManySubmits].contains(code) {
            #expect(code.rawValue.hasPrefix("ERROR"), "\(code)")
        }
        #expect(!InPHPCode.allCases.contains { $0.rawValue.hasPrefix("OK") })
    }
}
