import Foundation
public import ProviderKit

/// A small HTTP/1.1 client over one connection to loopback, with as little between it and the socket as possible.
/// Blocks its thread.
public final class LoopbackHTTP {
    private let socket: Int32
    private var buffer: [UInt8] = []

    public struct Answer: Sendable {
        public let status: Int
        public let headers: [String: String]
        public let body: [UInt8]

        public var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// - Throws: `TestFailure` when nobody listens.
    public init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // All properties are set: `deinit` closes the socket after a throw too.
        guard connected == 0 else { throw TestFailure("No connection to port \(port)") }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        Glibc.close(socket)
    }

    public func post(_ path: String, _ body: JSONValue) throws -> Answer {
        try send("POST", path, body.bytes)
    }

    public func get(_ path: String) throws -> Answer {
        try send("GET", path, [])
    }

    /// Asks with an API key in the header.
    public func get(_ path: String, key: String) throws -> Answer {
        try write(Array("GET \(path) HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer \(key)\r\n\r\n".utf8))
        return try answer()
    }

    public func send(
        _ method: String, _ path: String, _ body: [UInt8], headers: [(String, String)] = []
    ) throws -> Answer {
        let lines = [("host", "localhost"), ("content-length", "\(body.count)")] + headers
        let head = lines.map { "\($0.0): \($0.1)\r\n" }.joined()
        try write(Array("\(method) \(path) HTTP/1.1\r\n\(head)\r\n".utf8) + body)
        return try answer()
    }

    /// Sends bytes as they are.
    public func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestFailure("The connection broke while sending.") }
            sent += count
        }
    }

    /// Reads one answer.
    public func answer() throws -> Answer {
        var end = headEnd()
        while end == nil {
            try receive()
            end = headEnd()
        }
        let lines = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self).components(separatedBy: "\r\n")
        buffer.removeFirst((end ?? 0) + 4)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < length { try receive() }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return Answer(
            status: Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0, headers: headers, body: body)
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...buffer.count - 4).first { Array(buffer[$0..<$0 + 4]) == [13, 10, 13, 10] }
    }

    private func receive() throws {
        var chunk = [UInt8](repeating: 0, count: 16384)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { throw TestFailure("The connection ended before the answer was complete.") }
        buffer.append(contentsOf: chunk.prefix(count))
    }
}
