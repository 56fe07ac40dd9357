import Domain
import NIOCore
import NIOHTTP1
import NIOTLS

/// Closes connections that take too long: silent ones, and those that send a request too slowly.
///
/// It sits nearest to the network, where it sees every byte, so that a head which comes in drop by drop is timed from
/// its first byte. A request that arrives in one piece, as nearly all do, costs no timer.
final class ConnectionDeadlines: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What the connection is waiting for.
    enum Phase {
        /// The end of TLS's handshake.
        case handshake
        /// The first byte of a request, or the client to fetch the last answer.
        case idle
        /// The rest of a request's head.
        case head
        /// The rest of a request's body.
        case body
        /// The answer, which is the responder's to bound.
        case responding
        /// The client to close, while what it still sends is thrown away.
        case lingering
    }

    private let server: ServerContext
    private let heads: RequestHeads
    private var limits: ServerLimits { server.limits }
    /// Called when a body is too slow. A silent connection is closed without a word.
    var onSlowBody: (() -> Void)?
    /// Called when the client sends nothing any more: what follows would tell only once the answer is written.
    var onInputClosed: (() -> Void)?
    private(set) var phase: Phase
    private var timedPhase: Phase?
    private var timer: Scheduled<Void>?
    private var idleTimer: Scheduled<Void>?
    private var idleSince = NIODeadline.now()
    private var context: ChannelHandlerContext?

    init(server: ServerContext, heads: RequestHeads, awaitsHandshake: Bool = false) {
        self.server = server
        self.heads = heads
        phase = awaitsHandshake ? .handshake : .idle
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        idleSince = context.eventLoop.now
        watchIdle(context)
        settle()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        stop()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if phase == .handshake, case .handshakeCompleted? = event as? TLSUserEvent {
            enter(.idle)
            settle()
        }
        if event as? ChannelEvent == .inputClosed { onInputClosed?() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if phase == .idle { phase = .head }
        // What still comes after the last answer is nobody's.
        guard phase != .lingering else { return }
        context.fireChannelRead(data)
        settle()
    }

    /// Tells what the connection waits for from now on. The timer follows at the next `settle`.
    func enter(_ phase: Phase) {
        self.phase = phase
        if phase == .idle, let context { idleSince = context.eventLoop.now }
    }

    /// Starts or stops the timer as the phase asks. Called when all that arrived was worked through.
    func settle() {
        guard phase != timedPhase, let context else { return }
        timer?.cancel()
        timer = nil
        timedPhase = phase
        switch phase {
        case .idle, .responding: break
        case .handshake, .head: start(limits.headSeconds, context)
        case .body: start(limits.bodySeconds, context)
        case .lingering: start(limits.lingerSeconds, context)
        }
    }

    private func start(_ seconds: Double, _ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .duration(seconds: seconds)) {
            self.timer = nil
            self.timedPhase = nil
            switch self.phase {
            case .head: self.refuse(context)
            case .body where self.onSlowBody != nil: self.onSlowBody?()
            default: context.close(promise: nil)
            }
        }
    }

    /// Answers a request whose head is not complete, which the handlers of HTTP know nothing of yet.
    private func refuse(_ context: ChannelHandlerContext) {
        let response = server.responder.refuse(ClientError(.requestTimeout), heads.request)
        let status = HTTPResponseStatus(statusCode: response.status)
        var bytes = context.channel.allocator.buffer(capacity: 256 + response.body.readableBytes)
        bytes.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\ncontent-type: \(response.contentType)\r\n")
        var lines = response.headers.map { ($0.name, $0.value) }
        server.count(IPAddress(context.channel.remoteAddress))?.write(to: &lines)
        for (name, value) in lines { bytes.writeString("\(name): \(value)\r\n") }
        bytes.writeString("content-length: \(response.body.readableBytes)\r\nconnection: close\r\n\r\n")
        bytes.writeImmutableBuffer(response.body)
        enter(.lingering)
        settle()
        context.writeAndFlush(NIOAny(bytes), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    /// One timer for as long as the connection lives, set anew only when it fires: often enough that a crowded server
    /// gets rid of the silent ones soon.
    private func watchIdle(_ context: ChannelHandlerContext) {
        let crowded = min(limits.idleSeconds, limits.crowdedIdleSeconds)
        let end = min(
            context.eventLoop.now + .duration(seconds: crowded), idleSince + .duration(seconds: limits.idleSeconds))
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
            let now = context.eventLoop.now
            let patience = self.server.isCrowded ? crowded : self.limits.idleSeconds
            if self.phase != .idle {
                self.idleSince = now
            } else if now >= self.idleSince + .duration(seconds: patience) {
                context.close(promise: nil)
                return
            }
            self.watchIdle(context)
        }
    }

    private func stop() {
        onSlowBody = nil
        timer?.cancel()
        timer = nil
        idleTimer?.cancel()
        idleTimer = nil
    }
}

extension TimeAmount {
    /// Seconds with a fraction, at least none and at most about a year.
    static func duration(seconds: Double) -> TimeAmount {
        .nanoseconds(Int64(min(max(seconds, 0), 30_000_000) * 1e9))
    }
}
