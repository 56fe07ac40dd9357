/// A request that an adapter asks the host to send.
///
/// Where the provider's key belongs (in the URL's query, a header or the body) the adapter writes the placeholder of
/// the credential; the host puts the key there at the last moment, escaped for its place, and only towards declared
/// origins.
public struct HTTPRequest: Sendable, Hashable {
    public var method: String
    /// An absolute `http` or `https` URL.
    public var url: String
    public var headers: [Header]
    public var body: [UInt8]
    /// How long the exchange may take as a whole, in seconds: 0.1...120.
    public var timeoutSeconds: Double
    /// Set when the URL is the value of this field of the task: it is fetched as an address that a client chose.
    public var addressField: String?

    public struct Header: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        method: String = "GET", url: String, headers: [Header] = [], body: [UInt8] = [], timeoutSeconds: Double = 30,
        addressField: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.addressField = addressField
    }

    /// A POST of a JSON body.
    public static func post(_ url: String, json: JSONValue, timeoutSeconds: Double = 30) -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: url, headers: [Header("content-type", "application/json")], body: json.bytes,
            timeoutSeconds: timeoutSeconds)
    }
}

/// What came back, with any HTTP status.
public struct HTTPResponse: Sendable, Hashable {
    public var status: Int
    public var headers: [HTTPRequest.Header]
    public var body: [UInt8]

    public init(status: Int, headers: [HTTPRequest.Header] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of this name, in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why no response came. Adapters usually let it pass: thrown out of an operation it counts as `Fault.Kind.transport`.
public struct HTTPFailure: Error, Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The request is not one that may be sent: bad URL, undeclared origin, private address, bad header.
        case refused
        /// No connection could be made: name, route, refused.
        case connect
        /// The peer's certificate or its TLS was not accepted.
        case tls
        /// The time ran out.
        case timeout
        /// The response was larger than the host allows.
        case tooLarge
        /// The exchange broke off.
        case interrupted
        /// The call it belonged to has ended.
        case cancelled
        /// The host has too many exchanges waiting for this origin.
        case overloaded
    }

    /// Whether the request may have reached the peer.
    public enum Sent: String, Sendable, Hashable, CaseIterable {
        case no, maybe
    }

    public var kind: Kind
    public var sent: Sent
    /// A sentence for people, without any secret.
    public var message: String

    public init(_ kind: Kind, sent: Sent, _ message: String) {
        self.kind = kind
        self.sent = sent
        self.message = message
    }
}
