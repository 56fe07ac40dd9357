import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("createTask")
struct SubmitTests {
    @Test("The task goes to the vendor's address with the key's placeholder, or to the configured endpoint")
    func request() async throws {
        for (endpoint, origin) in [
            (nil, "https://api.example.com"), ("http://127.0.0.1:9", "http://127.0.0.1:9"),
            ("https://clone.test/api/", "https://clone.test/api"),
        ] {
            let call = ScriptedCall(.json(#"{"errorId":0,"taskId":17}"#))
            #expect(
                try await ExampleAdapter.make(endpoint: endpoint).submit(ExampleAdapter.fields, call)
                    == .pending(id: "17"))
            let request = try #require(call.requests.first)
            #expect(request.url == "\(origin)/createTask")
            #expect(request.method == "POST")
            #expect(request.headers == [.init("content-type", "application/json")])
            #expect(request.json?["clientKey"]?.string == GoldenRun.credential.placeholder)
            // A second before the time of the submit is over, so that the fault tells what happened.
            #expect(request.timeoutSeconds == ExampleAdapter.vendor.submitSeconds - 1)
        }
    }

    @Test("An endpoint that is no HTTP address is refused with a sentence")
    func endpoint() {
        let error = #expect(throws: (any Error).self) { try ExampleAdapter.make(endpoint: "api.example.com") }
        #expect(error.map { "\($0)" }?.contains("https://") == true)
    }

    @Test(
        "A task ID keeps all its digits, as number or text",
        arguments: ["17", "9007199254740993", "73243152973", "18446744073709551617"])
    func taskID(_ id: String) async throws {
        let adapter = try ExampleAdapter.make()
        for written in [id, "\"\(id)\""] {
            let call = ScriptedCall(.json(#"{"errorId":"0","taskId":\#(written)}"#))
            #expect(try await adapter.submit(ExampleAdapter.fields, call) == .pending(id: id))
        }
        let call = ScriptedCall(.json(#"{"errorId":0,"status":"processing"}"#))
        #expect(try await adapter.poll(id, .turnstile, call) == .pending)
        #expect(call.requests.first?.json?["taskId"]?.numberText == id)
    }

    @Test("An ID that is no number is not sent to a vendor that numbers its tasks")
    func wrongID() async throws {
        let call = ScriptedCall()
        let adapter = try ExampleAdapter.make()
        #expect(await kind { _ = try await adapter.poll("6113-8bb6", .turnstile, call) } == .taskNotFound)
        #expect(call.requests.isEmpty)
    }

    @Test("An accepted task without an ID is no answer", arguments: ["0", "null", #""""#])
    func noID(_ id: String) async throws {
        let adapter = try ExampleAdapter.make()
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":\#(id)}"#))
        #expect(await kind { _ = try await adapter.submit(ExampleAdapter.fields, call) } == .protocolError)
    }

    @Test("A solution that comes at once is taken, its cost as well")
    func readyAtOnce() async throws {
        let adapter = try ExampleAdapter.make()
        let call = ScriptedCall(
            .json(
                #"{"errorId":0,"errorCode":"","taskId":"x","status":"ready","solution":{"token":"t"},"cost":"0.00100"}"#
            ))
        #expect(
            try await adapter.submit(ExampleAdapter.fields, call)
                == .solved(Solution(["token": "t"], cost: "0.00100")))
    }

    @Test("Ready without a solution is waited for; a null status, nulls and empty error texts mean nothing")
    func nulls() async throws {
        let adapter = try ExampleAdapter.make()
        for answer in [
            #"{"errorId":0,"taskId":17,"status":"ready","solution":null}"#,
            #"{"errorId":0,"errorCode":null,"errorDescription":null,"status":null,"taskId":17}"#,
            #"{"errorId":0,"errorCode":"","errorDescription":"","taskId":17}"#, #"{"taskId":17}"#,
        ] {
            #expect(try await adapter.submit(ExampleAdapter.fields, ScriptedCall(.json(answer))) == .pending(id: "17"))
        }
    }

    @Test("Unknown fields reach the vendor untouched, reserved names and what a rule took excepted")
    func extras() async throws {
        let adapter = try ExampleAdapter.make()
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":17}"#))
        var fields = try GoldenRun.object(
            #"{"nocache":true,"deep":{"a":[1,null]},"long":12345678901234567890,"gone":null}"#,
            #"{"type":"Evil","clientKey":"stolen","userAgent":"M","cData":"c","metadata":{"x":1}}"#)
        for member in ExampleAdapter.fields.members { fields[member.name] = member.value }
        _ = try await adapter.submit(fields, call)
        let expected = try JSONValue(
            parsing: #"""
                {"type":"TurnstileTaskProxyless","websiteURL":"https://a.test/","websiteKey":"0x4A","nocache":true,
                 "deep":{"a":[1,null]},"long":12345678901234567890,"gone":null,"metadata":{"x":1,"cdata":"c"}}
                """#
        ).sorted
        #expect(call.requests.first?.json?["task"] == expected)
        #expect(call.requests.first?.json?["clientKey"]?.string == GoldenRun.credential.placeholder)
    }

    @Test("A family that is not sold and a missing key are refused unsent")
    func refused() async throws {
        let adapter = try ExampleAdapter.make()
        let call = ScriptedCall()
        let wrong = TaskRequest(family: .hcaptcha, fields: [:], credential: GoldenRun.credential, secondsLeft: 9)
        #expect(await kind { _ = try await adapter.submit(wrong, call: call) } == .unsupportedTask)
        let keyless = TaskRequest(family: .turnstile, fields: ExampleAdapter.fields, credential: nil, secondsLeft: 9)
        #expect(await kind { _ = try await adapter.submit(keyless, call: call) } == .protocolError)
        #expect(call.requests.isEmpty)
    }
}
