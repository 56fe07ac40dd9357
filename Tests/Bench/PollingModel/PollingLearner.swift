public import Domain
public import Routing
import TestSupport

/// A provider's tasks on a virtual clock, asked for by a schedule that knows nothing but what its own polls showed.
public struct PollingLearner {
    public let scenario: PollingScenario
    public private(set) var times: SolveTimes
    public private(set) var schedule: PollSchedule
    /// A task a second.
    private var now = Timestamp(milliseconds: 1_800_000_000_000)
    private var random: SeededGenerator

    public init(_ scenario: PollingScenario, startingWith times: SolveTimes = SolveTimes(), seed: UInt64) {
        self.scenario = scenario
        self.times = times
        schedule = PollSchedule(times, scenario.bounds)
        random = SeededGenerator(seed: seed)
    }

    /// Has so many tasks solved, and makes the schedule anew after every `planEvery`.
    ///
    /// - Returns: what they cost in the mean under the true solve times, each by the schedule of its time.
    @discardableResult
    public mutating func run(_ tasks: Int, planEvery: Int = 30) -> PollingCost {
        var total = PollingCost(delay: 0, polls: 0)
        var done = 0
        while done < tasks {
            schedule = PollSchedule(times, scenario.bounds)
            let batch = min(planEvery, tasks - done)
            let cost = PollingLearner.cost(of: schedule, under: scenario.law)
            total.delay += cost.delay * Double(batch)
            total.polls += cost.polls * Double(batch)
            for _ in 0..<batch { observe() }
            done += batch
        }
        return PollingCost(delay: total.delay / Double(tasks), polls: total.polls / Double(tasks))
    }

    /// One task, from its submit to the poll that finds it ready.
    private mutating func observe() {
        now = now.adding(seconds: 1)
        let ready = scenario.law.sample(&random)
        let dither = Double.random(in: 0..<1, using: &random)
        var last = 0.0
        while true {
            let poll = schedule.next(after: last, dither: dither)
            guard poll < scenario.bounds.horizon else {
                times.record(unfinishedAfter: last, at: now)
                return
            }
            if poll >= ready {
                times.record(after: last, by: poll, at: now)
                return
            }
            last = poll
        }
    }

    /// What a schedule costs, the tasks that explore included.
    public static func cost(of schedule: PollSchedule, under law: SolveTimeLaw) -> PollingCost {
        let plain = PollingCost(of: schedule.polls, under: law)
        guard schedule.exploring > 0 else { return plain }
        let ways = (0..<8).map { way in
            PollingCost(of: polls(of: schedule, dither: (Double(way) + 0.5) / 8 * schedule.exploring), under: law)
        }
        let delay = ways.reduce(0) { $0 + $1.delay } / 8
        let asked = ways.reduce(0) { $0 + $1.polls } / 8
        return PollingCost(
            delay: plain.delay + schedule.exploring * (delay - plain.delay),
            polls: plain.polls + schedule.exploring * (asked - plain.polls))
    }

    /// The polls of one attempt that never ends.
    public static func polls(of schedule: PollSchedule, dither: Double?) -> [Double] {
        var polls: [Double] = []
        var next = schedule.next(after: 0, dither: dither)
        while next.isFinite {
            polls.append(next)
            next = schedule.next(after: next, dither: dither)
        }
        return polls
    }
}
