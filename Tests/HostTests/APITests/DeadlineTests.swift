import Domain
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Observability
import Testing

@testable import API

/// Deadlines on a clock of the test's own. The connection has the handlers of a real one.
@Suite("Clients that are too slow")
struct DeadlineTests {
    private let channel = EmbeddedChannel()
    private let connections: Gauge

    init() throws {
        var limits = ServerLimits.client
        limits.headSeconds = 10
        limits.bodySeconds = 20
        limits.idleSeconds = 60
        limits.lingerSeconds = 2
        limits.crowdedIdleSeconds = 5
        limits.connections = 4
        connections = MetricsRegistry().gauge("c", "")
        let server = ServerContext(responder: Echo(), limits: limits, connections: connections)
        try channel.pipeline.syncOperations.addHandler(HalfClose())
        try ConnectionSetup(server: server).install(on: channel.pipeline.syncOperations)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// An embedded channel closes as a whole when its output is closed; a socket does not.
    private final class HalfClose: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
        }
    }

    private struct Echo: RequestResponder {
        func respond(to request: ServerRequest) async -> ServerResponse {
            ServerResponse(text: request.path)
        }
    }

    private func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    private func pass(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    private func received() throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
        return text
    }

    @Test("A connection that stays silent is closed after the idle time")
    func idle() throws {
        pass(59)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
        #expect(try received().isEmpty)
    }

    @Test("The idle time starts anew with each answer")
    func idleAfterAnswer() throws {
        pass(50)
        try send("GET /a HTTP/1.1\r\n\r\n")
        #expect(try received().hasSuffix("/a"))
        pass(59)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("When three quarters of the connections are taken, silent ones are closed after a short time")
    func crowded() throws {
        pass(14)
        #expect(channel.isActive)
        connections.set(4)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("A head that comes byte by byte is timed from its first byte, and told so")
    func slowHead() throws {
        try send("GET /a HTTP/1.1\r\n\r\n")
        _ = try received()
        pass(30)
        for byte in "GET /aaaaa" {
            #expect(channel.isActive)
            #expect(try received().isEmpty)
            try send(String(byte))
            pass(1)
        }
        #expect(try received().hasPrefix("HTTP/1.1 408 "))
        pass(2)
        #expect(!channel.isActive)
    }

    @Test("Blank lines before a request do not stretch its time")
    func blankLines() throws {
        for _ in 0..<10 {
            #expect(channel.isActive)
            try send("\r\n")
            pass(1)
        }
        #expect(try received().hasPrefix("HTTP/1.1 408 "))
        pass(2)
        #expect(!channel.isActive)
    }

    @Test("A body that comes drop by drop is told so after its time, and the connection closed")
    func slowBody() throws {
        try send("POST /a HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
        for _ in 0..<20 {
            #expect(try received().isEmpty)
            try send("x")
            pass(1)
        }
        let answer = try received()
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        #expect(answer.contains("connection: close\r\n"))
        #expect(answer.contains(ErrorCode.requestTimeout.sentence))
        #expect(channel.isActive)
        try send("x")
        pass(2)
        #expect(!channel.isActive)
        #expect(try received().isEmpty)
    }

    @Test("A slow request that is in time is answered, and the next one has its full time")
    func inTime() throws {
        for _ in 0..<3 {
            try send("POST /a HTTP/1.1\r\n")
            pass(9)
            try send("Content-Length: 2\r\n\r\n")
            pass(19)
            try send("x")
            #expect(try received().isEmpty)
            try send("x")
            #expect(try received().hasSuffix("/a"))
        }
        pass(59)
        #expect(channel.isActive)
    }

    @Test("A connection that is being closed is closed at the latest after the time for lingering")
    func lingering() throws {
        try send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")
        #expect(try received().hasSuffix("/a"))
        pass(1)
        #expect(channel.isActive)
        try send("GET /b HTTP/1.1\r\n\r\n")
        pass(1)
        #expect(!channel.isActive)
        #expect(try received().isEmpty)
    }
}
