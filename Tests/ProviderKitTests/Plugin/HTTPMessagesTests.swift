@testable import ProviderKit
import Testing

@Suite("HTTP exchanges as they cross")
struct HTTPMessagesTests {
    private static let everyByte = (0...255).map { UInt8($0) }
    static let bodies: [[UInt8]] = [
        [], Array("{\"a\":\"é\"}".utf8), Array("\u{FEFF}\u{0}\r\n\"\\".utf8), everyByte, [0xFF], [0xC3],
        Array("e\u{301}".utf8),
    ]

    @Test("Requests survive, whatever bytes their body has", arguments: bodies)
    func requests(_ body: [UInt8]) throws {
        let request = HTTPRequest(
            method: "POST", url: "https://api.example/x?k=UCAPTCHA_KEY_1&é",
            headers: [HTTPRequest.Header("X-A", "1"), HTTPRequest.Header("x-a", "\"2\"")], body: body,
            timeoutSeconds: 2.5, addressField: "challengeURL")
        #expect(try HTTPRequest(crossing: request.crossingBytes) == request)
    }

    @Test("Responses survive, whatever bytes their body has", arguments: bodies)
    func responses(_ body: [UInt8]) throws {
        let reply = HTTPReply.response(
            HTTPResponse(status: 418, headers: [HTTPRequest.Header("content-type", "x")], body: body))
        #expect(try HTTPReply(crossing: reply.bytes) == reply)
    }

    @Test("Failures survive, of every kind")
    func failures() throws {
        for kind in HTTPFailure.Kind.allCases {
            for sent in HTTPFailure.Sent.allCases {
                let reply = HTTPReply.failure(HTTPFailure(kind, sent: sent, "It broke: \"x\"."))
                #expect(try HTTPReply(crossing: reply.bytes) == reply)
            }
        }
    }

    @Test("A body of text crosses as text, any other as base64, and an empty one not at all")
    func shapes() throws {
        func crossing(_ body: [UInt8]) throws -> JSONValue {
            try JSONValue(parsing: HTTPRequest(url: "u", body: body).crossingBytes)
        }
        #expect(
            try crossing(Array("né".utf8))
                == ["method": "GET", "url": "u", "headers": [], "timeoutSeconds": 30, "body": "né"])
        #expect(try crossing([0xFF, 0x00])["bodyBase64"] == "/wA=")
        #expect(try crossing([])["body"] == nil)
    }

    @Test("A JSON post has its header and its body")
    func post() {
        let request = HTTPRequest.post("https://a.example", json: ["a": 1], timeoutSeconds: 7)
        #expect(request.method == "POST")
        #expect(request.headers == [HTTPRequest.Header("content-type", "application/json")])
        #expect(request.body == Array(#"{"a":1}"#.utf8))
        #expect(request.timeoutSeconds == 7)
    }

    @Test("Headers are found in any case")
    func header() {
        let response = HTTPResponse(
            status: 200, headers: [HTTPRequest.Header("Retry-After", "1"), HTTPRequest.Header("retry-after", "2")])
        #expect(response.header("RETRY-AFTER") == "1")
        #expect(response.header("retry") == nil)
    }

    @Test(
        "Requests that are not of the contract are refused by the member that is wrong",
        arguments: [
            ("", "not JSON"), ("[]", "not a JSON object"), (#"{"url":"u"}"#, "method"), (#"{"method":"GET"}"#, "url"),
            (#"{"method":"GET","url":5}"#, "url"), (#"{"method":"GET","url":"u","headers":[["a"]]}"#, "headers"),
            (#"{"method":"GET","url":"u","headers":[["a",1]]}"#, "headers"),
            (#"{"method":"GET","url":"u","headers":["a"]}"#, "headers"),
            (#"{"method":"GET","url":"u","bodyBase64":"*"}"#, "bodyBase64"),
        ])
    func badRequests(_ text: String, _ says: String) {
        let error = #expect(throws: MessageError.self) { try HTTPRequest(crossing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(says) == true, "\(error?.description ?? "")")
    }

    @Test(
        "Replies that are not of the contract are refused by the member that is wrong",
        arguments: [
            ("", "not JSON"), ("{}", "status"), (#"{"status":"200"}"#, "status"), (#"{"status":200.5}"#, "status"),
            (#"{"failure":{"sent":"no"}}"#, "failure.kind"),
            (#"{"failure":{"kind":"tired","sent":"no"}}"#, "failure.kind"),
            (#"{"failure":{"kind":"tls"}}"#, "failure.sent"),
            (#"{"failure":{"kind":"tls","sent":"yes"}}"#, "failure.sent"),
            (#"{"status":200,"bodyBase64":"/w"}"#, "bodyBase64"),
        ])
    func badReplies(_ text: String, _ says: String) {
        let error = #expect(throws: MessageError.self) { try HTTPReply(crossing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(says) == true, "\(error?.description ?? "")")
    }
}
