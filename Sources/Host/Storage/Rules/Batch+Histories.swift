import Domain

/// Idempotency keys, and what accounts are given back.
extension Batch {
    /// What comes of a request whose key stands for a task already; nil when it stands for none.
    func repeated(_ key: IdempotencyKey, of account: AccountID) throws -> Result<StoreReply, StoreRefusal>? {
        guard let earlier = try rows.idempotent(key.text, of: account),
            earlier.storedAt > now.adding(seconds: -Limits.idempotencySeconds)
        else { return nil }
        return earlier.request == key.request ? .success(.repeated(earlier.task)) : .failure(.idempotencyKeyReused)
    }

    /// Has the key stand for a task, and erases a few whose time is over.
    func remember(_ key: IdempotencyKey, of account: AccountID, for task: TaskID) throws {
        guard key.request.count == 32 else {
            throw StoreFailure(
                .other, "A request is told from another by its SHA-256, which has 32 bytes, not \(key.request.count).")
        }
        try rows.save(key, of: account, for: task, at: now)
        try rows.eraseIdempotencyKeys(
            storedUntil: now.adding(seconds: -Limits.idempotencySeconds), atMost: Limits.idempotencyErasures)
    }

    mutating func refund(
        _ task: TaskID, _ account: AccountID, _ dailyLimit: Money
    ) throws -> Result<StoreReply, StoreRefusal> {
        guard let standing = try rows.refundStanding(of: task), standing.account == account else {
            return .failure(.unknownTask)
        }
        guard let solved = standing.solved,
            let transaction = LedgerTransaction.refund(account, for: task, solved.price)
        else { return .failure(.notCharged) }
        guard !standing.isRefunded else { return .failure(.alreadyRefunded) }
        guard try !isOwn(standing.credential, of: account) else { return .failure(.solvedByOwnKey) }
        guard let state = try book.account(account, in: rows) else { return .failure(.unknownAccount) }
        let today = try rows.refunded(
            to: account, from: UTCDay(of: now).begin, until: UTCDay(of: now).adding(days: 1).begin)
        guard let total = today.adding(solved.price), total <= dailyLimit else { return .failure(.refundLimit) }
        guard state.balance.adding(solved.price) != nil else { return .failure(.badAmount) }
        let moved = try AccountBook.moving(state, balance: solved.price)
        try rows.setRefund(try rows.post(transaction, of: account, at: now), of: task)
        try usage.add(
            UsageFigures(refunded: solved.price),
            at: UsagePlace(
                account: account, day: UTCDay(of: solved.at).number, key: standing.key, family: standing.family,
                provider: standing.provider))
        book.take(moved)
        return .success(.refunded(solved.price))
    }

    /// Whether a credential is a recycled key of the account.
    private func isOwn(_ credential: String?, of account: AccountID) throws -> Bool {
        guard let key = credential.flatMap(ProviderKeyID.init(recycledCredential:)) else { return false }
        return try rows.owner(ofRecycledKey: key) == account
    }

    /// Counts a task that ends now.
    mutating func count(_ figures: UsageFigures, of standing: TaskStanding) throws {
        try usage.add(
            figures,
            at: UsagePlace(
                account: standing.account, day: UTCDay(of: now).number, key: standing.key, family: standing.family,
                provider: standing.provider))
    }
}
