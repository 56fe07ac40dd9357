import Foundation
@testable import Native
import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("Solving through another host")
struct RemoteHostTests {
    private let key = Credential(placeholder: "ucred_000102030405060708090a0b0c0d0e0f")

    /// Records what is asked and answers what the test wrote.
    private final class Script: Sendable {
        private let asked = Mutex<[HTTPRequest]>([])
        var requests: [HTTPRequest] { asked.withLock { $0 } }

        func call(_ body: String, status: Int = 200) -> FakeCall {
            FakeCall(answer: { request in
                self.asked.withLock { $0.append(request) }
                return HTTPResponse(status: status, body: Array(body.utf8))
            })
        }
    }

    private func remote() throws -> NativeAdapter {
        try NativeAdapter(settings: AdapterSettings(name: "far", endpoint: "https://far.example/x"))
    }

    private func submit(_ family: TaskFamily, _ fields: JSONObject, _ call: FakeCall) async throws -> SubmitResult {
        let task = TaskRequest(family: family, fields: fields, credential: key, secondsLeft: 12)
        return try await remote().submit(task, call: call)
    }

    private func fault(_ body: String, status: Int = 200, fields: JSONObject = [:]) async -> Fault? {
        await #expect(throws: Fault.self) { try await submit(.altcha, fields, Script().call(body, status: status)) }
    }

    @Test("A task goes out with its fields untouched, its type and the key's placeholder")
    func submits() async throws {
        let script = Script()
        let call = script.call(#"{"errorId":0,"taskId":"0f-1","status":"processing"}"#)
        let altcha: JSONObject = [
            "challengeURL": "https://site.example/a", "websiteURL": "x", "own": try JSONValue(parsing: "[1.50]"),
        ]
        #expect(try await submit(.altcha, altcha, call) == .pending(id: "0f-1"))
        #expect(try await submit(.altcha, ["proxyAddress": "p"], call) == .pending(id: "0f-1"))
        #expect(try await submit(.imageToText, ["body": "R0lG", "numeric": 4], call) == .pending(id: "0f-1"))
        let requests = script.requests
        #expect(requests.map(\.url) == Array(repeating: "https://far.example/x/ucaptcha/createTask", count: 3))
        #expect(requests.allSatisfy { $0.method == "POST" && $0.addressField == nil && $0.timeoutSeconds == 12 })
        #expect(requests.allSatisfy { $0.headers == [HTTPRequest.Header("content-type", "application/json")] })
        let bodies = requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(
            bodies == [
                #"{"clientKey":"\#(key.placeholder)","task":{"challengeURL":"https://site.example/a","#
                    + #""websiteURL":"x","own":[1.50],"type":"AltchaTaskProxyless"}}"#,
                #"{"clientKey":"\#(key.placeholder)","task":{"proxyAddress":"p","type":"AltchaTask"}}"#,
                #"{"clientKey":"\#(key.placeholder)","task":{"body":"R0lG","numeric":4,"type":"ImageToTextTask"}}"#,
            ])
    }

    @Test("An answer at once, a result that is asked for, and what it cost")
    func results() async throws {
        let ready = #"{"errorId":0,"taskId":"1","status":"ready","solution":{"text":"ab"},"cost":0.0002}"#
        let solution = Solution(["text": "ab"], cost: "0.0002")
        #expect(try await submit(.imageToText, ["body": "x"], Script().call(ready)) == .solved(solution))
        let script = Script()
        let ticket = Ticket(id: "0f-1", family: .imageToText, credential: key)
        #expect(try await remote().poll(ticket, call: script.call(ready)) == .solved(solution))
        let waiting = script.call(#"{"errorId":0,"status":"processing"}"#)
        #expect(try await remote().poll(ticket, call: waiting) == .pending)
        #expect(
            script.requests.map(\.url) == Array(repeating: "https://far.example/x/ucaptcha/getTaskResult", count: 2))
        #expect(
            script.requests.map { String(decoding: $0.body, as: UTF8.self) }
                == Array(repeating: #"{"clientKey":"\#(key.placeholder)","taskId":"0f-1"}"#, count: 2))
        for answer in [#"{"errorId":1,"#, #"{"errorId":0,"#] {
            let failed = answer + #""status":"failed","errorCode":"ERROR_CAPTCHA_UNSOLVABLE"}"#
            await #expect(throws: Fault(.unsolvable(charged: false), "ERROR_CAPTCHA_UNSOLVABLE")) {
                try await remote().poll(ticket, call: Script().call(failed))
            }
        }
    }

    @Test("The balance is read to the last digit, and a key that has one is good")
    func balance() async throws {
        let script = Script()
        let call = script.call(#"{"errorId":0,"balance":12.000000001}"#)
        #expect(try await remote().balance(of: key, call: call) == Balance(amount: "12.000000001"))
        #expect(try await remote().validate(key, call: call).balance?.amount == "12.000000001")
        #expect(script.requests.map(\.url) == Array(repeating: "https://far.example/x/ucaptcha/getBalance", count: 2))
        let wrong = Script().call(#"{"errorId":1,"errorCode":"ERROR_KEY_DOES_NOT_EXIST","errorDescription":"No."}"#)
        await #expect(throws: Fault(.invalidKey, "No.")) { try await remote().validate(key, call: wrong) }
    }

    @Test("Every error code of the API's documentation is a fault of its own kind")
    func codes() async throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/errors.md"), encoding: .utf8)
        let codes = page.split(separator: "\n").compactMap { line in
            line.hasPrefix("| `") ? line.split(separator: "`").dropFirst().first.map(String.init) : nil
        }
        #expect(codes.count > 15)
        for code in codes { #expect(RemoteErrors.kinds[code] != nil, "\(code)") }
        let own = ["ERROR_PAGEURL", "ERROR_SITEKEY"]
        #expect(Set(RemoteErrors.kinds.keys) == Set(codes + own))
        for (code, kind) in RemoteErrors.kinds {
            #expect(
                await fault(#"{"errorId":1,"errorCode":"\#(code)","errorDescription":"x"}"#)?.kind == kind, "\(code)")
        }
        #expect(await fault(#"{"errorId":7,"errorCode":"ERROR_NEW"}"#) == Fault(.protocolError, "ERROR_NEW"))
    }

    @Test("A refusal names the task's field where the other host does")
    func fields() async {
        let sentence = #""task.body: The image is damaged.""#
        let body = #"{"errorId":1,"errorCode":"ERROR_BAD_PARAMETERS","errorDescription":\#(sentence)}"#
        #expect(await fault(body, fields: ["body": "x"])?.kind == .badTask(field: "body"))
        #expect(await fault(body)?.kind == .badTask(field: nil))
    }

    @Test(
        "Answers that make no sense, and those of something before the other host",
        arguments: [
            (200, "", "protocolError"), (200, "<html>", "protocolError"), (200, "[]", "protocolError"),
            (200, "{}", "protocolError"), (502, "<html>", "transport"), (503, "{}", "transport"),
            (404, "", "transport"), (200, #"{"errorId":0}"#, "protocolError"),
            (200, #"{"errorId":0,"status":"ready"}"#, "protocolError"),
            (401, #"{"errorId":1,"errorCode":"ERROR_KEY_DOES_NOT_EXIST"}"#, "invalidKey"),
        ])
    func nonsense(_ status: Int, _ body: String, _ label: String) async {
        #expect(await fault(body, status: status)?.label == label)
    }

    @Test("Without a key nothing is sent")
    func keyless() async throws {
        let script = Script()
        let task = TaskRequest(family: .altcha, fields: [:], credential: nil, secondsLeft: 12)
        await #expect { try await remote().submit(task, call: script.call("{}")) } throws: {
            ($0 as? Fault)?.kind == .invalidKey
        }
        #expect(script.requests.isEmpty)
    }
}
