import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

/// Bad answers, on every operation.
@Suite("Answers that are none")
struct AnswerTests {
    private let adapter: ExampleAdapter

    init() throws { adapter = try ExampleAdapter.make() }

    /// The kinds of the faults of all five operations.
    private func kinds(_ reply: ScriptedCall.Reply) async -> [Fault.Kind?] {
        [
            await kind { _ = try await adapter.validate(GoldenRun.credential, call: ScriptedCall(reply)) },
            await kind { _ = try await adapter.balance(of: GoldenRun.credential, call: ScriptedCall(reply)) },
            await kind { _ = try await adapter.submit(ExampleAdapter.fields, ScriptedCall(reply)) },
            await kind { _ = try await adapter.poll("17", .turnstile, ScriptedCall(reply)) },
            await kind { try await adapter.report(.turnstile, accepted: false, ScriptedCall(reply)) },
        ]
    }

    @Test("HTTP 5xx is a fault of the transport, whatever the body says", arguments: [502, 503, 504, 599])
    func serverErrors(_ status: Int) async {
        let body = #"{"errorId":1,"errorCode":"ERROR_NO_KEY","taskId":17,"balance":1}"#
        for kind in await kinds(.json(body, status: status)) { #expect(kind == .transport) }
    }

    @Test("JSON with HTTP 400, 401 or 403 is read", arguments: [400, 401, 403, 200])
    func clientErrors(_ status: Int) async {
        let body = #"{"errorId":1,"errorCode":"ERROR_NO_KEY","errorDescription":"no"}"#
        for kind in await kinds(.json(body, status: status)) { #expect(kind == .invalidKey) }
    }

    @Test(
        "A page, another kind of JSON and garbage are not of the API",
        arguments: [
            "<!DOCTYPE html><html>challenge</html>", "[1,2]", "\"OK\"", "OK|17", "{\"errorId\":0}}", "{\"a\":\u{1}}",
            "nonsense", String(repeating: "[", count: 1000),
        ], [200, 403, 404])
    func garbage(_ body: String, _ status: Int) async {
        for kind in await kinds(.json(body, status: status)) { #expect(kind == .protocolError) }
    }

    @Test(
        "A body that breaks off is a fault of the transport",
        arguments: ["", "  ", "{", #"{"errorId":0,"task"#, #"{"errorId":0,"solution":{"token":"t"}"#, #"{"a":tr"#])
    func cut(_ body: String) async {
        for kind in await kinds(.json(body)) { #expect(kind == .transport) }
    }

    @Test("JSON without an error and with a bad status is not believed", arguments: [302, 404])
    func badStatus(_ status: Int) async {
        let body = #"{"errorId":0,"taskId":17,"status":"ready","solution":{"token":"t"},"balance":1}"#
        for kind in await kinds(.json(body, status: status)) { #expect(kind == .protocolError) }
    }

    @Test("A plain HTTP 429 is a limit, for as long as it says")
    func tooMany() async {
        for (header, seconds) in [("7", 7.0), ("soon", nil), ("999999", nil)] {
            let response = HTTPResponse(status: 429, headers: [.init("Retry-After", header)], body: Array("slow".utf8))
            for kind in await kinds(.response(response)) {
                #expect(kind == .rateLimited(.provider, retryAfterSeconds: seconds))
            }
        }
    }

    @Test("What the transport throws passes through, so that the host knows whether it was sent")
    func failures() async throws {
        let failure = HTTPFailure(.timeout, sent: .maybe, "The time ran out.")
        await #expect(throws: failure) {
            try await adapter.submit(ExampleAdapter.fields, ScriptedCall(.failure(failure)))
        }
        await #expect(throws: failure) { try await adapter.poll("17", .turnstile, ScriptedCall(.failure(failure))) }
    }

    @Test("A code is compared without case and white space; an unknown one is no verdict on key or vendor")
    func codes() async {
        #expect(
            await kinds(.json(#"{"errorId":9,"errorCode":" error_No_Key "}"#))
                == Array(repeating: .invalidKey, count: 5))
        let unknown = await kinds(.json(#"{"errorId":99,"errorCode":"ERROR_MOON_PHASE"}"#))
        #expect(
            unknown == [.protocolError, .protocolError, .unsupportedTask, .unsolvable(charged: nil), .protocolError])
        #expect(
            await kinds(.json(#"{"errorId":99,"errorCode":"ERROR_PROXY_MELTED"}"#))
                == Array(repeating: .proxy, count: 5))
        #expect(await kinds(.json(#"{"errorCode":"ERROR_ZERO_BALANCE"}"#)) == Array(repeating: .noFunds, count: 5))
    }

    @Test("A ban that ends ends at a time of the clock")
    func ban() async {
        let until = Fault.Kind.banned(.key, untilUnixSeconds: ScriptedCall.now + 60)
        #expect(await kinds(.json(#"{"errorId":40,"errorCode":"ERROR_PAUSE"}"#)) == Array(repeating: until, count: 5))
    }

    @Test("Long words of a vendor are cut, and its field names become ours")
    func words() async throws {
        let long = String(repeating: "x", count: 5000)
        let call = ScriptedCall(
            .json(#"{"errorId":50,"errorCode":"ERROR_WRONG","errorDescription":"cdata: \#(long)"}"#))
        let fault = await #expect(throws: Fault.self) { try await adapter.submit(ExampleAdapter.fields, call) }
        #expect(fault?.message.count == 240)
        #expect(fault?.kind == .badTask(field: nil))
        let named = ScriptedCall(.json(#"{"errorId":50,"errorDescription":"The 'cdata' is too long, see websiteURL"}"#))
        let second = await #expect(throws: Fault.self) { try await adapter.submit(ExampleAdapter.fields, named) }
        #expect(second?.kind == .badTask(field: "cData"))
    }
}
