import Domain
import NIOCore
import NIOEmbedded
import Observability
import Testing

@testable import API

@Suite("Parts of a server's connections")
struct ServerPartsTests {
    /// Counts the reads that reach the socket.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
        }
    }

    /// Sees the errors that nobody before it dealt with.
    private final class ErrorCounter: ChannelInboundHandler {
        typealias InboundIn = any Channel
        var errors = 0

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            errors += 1
        }
    }

    private struct Answer: RequestResponder {
        func respond(to request: ServerRequest) async -> ServerResponse {
            ServerResponse(text: "x")
        }
    }

    @Test("A listener survives a lack of descriptors: accepting pauses and goes on")
    func acceptFailures() throws {
        let channel = EmbeddedChannel()
        let errors = ErrorCounter()
        try channel.pipeline.syncOperations.addHandlers([AcceptFailures(logger: quietLogger), errors])
        for _ in 0..<3 { channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept")) }
        #expect(errors.errors == 0)
        #expect(reading(channel) == false)
        channel.embeddedEventLoop.advanceTime(by: .duration(seconds: Limits.acceptPauseSeconds))
        #expect(reading(channel) == true)
        channel.pipeline.fireErrorCaught(ChannelError.ioOnClosedChannel)
        #expect(errors.errors == 1)
    }

    /// The value that the option was last set to.
    private func reading(_ channel: EmbeddedChannel) -> Bool? {
        channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
    }

    @Test("A client that fetches no answers is not read from until it does")
    func backPressure() throws {
        let channel = EmbeddedChannel()
        let reads = ReadCounter()
        try channel.pipeline.syncOperations.addHandler(reads)
        let server = ServerContext(
            responder: Answer(), limits: .client, connections: MetricsRegistry().gauge("connections", ""))
        try ConnectionSetup(server: server).install(on: channel.pipeline.syncOperations)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let before = reads.reads
        channel.read()
        #expect(reads.reads == before + 1)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.read()
        #expect(reads.reads == before + 1)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(reads.reads == before + 2)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test("Connections are counted while they are open")
    func connectionGauge() throws {
        let gauge = MetricsRegistry().gauge("connections", "")
        let server = ServerContext(responder: Answer(), limits: .client, connections: gauge)
        let channels = try (0..<3).map { _ in
            let channel = EmbeddedChannel()
            try ConnectionSetup(server: server).install(on: channel.pipeline.syncOperations)
            return channel
        }
        #expect(gauge.value == 3)
        for channel in channels { _ = try channel.finish(acceptAlreadyClosed: true) }
        #expect(gauge.value == 0)
    }
}
