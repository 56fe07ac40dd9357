import Domain
import Foundation
import PollingModel
import ProviderKit
import Routing
import TestTraits
import Testing

@Suite("Learning when to poll", .computesLong)
struct PollLearningTests {
    private static let scenarios = PollingScenario.all.enumerated().filter { $0.offset % 3 == 2 }.map(\.element)

    @Test(
        "Results wait at most a tenth longer than by the best schedule that knows the solve times and asks as often",
        arguments: scenarios)
    func nearlyBest(_ scenario: PollingScenario) {
        var learner = PollingLearner(scenario, seed: 5)
        learner.run(1_500, planEvery: 150)
        let learned = learner.run(900, planEvery: 150)
        let best = BestSchedule(scenario.law, scenario.bounds, points: 300).delay(polls: learned.polls)
        #expect(learned.delay <= 1.1 * best, "\(learned) \(best)")
        // Nor is it less than the best, or the measure is wrong.
        #expect(learned.delay >= 0.98 * best, "\(learned) \(best)")
    }

    @Test("The best schedule is what is found by trying all pairs of polls")
    func bestSchedule() {
        let law = SolveTimeLaw.lognormal(median: 10, spread: 0.3)
        let bounds = PollBounds(
            Manifest.PollPlan(first: 1, interval: 4, most: 100), resultLifetimeSeconds: nil, horizon: 300)
        var least = Double.infinity
        // The third poll and all that follow come at the least gap.
        for first in stride(from: 4.0, to: 20, by: 0.25) {
            for gap in stride(from: 4.0, to: 10, by: 0.25) {
                let polls = [first] + (0..<12).map { first + gap + 4 * Double($0) }
                let cost = PollingCost(of: polls, under: law)
                least = min(least, cost.delay + 0.5 * cost.polls)
            }
        }
        let best = BestSchedule(law, bounds, points: 400)
        // The bound at every number of polls is below what any schedule pays at a price.
        let bound = stride(from: 1.0, to: 4, by: 0.1).map { best.delay(polls: $0) + 0.5 * $0 }.min() ?? 0
        #expect(bound <= least + 0.01 && bound > least - 0.05, "\(bound) \(least)")
    }

    @Test("Learning does not feed on itself: whatever was believed at first, the schedule becomes that of the truth")
    func wrongBeliefs() {
        let scenario = PollingScenario(
            "narrow", .lognormal(median: 12, spread: 0.06), Manifest.PollPlan(first: 5, interval: 5, most: 120))
        let now = Timestamp(milliseconds: 1_799_999_999_000)
        // That everything takes a minute, that it is ready at once, and what a poll at 60 s alone shows.
        var (slow, quick, blind) = (SolveTimes(), SolveTimes(), SolveTimes())
        for _ in 0..<100 {
            slow.record(seconds: 60, at: now)
            quick.record(seconds: 1, at: now)
            blind.record(after: 0, by: 60, at: now)
        }
        for (index, belief) in [slow, quick, blind].enumerated() {
            var learner = PollingLearner(scenario, startingWith: belief, seed: UInt64(index))
            let before = PollingLearner.cost(of: learner.schedule, under: scenario.law)
            learner.run(3_000, planEvery: 150)
            let after = PollingLearner.cost(of: learner.schedule, under: scenario.law)
            let best = BestSchedule(scenario.law, scenario.bounds, points: 300).delay(polls: after.polls)
            #expect(after.delay < 1.15 * best, "\(before) \(after) \(best)")
            #expect(before.delay > 1.3 * best, "the belief was not wrong: \(before) \(best)")
        }
    }

    @Test("A provider that becomes four times slower is followed")
    func drift() {
        let plan = Manifest.PollPlan(first: 3, interval: 3, most: 90)
        let (before, after) = (
            PollingScenario("before", .lognormal(median: 9, spread: 0.3), plan),
            PollingScenario("after", .lognormal(median: 36, spread: 0.3), plan)
        )
        var learner = PollingLearner(before, seed: 1)
        learner.run(600, planEvery: 150)
        var later = PollingLearner(after, startingWith: learner.times, seed: 2)
        let meanwhile = later.run(600, planEvery: 60)
        let best = BestSchedule(after.law, after.bounds, points: 300)
        #expect(meanwhile.delay < 1.25 * best.delay(polls: meanwhile.polls))
    }
}
