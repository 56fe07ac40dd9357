import Domain
import Foundation
import PollingModel
import ProviderKit
import Routing

/// How long results wait until they are fetched: by the learned schedule, by the best one that knows the solve times
/// and asks as often, by the vendor's own plan and by a poll every five seconds.
///
///     bench-polling TASKS SEEDS
///
/// Half of the TASKS of each run are learned from, the other half are measured. A line for each scenario: its name,
/// then numbers behind tabs, as `scripts/bench.py` prints them. The last line says how many milliseconds a schedule
/// takes.
@main
struct Polling {
    static func main() {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let (tasks, seeds) = (max(numbers.first ?? 4_000, 2), max(numbers.dropFirst().first ?? 4, 1))
        var slowest = Duration.zero
        for scenario in PollingScenario.all {
            let best = BestSchedule(scenario.law, scenario.bounds, points: 1_000)
            var (delays, polls, ratios) = ([Double](), [Double](), [Double]())
            for seed in 1...seeds {
                var learner = PollingLearner(scenario, seed: UInt64(seed))
                learner.run(tasks / 2)
                let learned = learner.run(tasks / 2)
                delays.append(learned.delay)
                polls.append(learned.polls)
                ratios.append(learned.delay / best.delay(polls: learned.polls))
                slowest = max(slowest, planning(learner))
            }
            let (delay, asked) = (mean(delays), mean(polls))
            let vendor = PollingCost(of: scenario.vendorPlan, under: scenario.law)
            let fixed = PollingCost(of: scenario.everyFiveSeconds, under: scenario.law)
            let figures = [
                delay, asked, best.delay(polls: asked), mean(ratios), ratios.max() ?? 0, vendor.delay, vendor.polls,
                fixed.delay, fixed.polls,
            ]
            write("\(scenario)\t" + figures.map { String(format: "%.4f", $0) }.joined(separator: "\t"))
        }
        write("planning\t\(slowest / .milliseconds(1))")
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private static func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// The median time of making a schedule.
    private static func planning(_ learner: PollingLearner) -> Duration {
        let clock = ContinuousClock()
        let took = (0..<11).map { _ in
            clock.measure { _ = PollSchedule(learner.times, learner.scenario.bounds) }
        }
        return took.sorted()[took.count / 2]
    }
}
