/// An account: somebody with a balance and API keys.
public struct Account: Sendable, Hashable {
    /// The number of the account.
    public let id: AccountID
    /// For people; may be empty.
    public var name: String
    /// Whether its keys are refused.
    public var suspended: Bool
    /// The sum of the account's ledger entries.
    public var balance: Money
    /// The sum of its open reservations: part of the balance that no further task can use.
    public var held: Money
    public let createdAt: Timestamp

    public init(id: AccountID, name: String, suspended: Bool, balance: Money, held: Money, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.suspended = suspended
        self.balance = balance
        self.held = held
        self.createdAt = createdAt
    }

    /// What a further task can use.
    public var available: Money { balance.subtracting(held) ?? .zero }
}

/// The number of an account: 1, 2, ...
public struct AccountID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number itself.
    public let number: Int64

    public init(_ number: Int64) {
        self.number = number
    }

    public var description: String { String(number) }
    public static func < (left: AccountID, right: AccountID) -> Bool { left.number < right.number }
}
