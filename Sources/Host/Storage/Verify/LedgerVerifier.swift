import Domain

/// Re-derives every stored total from what it is the total of, and compares. Memory grows with the accounts and the
/// recycled keys, not with the tasks and transactions.
struct LedgerVerifier {
    /// Sentences that are kept; a broken ledger would otherwise fill the memory with them.
    static let keptProblems = 100

    private var report = LedgerReport(accounts: 0, transactions: 0, openReservations: 0, problems: [])
    /// The sum of the entries of each client, and those for whom it was negative after a transaction.
    private var balances: [Int64: Int128] = [:]
    private var overdrawn: Set<Int64> = []
    /// The sum of the reservations of each account's open tasks.
    private var held: [Int64: Int128] = [:]
    private var lastTransaction: Int64 = 0
    /// The recycled keys, and the sum of each one's credits.
    var recycledKeys: [Int64: StoredRecycledKey] = [:]
    var credited: [Int64: Int128] = [:]
    private var usage = UsageCheck()
    private var keyUsage = KeyUsageCheck()

    static func verify(_ source: some LedgerSource) throws -> LedgerReport {
        var verifier = LedgerVerifier()
        try source.forEachRecycledKey { verifier.recycledKeys[$0.number] = $0 }
        try source.forEachCappedKey { verifier.keyUsage.add($0) }
        try source.forEachTransaction { try verifier.check($0, in: source) }
        try source.forEachOrphan { verifier.found("Entries belong to transaction \($0), which does not exist.") }
        let lastTask = try source.lastTask()
        try source.forEachTask { try verifier.check($0, lastTask: lastTask, in: source) }
        try source.forEachCreditableAttempt { try verifier.check($0, in: source) }
        try source.forEachUsage { verifier.usage.add($0) }
        try source.forEachAccount { verifier.check($0) }
        verifier.checkCredited()
        verifier.checkRest()
        for problem in verifier.usage.problems + verifier.keyUsage.problems { verifier.found(problem) }
        return verifier.report
    }

    mutating func found(_ problem: String) {
        if report.problems.count < LedgerVerifier.keptProblems { report.problems.append(problem) }
    }

    // MARK: Transactions

    private mutating func check(_ transaction: StoredTransaction, in source: some LedgerSource) throws {
        let name = "Transaction \(transaction.number)"
        report.transactions += 1
        if transaction.number != lastTransaction + 1 {
            found("\(name) follows transaction \(lastTransaction): those between are missing.")
        }
        lastTransaction = transaction.number
        var sum: Int128 = 0
        for (index, entry) in transaction.entries.enumerated() {
            sum += Int128(entry.amount)
            if entry.line != Int64(index) + 1 {
                found("\(name) has no entry \(index + 1), but an entry \(entry.line).")
            }
            switch entry.account.map(LedgerAccount.init(name:)) {
            case .none, .some(.none):
                found("Entry \(entry.line) of transaction \(transaction.number) is of an unknown ledger account.")
            case .some(.client(let account)): balances[account.number, default: 0] += Int128(entry.amount)
            case .some(.some): break
            }
        }
        checkOverdraft(transaction)
        if sum != 0 { found("\(name) sums to \(usd(sum)) instead of zero.") }
        if transaction.entries.count < 2 { found("\(name) has fewer than two entries.") }
        switch LedgerTransaction.Kind(rawValue: transaction.kind) {
        case .taskCharge: try checkCharge(transaction, in: source)
        case .deposit: checkDeposit(transaction)
        case .recycleCredit: try checkCredit(transaction, in: source)
        case .taskRefund: try checkRefund(transaction, in: source)
        case .adjustment: found("\(name) is an ADJUSTMENT, and nothing here makes one.")
        case nil: found("\(name) is of the unknown kind `\(transaction.kind)`.")
        }
    }

    /// No movement takes more than there is.
    private mutating func checkOverdraft(_ transaction: StoredTransaction) {
        for entry in transaction.entries {
            guard case .client(let account)? = entry.account.flatMap(LedgerAccount.init(name:)),
                let balance = balances[account.number], balance < 0, overdrawn.insert(account.number).inserted
            else { continue }
            found("Transaction \(transaction.number) leaves account \(account) with a balance of \(usd(balance)).")
        }
    }

    private mutating func checkCharge(_ transaction: StoredTransaction, in source: some LedgerSource) throws {
        let name = "Transaction \(transaction.number)"
        guard let number = transaction.task, let id = TaskID(number), let task = try source.task(number) else {
            return found("\(name) charges for a task that does not exist.")
        }
        guard task.ended, let price = task.price, let cost = task.bookedCost else {
            return found("\(name) charges for task \(number), which was not solved.")
        }
        guard task.charge == transaction.number else {
            return found("\(name) charges for task \(number) once more.")
        }
        let expected = Money(nanos: price).flatMap { price in
            Money(nanos: cost).flatMap { cost in
                LedgerTransaction.charge(
                    AccountID(task.account), for: id, price: price, provider: task.provider ?? "", cost: cost)
            }
        }
        compare(transaction, expected, of: task.account, "the charge of task \(number)")
    }

    /// Compares a transaction with what it has to be, and names the first entry that is another.
    mutating func compare(
        _ transaction: StoredTransaction, _ expected: LedgerTransaction?, of account: Int64, _ what: String
    ) {
        func text(_ account: String?, _ amount: Int64) -> String {
            "\(usd(Int128(amount))) to \(account ?? "an unknown ledger account")"
        }
        let posted = transaction.entries.map { text($0.account, $0.amount) }
        let wanted = (expected?.entries ?? []).map { text($0.account.name, $0.amount.nanos) }
        let name = "Transaction \(transaction.number)"
        for index in 0..<max(posted.count, wanted.count) {
            let entry = index < posted.count ? posted[index] : "missing"
            let shouldBe = index < wanted.count ? wanted[index] : "none"
            guard entry == shouldBe else {
                return found("\(name) is not \(what): its entry \(index + 1) is \(entry) and should be \(shouldBe).")
            }
        }
        if transaction.account != account {
            found("\(name) is not \(what): it is of account \(transaction.account), not \(account).")
        }
    }

    private mutating func checkDeposit(_ transaction: StoredTransaction) {
        let amount = transaction.entries.first?.amount ?? 0
        let client = LedgerAccount.client(AccountID(transaction.account)).name
        guard amount > 0, transaction.task == nil,
            transaction.entries.map(\.account) == [client, LedgerAccount.cash.name]
        else {
            return found("Transaction \(transaction.number) is not a deposit of account \(transaction.account).")
        }
    }

    // MARK: Tasks and accounts

    private mutating func check(_ task: StoredTask, lastTask: Int64, in source: some LedgerSource) throws {
        let name = "Task \(task.number)"
        if TaskID(task.number) == nil || task.number > lastTask {
            found("\(name) has a number that was never handed out; the last one is \(lastTask).")
        }
        if task.provider == nil { found("\(name) has no attempt.") }
        guard task.ended else {
            report.openReservations += 1
            held[task.account, default: 0] += Int128(task.ceiling)
            keyUsage.take(task)
            if task.charge != nil || task.price != nil { found("\(name) is charged and not settled.") }
            if task.refund != nil { found("\(name) is refunded and not settled.") }
            return
        }
        usage.take(task)
        try checkRefund(of: task, in: source)
        guard let price = task.price, let cost = task.bookedCost else {
            if task.charge != nil { found("\(name) failed and is charged.") }
            return
        }
        if price > task.ceiling {
            found("\(name) is charged \(usd(Int128(price))), above its reservation of \(usd(Int128(task.ceiling))).")
        }
        switch task.charge {
        case nil where price != 0 || cost != 0: found("\(name) was solved and has no charge.")
        case let charge? where try !source.hasTransaction(charge):
            found("\(name) is charged by transaction \(charge), which does not exist.")
        default: break
        }
    }

    private mutating func check(_ account: StoredAccount) {
        report.accounts += 1
        let balance = balances.removeValue(forKey: account.number) ?? 0
        if balance != Int128(account.balance) {
            found(
                "Account \(account.number) has a balance of \(usd(Int128(account.balance))), and its entries sum to "
                    + "\(usd(balance)).")
        }
        let held = held.removeValue(forKey: account.number) ?? 0
        if held != Int128(account.held) {
            found(
                "Account \(account.number) has \(usd(Int128(account.held))) held, and its open tasks have reserved "
                    + "\(usd(held)).")
        }
        if account.balance < 0 || account.held < 0 || account.held > account.balance {
            found("Account \(account.number) has a balance and a held amount that cannot be.")
        }
    }

    /// What belongs to accounts that do not exist.
    private mutating func checkRest() {
        for account in balances.keys.sorted() { found("Entries belong to account \(account), which does not exist.") }
        for account in held.keys.sorted() { found("Open tasks belong to account \(account), which does not exist.") }
    }

    /// A sum as text in USD, also when it is larger than any single amount.
    func usd(_ sum: Int128) -> String { LedgerVerifier.usd(sum) }

    static func usd(_ sum: Int128) -> String {
        Int64(exactly: sum).flatMap(Money.init(nanos:))?.description ?? "\(sum) · 10^-9"
    }
}
