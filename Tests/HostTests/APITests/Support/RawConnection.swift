import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import ProviderKit
import Synchronization
import TestSupport

@testable import API

/// A connection that sends exactly the bytes it is told to and takes answers apart. It closes itself when the
/// tests' patience ends, so that a test that waits in vain fails.
final class RawConnection: Sendable {
    struct Ended: Error {}

    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func open(_ address: ServerAddress, halfClosing: Bool = true) async throws -> RawConnection {
        try await open(address, halfClosing: halfClosing, tls: nil)
    }

    /// A connection that speaks TLS with a server called `localhost`, whose certificate has to be of this authority.
    static func open(
        _ address: ServerAddress, trusting authority: [UInt8], version: TLSVersion? = nil, protocols: [String] = []
    ) async throws -> RawConnection {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authority))
        configuration.applicationProtocols = protocols
        if let version {
            configuration.minimumTLSVersion = version
            configuration.maximumTLSVersion = version
        }
        return try await open(address, halfClosing: true, tls: try NIOSSLContext(configuration: configuration))
    }

    /// What ALPN has agreed on; nil until the handshake is over, or without it.
    var agreedProtocol: String? { inbox.agreedProtocol.withLock { $0 } }

    private static func open(
        _ address: ServerAddress, halfClosing: Bool, tls: NIOSSLContext?
    ) async throws -> RawConnection {
        let inbox = Inbox()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Int64(patience)))
            .channelOption(.allowRemoteHalfClosure, value: halfClosing)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            try NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(inbox))
                }
            }
        let channel =
            switch address {
            case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
            case .unixSocket(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        channel.eventLoop.scheduleTask(in: .seconds(Int64(patience))) { channel.close(promise: nil) }
        return RawConnection(channel: channel, inbox: inbox)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Ends what this side sends.
    func finishSending() async throws {
        try await channel.close(mode: .output)
    }

    func close() async {
        try? await channel.close()
    }

    /// The next answer.
    ///
    /// - Throws: `Ended` when the connection ends before it is complete.
    func response(toHEAD: Bool = false) async throws -> RawResponse {
        var head = ""
        while !head.hasSuffix("\r\n\r\n") { head += String(decoding: try await inbox.take(1), as: UTF8.self) }
        var response = RawResponse(head: head)
        let length = response.headers["content-length"].flatMap { Int($0) } ?? 0
        if !toHEAD { response.body = String(decoding: try await inbox.take(length), as: UTF8.self) }
        return response
    }

    /// Everything that comes until the server closes.
    func rest() async -> String {
        await inbox.rest()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let inbox: Inbox

        init(_ inbox: Inbox) {
            self.inbox = inbox
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            inbox.continuation.yield(Array(bytes.readableBytesView))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { inbox.continuation.finish() }
            if case .handshakeCompleted(let agreed)? = event as? TLSUserEvent {
                inbox.agreedProtocol.withLock { $0 = agreed }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            inbox.continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

/// What arrived and was not yet taken.
private actor Inbox {
    nonisolated let agreedProtocol = Mutex<String?>(nil)
    nonisolated let continuation: AsyncStream<[UInt8]>.Continuation
    private let stream: AsyncStream<[UInt8]>
    private var bytes: [UInt8] = []
    private var offset = 0

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func take(_ count: Int) async throws -> ArraySlice<UInt8> {
        while bytes.count - offset < count {
            guard await receive() else { throw RawConnection.Ended() }
        }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    func rest() async -> String {
        while await receive() {}
        defer { offset = bytes.count }
        return String(decoding: bytes[offset...], as: UTF8.self)
    }

    private func receive() async -> Bool {
        var iterator = stream.makeAsyncIterator()
        guard let more = await iterator.next(isolation: self) else { return false }
        bytes += more
        return true
    }
}

/// An answer taken apart.
struct RawResponse: Sendable {
    let status: Int
    let headers: [String: String]
    var body = ""

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        let start = lines.first?.split(separator: " ") ?? []
        status = start.count > 1 && start[0] == "HTTP/1.1" ? Int(start[1]) ?? 0 : 0
        headers = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
            }, uniquingKeysWith: { $1 })
    }

    /// The body as a JSON object.
    var json: JSONObject {
        get throws { try JSONValue(parsing: body).object ?? [:] }
    }

    /// Whether it is a JSON object with `errorId` 0.
    var succeeded: Bool { (try? json["errorId"]?.integer) == 0 }

    /// `errorCode`, if the body has one.
    var errorCode: String? {
        get throws { try json["errorCode"]?.string }
    }

    /// `errorDescription`, if the body has one.
    var errorText: String {
        get throws { try json["errorDescription"]?.string ?? "" }
    }
}
