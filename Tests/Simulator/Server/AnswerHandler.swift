import Glibc
import NIOCore
import NIOHTTP1

/// Collects one request, asks for its answer and delivers it, well or badly.
final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bytes of the largest body.
    private static let largestBody = 8_000_000

    private let respond: @Sendable (SimulatedRequest) -> SimulatedAnswer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ respond: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer) {
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer):
            body.append(contentsOf: buffer.readableBytesView)
            if body.count > AnswerHandler.largestBody { context.close(promise: nil) }
        case .end:
            guard let head else { return }
            var headers: [String: String] = [:]
            for (name, value) in head.headers { headers[name.lowercased()] = value }
            let answer = respond(
                SimulatedRequest(head.method.rawValue, head.uri, headers: headers, body: body))
            body = []
            guard answer.delay > 0 else { return deliver(answer, head, context) }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(Int64(answer.delay * 1000))) {
                bound.value.0.deliver(answer, head, bound.value.1)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func deliver(_ answer: SimulatedAnswer, _ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        switch answer.delivery {
        case .stalled: return
        case .reset: return reset(context)
        case .whole, .cut: break
        }
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        head.headers.add(name: "content-type", value: answer.contentType)
        head.headers.add(name: "content-length", value: String(answer.body.count))
        if !request.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let part = answer.delivery == .cut ? answer.body.prefix(answer.body.count / 2) : answer.body[...]
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: part)))), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        if answer.delivery == .cut {
            context.flush()
            return context.close(promise: nil)
        }
        let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !request.isKeepAlive { done.whenComplete { _ in bound.value.close(promise: nil) } }
    }

    /// Closes so that the peer sees a reset, not an end.
    private func reset(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        guard let socket = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in bound.value.close(promise: nil) }
    }
}
