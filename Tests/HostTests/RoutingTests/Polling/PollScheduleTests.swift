import Domain
import PollingModel
import ProviderKit
import Routing
import TestSupport
import TestTraits
import Testing

@Suite("Schedules of polls", .computesLong)
struct PollScheduleTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func bounds(
        _ first: Double, _ interval: Double, _ most: Int, lifetime: Double? = nil, horizon: Double = 300
    ) -> PollBounds {
        PollBounds(
            Manifest.PollPlan(first: first, interval: interval, most: most), resultLifetimeSeconds: lifetime,
            horizon: horizon)
    }

    private func times(_ law: SolveTimeLaw, count: Int, seed: UInt64 = 1) -> SolveTimes {
        var random = SeededGenerator(seed: seed)
        var times = SolveTimes()
        for _ in 0..<count { times.record(seconds: law.sample(&random), at: now) }
        return times
    }

    @Test("Whatever was observed and whatever the bounds are, they are kept, by every attempt")
    func boundsAreKept() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            let median = 0.1 * Double(1 << Int.random(in: 0...11, using: &random))
            let far = SolveTimeLaw.Peak(0.5, median: median * 4, spread: 0.2)
            let law = SolveTimeLaw([SolveTimeLaw.Peak(0.5, median: median, spread: 0.4), far])
            let known = times(law, count: Int.random(in: 0...200, using: &random))
            let bounds = bounds(
                [0, 0.5, 1, 5, 20, 400].randomElement(using: &random) ?? 0,
                [0.05, 0.5, 1, 3, 5, 30, 3600].randomElement(using: &random) ?? 1,
                [1, 2, 7, 60, 1_000, 100_000].randomElement(using: &random) ?? 1,
                lifetime: [nil, 10, 60, 300].randomElement(using: &random) ?? nil,
                horizon: [1, 60, 300].randomElement(using: &random) ?? 300)
            let schedule = PollSchedule(known, bounds)
            #expect(!schedule.polls.isEmpty)
            let dithers = [nil, 0.5, 0.999] + (0..<6).map { schedule.exploring * Double($0) / 6 }
            for dither in dithers {
                for late in [0, 0.3, 1.1] {
                    checkAttempt(schedule, bounds, dither: dither, late: late * bounds.interval)
                }
            }
        }
    }

    /// Goes through an attempt that is never ready and whose polls are all late by up to `late`.
    private func checkAttempt(_ schedule: PollSchedule, _ bounds: PollBounds, dither: Double?, late: Double) {
        var (last, count) = (0.0, 0)
        while true {
            let poll = schedule.next(after: last, dither: dither)
            guard poll.isFinite else { break }
            #expect(count > 0 ? poll >= last + bounds.interval * 0.999 : poll >= bounds.first, "\(bounds) \(poll)")
            last = poll + (count % 3 == 0 ? late : 0)
            count += 1
        }
        #expect(count <= bounds.most && count >= 1, "\(bounds)")
    }

    @Test("Without observations the vendor's plan is the schedule, and with more of them it is left step by step")
    func fromPlanToLearned() {
        let bounds = bounds(5, 5, 120)
        let plan = PollSchedule(SolveTimes(), bounds).polls
        for (index, poll) in plan.prefix(20).enumerated() {
            #expect(abs(poll - Double(5 + 5 * index)) < 0.1, "\(poll)")
        }
        #expect(plan.last ?? 0 > 280)
        // Results come at 31 s: the more of them were seen, the fewer polls are made before.
        let law = SolveTimeLaw.lognormal(median: 31, spread: 0.03)
        let early = [0, 3, 10, 100, 2_000].map { count in
            PollSchedule(times(law, count: count), bounds).polls.count { $0 < 28 }
        }
        #expect(early.first == 5 && early.last ?? 5 <= 1)
        #expect(zip(early, early.dropFirst()).allSatisfy { $0 >= $1 }, "\(early)")
    }

    @Test("A narrow peak is asked for right behind it, and then again as soon as is allowed")
    func behindThePeak() throws {
        let schedule = PollSchedule(times(.lognormal(median: 31, spread: 0.02), count: 3_000), bounds(5, 5, 120))
        let hit = try #require(schedule.polls.first { $0 > 30 })
        #expect(hit > 31 && hit < 34, "\(schedule.polls.prefix(8))")
        #expect(schedule.expectedDelay < 2)
    }

    @Test("A task that takes longer than everything seen is asked for until the deadline")
    func tail() {
        let schedule = PollSchedule(times(.lognormal(median: 4, spread: 0.2), count: 1_000), bounds(2, 2, 140))
        let late = schedule.polls.filter { $0 > 20 }
        #expect(late.count >= 5 && late.last ?? 0 > 230)
    }

    @Test("No result waits for longer than half of the time for which it is kept")
    func lifetime() {
        let law = SolveTimeLaw([
            SolveTimeLaw.Peak(0.5, median: 5, spread: 0.1), SolveTimeLaw.Peak(0.5, median: 200, spread: 0.02),
        ])
        let schedule = PollSchedule(times(law, count: 5_000), bounds(3, 3, 200, lifetime: 60))
        for (last, next) in zip([0] + schedule.polls, schedule.polls + [300]) { #expect(next - last <= 30.001) }
    }

    @Test("Few polls are spread over the whole time")
    func fewPolls() {
        let schedule = PollSchedule(times(.lognormal(median: 20, spread: 0.5), count: 500), bounds(2, 2, 10))
        #expect(schedule.polls.count <= 10 && schedule.polls.count >= 8 && schedule.polls.last ?? 0 > 120)
        #expect(schedule.expectedDelay < 12)
    }

    @Test("A provider that becomes slower is asked later")
    func slower() throws {
        let bounds = bounds(3, 3, 90)
        var last = 0.0
        for median in [8.0, 16, 32, 64] {
            let schedule = PollSchedule(times(.lognormal(median: median, spread: 0.1), count: 2_000), bounds)
            let first = try #require(schedule.polls.first { $0 > median * 0.7 })
            #expect(first > last && schedule.polls.count { $0 < median * 0.6 } <= 2)
            last = first
        }
    }
}
