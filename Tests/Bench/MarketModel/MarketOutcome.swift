import Domain

/// How one day went.
public struct MarketOutcome: Sendable {
    public private(set) var solved = 0
    /// Tasks that failed, and those among them that a living provider would have solved.
    public private(set) var failed = 0
    public private(set) var failedNeedlessly = 0
    /// Seconds from arrival to end, and USD, of all tasks that could be solved.
    public private(set) var seconds = 0.0
    public private(set) var cost = 0.0

    mutating func solve(seconds: Double, cost: Double) {
        solved += 1
        self.seconds += seconds
        self.cost += cost
    }

    mutating func fail(seconds: Double, cost: Double, couldBeSolved: Bool) {
        failed += 1
        if couldBeSolved { failedNeedlessly += 1 }
        self.seconds += seconds
        self.cost += cost
    }

    /// Of a hundred tasks that could be solved.
    public var successRate: Double { 100 * Double(solved) / Double(max(1, solved + failed)) }
    /// Of a hundred tasks.
    public var needlessFailures: Double { 100 * Double(failedNeedlessly) / Double(max(1, solved + failed)) }

    /// Solved tasks for one unit of weighted money and time: the money of a solved task in what a task usually costs,
    /// and the time of a solved task in what it usually takes, weighed by the slider. What failed tasks cost and took
    /// is borne by the solved ones.
    func utility(_ preference: RoutingPreference, _ day: Day) -> Double {
        let money = cost / day.usualCost
        let time = seconds / day.usualSeconds
        let spent = (Double(preference.priceWeight) * money + Double(preference.speedWeight) * time) / 100
        return Double(solved) / spent
    }
}
