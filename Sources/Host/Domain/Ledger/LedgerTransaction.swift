/// A movement of money: entries that sum to zero.
public struct LedgerTransaction: Sendable, Hashable {
    /// What the movement is for.
    public let kind: Kind
    /// What it moves: at least two entries, none of zero, which together are zero.
    public let entries: [Entry]
    /// The task it settles, for kinds that belong to one.
    public let task: TaskID?
    /// The number of the task's attempt that it credits, for credits.
    public let attempt: Int?
    /// The caller's own reference of a deposit; one account's references are never used twice.
    public let reference: String?

    /// What a movement is for: the closed set, by the names under which it is stored and shown.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case deposit = "DEPOSIT"
        case taskCharge = "TASK_CHARGE"
        case taskRefund = "TASK_REFUND"
        case recycleCredit = "RECYCLE_CREDIT"
        case adjustment = "ADJUSTMENT"
    }

    /// One line: an amount added to an account, or taken from it when negative.
    public struct Entry: Sendable, Hashable {
        /// The account that changes.
        public let account: LedgerAccount
        /// By how much.
        public let amount: Money

        public init(_ account: LedgerAccount, _ amount: Money) {
            self.account = account
            self.amount = amount
        }
    }

    /// Fails when the entries don't sum to zero, or there are none.
    public init?(
        _ kind: Kind, _ entries: [Entry], task: TaskID? = nil, attempt: Int? = nil, reference: String? = nil
    ) {
        let entries = entries.filter { $0.amount != .zero }
        guard !entries.isEmpty, Money.sum(entries.map(\.amount)) == .zero else { return nil }
        self.kind = kind
        self.entries = entries
        self.task = task
        self.attempt = attempt
        self.reference = reference
    }
}

extension LedgerTransaction {
    /// Money that an account has paid in.
    public static func deposit(to account: AccountID, _ amount: Money, reference: String?) -> LedgerTransaction? {
        guard amount > .zero else { return nil }
        return LedgerTransaction(
            .deposit, [Entry(.client(account), amount), Entry(.cash, amount.negated)], reference: reference)
    }

    /// The charge of a solved task, with what solving it has cost the platform at the provider. Nil when both are zero
    /// or one is negative.
    ///
    /// - Parameter cost: what was taken from the platform's funds; zero for a task that went through a recycled key,
    ///   whose owner is credited by a transaction of its own.
    public static func charge(
        _ account: AccountID, for task: TaskID, price: Money, provider: String, cost: Money
    ) -> LedgerTransaction? {
        guard price >= .zero, cost >= .zero else { return nil }
        return LedgerTransaction(
            .taskCharge,
            [
                Entry(.client(account), price.negated), Entry(.revenue, price),
                Entry(.providerCost(provider), cost.negated), Entry(.providerFunds(provider), cost),
            ], task: task)
    }

    /// What an attempt through a recycled key has cost, or may have cost, for the key's owner. Nil unless it is
    /// positive.
    ///
    /// - Parameter isSolved: whether the attempt has solved the task; else the platform has lost the money.
    public static func credit(
        _ owner: AccountID, for task: TaskID, attempt: Int, provider: String, cost: Money, isSolved: Bool
    ) -> LedgerTransaction? {
        guard cost > .zero else { return nil }
        return LedgerTransaction(
            .recycleCredit,
            [Entry(.client(owner), cost), Entry(isSolved ? .providerCost(provider) : .losses, cost.negated)],
            task: task, attempt: attempt)
    }

    /// What an account is given back for a task. Nil unless it is positive.
    public static func refund(_ account: AccountID, for task: TaskID, _ price: Money) -> LedgerTransaction? {
        guard price > .zero else { return nil }
        return LedgerTransaction(
            .taskRefund, [Entry(.client(account), price), Entry(.refunds, price.negated)], task: task)
    }
}
