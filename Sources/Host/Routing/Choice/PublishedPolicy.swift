public import Domain

/// The algorithm as the hosted service has published it. docs/routing.md has it in words, with what was chosen where
/// the publication is silent.
public struct PublishedPolicy: RoutePolicy {
    public init() {}

    /// The share of the score that is left to a provider that solves nothing.
    static let leastMultiplier = 0.3
    /// What the requester's own key adds to the score at most, and how many tasks its balance covers then.
    static let largestBias = 0.15
    static let tasksOfLargestBias = 100.0

    /// The price as a moving average; seconds and success rate as means over the recent window, where the prior counts
    /// as a few more observations.
    public func figures(
        of provider: String, _ statistics: RouteStatistics, prior: RoutePrior, ownTasks: Double?, at now: Timestamp
    ) -> RouteFigures {
        let statistics = statistics.faded(to: now)
        let recent = statistics.recent
        let (seconds, rate) = (RoutePrior.secondsWeight, RoutePrior.rateWeight)
        return RouteFigures(
            provider: provider,
            cost: statistics.averageCost(prior),
            seconds: (recent.seconds + prior.seconds * seconds) / (recent.solved + seconds),
            successRate: min(100, (recent.solved * 100 + prior.successRate * rate) / (recent.tries + rate)),
            ownTasks: ownTasks)
    }

    public func route(_ candidates: [RouteFigures], _ preference: RoutingPreference, draw: Double?) -> Route {
        let dominators = ParetoFilter.dominators(candidates) { one, other in
            preference.reliableFirst && PublishedPolicy.wholeRate(one) > PublishedPolicy.wholeRate(other)
        }
        let left = candidates.indices.filter { dominators[$0] == nil }.map { candidates[$0] }
        let costs = Scale(left.map(\.cost))
        let speeds = Scale(left.map(\.seconds))
        let ranked = left.map { figures in
            RouteCandidate(figures: figures, score: PublishedPolicy.score(figures, costs, speeds, preference))
        }.sorted { PublishedPolicy.precedes($0, $1, preference) }
        let dropped = candidates.indices.compactMap { index in
            dominators[index].map { by in
                RouteCandidate(figures: candidates[index], filtered: .dominated(by: candidates[by].provider))
            }
        }.sorted { $0.figures.provider < $1.figures.provider }
        return Route(candidates: ranked + dropped)
    }

    /// Where a value lies between the best and the worst of the candidates.
    private struct Scale {
        let least: Double
        let most: Double

        init(_ values: [Double]) {
            least = values.min() ?? 0
            most = values.max() ?? 0
        }

        /// 1 for the least, 0 for the most, and 1 for all when they are equal.
        func score(_ value: Double) -> Double {
            most > least ? (most - value) / (most - least) : 1
        }
    }

    private static func score(
        _ figures: RouteFigures, _ costs: Scale, _ speeds: Scale, _ preference: RoutingPreference
    ) -> Double {
        let base =
            Double(preference.speedWeight) / 100 * speeds.score(figures.seconds)
            + Double(preference.priceWeight) / 100 * costs.score(figures.cost)
        let multiplier = leastMultiplier + (1 - leastMultiplier) * (figures.successRate / 100)
        return base * multiplier * bias(figures.ownTasks)
    }

    /// What the score is multiplied with for the requester's own key.
    static func bias(_ ownTasks: Double?) -> Double {
        1 + largestBias * min(max(ownTasks ?? 0, 0), tasksOfLargestBias) / tasksOfLargestBias
    }

    /// The success rate in whole percent, halves rounded up: as exact as a rate that was measured deserves.
    private static func wholeRate(_ figures: RouteFigures) -> Double {
        figures.successRate.rounded(.toNearestOrAwayFromZero)
    }

    /// Whether the first ranks before the second: by the score and, where it is equal, by success rate, price, speed
    /// and name. For a requester who wants reliability the whole percent of the success rate comes before all that.
    static func precedes(
        _ one: RouteCandidate, _ other: RouteCandidate, _ preference: RoutingPreference
    ) -> Bool {
        if preference.reliableFirst {
            let (left, right) = (wholeRate(one.figures), wholeRate(other.figures))
            if left != right { return left > right }
        }
        if let left = one.score, let right = other.score, left != right { return left > right }
        return precedesAtEqualScore(one.figures, other.figures)
    }

    private static func precedesAtEqualScore(_ one: RouteFigures, _ other: RouteFigures) -> Bool {
        if one.successRate != other.successRate { return one.successRate > other.successRate }
        return (one.cost, one.seconds, one.provider) < (other.cost, other.seconds, other.provider)
    }
}
