import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("getTaskResult")
struct PollTests {
    private let adapter: ExampleAdapter

    init() throws { adapter = try ExampleAdapter.make() }

    private func poll(_ answer: String, status: Int = 200, _ family: TaskFamily = .turnstile) async throws -> PollResult
    { try await adapter.poll("17", family, ScriptedCall(.json(answer, status: status))) }

    @Test(
        "Every word for a task that is still worked on is understood",
        arguments: [
            #"{"errorId":0,"status":"processing"}"#, #"{"errorId":0,"status":"idle"}"#,
            #"{"errorId":0,"status":" Processing "}"#, #"{"errorId":0,"status":"CAPCHA_NOT_READY"}"#,
            #"{"errorId":1,"errorCode":"CAPCHA_NOT_READY"}"#, #"{"errorId":1,"errorCode":"CAPTCHA_NOT_READY"}"#,
            #"{"errorId":0,"errorCode":null,"errorDescription":null,"status":"processing","solution":null}"#,
        ])
    func pending(_ answer: String) async throws {
        #expect(try await poll(answer) == .pending)
    }

    @Test("HTTP 500 means pending where the vendor documents it, and only on getTaskResult")
    func http500() async throws {
        let page = ScriptedCall.Reply.json("<html>oops</html>", status: 500)
        #expect(try await adapter.poll("17", .turnstile, ScriptedCall(page)) == .pending)
        #expect(await kind { _ = try await adapter.submit(ExampleAdapter.fields, ScriptedCall(page)) } == .transport)
        #expect(await kind { _ = try await poll("{}", status: 502) } == .transport)
    }

    @Test("A task that the vendor calls failed is unsolvable; an unknown status is no answer")
    func failed() async throws {
        #expect(
            await kind { _ = try await poll(#"{"errorId":0,"status":"failed"}"#) } == .unsolvable(charged: false))
        #expect(await kind { _ = try await poll(#"{"errorId":0,"status":"dancing"}"#) } == .protocolError)
        #expect(await kind { _ = try await poll(#"{"errorId":0}"#) } == .protocolError)
    }

    @Test("A number without a status is read by its number")
    func numberAlone() async throws {
        #expect(await kind { _ = try await poll(#"{"errorId":12}"#) } == .unsolvable(charged: false))
        #expect(await kind { _ = try await poll(#"{"errorId":"12"}"#) } == .unsolvable(charged: false))
    }

    @Test(
        "A cost is passed on digit by digit",
        arguments: [
            ("\"0.00299\"", "0.00299"), ("0.00299", "0.00299"), ("2.99e-3", "2.99e-3"), ("0", "0"),
            ("\" 0.0010 \"", "0.0010"), ("0.10000000000000000001", "0.10000000000000000001"),
        ])
    func cost(_ written: String, _ expected: String) async throws {
        let result = try await poll(#"{"errorId":0,"status":"ready","solution":{"token":"t"},"cost":\#(written)}"#)
        #expect(result == .solved(Solution(["token": "t"], cost: expected)))
    }

    @Test("A cost that is no amount is left out and logged; none is left out quietly")
    func noCost() async throws {
        for (written, lines) in [("\"free\"", 1), ("-1", 1), ("[1]", 1), ("null", 0), ("\"\"", 0)] {
            let call = ScriptedCall(
                .json(#"{"errorId":0,"status":"ready","solution":{"token":"t"},"cost":\#(written)}"#))
            #expect(try await adapter.poll("17", .turnstile, call) == .solved(Solution(["token": "t"])))
            #expect(call.log.count == lines, "\(written)")
        }
    }

    @Test(
        "A solution without what makes it one is no answer",
        arguments: [
            #"{}"#, #"{"token":null}"#, #"{"token":""}"#, #"{"userAgent":"M"}"#, #"{"token":17}"#, "null", "[]",
            "\"t\"",
        ])
    func incomplete(_ solution: String) async throws {
        let answer = #"{"errorId":0,"status":"ready","solution":\#(solution)}"#
        #expect(await kind { _ = try await poll(answer) } == .protocolError)
    }

    @Test("What a family's solution is called elsewhere is found, and the rest is kept")
    func lookup() async throws {
        let answer = #"{"errorId":0,"status":"ready","solution":{"data":{"token":"t"},"extra":[1]}}"#
        #expect(
            try await poll(answer)
                == .solved(Solution(["data": ["token": "t"], "extra": [1], "token": "t"])))
        let points = #"{"errorId":0,"status":"ready","solution":{"answer":[{"X":"1.5","Y":2}]}}"#
        let solved = try JSONValue(
            parsing: #"{"answer":[{"X":"1.5","Y":2}],"coordinates":[{"x":1.5,"y":2}]}"#)
        #expect(try await poll(points, .coordinates) == .solved(Solution(try #require(solved.object))))
    }
}
