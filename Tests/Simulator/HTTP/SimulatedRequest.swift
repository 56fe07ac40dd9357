import Foundation
public import ProviderKit

/// An HTTP request as a vendor gets it.
public struct SimulatedRequest: Sendable, Hashable {
    public var method: String
    /// The path without its query.
    public var path: String
    /// The query without its question mark.
    public var query: String
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]

    /// - Parameter target: the path with its query.
    public init(_ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : ""
        self.headers = headers
        self.body = body
    }

    /// A POST of a JSON body.
    public static func post(_ path: String, _ json: JSONValue) -> SimulatedRequest {
        SimulatedRequest("POST", path, headers: ["content-type": "application/json"], body: json.bytes)
    }

    /// A POST of a form.
    public static func form(_ path: String, _ fields: [String: String]) -> SimulatedRequest {
        let text = fields.sorted { $0.key < $1.key }.map { "\(FormText.encoded($0.key))=\(FormText.encoded($0.value))" }
            .joined(separator: "&")
        return SimulatedRequest(
            "POST", path, headers: ["content-type": "application/x-www-form-urlencoded"], body: Array(text.utf8))
    }

    /// The path in lower case, without doubled slashes, blanks and a slash at the end.
    var plainPath: String {
        let parts = path.split(separator: "/").map {
            ($0.removingPercentEncoding ?? String($0)).trimmingCharacters(in: .whitespaces)
        }
        return "/" + parts.filter { !$0.isEmpty }.joined(separator: "/")
    }

    /// The body as JSON; nil when it is none.
    var json: JSONValue? { try? JSONValue(parsing: body) }
}
