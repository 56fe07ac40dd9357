import Domain

/// The operations of one commit, applied to rows in their order: the store's rules.
///
/// An operation finds out everything that may refuse it before it writes anything, so that a refused one needs no
/// undoing. What throws instead undoes the whole batch.
struct Batch<Rows: StoreRows> {
    let rows: Rows
    let now: Timestamp
    var book = AccountBook()
    var usage = UsageBook()
    var caps = KeyCapBook()

    init(_ rows: Rows, at now: Timestamp) {
        self.rows = rows
        self.now = now
    }

    /// Applies all operations and writes what they leave of the accounts.
    static func apply(
        _ operations: [StoreOperation], to rows: Rows, at now: Timestamp
    ) throws -> [Result<StoreReply, StoreRefusal>] {
        var batch = Batch(rows, at: now)
        var results: [Result<StoreReply, StoreRefusal>] = []
        results.reserveCapacity(operations.count)
        for operation in operations { results.append(try batch.apply(operation)) }
        try batch.book.write(to: rows)
        try batch.usage.write(to: rows)
        try batch.caps.write(to: rows)
        return results
    }

    private mutating func apply(_ operation: StoreOperation) throws -> Result<StoreReply, StoreRefusal> {
        switch operation {
        case .createAccount(let name, let key, let deposit): try createAccount(name, key, deposit)
        case .setSuspended(let account, let suspended): try setSuspended(account, suspended)
        case .createKey(let account, let key): try createKey(account, key)
        case .renameKey(let account, let key, let name): try change(key, of: account) { $0.name = name }
        case .setRouting(let account, let key, let change):
            try self.change(key, of: account) { $0.settings = $0.settings.applying(change) }
        case .setAccess(let account, let key, let change): try setAccess(key, of: account, change)
        case .setDialect(let account, let key, let dialect): try change(key, of: account) { $0.dialect = dialect }
        case .revokeKey(let account, let key): try change(key, of: account) { $0.revoked = true }
        case .deposit(let account, let amount, let reference): try deposit(account, amount, reference)
        case .accept(let task): try accept(task)
        case .attemptPending(let task, let attempt, let providerTask): try setPending(task, attempt, providerTask)
        case .attemptUnsent(let task, let attempt, let isUnsent): try setUnsent(task, attempt, isUnsent)
        case .nextAttempt(let task, let ended, let end, let next): try nextAttempt(task, ended, end, next)
        case .settle(let task, let attempt, let end, let outcome): try settle(task, attempt, end, outcome)
        case .storeStatistics(let host, let statistics): try store(statistics, of: host)
        case .eraseContent(let time, let count): try eraseContent(endedUntil: time, atMost: count)
        case .vault(let operation): try apply(operation)
        case .recycling(let operation): try apply(operation)
        case .refund(let task, let account, let dailyLimit): try refund(task, account, dailyLimit)
        case .report(let task, let account, let isGood): try report(task, account, isGood: isGood)
        case .callback(let operation): try apply(operation)
        }
    }

    private mutating func createAccount(
        _ name: String, _ key: NewKey?, _ amount: Money?
    ) throws -> Result<StoreReply, StoreRefusal> {
        if let key, let refusal = try refusal(of: key) { return .failure(refusal) }
        if let amount, amount <= .zero || amount.nanos > Limits.depositedBalanceNanos { return .failure(.badAmount) }
        let id = try rows.insertAccount(name: name, at: now)
        if let key { _ = try rows.insertKey(id, key, at: now) }
        if let amount, case .failure(let refusal) = try deposit(id, amount, nil) {
            throw StoreFailure(.other, "The new account \(id) refused its first deposit: \(refusal).")
        }
        let account = Account(
            id: id, name: name, suspended: false, balance: amount ?? .zero, held: .zero, createdAt: now)
        return .success(.account(account))
    }

    private mutating func setSuspended(_ id: AccountID, _ suspended: Bool) throws -> Result<StoreReply, StoreRefusal> {
        guard var account = try book.account(id, in: rows) else { return .failure(.unknownAccount) }
        if account.suspended != suspended {
            account.suspended = suspended
            book.take(account)
        }
        return .success(.done)
    }

    private mutating func createKey(_ id: AccountID, _ key: NewKey) throws -> Result<StoreReply, StoreRefusal> {
        guard try book.account(id, in: rows) != nil else { return .failure(.unknownAccount) }
        if let refusal = try refusal(of: key) { return .failure(refusal) }
        return .success(.key(try rows.insertKey(id, key, at: now)))
    }

    private func change(
        _ id: Int64, of account: AccountID?, _ body: (inout APIKey) -> Void
    ) throws -> Result<StoreReply, StoreRefusal> {
        guard let before = try rows.key(id), account == nil || before.account == account else {
            return .failure(.unknownKey)
        }
        var key = before
        body(&key)
        if key != before { try rows.save(key) }
        return .success(.key(key))
    }

    private mutating func setAccess(
        _ id: Int64, of account: AccountID?, _ change: AccessChange
    ) throws -> Result<StoreReply, StoreRefusal> {
        guard let before = try rows.key(id), account == nil || before.account == account else {
            return .failure(.unknownKey)
        }
        guard let access = before.access.applying(change) else { return .failure(.badAmount) }
        guard access.addresses.count <= Limits.addressesPerKey else { return .failure(.tooManyAddresses) }
        var key = before
        key.access = access
        if key != before {
            try rows.save(key)
            try caps.changed(key, from: before.access.caps, in: rows)
        }
        return .success(.key(key))
    }

    private func store(_ statistics: [StoredStatistics], of host: String) throws -> Result<StoreReply, StoreRefusal> {
        try rows.putStatistics(statistics, of: host)
        try rows.eraseStatistics(before: now.adding(seconds: -Limits.keptStatisticsSeconds))
        return .success(.done)
    }

    private func refusal(of key: NewKey) throws -> StoreRefusal? {
        guard key.hash.count == 32 else {
            throw StoreFailure(.other, "A key is stored by its SHA-256, which has 32 bytes, not \(key.hash.count).")
        }
        return try rows.hasKey(hash: key.hash) ? .duplicateKey : nil
    }

    private mutating func deposit(
        _ id: AccountID, _ amount: Money, _ reference: String?
    ) throws -> Result<StoreReply, StoreRefusal> {
        guard let account = try book.account(id, in: rows) else { return .failure(.unknownAccount) }
        guard let transaction = LedgerTransaction.deposit(to: id, amount, reference: reference) else {
            return .failure(.badAmount)
        }
        if let reference, let earlier = try rows.deposited(to: id, reference: reference) {
            return earlier == amount ? .success(.deposited(posted: false)) : .failure(.referenceReused)
        }
        guard let balance = account.balance.adding(amount), balance.nanos <= Limits.depositedBalanceNanos else {
            return .failure(.badAmount)
        }
        let moved = try AccountBook.moving(account, balance: amount)
        _ = try rows.post(transaction, of: id, at: now)
        book.take(moved)
        return .success(.deposited(posted: true))
    }
}
