internal import Domain
internal import ProviderKit

enum HTTPMethod: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    var takesBody: Bool { self != .get && self != .head }
}

/// A request of which every byte has been looked at, in the form that libcurl takes.
struct CheckedRequest: Sendable {
    let method: HTTPMethod
    let url: ParsedURL
    /// `Name: value`, or `Name;` for an empty value, as libcurl wants it.
    let headerLines: [String]
    let body: [UInt8]
    let timeoutSeconds: Double

    var origin: Origin { url.origin }
    /// What the request occupies while it waits.
    var byteCount: Int { body.count + headerLines.reduce(0) { $0 + $1.utf8.count } }
}

/// Decides whether a request may be sent at all, before anything is done with it.
enum RequestCheck {
    static let urlBytes = Limits.outboundURLBytes

    /// Headers that belong to the connection or follow from the body; a caller that sets one could make two requests of
    /// one, or switch off what the transport relies on.
    private static let reserved: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "http2-settings", "keep-alive",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    static func check(
        _ request: OutboundRequest, longest: Double = Limits.exchangeSeconds
    ) throws(HTTPFailure) -> CheckedRequest {
        guard let method = HTTPMethod(rawValue: request.method) else {
            throw refusal("The method must be GET, HEAD, POST, PUT, PATCH or DELETE.")
        }
        guard method.takesBody || request.body.isEmpty else {
            throw refusal("A \(method.rawValue) request can't have a body.")
        }
        guard request.body.count <= Limits.outboundBodyBytes else {
            throw refusal("The request's body is larger than \(Limits.outboundBodyBytes) bytes.")
        }
        let lines = try headerLines(request.headers, method)
        return CheckedRequest(
            method: method, url: try ParsedURL(request.url), headerLines: lines, body: request.body,
            timeoutSeconds: request.timeoutSeconds.isNaN ? longest : min(max(request.timeoutSeconds, 0.1), longest))
    }

    private static func headerLines(
        _ headers: [HTTPRequest.Header], _ method: HTTPMethod
    ) throws(HTTPFailure) -> [String] {
        guard headers.count <= Limits.outboundHeaderCount,
            headers.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) <= Limits.outboundHeaderBytes
        else {
            throw refusal(
                "A request takes \(Limits.outboundHeaderCount) headers of \(Limits.outboundHeaderBytes) bytes together."
            )
        }
        var lines: [String] = []
        var names: Set<String> = []
        for header in headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(isToken) else {
                throw refusal("A header's name has a character that isn't allowed there.")
            }
            let name = header.name.lowercased()
            guard !reserved.contains(name) else {
                throw refusal("The header \(name) is set by the host; leave it out.")
            }
            guard header.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw refusal("The value of the header \(name) has a control character in it.")
            }
            names.insert(name)
            let isBlank = header.value.utf8.allSatisfy { $0 == 0x09 || $0 == 0x20 }
            lines.append(isBlank ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        // A name without a value removes what libcurl would add by itself: a wait for "100 Continue" before a large
        // body, and a form's content type.
        lines.append("Expect:")
        if method.takesBody && !names.contains("content-type") { lines.append("Content-Type:") }
        if !names.contains("user-agent") { lines.append("User-Agent: ucaptcha") }
        return lines
    }

    private static func refusal(_ sentence: String) -> HTTPFailure { HTTPFailure(.refused, sent: .no, sentence) }

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: tokenMarks.contains(byte)
        }
    }
}
