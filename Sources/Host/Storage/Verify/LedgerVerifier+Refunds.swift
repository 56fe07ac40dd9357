import Domain

/// Refunds, from the transaction to the task and from the task to the transaction.
extension LedgerVerifier {
    mutating func checkRefund(_ transaction: StoredTransaction, in source: some LedgerSource) throws {
        let name = "Transaction \(transaction.number)"
        guard let number = transaction.task, let id = TaskID(number), let task = try source.task(number) else {
            return found("\(name) refunds a task that does not exist.")
        }
        guard task.ended, let price = task.price else {
            return found("\(name) refunds task \(number), which was not solved.")
        }
        guard let refund = task.refund else {
            return found("\(name) refunds task \(number), which does not say so.")
        }
        guard refund == transaction.number else {
            return found("\(name) refunds task \(number) once more.")
        }
        let expected = Money(nanos: price).flatMap { LedgerTransaction.refund(AccountID(task.account), for: id, $0) }
        let posted = transaction.entries.map { "\($0.account ?? "")=\($0.amount)" }
        if posted != expected?.entries.map({ "\($0.account.name)=\($0.amount.nanos)" })
            || transaction.account != task.account
        {
            found("\(name) is not the refund of task \(number): \(usd(Int128(price))) to account \(task.account).")
        }
    }

    /// - Parameter task: one that has ended.
    mutating func checkRefund(of task: StoredTask, in source: some LedgerSource) throws {
        guard let refund = task.refund else { return }
        let name = "Task \(task.number)"
        if task.price == nil { found("\(name) failed and is refunded.") }
        guard try source.hasTransaction(refund) else {
            return found("\(name) is refunded by transaction \(refund), which does not exist.")
        }
        if try !source.isRefund(refund, of: task.number) {
            found("\(name) is refunded by transaction \(refund), which is not a refund of it.")
        }
    }
}
