import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// Prepares the connections that Hummingbird's server accepts.
///
/// Hummingbird's own HTTP channel hands every part of a request through an asynchronous sequence and converts its
/// header lines; gathering requests on the event loop instead takes a third off the processor time of a small
/// request, and puts all limits and deadlines in one place.
struct ConnectionSetup: ServerChildChannel {
    struct Connection: ServerChildChannelValue {
        let channel: any Channel
    }

    let server: ServerContext
    /// With what the connections speak TLS; nil: they do not.
    var certificate: ServerCertificate?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let certificate { try pipeline.addHandler(NIOSSLServerHandler(context: certificate.context)) }
            try install(on: pipeline)
            return Connection(channel: channel)
        }
    }

    func install(on pipeline: ChannelPipeline.SynchronousOperations) throws {
        // Behind TLS: what it times are requests, and before them the handshake.
        let heads = RequestHeads(server: server)
        let deadlines = ConnectionDeadlines(server: server, heads: heads, awaitsHandshake: certificate != nil)
        // Of one request's line and header lines, which have bounds of their own, the decoder knows the sum alone.
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = server.limits.lineBytes + server.limits.headerBytes
        decoder.maxHeaderListSize = server.limits.lineBytes + server.limits.headerBytes
        decoder.maxHeaderFieldCount = server.limits.headerCount
        // A client that sends requests but fetches no answers is not read from until it does.
        try pipeline.addHandler(BackPressureHandler())
        try pipeline.addHandler(deadlines)
        try pipeline.addHandler(heads)
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)))
        try pipeline.addHandler(DecodedParts(heads))
        try pipeline.addHandler(HTTPServerPipelineHandler())
        try pipeline.addHandler(ConnectionHandler(server: server, heads: heads, deadlines: deadlines))
    }

    func handle(value: Connection, logger: Logger) async {
        await withTaskCancellationHandler {
            try? await value.channel.closeFuture.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}
