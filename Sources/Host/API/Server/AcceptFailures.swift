import Domain
import Logging
import NIOCore

/// Keeps a listener alive when the system has no descriptor or no memory for one more connection.
///
/// Without it such an error would end the server. Accepting pauses for a moment instead: the connections wait in the
/// kernel's backlog while others close.
final class AcceptFailures: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private let logger: Logger
    private var paused = false
    private var readWaits = false

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        guard !paused else { return }
        paused = true
        logger.warning(
            "A connection could not be accepted. Raise the limit on open files if this lasts.",
            metadata: ["error": "\(error)"])
        context.eventLoop.assumeIsolated().scheduleTask(in: .duration(seconds: Limits.acceptPauseSeconds)) {
            self.paused = false
            guard self.readWaits else { return }
            self.readWaits = false
            context.read()
        }
    }

    func read(context: ChannelHandlerContext) {
        if paused { readWaits = true } else { context.read() }
    }
}
