import Domain
import ProviderKit

/// The ledger of a store in memory.
struct MemoryLedger: LedgerSource {
    let state: MemoryState

    func forEachTransaction(_ body: (StoredTransaction) throws -> Void) throws {
        for (index, stored) in state.transactions.enumerated() {
            let transaction = stored.transaction
            let entries = transaction.entries.enumerated().map { line, entry in
                StoredTransaction.Entry(line: Int64(line) + 1, account: entry.account.name, amount: entry.amount.nanos)
            }
            try body(
                StoredTransaction(
                    number: Int64(index) + 1, kind: transaction.kind.rawValue, account: stored.account.number,
                    task: transaction.task?.number, attempt: transaction.attempt.map(Int64.init),
                    reference: transaction.reference, entries: entries))
        }
    }

    /// Entries live within their transaction here.
    func forEachOrphan(_ body: (Int64) throws -> Void) throws {}

    func forEachAccount(_ body: (StoredAccount) throws -> Void) throws {
        for account in state.accounts.values.sorted(by: { $0.id < $1.id }) {
            try body(
                StoredAccount(number: account.id.number, balance: account.balance.nanos, held: account.held.nanos))
        }
    }

    func forEachTask(_ body: (StoredTask) throws -> Void) throws {
        for task in state.tasks.values.sorted(by: { $0.id < $1.id }) { try body(stored(task)) }
    }

    func task(_ number: Int64) -> StoredTask? {
        TaskID(number).flatMap { state.tasks[$0] }.map(stored)
    }

    func hasTransaction(_ number: Int64) -> Bool {
        number > 0 && number <= Int64(state.transactions.count)
    }

    func forEachRecycledKey(_ body: (StoredRecycledKey) throws -> Void) throws {
        for key in state.recycling.sorted().map(\.key) {
            try body(
                StoredRecycledKey(
                    number: key.id.number, account: key.account.number, credited: key.funds.credited.nanos))
        }
    }

    func forEachCreditableAttempt(_ body: (StoredAttempt) throws -> Void) throws {
        for task in state.tasks.values.sorted(by: { $0.id < $1.id }) {
            for attempt in task.attempts.map({ stored($0, of: task.id) })
            where attempt.recycledKey != nil || attempt.credit != nil {
                try body(attempt)
            }
        }
    }

    func attempt(_ number: Int64, of task: Int64) -> StoredAttempt? {
        guard let id = TaskID(task), let attempts = state.tasks[id]?.attempts, number >= 1,
            number <= Int64(attempts.count)
        else { return nil }
        return stored(attempts[Int(number) - 1], of: id)
    }

    func attempt(creditedBy transaction: Int64) -> AttemptPlace? {
        guard hasTransaction(transaction) else { return nil }
        let stored = state.transactions[Int(transaction) - 1].transaction
        guard stored.kind == .recycleCredit, let task = stored.task, let attempt = stored.attempt else { return nil }
        return AttemptPlace(task: task.number, attempt: Int64(attempt))
    }

    func isRefund(_ transaction: Int64, of task: Int64) -> Bool {
        guard hasTransaction(transaction) else { return false }
        let stored = state.transactions[Int(transaction) - 1].transaction
        return stored.kind == .taskRefund && stored.task?.number == task
    }

    func forEachUsage(_ body: (StoredUsage) throws -> Void) throws {
        for (place, figures) in state.histories.usage {
            try body(
                StoredUsage(
                    place: place, solved: figures.solved, failed: figures.failed, charged: figures.charged.nanos,
                    refunded: figures.refunded.nanos))
        }
    }

    func forEachCappedKey(_ body: (StoredKeyUsage) throws -> Void) throws {
        for key in state.cappedKeys.keys {
            let usage = state.keyUsage[key] ?? KeyUsage()
            try body(StoredKeyUsage(key: key, openTasks: usage.openTasks, held: usage.held.nanos))
        }
    }

    func lastTask() -> Int64 {
        state.lastTask
    }

    private func stored(_ task: MemoryTask) -> StoredTask {
        var result = StoredTask(
            number: task.id.number, account: task.account.number, ceiling: task.ceiling.nanos, ended: task.end != nil,
            price: nil, cost: nil, charge: task.charge, provider: task.attempts.last?.attempt.candidate.provider,
            credential: task.attempts.last?.attempt.candidate.credential, key: task.key,
            family: task.family.rawValue, endedAt: task.end?.at.milliseconds, refund: task.refund)
        if case .solved(_, let price, let cost) = task.end?.outcome {
            result.price = price.nanos
            result.cost = cost.nanos
        }
        return result
    }

    private func stored(_ attempt: MemoryAttempt, of task: TaskID) -> StoredAttempt {
        let candidate = attempt.attempt.candidate
        return StoredAttempt(
            place: AttemptPlace(task: task.number, attempt: Int64(attempt.attempt.number)),
            provider: candidate.provider, credential: candidate.credential, cost: candidate.cost.nanos,
            state: Int64(attempt.attempt.state.rawValue), reportedCost: attempt.end?.reportedCost?.nanos,
            credit: attempt.credit)
    }
}
