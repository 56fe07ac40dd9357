public import Domain

/// What the owner of an account can have given back, whatever dialect asks for it.
public protocol RefundUseCases: Sendable {
    /// Gives the holder's account back what it was charged for a task.
    ///
    /// Once for each task, not for one that a recycled key of the same account has solved, and within what an account
    /// may be refunded in a day.
    ///
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's, or what the store's failures become.
    func refund(_ task: TaskID, by holder: KeyHolder) async throws(ClientError) -> Refund
}

/// What came of a wish to have something given back.
public enum Refund: Sendable, Hashable {
    case given(Money)
    case refused(Reason)

    /// Why nothing is given back. No client is told: what it said of the task counts all the same.
    public enum Reason: Sendable, Hashable {
        case notCharged
        case alreadyRefunded
        /// A recycled key of the account has solved the task, which the account was credited.
        case solvedByOwnKey
        /// It would be more than an account may be refunded in a day, in UTC.
        case dailyLimit
    }
}

/// Refunds over the store.
public struct RefundService: RefundUseCases {
    private let store: any StoreAccess
    private let dailyLimit: Money

    /// - Parameter dailyLimit: what one account may be refunded in a day, in UTC; zero: nothing.
    public init(store: any StoreAccess, dailyLimit: Money) {
        self.store = store
        self.dailyLimit = dailyLimit
    }

    public func refund(_ task: TaskID, by holder: KeyHolder) async throws(ClientError) -> Refund {
        let reply: StoreReply
        do {
            reply = try await store.perform(.refund(task, of: holder.key.account, dailyLimit: dailyLimit))
        } catch .refused(.unknownTask) {
            throw ClientError(.wrongTaskID)
        } catch .refused(.notCharged) {
            return .refused(.notCharged)
        } catch .refused(.alreadyRefunded) {
            return .refused(.alreadyRefunded)
        } catch .refused(.solvedByOwnKey) {
            return .refused(.solvedByOwnKey)
        } catch .refused(.refundLimit) {
            return .refused(.dailyLimit)
        } catch {
            throw ClientError(error)
        }
        guard case .refunded(let amount) = reply else { throw ClientError(.internalError) }
        return .given(amount)
    }
}
