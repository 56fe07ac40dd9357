public import Domain
import ProviderKit

/// A customer of a vendor: what the simulator knows of one key.
public struct SimulatedAccount: Sendable, Hashable {
    /// In the unit of the vendor: USD, at Multibot units of its own.
    public var balance: Money
    /// Tasks that a plan still pays for, at CapSolver.
    public var packageTasks = 0
    public var isSuspended = false
    /// Whether the caller's address is missing in the list of trusted ones.
    public var refusesAddress = false
    /// Everything that was charged, refunds not taken off.
    public internal(set) var charged = Money.zero
    public internal(set) var refunded = Money.zero
    public internal(set) var tasks = 0
    public internal(set) var solved = 0
    public internal(set) var failed = 0
    var complaints = 0
    var blockedUntil: Timestamp?
    var refusals = CallWindow(seconds: 60)
    var submits = CallWindow(seconds: 3)
    /// Polls and balance calls of res.php since the last ban for them.
    var formCalls = 0
    var formTasks = 0

    public init(balance: Money) {
        self.balance = balance
    }

    mutating func pay(_ price: Money) throws(Problem) {
        if packageTasks > 0 { return packageTasks -= 1 }
        guard balance >= price, balance > .zero, let rest = balance.subtracting(price),
            let total = charged.adding(price)
        else { throw .noFunds }
        balance = rest
        charged = total
    }

    mutating func refund(_ price: Money) {
        balance = balance.adding(price) ?? balance
        refunded = refunded.adding(price) ?? refunded
    }
}

/// Counts what happened in the last seconds.
struct CallWindow: Sendable, Hashable {
    let seconds: Double
    private var times: [Timestamp] = []

    init(seconds: Double) {
        self.seconds = seconds
    }

    /// Counts one more and gives how many there are now.
    mutating func count(at now: Timestamp) -> Int {
        let start = now.adding(seconds: -seconds)
        if let first = times.first, first < start { times.removeAll { $0 < start } }
        times.append(now)
        return times.count
    }
}
