/// An account of the chart that ARCHITECTURE.md writes down. A positive balance is what the platform owes (a client's
/// credit, revenue earned), a negative one what it owns or has spent; all of them together are zero.
public enum LedgerAccount: Sendable, Hashable {
    /// What an account can spend.
    case client(AccountID)
    /// Money that clients have paid in: negative by as much as was received.
    case cash
    /// What clients were charged for tasks.
    case revenue
    /// What solving has cost, by provider: negative by as much as was spent.
    case providerCost(String)
    /// What the platform has used of its funds at a provider: positive by as much as was taken from them.
    case providerFunds(String)
    /// Refunds granted.
    case refunds
    /// Written off: credits for answers that were lost, corrections.
    case losses

    /// The account's name as it is stored and shown.
    public var name: String {
        switch self {
        case .client(let id): "client:\(id)"
        case .cash: "cash"
        case .revenue: "revenue"
        case .providerCost(let provider): "provider-cost:\(provider)"
        case .providerFunds(let provider): "provider-funds:\(provider)"
        case .refunds: "refunds"
        case .losses: "losses"
        }
    }

    /// Reads a stored name; nil when it is not of the chart, or not exactly as `name` writes it.
    public init?(name: String) {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("client", 2):
            guard let number = Int64(parts[1]), String(number) == parts[1] else { return nil }
            self = .client(AccountID(number))
        case ("provider-cost", 2) where !parts[1].isEmpty: self = .providerCost(parts[1])
        case ("provider-funds", 2) where !parts[1].isEmpty: self = .providerFunds(parts[1])
        case ("cash", 1): self = .cash
        case ("revenue", 1): self = .revenue
        case ("refunds", 1): self = .refunds
        case ("losses", 1): self = .losses
        default: return nil
        }
    }
}
