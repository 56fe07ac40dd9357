import Domain

/// Credits for recycled keys, both ways: each credit has its attempt, and each attempt that is to be credited its
/// credit.
extension LedgerVerifier {
    mutating func checkCredit(_ transaction: StoredTransaction, in source: some LedgerSource) throws {
        let name = "Transaction \(transaction.number)"
        guard let task = transaction.task, let number = transaction.attempt else {
            return found("\(name) is a credit and names no attempt.")
        }
        let place = AttemptPlace(task: task, attempt: number)
        guard let attempt = try source.attempt(number, of: task) else {
            return found("\(name) credits \(place), which does not exist.")
        }
        guard let key = attempt.recycledKey, let owner = recycledKeys[key]?.account else {
            return found("\(name) credits \(place), which used no recycled key.")
        }
        for entry in transaction.entries {
            guard case .client? = entry.account.flatMap(LedgerAccount.init(name:)) else { continue }
            credited[key, default: 0] += Int128(entry.amount)
        }
        guard attempt.credit == transaction.number else {
            let credit = attempt.credit.map { "transaction \($0)" } ?? "none"
            return found("\(name) credits \(place) once more: the credit of that is \(credit).")
        }
        guard attempt.credited > .zero, let id = TaskID(task) else {
            return found("\(name) credits \(place), which has no cost to credit.")
        }
        let expected = LedgerTransaction.credit(
            AccountID(owner), for: id, attempt: Int(clamping: number), provider: attempt.provider,
            cost: attempt.credited, isSolved: attempt.state == Int64(Attempt.State.solved.rawValue))
        compare(transaction, expected, of: owner, "the credit of \(place) for recycled key \(key)")
        // What the charge of such a task says of its cost is nothing: the credit does.
        if attempt.state == Int64(Attempt.State.solved.rawValue), let cost = try source.task(task)?.cost,
            cost != attempt.credited.nanos, try source.attempt(number &+ 1, of: task) == nil
        {
            found(
                "\(name) credits \(attempt.credited) for the solution of task \(task), whose cost is "
                    + "\(usd(Int128(cost))).")
        }
    }

    mutating func check(_ attempt: StoredAttempt, in source: some LedgerSource) throws {
        let name = "The \(attempt.place)"
        guard let key = attempt.recycledKey else {
            return found("\(name) has a credit and used no recycled key.")
        }
        let cost = attempt.credited
        if cost > .zero, recycledKeys[key] == nil {
            found("\(name) used recycled key \(key), which does not exist.")
        }
        guard let credit = attempt.credit else {
            if cost > .zero { found("\(name) used recycled key \(key), and \(cost) for it is not credited.") }
            return
        }
        guard let place = try source.attempt(creditedBy: credit) else {
            return found("\(name) is credited by transaction \(credit), which is no credit of an attempt.")
        }
        if place != attempt.place {
            found("\(name) is credited by transaction \(credit), which is the credit of \(place).")
        }
    }

    /// What is stored with each recycled key as credited for it.
    mutating func checkCredited() {
        for key in recycledKeys.values.sorted(by: { $0.number < $1.number }) {
            let sum = credited[key.number] ?? 0
            guard sum != Int128(key.credited) else { continue }
            found(
                "Recycled key \(key.number) has \(usd(Int128(key.credited))) credited, and its credits sum to "
                    + "\(usd(sum)).")
        }
    }
}
