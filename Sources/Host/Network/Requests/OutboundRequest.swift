public import ProviderKit

/// A request that is ready to be sent: keys are filled in, and its origin is one that the caller may reach.
///
/// It describes itself by method and origin only, since the rest may hold a key.
public struct OutboundRequest: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// GET, HEAD, POST, PUT, PATCH or DELETE; a body goes with the last four.
    public var method: String
    /// An absolute `http` or `https` URL without user name and password. What isn't ASCII is percent-encoded.
    public var url: String
    /// The transport adds and refuses those that belong to the connection: such as `Host` and `Content-Length`.
    public var headers: [HTTPRequest.Header]
    /// At most `Limits.outboundBodyBytes`.
    public var body: [UInt8]
    /// How long the exchange may take as a whole, waiting for its turn included, in seconds. What is outside
    /// 0.1...`Limits.exchangeSeconds` is brought into it.
    public var timeoutSeconds: Double

    /// A request of these parts; they are checked when it is sent.
    public init(
        method: String = "GET", url: String, headers: [HTTPRequest.Header] = [], body: [UInt8] = [],
        timeoutSeconds: Double = 30
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
    }

    /// An adapter's request as it is; its `addressField` is for whoever chooses the transport.
    public init(_ request: HTTPRequest) {
        self.init(
            method: request.method, url: request.url, headers: request.headers, body: request.body,
            timeoutSeconds: request.timeoutSeconds)
    }

    /// Method and origin.
    public var description: String {
        let origin = (try? Origin(of: url))?.description ?? "an unreadable URL"
        return "\(HTTPMethod(rawValue: method)?.rawValue ?? "a request") to \(origin)"
    }

    /// Method and origin.
    public var debugDescription: String { description }
    /// Empty, so that `dump` shows no more than the description.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
