internal import Foundation
private import Synchronization

/// A server of plain bytes for one test: each connection is served by the test's own closure on a thread of its own.
///
/// It listens on loopback or on a socket in the file system, until `close()`.
public final class NetworkPeer: Sendable {
    /// 0 when the peer listens in the file system.
    public let port: Int
    /// `connection` is noted for each connection, `request` for each request that was read whole.
    public let events = NetworkEvents()
    private let listener: Int32
    private let isOpen = Mutex(true)

    public var url: String { "http://127.0.0.1:\(port)" }
    public var connections: Int { events.count("connection") }
    public var requests: Int { events.count("request") }

    /// Listens on 127.0.0.1, on all addresses of the machine, or at `path`.
    ///
    /// - Parameter port: 0 for one that is free.
    public init(
        at path: String? = nil, port: Int = 0, anyAddress: Bool = false,
        _ serve: @escaping @Sendable (NetworkConnection) -> Void
    ) throws {
        let listener = socket(path == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.port =
            try path.map { try Self.listen(listener, at: $0) }
            ?? Self.listen(listener, on: anyAddress ? 0 : 0x7F00_0001, port: port)
        self.listener = listener
        let events = events
        Thread.detachNewThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0, errno == EINVAL { break }
                guard descriptor >= 0 else { continue }
                events.note("connection")
                Thread.detachNewThread {
                    serve(NetworkConnection(descriptor, events))
                    Glibc.close(descriptor)
                }
            }
            // Nobody else closes it: its number would soon be that of another listener, and this loop might take a
            // connection of that one.
            Glibc.close(listener)
        }
    }

    /// Takes no further connection.
    public func close() {
        isOpen.withLock { isOpen in
            if isOpen { shutdown(listener, Int32(SHUT_RDWR)) }
            isOpen = false
        }
    }

    /// A port of loopback on which nobody listens.
    public static func unusedPort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(descriptor) }
        return try listen(descriptor, on: 0x7F00_0001, port: 0)
    }

    private static func listen(_ descriptor: Int32, on number: UInt32, port: Int) throws -> Int {
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(number).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
            guard let base = bytes.bindMemory(to: sockaddr.self).baseAddress else { return -1 }
            guard bind(descriptor, base, length) == 0, Glibc.listen(descriptor, 512) == 0 else { return -1 }
            return getsockname(descriptor, base, &length)
        }
        guard status == 0 else { throw POSIXError(.EADDRINUSE) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func listen(_ descriptor: Int32, at path: String) throws -> Int {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
            guard let base = bytes.bindMemory(to: sockaddr.self).baseAddress else { return -1 }
            guard bind(descriptor, base, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 else { return -1 }
            return Glibc.listen(descriptor, 16)
        }
        guard status == 0 else { throw POSIXError(.EADDRINUSE) }
        return 0
    }
}
