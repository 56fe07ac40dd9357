@testable import Native
import ProviderKit
import Synchronization
import Testing

@Suite("Where a challenge comes from")
struct ChallengeSourceTests {
    private func answering(_ status: Int, _ body: String) -> FakeCall {
        FakeCall(answer: { _ in HTTPResponse(status: status, body: Array(body.utf8)) })
    }

    @Test("A challenge is fetched from challengeURL as an address that the client chose")
    func fetched() async throws {
        let requests = Mutex<[HTTPRequest]>([])
        let body = JSONValue.object(SearchTests.version1).bytes
        let seen = Shared(requests)
        let call = FakeCall(answer: { request in
            seen.requests.withLock { $0.append(request) }
            return HTTPResponse(status: 200, body: body)
        })
        let fields: JSONObject = ["challengeJSON": "", "challengeURL": "https://site.example/altcha?x=1"]
        #expect(try await adapter().solve(fields, call: call, secondsLeft: 12).fields["number"] == 42)
        let sent = seen.requests.withLock { $0 }
        #expect(sent.count == 1)
        #expect(sent.first?.method == "GET")
        #expect(sent.first?.url == "https://site.example/altcha?x=1")
        #expect(sent.first?.addressField == "challengeURL")
        #expect(sent.first?.body == [])
        #expect(sent.first?.timeoutSeconds == 12)
    }

    @Test("A challenge in challengeJSON is taken and nothing is fetched, whatever challengeURL says")
    func preferred() async throws {
        for challenge in [.object(SearchTests.version1), .string(JSONValue.object(SearchTests.version1).text)]
            as [JSONValue]
        {
            let fields: JSONObject = ["challengeJSON": challenge, "challengeURL": "https://site.example/altcha"]
            #expect(try await adapter().solve(fields).fields["number"] == 42)
        }
    }

    @Test("Nothing, null and empty values mean that no challenge was given")
    func missing() async {
        let empty: [JSONObject] = [
            [:], ["challengeJSON": nil, "challengeURL": nil], ["challengeJSON": "", "challengeURL": ""],
            ["challengeJSON": " \n", "challengeURL": ""], ["challengeJSON": [:]],
        ]
        for fields in empty {
            let fault = await adapter().fault(fields)
            #expect(fault?.kind == .badTask(field: "challengeJSON"))
            #expect(fault?.message == "Give the challenge as challengeJSON or challengeURL.")
        }
    }

    @Test("Values that hold no challenge are refused with the field that they are in")
    func malformed() async {
        let cases: [(JSONObject, String, String)] = [
            (["challengeJSON": 5], "challengeJSON", "and is a number"),
            (["challengeJSON": ["a"]], "challengeJSON", "and is an array"),
            (["challengeJSON": true], "challengeJSON", "and is a boolean"),
            (["challengeJSON": "{"], "challengeJSON", "not JSON: a member's name is missing at byte 1"),
            (["challengeJSON": "[1]"], "challengeJSON", "has to be a JSON object and is an array"),
            (["challengeJSON": ["a": 1]], "challengeJSON", "neither a member challenge nor a member parameters"),
            (["challengeJSON": ["parameters": 1]], "challengeJSON", "parameters has to be an object"),
            (["challengeJSON": .string(deep(33))], "challengeJSON", "nested deeper than 32 levels"),
            (["challengeJSON": .string("{\"a\":\"\(long)\"}")], "challengeJSON", "longer than 65536 bytes"),
            (["challengeJSON": ["a": .string(long)]], "challengeJSON", "longer than 65536 bytes"),
            (["challengeURL": 5], "challengeURL", "has to be a string and is a number"),
        ]
        for (fields, field, says) in cases {
            let fault = await adapter().fault(fields)
            #expect(fault?.kind == .badTask(field: field))
            #expect(fault?.message.contains(says) == true, "\(fault?.message ?? "")")
        }
    }

    private var long: String { String(repeating: "x", count: 65_536) }
    private func deep(_ levels: Int) -> String {
        "{\"challenge\":" + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
    }

    @Test("Answers of an address: what the task is to blame for, and what only the moment is")
    func statuses() async {
        let fields: JSONObject = ["challengeURL": "https://site.example/altcha"]
        for status in [201, 204, 301, 302, 400, 401, 403, 404, 410] {
            let kind = await adapter().fault(fields, call: answering(status, "{}"))?.kind
            #expect(kind == (status < 300 ? .transport : .badTask(field: "challengeURL")), "\(status)")
        }
        for status in [408, 429, 500, 502, 503] {
            #expect(await adapter().fault(fields, call: answering(status, "{}"))?.kind == .transport, "\(status)")
        }
        for body in ["", "<html>", "[]", "{}", "{\"a\":\"\(long)\"}"] {
            let fault = await adapter().fault(fields, call: answering(200, body))
            #expect(fault?.kind == .badTask(field: "challengeURL"))
        }
    }

    @Test("Fetches that fail are the task's fault, unless it is the host that cannot send")
    func failures() async {
        let fields: JSONObject = ["challengeURL": "http://10.0.0.1/"]
        for kind in HTTPFailure.Kind.allCases {
            let call = FakeCall(answer: { _ in throw HTTPFailure(kind, sent: .no, "the reason") })
            let fault = await adapter().fault(fields, call: call)
            let isTask = kind != .cancelled && kind != .overloaded
            #expect(fault?.kind == (isTask ? .badTask(field: "challengeURL") : .transport), "\(kind)")
            #expect(fault?.message.contains("the reason") == true)
        }
    }
}

/// Lets a closure that escapes reach a lock.
private final class Shared: Sendable {
    let requests: Mutex<[HTTPRequest]>

    init(_ requests: consuming sending Mutex<[HTTPRequest]>) {
        self.requests = requests
    }
}
