import ProviderKit
import Synchronization

/// What the host lends to an operation, for tests: replies that the test wrote, and a record of what was asked.
/// Nothing is sent.
final class ScriptedCall: Call {
    private let replies: Mutex<[Result<HTTPResponse, HTTPFailure>]>
    private let sent = Mutex<[HTTPRequest]>([])

    init(_ replies: Result<HTTPResponse, HTTPFailure>...) {
        self.replies = Mutex(replies)
    }

    /// Answers once, with this body.
    convenience init(_ body: String, status: Int = 200, headers: [HTTPRequest.Header] = []) {
        self.init(.success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
    }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func http(_ request: HTTPRequest) async throws -> HTTPResponse {
        sent.withLock { $0.append(request) }
        let reply = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let reply else {
            throw HTTPFailure(.refused, sent: .no, "The test expects no further request.")
        }
        return try reply.get()
    }

    func sleep(seconds: Double) async {}
    var monotonicSeconds: Double { 0 }
    var unixMilliseconds: Int64 { 0 }
    func log(_ level: LogLevel, _ message: String) {}
}
