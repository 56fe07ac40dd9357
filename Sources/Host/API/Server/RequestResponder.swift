public import Domain
public import NIOCore
import NIOHTTP1

/// What answers the requests of a server.
public protocol RequestResponder: Sendable {
    /// Answers one complete request. The connection's next request waits for it.
    func respond(to request: ServerRequest) async -> ServerResponse

    /// The answer to a request that is not carried out: one that is refused before it is complete, because it is too
    /// large, too slow or too much, after which the connection is closed; or a complete one whose address has sent too
    /// many. It is to cost less than the request would.
    ///
    /// - Parameter request: what is known of it, which may lack its body, its header lines and the end of its query;
    ///   nil when it was refused before a part of its target was known.
    func refuse(_ error: ClientError, _ request: ServerRequest?) -> ServerResponse
}

extension RequestResponder {
    /// The error's text under its documented HTTP status.
    public func refuse(_ error: ClientError, _ request: ServerRequest?) -> ServerResponse {
        ServerResponse(status: error.code.httpStatus, text: error.description + "\n")
    }
}

/// One complete request.
public struct ServerRequest: Sendable {
    /// The method in capitals: `POST`.
    public let method: String
    /// The path without query, percent escapes decoded, repeated slashes and what trails it removed: `/createTask`.
    public let path: String
    /// What follows the first question mark, undecoded; empty without one.
    public let query: String
    /// The body; empty without one.
    public let body: ByteBuffer
    /// Where it comes from, by the word of proxies that are trusted; nil for a caller without an address.
    public let address: IPAddress?
    private let headers: HTTPHeaders

    init(head: HTTPRequestHead, path: RequestPath, body: ByteBuffer, address: IPAddress? = nil) {
        method = head.method.rawValue
        self.path = path.path
        query = path.query
        self.body = body
        self.address = address
        headers = head.headers
    }

    /// The first header line with this name, in any case.
    public func header(_ name: String) -> String? {
        headers.first(name: name)
    }

    /// Every header line with this name, in any case, in their order.
    public func headers(_ name: String) -> [String] {
        headers[name]
    }
}

/// The answer to a request.
public struct ServerResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header line of that name.
    public var contentType: String
    /// Further header lines: name and value.
    public var headers: [(name: String, value: String)] = []
    /// The body; a HEAD request gets its length only.
    public var body: ByteBuffer
    /// The methods that there are at the path, for the header `Allow`; without any there is no such header.
    public var allowedMethods: [String] = []
    /// Whether the connection ends with this answer.
    public var closesConnection = false

    /// A body that is written already.
    public init(status: Int = 200, contentType: String = ServerResponse.json, body: ByteBuffer) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A plain text.
    public init(status: Int = 200, text: String) {
        self.init(status: status, contentType: ServerResponse.plainText, body: ByteBuffer(string: text))
    }

    /// Bytes of this type.
    public init(status: Int = 200, contentType: String = ServerResponse.json, bytes: [UInt8]) {
        self.init(status: status, contentType: contentType, body: ByteBuffer(bytes: bytes))
    }

    /// The content type of JSON.
    public static let json = "application/json"
    /// The content type of `init(status:text:)`.
    public static let plainText = "text/plain; charset=utf-8"
}
