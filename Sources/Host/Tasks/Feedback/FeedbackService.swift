public import Domain
public import Logging
import Routing

/// Reports over the store, the market and the providers.
public struct FeedbackService: FeedbackUseCases {
    private let store: any StoreAccess
    private let market: Market
    private let refunds: any RefundUseCases
    private let vendors: VendorReports
    private let resultSeconds: Double
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - market: whose providers are told.
    ///   - resultSeconds: how long results are kept. What can't be had any more can't be reported on either.
    public init(
        store: any StoreAccess, market: Market, refunds: any RefundUseCases, resultSeconds: Double, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.resultSeconds = resultSeconds
        self.market = market
        self.refunds = refunds
        self.now = now
        vendors = VendorReports(market: market, logger: logger)
    }

    public func report(
        _ task: TaskID, isGood: Bool, refunding: Bool, by holder: KeyHolder
    ) async throws(ClientError) {
        try await checkAge(task, of: holder)
        let isNew = try await record(task, isGood: isGood, by: holder)
        if refunding, !isGood {
            // The report counts whether something is given back or not.
            _ = try await refunds.refund(task, by: holder)
        } else if !isNew {
            throw ClientError(.duplicateReport)
        }
    }

    private func checkAge(_ task: TaskID, of holder: KeyHolder) async throws(ClientError) {
        let record: TaskRecord?
        do {
            record = try await store.read { store throws(StoreFailure) in try store.task(task) }
        } catch {
            throw ClientError(error)
        }
        guard let record, record.account == holder.key.account,
            record.end.map({ now().seconds(since: $0.at) < resultSeconds }) ?? true
        else { throw ClientError(.wrongTaskID) }
    }

    /// Whether the report is the first of its task. One that repeats the first changes nothing.
    private func record(_ task: TaskID, isGood: Bool, by holder: KeyHolder) async throws(ClientError) -> Bool {
        let reply: StoreReply
        do {
            reply = try await store.perform(.report(task, of: holder.key.account, isGood: isGood))
        } catch .refused(.unknownTask) {
            throw ClientError(.wrongTaskID)
        } catch .refused(.notSolved) {
            throw ClientError(.reportNotRecorded)
        } catch .refused(.alreadyReported(let before)) {
            guard before == isGood else { throw ClientError(.duplicateReport) }
            return false
        } catch {
            throw ClientError(error)
        }
        guard case .reported(let reported) = reply else { throw ClientError(.internalError) }
        let now = now()
        if !isGood {
            market.withBoard {
                $0.refused(reported.family, at: reported.provider, solvedAt: reported.solvedAt, now: now)
            }
        }
        vendors.tell(reported, isGood: isGood, at: now)
        return true
    }
}
