import Foundation
public import ProviderKit

/// What the host would lend to an operation: answers that the test wrote, one for each request, and a record of what
/// was asked for.
public final class ScriptedCall: Call, @unchecked Sendable {
    /// An answer, or why there is none.
    public enum Reply: Sendable {
        case response(HTTPResponse)
        case failure(HTTPFailure)

        /// JSON with this status.
        public static func json(_ text: String, status: Int = 200) -> Reply {
            .response(HTTPResponse(status: status, body: Array(text.utf8)))
        }
    }

    /// 2026-01-01 at midnight.
    public static let now: Int64 = 1_767_225_600

    private let lock = NSLock()
    private var replies: [Reply]
    private var sent: [HTTPRequest] = []
    private var lines: [String] = []

    public init(_ replies: Reply...) {
        self.replies = replies
    }

    /// The requests so far.
    public var requests: [HTTPRequest] { lock.withLock { sent } }
    /// The lines that were logged.
    public var log: [String] { lock.withLock { lines } }

    public func http(_ request: HTTPRequest) async throws -> HTTPResponse {
        let reply: Reply? = lock.withLock {
            sent.append(request)
            return replies.isEmpty ? nil : replies.removeFirst()
        }
        switch reply {
        case .response(let response): return response
        case .failure(let failure): throw failure
        case nil: throw HTTPFailure(.refused, sent: .no, "the test wrote no further answer")
        }
    }

    public func sleep(seconds: Double) async {}
    public var monotonicSeconds: Double { 0 }
    public var unixMilliseconds: Int64 { ScriptedCall.now * 1000 }

    public func log(_ level: LogLevel, _ message: String) {
        lock.withLock { lines.append(message) }
    }
}

extension HTTPRequest {
    /// The JSON of the body, its members in alphabetical order.
    public var json: JSONValue? { (try? JSONValue(parsing: body))?.sorted }

    /// What follows the origin in the URL.
    public var path: String {
        guard let start = url.range(of: "://")?.upperBound, let slash = url[start...].firstIndex(of: "/") else {
            return "/"
        }
        return String(url[slash...])
    }
}

extension JSONValue {
    /// The same with the members of all objects in alphabetical order, so that their order does not count.
    public var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { .init($0.name, $0.value.sorted) }.sorted { $0.name < $1.name }))
        default: self
        }
    }
}
