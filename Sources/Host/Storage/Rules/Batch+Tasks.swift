import Domain

/// Tasks: accepted with a reservation, tried, and settled once.
extension Batch {
    mutating func accept(_ task: NewTask) throws -> Result<StoreReply, StoreRefusal> {
        guard let account = try book.account(task.account, in: rows) else { return .failure(.unknownAccount) }
        guard !account.suspended else { return .failure(.accountSuspended) }
        if let key = task.idempotencyKey, let answer = try repeated(key, of: task.account) { return answer }
        guard task.candidates.allSatisfy({ $0.price >= .zero && $0.cost >= .zero }) else { return .failure(.badAmount) }
        let room: Money?
        switch try caps.room(forTaskOf: task.key, of: task.account, charges: usage, at: now, in: rows) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let most): room = most
        }
        let available = min(account.available, room ?? account.available)
        guard let reservation = Reservation(task.candidates, available: available) else {
            let isCapped = Reservation(task.candidates, available: account.available) != nil
            return .failure(isCapped ? .keySpendLimit : .insufficientBalance)
        }
        let moved = try AccountBook.moving(account, held: reservation.ceiling)
        let attempt = Attempt(number: 1, candidate: task.candidates[reservation.first])
        let id = try rows.insertTask(task, ceiling: reservation.ceiling, at: now)
        try rows.insertAttempt(attempt, of: id, at: now)
        if let callback = task.callback { try rows.insert(callback, of: id) }
        if let key = task.idempotencyKey { try remember(key, of: task.account, for: id) }
        try caps.accepted(reservation.ceiling, ofKey: task.key, in: rows)
        book.take(moved)
        return .success(.accepted(AcceptedTask(id: id, ceiling: reservation.ceiling, attempt: attempt)))
    }

    func setPending(_ task: TaskID, _ attempt: Int, _ providerTask: String) throws -> Result<StoreReply, StoreRefusal> {
        switch try open(task, attempt) {
        case .failure(let refusal): return .failure(refusal)
        case .success:
            try rows.setPending(attempt, of: task, providerTask: providerTask)
            return .success(.done)
        }
    }

    func setUnsent(_ task: TaskID, _ attempt: Int, _ isUnsent: Bool) throws -> Result<StoreReply, StoreRefusal> {
        switch try open(task, attempt) {
        case .failure(let refusal): return .failure(refusal)
        case .success:
            try rows.setUnsent(isUnsent, attempt, of: task)
            return .success(.done)
        }
    }

    mutating func nextAttempt(
        _ task: TaskID, _ ended: Int, _ end: AttemptEnd, _ next: Candidate
    ) throws -> Result<StoreReply, StoreRefusal> {
        switch try open(task, ended) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let standing):
            guard next.price >= .zero, next.cost >= .zero else { return .failure(.badAmount) }
            try requireEnd(end)
            let attempt = Attempt(number: ended + 1, candidate: next)
            try endAttempt(of: task, standing, end)
            try rows.insertAttempt(attempt, of: task, at: now)
            return .success(.attempt(attempt))
        }
    }

    mutating func settle(
        _ task: TaskID, _ attempt: Int, _ end: AttemptEnd, _ outcome: TaskOutcome
    ) throws -> Result<StoreReply, StoreRefusal> {
        switch try open(task, attempt) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let standing): return try settle(task, standing, end, outcome)
        }
    }

    private mutating func settle(
        _ task: TaskID, _ standing: TaskStanding, _ end: AttemptEnd, _ outcome: TaskOutcome
    ) throws -> Result<StoreReply, StoreRefusal> {
        try requireEnd(end)
        guard let account = try book.account(standing.account, in: rows) else {
            throw StoreFailure(
                .other,
                "Task \(task) belongs to account \(standing.account), which is missing. Run `ucaptcha ledger verify`."
            )
        }
        let release = standing.ceiling.negated
        switch outcome {
        case .failed:
            book.take(try AccountBook.moving(account, held: release))
            try endAttempt(of: task, standing, end)
            try rows.end(task, outcome, charge: nil, at: now)
            try caps.settled(standing.ceiling, charged: .zero, ofKey: standing.key, in: rows)
            try count(UsageFigures(failed: 1), of: standing)
            return .success(.settled(charged: .zero, hasCallback: try rows.makeCallbackDue(of: task, at: now)))
        case .solved(let solution, let price, let cost):
            guard price >= .zero, cost >= .zero else { return .failure(.badAmount) }
            // What is beyond the reservation is the platform's.
            let charged = min(price, standing.ceiling)
            book.take(try AccountBook.moving(account, balance: charged.negated, held: release))
            // What a recycled key has paid is not taken from the platform's funds; its owner is credited for it.
            let transaction = LedgerTransaction.charge(
                standing.account, for: task, price: charged, provider: standing.provider,
                cost: standing.recycledKey == nil ? cost : .zero)
            let charge = try transaction.map { try rows.post($0, of: standing.account, at: now) }
            try endAttempt(of: task, standing, end)
            // What its owner is credited is what it has cost.
            let spent = standing.recycledKey == nil ? cost : end.cost(snapshot: standing.cost)
            try rows.end(task, .solved(solution: solution, price: charged, cost: spent), charge: charge, at: now)
            try caps.settled(standing.ceiling, charged: charged, ofKey: standing.key, in: rows)
            try count(UsageFigures(solved: 1, charged: charged), of: standing)
            return .success(.settled(charged: charged, hasCallback: try rows.makeCallbackDue(of: task, at: now)))
        }
    }

    /// Ends the task's last attempt, and credits the owner of the recycled key that it has used up, who may be the
    /// task's own account and may be suspended.
    private mutating func endAttempt(of task: TaskID, _ standing: TaskStanding, _ end: AttemptEnd) throws {
        let credit = try standing.recycledKey.flatMap { try self.credit($0, for: task, standing, end) }
        try rows.end(standing.lastAttempt, of: task, end, credit: credit, at: now)
    }

    /// - Returns: the number of the credit; nil when there is nothing to credit, or nobody. A key that is missing is
    ///   found by a verification: it must not keep the task from being settled.
    private mutating func credit(
        _ key: ProviderKeyID, for task: TaskID, _ standing: TaskStanding, _ end: AttemptEnd
    ) throws -> Int64? {
        let cost = end.credit(snapshot: standing.cost)
        guard cost > .zero, let owner = try rows.owner(ofRecycledKey: key),
            let account = try book.account(owner, in: rows),
            let transaction = LedgerTransaction.credit(
                owner, for: task, attempt: standing.lastAttempt, provider: standing.provider, cost: cost,
                isSolved: end.state == .solved)
        else { return nil }
        book.take(try AccountBook.moving(account, balance: cost))
        let credit = try rows.post(transaction, of: owner, at: now)
        try rows.addCredited(cost, to: key)
        try noteLateCredit(cost, for: key)
        return credit
    }

    /// The task, if it is open and this is its last attempt.
    private func open(_ task: TaskID, _ attempt: Int) throws -> Result<TaskStanding, StoreRefusal> {
        guard let standing = try rows.standing(of: task) else { return .failure(.unknownTask) }
        guard !standing.ended else { return .failure(.taskSettled) }
        guard standing.lastAttempt == attempt else { return .failure(.notTheLastAttempt) }
        return .success(standing)
    }

    private func requireEnd(_ end: AttemptEnd) throws {
        switch end.state {
        case .solved, .failed, .lost: return
        case .sending, .pending:
            throw StoreFailure(
                .other, "An attempt cannot end in the state \(end.state). Report this: it is a mistake here.")
        }
    }
}
