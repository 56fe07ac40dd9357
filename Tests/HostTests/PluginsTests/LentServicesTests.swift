import Glibc
import ProviderKit
import Synchronization
import TestSupport
import Testing

@testable import Plugins

private let placeholder = Placeholder.text([0xAB, 0xCD])
private let key = "k\"e/y+0123456789abcdefABCDEF"

@Suite("HTTP that the host lends")
struct LentHTTPTests {
    private let credentials = FakeCredentials(known: [placeholder: key])

    private func ask(
        _ request: HTTPRequest, _ http: FakeHTTP, fields: JSONObject = [:], endpoint: String? = nil
    ) throws -> (reply: HTTPReply?, sent: HTTPFailure.Sent?) {
        let instance = try instance("asks", http: http, endpoint: endpoint, credentials: credentials)
        var fields = fields
        fields["http"] = try JSONValue(parsing: request.crossingBytes)
        let result = instance.result(submit(fields, credential: placeholder))
        guard case .reply(.submitted(.solved(let solution))) = result?.outcome else { return (nil, result?.sent) }
        return (try solution.fields["reply"].map { try HTTPReply(crossing: $0.bytes) }, result?.sent)
    }

    @Test("A response comes back whole, and the call may have sent something")
    func response() throws {
        let http = FakeHTTP { _ in
            .success(HTTPResponse(status: 404, headers: [.init("x-a", "1")], body: [0xFF, 0, 7]))
        }
        let answer = try ask(HTTPRequest(url: "https://API.asks.example:443/path?x=1"), http)
        #expect(
            answer.reply == .response(HTTPResponse(status: 404, headers: [.init("x-a", "1")], body: [0xFF, 0, 7])))
        #expect(answer.sent == .maybe)
        #expect(http.sent.map(\.transport) == [.vendor])
    }

    @Test("Whether something was sent is the transport's word", arguments: HTTPFailure.Sent.allCases)
    func failure(sent: HTTPFailure.Sent) throws {
        let http = FakeHTTP { _ in .failure(HTTPFailure(.connect, sent: sent, "no")) }
        let answer = try ask(HTTPRequest(url: "https://api.asks.example/"), http)
        #expect(answer.reply == .failure(HTTPFailure(.connect, sent: sent, "no")))
        #expect(answer.sent == sent)
    }

    @Test("The configured endpoint's origin may be reached beside the declared ones")
    func endpoint() throws {
        let http = FakeHTTP { _ in .success(HTTPResponse(status: 200)) }
        _ = try ask(HTTPRequest(url: "http://127.0.0.1:8080/x"), http, endpoint: "http://127.0.0.1:8080/base")
        #expect(http.sent.map(\.request.url) == ["http://127.0.0.1:8080/x"])
    }

    @Test("The key stands where the placeholder was, escaped for its place, and comes back as the placeholder")
    func keyInItsPlace() throws {
        let http = FakeHTTP { request in
            let echo = String(decoding: request.body, as: UTF8.self) + request.url + request.headers[1].value
            return .success(HTTPResponse(status: 200, headers: [.init("x-echo", key)], body: Array(echo.utf8)))
        }
        let answer = try ask(
            HTTPRequest(
                method: "POST", url: "https://api.asks.example/in?key=\(placeholder)",
                headers: [.init("content-type", "application/json"), .init("x-key", "Bearer \(placeholder)")],
                body: Array("{'clientKey':'\(placeholder)'}".utf8)), http)
        let sent = try #require(http.sent.first?.request)
        #expect(sent.url == "https://api.asks.example/in?key=k%22e%2Fy%2B0123456789abcdefABCDEF")
        #expect(sent.headers[1].value == "Bearer \(key)")
        #expect(String(decoding: sent.body, as: UTF8.self) == "{'clientKey':'k\\\"e/y+0123456789abcdefABCDEF'}")
        guard case .response(let response) = answer.reply else {
            Issue.record("no response")
            return
        }
        #expect(response.headers == [.init("x-echo", placeholder)])
        let body = String(decoding: response.body, as: UTF8.self)
        #expect(body.occurrenceCount(of: placeholder) == 3)
        #expect(!body.contains("0123456789abcdefABCDEF"))
    }

    @Test("What is refused never reaches the transport", arguments: RequestRulesTests.refused)
    func refused(request: HTTPRequest) throws {
        let http = FakeHTTP { _ in .success(HTTPResponse(status: 200)) }
        let answer = try ask(request, http, fields: ["challengeURL": "https://client.example/c"])
        guard case .failure(let failure) = answer.reply else {
            Issue.record("not refused: \(request)")
            return
        }
        #expect(failure.kind == .refused && failure.sent == .no && !failure.message.isEmpty)
        #expect(answer.sent == .no)
        #expect(http.sent.isEmpty)
    }

    @Test("An address of the task goes over the transport for clients' addresses")
    func clientAddress() throws {
        let http = FakeHTTP { _ in .success(HTTPResponse(status: 200)) }
        _ = try ask(
            HTTPRequest(url: "https://client.example/c", addressField: "challengeURL"), http,
            fields: ["challengeURL": "https://client.example/c"])
        #expect(http.sent.map(\.transport) == [.clientAddress])
    }

    @Test("A request after the call's end is not sent, and its answer says so once")
    func afterTheEnd() throws {
        let witness = Witness()
        let http = FakeHTTP { _ in .success(HTTPResponse(status: 200)) }
        let instance = try instance("asks", witness, http: http)
        let request = try JSONValue(parsing: HTTPRequest(url: "https://api.asks.example/").crossingBytes)
        #expect(instance.solution(submit(["mode": "after", "http": request])) != nil)
        eventually("the plug-in was answered") { witness.lines.contains { $0.contains("done: ") } }
        #expect(http.sent.isEmpty)
        let answers = witness.lines.filter { $0.contains("done: ") }
        #expect(answers.count == 1 && answers[0].contains("\"kind\":\"cancelled\",\"sent\":\"no\""))
    }

    @Test("When the call ends, its exchange is cancelled and done is told once, whatever the transport says later")
    func leftOpen() throws {
        let witness = Witness()
        let http = FakeHTTP()
        let instance = try instance("asks", witness, http: http)
        let request = try JSONValue(parsing: HTTPRequest(url: "https://api.asks.example/").crossingBytes)
        let result = instance.result(submit(["mode": "leave", "http": request]))
        #expect(result?.sent == .maybe)
        eventually("the plug-in was answered") { witness.lines.contains { $0.contains("done: ") } }
        eventually("the exchange was cancelled") { http.cancels == 1 }
        http.sent.first?.completion(.success(HTTPResponse(status: 200)))
        // The lane runs its jobs in order: when a later call's answer is there, a second `done` would be too.
        _ = instance.result(submit(["mode": "after", "http": request]))
        eventually("the second call's plug-in was answered") {
            witness.lines.filter { $0.contains("done: ") }.count == 2
        }
        let answers = witness.lines.filter { $0.contains("done: ") }
        #expect(answers[0].contains("\"kind\":\"cancelled\",\"sent\":\"maybe\""))
    }

    @Test("An overdue call with an exchange under way may have sent something")
    func overdueWithExchange() throws {
        let http = FakeHTTP()
        let instance = try instance("asks", http: http)
        let request = try JSONValue(parsing: HTTPRequest(url: "https://api.asks.example/").crossingBytes)
        let result = instance.result(submit(["mode": "hold", "http": request]), deadlineSeconds: 0.05)
        #expect(result == CallResult(outcome: .failure(.overdue), sent: .maybe))
        eventually("the exchange was cancelled") { http.cancels == 1 }
    }

    @Test("A plug-in that does its worst gets no key: not sent elsewhere, not logged, not returned")
    func stealsKey() throws {
        let witness = Witness()
        let http = FakeHTTP { request in
            .success(HTTPResponse(status: 200, headers: [.init("x-key", key)], body: request.body + Array(key.utf8)))
        }
        let instance = try instance("steals_key", witness, http: http, credentials: credentials)
        let loot = instance.solution(submit(credential: placeholder))?["loot"]
        let replies = try #require(loot?.array).map { try HTTPReply(crossing: $0.bytes) }
        #expect(replies.count == 4)
        for reply in replies.prefix(3) {
            guard case .failure(let failure) = reply else {
                Issue.record("sent: \(reply)")
                continue
            }
            #expect(failure.kind == .refused)
        }
        #expect(http.sent.map(\.request.url) == ["https://api.steals.example/echo"])
        let everything = witness.lines.joined() + (loot?.text ?? "")
        #expect(!everything.contains("0123456789abcdefABCDEF"))
        #expect(everything.contains(placeholder))
    }
}

@Suite("Time and log that the host lends")
struct TimeAndLogTests {
    @Test("A wait ends when its time has come")
    func wait() throws {
        let solution = try #require(try instance("waits").solution(submit(["milliseconds": 30])))
        let waited = try #require(solution["waited"]?.integer)
        #expect(waited >= 30 && waited < 10_000)
        let at = try #require(solution["at"]?.integer)
        #expect(abs(at - Clocks.unixMilliseconds) < 60_000)
    }

    @Test("A wait ends with its call, once")
    func endsWithCall() throws {
        let witness = Witness()
        let instance = try instance("waits", witness)
        #expect(instance.solution(submit(["milliseconds": 3_600_000, "leave": true])) != nil)
        eventually("the wait was ended") { witness.lines.contains("info test: fired") }
        let overdue = instance.result(submit(["milliseconds": 3_600_000]), deadlineSeconds: 0.05)
        #expect(overdue?.outcome == .failure(.overdue))
        eventually("the abandoned call was completed by its wait's end") { witness.count(.lateCompletion) == 1 }
        #expect(witness.lines.filter { $0.contains("fired") }.count == 1)
    }

    @Test("A line is cut, freed of control characters and of keys")
    func line() throws {
        let witness = Witness()
        let credentials = FakeCredentials(known: [placeholder: "short-key"])
        let instance = try instance("logs", witness, credentials: credentials)
        let text = "a\u{1B}[31m short-key \(placeholder) CAP-0123456789ABCDEF0123456789ABCDEF "
        // The plug-in writes what stands in the JSON, escapes and all: no control character is left to replace there.
        _ = instance.solution(submit(["lines": 1, "text": .string(text + String(repeating: "ö", count: 3_000))]))
        let line = try #require(witness.lines.first)
        #expect(!line.contains("short-key") && line.contains("***"))
        #expect(line.contains(placeholder) && line.contains("CAP-***"))
        #expect(line.hasSuffix("…") && line.utf8.count < PluginLimits().logBytes + 60)
        #expect(LogText.plain("a\u{1B}\nb\u{202E}c", limit: 100) == "a  b c")
    }

    @Test("An adapter that writes too much is cut off for the rest of the second, and the rest is counted")
    func rate() throws {
        let witness = Witness()
        let instance = try instance("logs", witness)
        _ = instance.solution(submit(["lines": 5_000, "text": "x"]))
        let written = witness.lines.filter { $0 == "info test: x" }.count
        #expect(written >= 50 && written < 1_000)
        #expect(witness.count(.droppedLogLine) == 5_000 - written)
    }
}

extension String {
    func occurrenceCount(of part: String) -> Int { Array(utf8).occurrences(of: Array(part.utf8)).count }
}
