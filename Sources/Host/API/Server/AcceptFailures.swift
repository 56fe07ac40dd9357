import Domain
import Logging
import NIOCore

/// Keeps a listener alive when the system has no descriptor or no memory for one more connection.
///
/// Without it the listener would try again at once and for ever, at the cost of a whole core. Accepting stops for a
/// moment instead: the connections wait in the kernel's backlog while others close.
final class AcceptFailures: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let logger: Logger
    private var paused = false
    private var pauses = 0
    /// A lasting lack is told once a minute or so.
    private static let pausesPerLine = 600

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        guard !paused else { return }
        paused = true
        if pauses.isMultiple(of: AcceptFailures.pausesPerLine) {
            logger.warning(
                "Connections cannot be accepted. Raise the limit on open files if this lasts.",
                metadata: ["error": "\(error)"])
        }
        pauses += 1
        // The listener has to be taken out of the selector: it stays readable for as long as a connection waits.
        let options = context.channel.syncOptions
        try? options?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: .duration(seconds: Limits.acceptPauseSeconds)) {
            self.paused = false
            try? options?.setOption(.autoRead, value: true)
        }
    }
}
