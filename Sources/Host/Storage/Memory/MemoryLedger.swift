import Domain

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
                    task: transaction.task?.number, reference: transaction.reference, entries: entries))
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

    func lastTask() -> Int64 {
        state.lastTask
    }

    private func stored(_ task: MemoryTask) -> StoredTask {
        var result = StoredTask(
            number: task.id.number, account: task.account.number, ceiling: task.ceiling.nanos, ended: task.end != nil,
            price: nil, cost: nil, charge: task.charge, provider: task.attempts.last?.attempt.candidate.provider)
        if case .solved(_, let price, let cost) = task.end?.outcome {
            result.price = price.nanos
            result.cost = cost.nanos
        }
        return result
    }
}
