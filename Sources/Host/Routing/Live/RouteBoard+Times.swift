public import Domain
import ProviderKit

// MARK: - How long providers may take

extension RouteBoard {
    /// Polls of one attempt, at most.
    public func mostPolls(_ lane: RouteLane) -> Int {
        offers.offer(of: lane.family, at: lane.provider)?.pollPlan.most ?? Manifest.PollPlan().most
    }

    /// When to ask for a result next, in seconds after the provider took the task; infinite for never.
    ///
    /// - Parameters:
    ///   - elapsed: seconds since it took the task, at the last poll; nil before the first.
    ///   - dither: a number in 0..<1 that is the attempt's own, by which some are asked for at other times than the
    ///   best.
    public mutating func nextPoll(
        _ lane: RouteLane, after elapsed: Double?, dither: Double, at now: Timestamp
    ) -> Double {
        guard let offer = offers.offer(of: lane.family, at: lane.provider) else {
            // It is not sold any more; the attempt goes on by a plan that suits most.
            let plan = Manifest.PollPlan()
            return elapsed.map { $0 + plan.interval } ?? plan.first
        }
        let bounds = PollBounds(
            offer.pollPlan, resultLifetimeSeconds: offer.resultLifetimeSeconds, horizon: offer.horizonSeconds)
        return lanes[lane, default: LaneState(RouteStatistics(at: now))].polls.schedule(within: bounds, at: now)
            .next(after: elapsed ?? 0, dither: dither)
    }

    /// What the lane's schedule of polls is to be made anew of, if it is time to; nil else. Whoever is given it makes
    /// the schedule, without keeping others from the board meanwhile, and has it taken.
    public mutating func pollRenewal(of lane: RouteLane, at now: Timestamp) -> PollRenewal? {
        lanes[lane]?.polls.renewal(at: now)
    }

    /// Asks by this schedule from now on.
    public mutating func take(_ schedule: PollSchedule, of renewal: PollRenewal, for lane: RouteLane) {
        lanes[lane]?.polls.take(schedule, of: renewal)
    }

    /// Whether the lane has solved a task that began after that time, and that this host has sent.
    public func hasSolved(_ lane: RouteLane, begunAfter time: Timestamp) -> Bool {
        lanes[lane]?.solvedBegan.map { $0 > time } ?? false
    }

    /// Seconds that an attempt may take before others are tried; nil when there are no others at all.
    ///
    /// What this provider usually takes, generously, but no more than leaves each of the others a share of the time:
    /// those that may have the task now, and those that are shut or rest and may have it before the deadline.
    ///
    /// - Parameters:
    ///   - choice: what is allowed besides this provider.
    ///   - left: seconds to the task's deadline.
    public mutating func budget(
        _ provider: String, _ choice: CandidateChoice, left: Double, at now: Timestamp
    ) -> Double? {
        // Most often there is nobody else, or the question is cheap: without this each task would make a choice.
        guard offers.offers(of: choice.family).contains(where: { choice.allows(provider: $0.provider, $0.price) })
        else {
            return nil
        }
        let others = remembered(essential(choice), at: now).takers(before: now.adding(seconds: left))
        let lane = RouteLane(provider: provider, family: choice.family)
        let (mean, deviation) = usualSeconds(lane, at: now)
        // A fair share, but never so little that it could not be done.
        return min(patience(lane, at: now), max(left / Double(others + 1), mean + deviation))
    }

    /// Seconds that a task usually takes there, generously.
    public func patience(_ lane: RouteLane, at now: Timestamp) -> Double {
        let (mean, deviation) = usualSeconds(lane, at: now)
        return max((mean + 2 * deviation) * Limits.patienceFactor, Limits.leastBudgetSeconds)
    }

    private func usualSeconds(_ lane: RouteLane, at now: Timestamp) -> (mean: Double, deviation: Double) {
        lanes[lane]?.statistics.faded(to: now).lasting.usualSeconds
            ?? (Limits.unknownSolveSeconds, Limits.unknownSolveSeconds / 4)
    }
}

extension DecayingSums {
    /// The mean and the standard deviation of the solved tries' seconds; nil with too few to tell.
    fileprivate var usualSeconds: (mean: Double, deviation: Double)? {
        guard solved >= 5, let meanSeconds, let secondsVariance else { return nil }
        return (meanSeconds, secondsVariance.squareRoot())
    }
}
