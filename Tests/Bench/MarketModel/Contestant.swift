public import Domain
import Routing

/// One way to choose, as it takes part in the comparison. All of them get the same failover, budgets and breaker.
public struct Contestant: Sendable {
    public let name: String
    let way: Way
    /// Whether the slider changes what it chooses.
    var heedsSlider: Bool {
        switch way {
        case .policy, .oracle: true
        case .leastCost, .leastSeconds, .inTurn: false
        }
    }

    enum Way: Sendable {
        case policy(any RoutePolicy)
        case leastCost
        case leastSeconds
        case inTurn
        case oracle
    }

    /// A policy of the product.
    public static func policy(_ algorithm: RoutingAlgorithm) -> Contestant {
        Contestant(name: algorithm.rawValue, way: .policy(algorithm.policy))
    }

    /// The least average price.
    public static let cheapest = Contestant(name: "cheapest", way: .leastCost)
    /// The least average time.
    public static let fastest = Contestant(name: "fastest", way: .leastSeconds)
    /// Each in turn.
    public static let roundRobin = Contestant(name: "round robin", way: .inTurn)
    /// Knows the truth of the moment: prices, mean times, shares of failures, who is dead and who lies. It does not
    /// know the luck of the single try, nor the future.
    public static let oracle = Contestant(name: "oracle", way: .oracle)
}

/// What one contestant chooses in one run.
struct Chooser {
    let way: Contestant.Way
    let preference: RoutingPreference
    let day: Day
    private var turn = 0

    init(_ contestant: Contestant, _ preference: RoutingPreference, _ day: Day) {
        way = contestant.way
        self.preference = preference
        self.day = day
    }

    /// One of the providers in `open`, which is not empty.
    mutating func choose(
        of open: [Int], _ statistics: [RouteStatistics], at time: Double, task: Int, isFirst: Bool
    ) -> Int {
        switch way {
        case .policy(let policy): return follow(policy, open, statistics, time, task, isFirst)
        case .leastCost: return least(open, statistics, time, \.cost)
        case .leastSeconds: return least(open, statistics, time, \.seconds)
        case .inTurn:
            turn += 1
            return open[turn % open.count]
        case .oracle:
            let losses = open.map { (loss: trueLoss(day.traders[$0], at: time), index: $0) }
            return losses.min { $0 < $1 }?.index ?? open[0]
        }
    }

    private func figures(
        _ policy: any RoutePolicy, _ index: Int, _ statistics: [RouteStatistics], _ time: Double
    ) -> RouteFigures {
        let trader = day.traders[index]
        return policy.figures(
            of: trader.name, statistics[index], prior: RoutePrior(cost: trader.listPrice), ownTasks: nil,
            at: MarketRun.instant(time))
    }

    private func follow(
        _ policy: any RoutePolicy, _ open: [Int], _ statistics: [RouteStatistics], _ time: Double, _ task: Int,
        _ isFirst: Bool
    ) -> Int {
        var chance = Chance(day.seed, -3, task)
        let route = policy.route(
            open.map { figures(policy, $0, statistics, time) }, preference, draw: isFirst ? chance.share() : nil)
        return open.first { day.traders[$0].name == route.chosen } ?? open[0]
    }

    private func least(
        _ open: [Int], _ statistics: [RouteStatistics], _ time: Double, _ field: KeyPath<RouteFigures, Double>
    ) -> Int {
        let values = open.map {
            (value: figures(PublishedPolicy(), $0, statistics, time)[keyPath: field], index: $0)
        }
        return values.min { $0 < $1 }?.index ?? open[0]
    }

    /// The weighted money and time that it takes to get a task solved by this provider: what one try costs on average,
    /// divided by its chance. Trying in the order of this loss is the best order there is.
    private func trueLoss(_ trader: Trader, at time: Double) -> Double {
        let solved = trader.solvedShare(at: time)
        guard solved > 0 else { return .infinity }
        let (price, seconds) = (trader.price(at: time), trader.meanSeconds(at: time))
        let tryCost = solved * price + trader.unsolvableShare * (trader.chargesFailures ? price : 0)
        let trySeconds =
            solved * seconds + trader.unsolvableShare * seconds * Trader.unsolvableSeconds
            + trader.errorShare * Trader.errorSeconds
        return Double(preference.priceWeight) / 100 * tryCost / solved / day.usualCost
            + Double(preference.speedWeight) / 100 * trySeconds / solved / day.usualSeconds
    }
}
