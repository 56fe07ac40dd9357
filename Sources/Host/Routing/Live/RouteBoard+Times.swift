public import Domain
public import ProviderKit

// MARK: - How long providers may take

extension RouteBoard {
    /// The provider's own plan for asking for results.
    public func pollPlan(_ lane: RouteLane) -> Manifest.PollPlan {
        offers.offer(of: lane.family, at: lane.provider)?.pollPlan ?? Manifest.PollPlan()
    }

    /// When to ask for a result next, in seconds after the provider took the task.
    ///
    /// - Parameter elapsed: seconds since it took the task, at the last poll; nil before the first.
    public func nextPoll(_ lane: RouteLane, after elapsed: Double?, at now: Timestamp) -> Double {
        let plan = pollPlan(lane)
        return elapsed.map { $0 + plan.interval } ?? plan.first
    }

    /// Seconds that an attempt may take before others are tried; nil when there are no others that could be.
    ///
    /// What this provider usually takes, generously, but no more than leaves each of the others a share of the time.
    ///
    /// - Parameters:
    ///   - choice: what is allowed besides this provider.
    ///   - left: seconds to the task's deadline.
    public mutating func budget(
        _ provider: String, _ choice: CandidateChoice, left: Double, at now: Timestamp
    ) -> Double? {
        let others = remembered(choice, at: now).live
        guard others > 0 else { return nil }
        let lane = RouteLane(provider: provider, family: choice.family)
        let usual = lanes[lane]?.statistics.faded(to: now).lasting.usualSeconds
        let (mean, deviation) = usual ?? (Limits.unknownSolveSeconds, Limits.unknownSolveSeconds / 4)
        let generous = max((mean + 2 * deviation) * Limits.patienceFactor, Limits.leastBudgetSeconds)
        // A fair share, but never so little that it could not be done.
        return min(generous, max(left / Double(others + 1), mean + deviation))
    }
}

extension DecayingSums {
    /// The mean and the standard deviation of the solved tries' seconds; nil with too few to tell.
    fileprivate var usualSeconds: (mean: Double, deviation: Double)? {
        guard solved >= 5, let meanSeconds, let secondsVariance else { return nil }
        return (meanSeconds, secondsVariance.squareRoot())
    }
}
