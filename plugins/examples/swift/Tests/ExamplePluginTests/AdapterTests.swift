import ProviderKit
import Testing

@testable import ExamplePlugin

/// Requests and answers in pairs: from the vendor's documentation or a recording, not from the adapter.
@Suite("The adapter for Example")
struct AdapterTests {
    private let adapter = ExampleAdapter(settings: AdapterSettings(name: "example"))
    private let key = Credential(placeholder: "ucred_00112233445566778899aabbccddeeff")
    private let site: JSONObject = ["websiteURL": "https://shop.example/", "websiteKey": "0x4AAA"]

    private func submit(
        _ family: TaskFamily, _ fields: JSONObject, _ call: ScriptedCall
    ) async throws -> SubmitResult {
        try await adapter.submit(
            TaskRequest(family: family, fields: fields, credential: key, secondsLeft: 60), call: call)
    }

    private func poll(_ family: TaskFamily, _ call: ScriptedCall) async throws -> PollResult {
        try await adapter.poll(Ticket(id: "4711", family: family, credential: key), call: call)
    }

    /// The kind of fault that an operation ends in.
    private func fault(_ operation: () async throws -> Void) async throws -> Fault.Kind {
        let fault = await #expect(throws: Fault.self) { try await operation() }
        return try #require(fault).kind
    }

    @Test("The manifest is one that a host accepts")
    func manifest() throws {
        #expect(try Manifest(parsing: ExampleAdapter.manifest.bytes) == ExampleAdapter.manifest)
    }

    @Test("A task is sent in the vendor's words, with the placeholder where the key belongs")
    func submits() async throws {
        let call = ScriptedCall(#"{"errorId":0,"taskId":90071992547409931}"#)
        let fields: JSONObject = [
            "websiteURL": "https://shop.example/", "websiteKey": "0x4AAA", "action": "login",
        ]
        #expect(try await submit(.turnstile, fields, call) == .pending(id: "90071992547409931"))
        let request = try #require(call.requests.first)
        #expect(request.method == "POST" && request.url == "https://api.example.com/createTask")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"clientKey":"\#(key.placeholder)","task":{"type":"TurnstileTask","#
                + #""websiteURL":"https://shop.example/","websiteKey":"0x4AAA","action":"login"}}"#)
    }

    @Test(
        "A task without what it needs is refused before anything is sent",
        arguments: TaskKind.all.map(\.family))
    func incomplete(family: TaskFamily) async throws {
        let call = ScriptedCall("")
        let kind = try await fault { _ = try await submit(family, [:], call) }
        #expect(try kind == .badTask(field: TaskKind.of(family).required.first))
        #expect(call.requests.isEmpty)
    }

    @Test("A task with a proxy is left to providers that use it")
    func proxy() async throws {
        var fields = site
        fields["proxyAddress"] = "192.0.2.1"
        let task = fields
        #expect(
            try await fault { _ = try await submit(.turnstile, task, ScriptedCall("")) } == .unsupportedTask)
    }

    @Test("A task that is being worked on is pending")
    func pending() async throws {
        #expect(try await poll(.turnstile, ScriptedCall(#"{"errorId":0,"status":"processing"}"#)) == .pending)
    }

    @Test("A solution comes with its canonical field and its cost to the last digit", arguments: TaskKind.all)
    func solved(kind: TaskKind) async throws {
        let call = ScriptedCall(
            #"{"errorId":0,"status":"ready","cost":0.00150,"solution":{"\#(kind.answer)":"abc","more":1}}"#)
        let solution = Solution([kind.answer: "abc"], cost: "0.00150")
        #expect(try await poll(kind.family, call) == .solved(solution))
    }

    @Test("A key is good when the vendor tells its balance")
    func validates() async throws {
        let call = ScriptedCall(#"{"errorId":0,"balance":12.5}"#)
        #expect(try await adapter.validate(key, call: call) == ValidKey(balance: Balance(amount: "12.5")))
    }

    @Test("Every error code of the vendor's becomes its fault", arguments: Fault.kinds.keys.sorted())
    func codes(code: String) async throws {
        let body = #"{"errorId":1,"errorCode":"\#(code)","errorDescription":"Sorry."}"#
        #expect(try await fault { _ = try await poll(.turnstile, ScriptedCall(body)) } == Fault.kinds[code])
    }

    @Test(
        "What is no answer blames neither the key nor the task",
        arguments: [
            (200, "", Fault.Kind.protocolError), (200, "<html>", .protocolError), (200, "{}", .protocolError),
            (200, #"{"errorId":0}"#, .protocolError), (401, "<html>", .protocolError),
            (502, "<html>", .transport),
            (400, #"{"errorId":1,"errorCode":"ERROR_NEW"}"#, .protocolError),
            (429, "", .rateLimited(.key, retryAfterSeconds: 7)),
        ])
    func junk(status: Int, body: String, expected: Fault.Kind) async throws {
        let headers = [HTTPRequest.Header("retry-after", "7")]
        let call = ScriptedCall(body, status: status, headers: headers)
        #expect(try await fault { _ = try await poll(.turnstile, call) } == expected)
    }

    @Test("A failure of the network is passed on as it is")
    func network() async throws {
        let call = ScriptedCall(.failure(HTTPFailure(.timeout, sent: .maybe, "The time ran out.")))
        await #expect(throws: HTTPFailure.self) { _ = try await submit(.turnstile, site, call) }
    }

    @Test("An endpoint of the operator's is used instead of the usual one")
    func endpoint() async throws {
        let elsewhere = ExampleAdapter(
            settings: AdapterSettings(name: "clone", endpoint: "http://127.0.0.1:8000/v1"))
        let call = ScriptedCall(#"{"errorId":0,"balance":0}"#)
        _ = try await elsewhere.balance(of: key, call: call)
        #expect(call.requests.first?.url == "http://127.0.0.1:8000/v1/getBalance")
    }
}
