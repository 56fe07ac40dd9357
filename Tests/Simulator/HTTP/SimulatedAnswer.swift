public import ProviderKit

/// What a vendor does with a request: the answer, and how it is delivered.
public struct SimulatedAnswer: Sendable, Hashable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]
    public var delivery: Delivery = .whole
    /// Real seconds from the request to the answer.
    public var delay: Double = 0

    /// How an answer goes out.
    public enum Delivery: String, Sendable, Hashable {
        case whole
        /// The head promises the whole body, half of it comes, and the connection is closed.
        case cut
        /// The connection is reset and nothing is answered.
        case reset
        /// Nothing ever comes, and the connection stays open.
        case stalled
    }

    init(_ status: Int, _ contentType: String, _ body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func json(_ value: JSONValue, status: Int = 200) -> SimulatedAnswer {
        SimulatedAnswer(status, "application/json; charset=utf-8", value.bytes)
    }

    static func text(_ text: String, status: Int = 200) -> SimulatedAnswer {
        SimulatedAnswer(status, "text/html; charset=utf-8", Array(text.utf8))
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null when it is none.
    public var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}
