public import Domain

/// What the owner of an account can have given back, whatever dialect asks for it.
public protocol RefundUseCases: Sendable {
    /// Gives the holder's account back what it was charged for a task.
    ///
    /// Once for each task, not for one that a recycled key of the same account has solved, and within what an account
    /// may be refunded in a day.
    ///
    /// - Returns: what was given back.
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's, `notRefundable` with a detail of its own
    ///   for each reason, or what the store's failures become.
    func refund(_ task: TaskID, by holder: KeyHolder) async throws(ClientError) -> Money
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

    public func refund(_ task: TaskID, by holder: KeyHolder) async throws(ClientError) -> Money {
        let reply: StoreReply
        do {
            reply = try await store.perform(.refund(task, of: holder.key.account, dailyLimit: dailyLimit))
        } catch {
            throw refusal(error)
        }
        guard case .refunded(let amount) = reply else { throw ClientError(.internalError) }
        return amount
    }

    private func refusal(_ error: StoreError) -> ClientError {
        guard case .refused(let refusal) = error else { return ClientError(error) }
        switch refusal {
        case .unknownTask: return ClientError(.wrongTaskID)
        case .notCharged: return ClientError(.notRefundable, "Nothing was charged for this task.")
        case .alreadyRefunded: return ClientError(.notRefundable, "This task was refunded before.")
        case .solvedByOwnKey:
            return ClientError(
                .notRefundable, "A recycled key of this account has solved the task, which the account was credited.")
        case .refundLimit:
            return ClientError(
                .notRefundable, "An account is refunded at most \(dailyLimit) USD in a day, in UTC. Try again tomorrow."
            )
        default: return ClientError(error)
        }
    }
}
