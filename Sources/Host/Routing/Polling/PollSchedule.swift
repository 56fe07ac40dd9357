public import Domain

/// When a provider is asked for the results of tasks of one family, in seconds after the submit was answered.
///
/// It is made from the observed solve times and the vendor's bounds, so that results wait as little as possible until
/// they are fetched: see `PollPlanner`. The vendor's own plan asks as early and as often as the bounds allow, so that
/// no schedule within them asks more often; a poll that saves less mean delay than half a percent of the vendor's
/// interval is left out.
///
/// A few of the tasks are asked for at other times than the best, which shows when results become ready between those.
/// They are as many as cost a thirtieth more delay, an eighth of the tasks at most.
public struct PollSchedule: Sendable, Hashable {
    /// The polls, rising. Each is at least an interval after the one before.
    public let polls: [Double]
    /// The mean seconds from a result's being ready to the poll that fetches it, as expected.
    public let expectedDelay: Double
    /// The share of the tasks that are asked for at other times.
    public let exploring: Double
    private let bounds: PollBounds

    /// The seconds of delay that a poll has to save, as a share of the vendor's interval.
    static let priceOfPoll = 0.005
    /// By how much the mean delay may grow for the sake of knowing better, and how many tasks may serve for it.
    static let exploringCost = 0.03
    static let exploringMost = 0.125

    /// The schedule for what has been observed. Without observations it is the vendor's plan; each one counts for more.
    ///
    /// It takes about half a millisecond, so that it is made now and then and not for each task.
    ///
    /// - Parameters:
    ///   - times: what was observed.
    ///   - bounds: what to keep to.
    public init(_ times: SolveTimes, _ bounds: PollBounds) {
        let belief = PollBelief(times.distribution, bounds)
        let price = PollSchedule.priceOfPoll * bounds.interval
        let planned = PollPlanner(belief, bounds).polls(price: price)
        let outcome = belief.outcome(of: planned)
        polls = planned
        self.bounds = bounds
        expectedDelay = outcome.delay
        // What exploring costs, from two ways of it.
        let others = [0.25, 0.75].map { shift in
            belief.outcome(of: PollSchedule.shifted(planned, bounds, by: shift)).delay
        }
        let excess = others.reduce(0, +) / Double(others.count) - outcome.delay
        let affordable = PollSchedule.exploringCost * outcome.delay
        exploring = min(excess > 0 ? affordable / excess : 1, PollSchedule.exploringMost)
    }

    /// When to ask next.
    ///
    /// - Parameters:
    ///   - elapsed: seconds after the submit was answered; 0 before the first poll, else the time of the last one,
    ///     which may be later than it was planned.
    ///   - dither: a number that is drawn once for each attempt, evenly from 0..<1, and decides whether the attempt
    ///     explores and how; nil: it does not.
    /// - Returns: seconds after the submit was answered, later than `elapsed`; infinite when no more polls are allowed
    ///   or would be in time.
    public func next(after elapsed: Double, dither: Double? = nil) -> Double {
        let shift = dither.flatMap { $0 < exploring ? 1 - $0 / exploring : nil }
        // What was planned for within half an interval of the last poll is that poll, which timers bring a little late
        // or early.
        let past = elapsed > 0 ? elapsed + bounds.interval / 2 : 0
        var (low, high) = (0, polls.count)
        while low < high {
            let middle = (low + high) / 2
            let time = PollSchedule.shifted(polls, bounds, middle, by: shift)
            if time > past { high = middle } else { low = middle + 1 }
        }
        guard low < polls.count else { return .infinity }
        let planned = PollSchedule.shifted(polls, bounds, low, by: shift)
        return elapsed > 0 ? max(planned, elapsed + bounds.interval) : planned
    }

    /// A poll of an attempt that explores: somewhere between a planned poll and the next, the same part of the way each
    /// time, so that the gaps are never shorter than the shorter of two planned ones, but for the last.
    private static func shifted(_ polls: [Double], _ bounds: PollBounds, _ index: Int, by shift: Double?) -> Double {
        guard let shift else { return polls[index] }
        // Where there is room for a poll before the first, the first is what moves, else the one after it.
        let early = polls[0] - bounds.first >= bounds.interval
        let from = early ? (index > 0 ? polls[index - 1] : bounds.first) : polls[index]
        let to = early ? polls[index] : polls[min(index + 1, polls.count - 1)]
        return from + shift * (to - from)
    }

    private static func shifted(_ polls: [Double], _ bounds: PollBounds, by shift: Double) -> [Double] {
        polls.indices.map { shifted(polls, bounds, $0, by: shift) }
    }
}
