import Domain
import Logging
import ProviderKit
import Routing
import Synchronization

/// Tells providers what clients say of their solutions, once for each task. It is a courtesy: nobody waits for it, and
/// what a provider does not want to hear is not said again.
final class VendorReports: Sendable {
    private let market: Market
    private let logger: Logger
    private let underWay = Mutex(0)

    init(market: Market, logger: Logger) {
        self.market = market
        self.logger = logger
    }

    /// Tells the provider, unless it will have forgotten the task by now, or its key was removed, or too many are being
    /// told already.
    func tell(_ task: ReportedTask, isGood: Bool, at now: Timestamp) {
        guard let provider = market.provider(task.provider), let id = task.providerTask else { return }
        let offer = market.offers.offer(of: task.family, at: task.provider)
        let window =
            offer?.reportWindow
            ?? Manifest.ReportWindow(
                seconds: offer?.resultLifetimeSeconds ?? Limits.vendorReportSeconds, from: .solution)
        let start = window.start == .submit ? task.submittedAt : task.solvedAt
        guard now.seconds(since: start) <= min(window.seconds, Limits.vendorReportSeconds) else { return }
        let credential = task.credential.flatMap(provider.credential)
        guard task.credential == nil || credential != nil else { return }
        let isFree = underWay.withLock { count in
            guard count < Limits.vendorReportsAtOnce else { return false }
            count += 1
            return true
        }
        guard isFree else { return }
        let ticket = Ticket(id: id, family: task.family, credential: credential)
        let request = OperationRequest.report(ticket, accepted: isGood)
        _ = provider.caller.call(request, deadlineSeconds: Limits.vendorReportAnswerSeconds) { [self] answer in
            underWay.withLock { $0 -= 1 }
            guard case .fault(let fault) = answer.reply, fault.kind != .unsupportedTask else { return }
            logger.debug(
                "A provider did not take a report.",
                metadata: ["provider": "\(task.provider)", "fault": "\(fault.kind)"])
        }
    }
}
