public import Domain

/// The project's own way to choose: the provider by which a solved task is expected to cost least, in money and time as
/// the requester weighs them, failures included; and now and then one that may be better than is known. docs/routing.md
/// explains it.
public struct AdaptivePolicy: RoutePolicy {
    public init() {}

    /// What a failed try costs beyond its own money and time, in what a task usually costs: a second one has to follow.
    static let failurePenalty = 0.2
    /// How many standard errors better than its figures a provider is thought to be when it is looked for one to
    /// explore.
    static let optimism = 1.5
    /// The gain from which on as many tasks explore as may.
    private static let worthwhileGain = 0.3
    /// The least share of an estimate that optimism leaves.
    private static let leastShare = 0.2

    public func figures(
        of provider: String, _ statistics: RouteStatistics, prior: RoutePrior, ownTasks: Double?, at now: Timestamp
    ) -> RouteFigures {
        let estimate = Estimate(statistics, prior, at: now)
        let cost = statistics.averageCost(prior)
        let fresh = statistics.faded(to: now)
        let failures = fresh.lasting
        let weight = RoutePrior.secondsWeight
        return RouteFigures(
            provider: provider, cost: cost, seconds: estimate.seconds, successRate: estimate.rate * 100,
            ownTasks: ownTasks,
            doubt: RouteDoubt(
                costError: AdaptivePolicy.driftOfCost * cost / (1 + fresh.recent.priced),
                secondsError: estimate.secondsError, successRateError: estimate.rateError * 100,
                failedSeconds: (failures.failedSeconds + estimate.seconds * weight) / (failures.failed + weight),
                failedCost: failures.failedCost / (failures.failed + 1)))
    }

    /// By how much a price may have changed while nobody looked, as a share of it.
    private static let driftOfCost = 0.15

    public func route(_ candidates: [RouteFigures], _ preference: RoutingPreference, draw: Double?) -> Route {
        let units = Units(candidates)
        let ranked = candidates.map { figures in
            let loss = AdaptivePolicy.loss(figures, units, preference) / PublishedPolicy.bias(figures.ownTasks)
            return RouteCandidate(figures: figures, score: 1 / (1 + loss))
        }.sorted { PublishedPolicy.precedes($0, $1, preference) }
        guard let draw, let explored = AdaptivePolicy.explored(ranked, units, preference, draw) else {
            return Route(candidates: ranked)
        }
        var order = ranked
        order.insert(order.remove(at: explored), at: 0)
        return Route(candidates: order, isExploring: true)
    }

    /// What a task usually costs and takes: the medians over the candidates. Money and time are added up in these
    /// units.
    private struct Units {
        let cost: Double
        let seconds: Double

        init(_ candidates: [RouteFigures]) {
            cost = Units.median(candidates.map(\.cost))
            seconds = Units.median(candidates.map(\.seconds))
        }

        /// 1 where the median is 0 or there is none, so that it can be divided by.
        private static func median(_ values: [Double]) -> Double {
            guard !values.isEmpty else { return 1 }
            let sorted = values.sorted()
            let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
            return median > 0 ? median : 1
        }
    }

    /// The money and time of a solved task, in units of what is usual, with those of the failed tries that come before
    /// it.
    private static func loss(_ figures: RouteFigures, _ units: Units, _ preference: RoutingPreference) -> Double {
        let rate = min(max(figures.successRate / 100, 0.001), 1)
        let failures = (1 - rate) / rate
        let cost = figures.cost + failures * (figures.doubt?.failedCost ?? 0)
        let seconds = figures.seconds + failures * (figures.doubt?.failedSeconds ?? figures.seconds)
        return Double(preference.priceWeight) / 100 * cost / units.cost
            + Double(preference.speedWeight) / 100 * seconds / units.seconds + failures * failurePenalty
    }

    /// The candidate that this task goes to in order to learn, as an index; nil for none, which is the usual case.
    ///
    /// Only those are explored that would come first if they were as much better than their figures as is plausible,
    /// and each in proportion to what would be gained. The less the largest gain is, the fewer tasks are spent on it.
    private static func explored(
        _ ranked: [RouteCandidate], _ units: Units, _ preference: RoutingPreference, _ draw: Double
    ) -> Int? {
        let place = draw * 100 / Limits.exploredTasksPercent
        guard place < 1, let best = ranked.first?.figures else { return nil }
        let gains = ranked.map { candidate in
            candidate.figures == best ? 0 : gain(hoped(candidate.figures), over: best, units, preference)
        }
        let share = min(1, (gains.max() ?? 0) / worthwhileGain)
        guard place < share else { return nil }
        var rest = place / share * gains.reduce(0, +)
        for (index, gain) in gains.enumerated() where gain > 0 {
            rest -= gain
            if rest < 0 { return index }
        }
        return nil
    }

    /// What would be gained by one provider in the place of another, as a share of the loss there; for a requester who
    /// wants reliability, in the success rate.
    private static func gain(
        _ figures: RouteFigures, over best: RouteFigures, _ units: Units, _ preference: RoutingPreference
    ) -> Double {
        if preference.reliableFirst { return max(0, figures.successRate - best.successRate) / 100 }
        let least = loss(best, units, preference)
        return least > 0 ? max(0, 1 - loss(figures, units, preference) / least) : 0
    }

    /// The figures as they are if the provider is better than it seems.
    private static func hoped(_ figures: RouteFigures) -> RouteFigures {
        guard let doubt = figures.doubt else { return figures }
        var hoped = figures
        hoped.cost = max(figures.cost - optimism * doubt.costError, figures.cost * leastShare)
        hoped.seconds = max(figures.seconds - optimism * doubt.secondsError, figures.seconds * leastShare)
        hoped.successRate = min(100, figures.successRate + optimism * doubt.successRateError)
        return hoped
    }
}
