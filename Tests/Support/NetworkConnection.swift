internal import Foundation

/// A connection as the server of a test sees it. For one thread.
public final class NetworkConnection {
    /// A request as it came in.
    public struct Request: Sendable {
        public let head: String
        public let body: [UInt8]

        /// Method, target and version.
        public var line: String { String(head.prefix { $0 != "\r\n" }) }

        /// The first header of this name, in any case.
        public func header(_ name: String) -> String? {
            let start = name.lowercased() + ":"
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(start) }
            return line.map { $0.dropFirst(start.count).trimmingCharacters(in: .whitespaces) }
        }
    }

    private let descriptor: Int32
    private let events: NetworkEvents
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32, _ events: NetworkEvents) {
        self.descriptor = descriptor
        self.events = events
    }

    /// Reads one request with its body; nil when the other side is done.
    public func request() -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.upperBound], as: UTF8.self)
                let length = Request(head: head, body: []).header("content-length").flatMap { Int($0) } ?? 0
                while buffer.count < range.upperBound + length { guard fill() else { return nil } }
                let body = Array(buffer[range.upperBound..<(range.upperBound + length)])
                buffer.removeFirst(range.upperBound + length)
                events.note("request")
                return Request(head: head, body: body)
            }
            guard fill() else { return nil }
        }
    }

    /// Waits for any byte; false when there is none to come.
    public func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer.append(contentsOf: chunk[..<count])
        return true
    }

    /// Waits until the other side has closed.
    public func waitForEnd() {
        while fill() { buffer.removeAll() }
        events.note("end")
    }

    /// Sends nothing more, which the other side sees as an end; `finished` is noted.
    public func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        events.note("finished")
    }

    /// Sends bytes; false when the other side no longer listens.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// A whole response with its length.
    @discardableResult
    public func respond(_ body: [UInt8], status: String = "200 OK", headers: String = "") -> Bool {
        send(Array("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
    }

    @discardableResult
    public func respond(_ body: String = "ok", status: String = "200 OK", headers: String = "") -> Bool {
        respond(Array(body.utf8), status: status, headers: headers)
    }

    /// Answers every request the same way until the other side is done.
    public func respondAlways(_ body: String = "ok") {
        while request() != nil { guard respond(body) else { return } }
    }
}
