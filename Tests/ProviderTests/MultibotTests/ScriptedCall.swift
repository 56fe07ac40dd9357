import ProviderKit
import Synchronization

@testable import Multibot

/// What the host would lend: replies that the test wrote, and a record of what was asked.
final class ScriptedCall: Call {
    private let replies: Mutex<[Result<HTTPResponse, HTTPFailure>]>
    private let sent = Mutex<[HTTPRequest]>([])

    init(_ replies: Result<HTTPResponse, HTTPFailure>...) {
        self.replies = Mutex(replies)
    }

    /// Answers with these texts, one after the other.
    convenience init(_ body: String, status: Int = 200, headers: [HTTPRequest.Header] = []) {
        self.init(.success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
    }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func http(_ request: HTTPRequest) async throws -> HTTPResponse {
        sent.withLock { $0.append(request) }
        let reply = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let reply else { throw HTTPFailure(.refused, sent: .no, "no further request was expected") }
        return try reply.get()
    }

    func sleep(seconds: Double) async {}
    var monotonicSeconds: Double { 0 }
    var unixMilliseconds: Int64 { 0 }
    func log(_ level: LogLevel, _ message: String) {}
}

let credential = Credential(placeholder: "ucred_00000000000000000000000000000001")

extension MultibotAdapter {
    static let usual = MultibotAdapter(settings: AdapterSettings(name: "multibot"))

    func submit(_ family: TaskFamily, _ fields: JSONObject, _ call: ScriptedCall) async throws -> SubmitResult {
        try await submit(
            TaskRequest(family: family, fields: fields, credential: credential, secondsLeft: 60), call: call)
    }

    func poll(_ family: TaskFamily, id: String = "77", _ call: ScriptedCall) async throws -> PollResult {
        try await poll(Ticket(id: id, family: family, credential: credential), call: call)
    }
}

/// A task that every answer can be tried with.
let site: JSONObject = ["websiteURL": "https://a.example/", "websiteKey": "K"]

/// The fault that the operation throws; nil when it throws none.
func fault(_ operation: () async throws -> Void) async -> Fault? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? Fault
    }
}
