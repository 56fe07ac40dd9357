/// What an account's balance and held amount are made of, all of it as of one moment.
public struct AccountTotals: Sendable, Hashable {
    public var account: Account
    /// The transactions by kind, in the order of `LedgerTransaction.Kind`; kinds without one are left out.
    public var kinds: [KindTotal]
    /// How many tasks are open, and what they have reserved together.
    public var openTasks: Int64
    public var reserved: Money

    /// The transactions of one kind.
    public struct KindTotal: Sendable, Hashable {
        public let kind: LedgerTransaction.Kind
        public let count: Int64
        /// What they have changed the balance by together.
        public let amount: Money

        public init(_ kind: LedgerTransaction.Kind, count: Int64, amount: Money) {
            self.kind = kind
            self.count = count
            self.amount = amount
        }
    }

    public init(account: Account, kinds: [KindTotal], openTasks: Int64, reserved: Money) {
        self.account = account
        self.kinds = kinds
        self.openTasks = openTasks
        self.reserved = reserved
    }

    /// Whether the transactions sum to the balance and the reservations to what is held.
    public var addsUp: Bool {
        Money.sum(kinds.map(\.amount)) == account.balance && reserved == account.held
    }
}
