import Dispatch
public import Domain
import Synchronization

/// Contestants on the same days, compared with the oracle.
public struct Comparison: Sendable {
    /// How one contestant did at one slider, over all days.
    public struct Row: Sendable {
        public let contestant: String
        public let slider: Int
        /// By how many percent its utility is below the oracle's, for each day.
        public let regrets: [Double]
        public let successRates: [Double]
        /// Of a hundred tasks, those that failed though a living provider would have solved them, for each day.
        public let needlessFailures: [Double]

        public var regret: Estimate { Estimate(regrets) }
        public var successRate: Estimate { Estimate(successRates) }
        public var needlessFailure: Estimate { Estimate(needlessFailures) }
    }

    /// A mean with half the width of its 95 % confidence interval.
    public struct Estimate: Sendable {
        public let mean: Double
        public let margin: Double

        public init(_ values: [Double]) {
            let count = Double(values.count)
            let mean = values.reduce(0, +) / count
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
            self.mean = mean
            margin = 1.96 * (variance / count).squareRoot()
        }
    }

    public let rows: [Row]

    /// - Parameters:
    ///   - seeds: one for each day.
    ///   - interval: the mean of seconds between two tasks.
    ///   - breaker: makes the circuit breaker of a day with so many providers.
    public init(
        _ contestants: [Contestant], sliders: [Int], seeds: Range<UInt64>, interval: Double,
        breaker: @Sendable (Int) -> any Breaker = { HostBreaker(providers: $0) }
    ) {
        let preferences = sliders.compactMap { RoutingPreference(speedWeight: $0) }
        let days = Array(seeds)
        let results = Mutex<[[[DayResult]]]>(Array(repeating: [], count: days.count))
        DispatchQueue.concurrentPerform(iterations: days.count) { index in
            let day = Day(seed: days[index], interval: interval)
            let result = Comparison.results(contestants, preferences, day, breaker)
            results.withLock { $0[index] = result }
        }
        let all = results.withLock { $0 }
        rows = preferences.indices.flatMap { slider in
            contestants.indices.map { contestant in
                let days = all.map { $0[slider][contestant] }
                return Row(
                    contestant: contestants[contestant].name, slider: preferences[slider].speedWeight,
                    regrets: days.map(\.regret), successRates: days.map(\.outcome.successRate),
                    needlessFailures: days.map(\.outcome.needlessFailures))
            }
        }
    }

    public func row(_ contestant: String, _ slider: Int) -> Row? {
        rows.first { $0.contestant == contestant && $0.slider == slider }
    }

    private struct DayResult: Sendable {
        let regret: Double
        let outcome: MarketOutcome
    }

    /// By slider and contestant.
    private static func results(
        _ contestants: [Contestant], _ preferences: [RoutingPreference], _ day: Day,
        _ breaker: (Int) -> any Breaker
    ) -> [[DayResult]] {
        func run(_ contestant: Contestant, _ preference: RoutingPreference) -> MarketOutcome {
            var run = MarketRun(contestant, preference, day, breaker: breaker(day.traders.count))
            return run.run()
        }
        let alike = contestants.map { $0.heedsSlider ? nil : run($0, .balanced) }
        return preferences.map { preference in
            let best = run(.oracle, preference).utility(preference, day)
            return contestants.indices.map { index in
                let outcome = alike[index] ?? run(contestants[index], preference)
                return DayResult(regret: 100 * (1 - outcome.utility(preference, day) / best), outcome: outcome)
            }
        }
    }

    /// By how much one contestant differs from another on the same days.
    public struct Difference: Sendable {
        /// In percent of the oracle's utility; negative where the first is better.
        public let regret: Estimate
        /// In tasks of a hundred.
        public let successRate: Estimate
    }

    /// The first policy's figures less the second's; nil when one of them did not take part.
    public func difference(_ one: RoutingAlgorithm, _ other: RoutingAlgorithm, _ slider: Int) -> Difference? {
        guard let one = row(one.rawValue, slider), let other = row(other.rawValue, slider) else { return nil }
        return Difference(
            regret: Estimate(zip(one.regrets, other.regrets).map { $0 - $1 }),
            successRate: Estimate(zip(one.successRates, other.successRates).map { $0 - $1 }))
    }
}
