import Domain
import Foundation
import MarketModel

/// Prints how the policies of routing compare over simulated days:
/// `bench-market [DAYS [SECONDS-BETWEEN-TASKS [FIRST-SEED]]]`. It ends with status 1 when the policy that ships misses
/// its goals, or the other one should ship, where that holds, with a task every five seconds or more often.
@main
enum MarketBench {
    /// Days that played no part when the constants of the adaptive policy were chosen: those were 1 to 30 and 1001 to
    /// 1048.
    private static let firstSeed = 2_001.0

    /// Seconds between two tasks that are taken for granted, and above which there are no goals: too little is seen.
    private static let usualInterval = 5.0
    /// The most regret, in percent of the oracle's utility, and of a hundred tasks the most that fail needlessly.
    private static let mostRegret = 10.0
    private static let mostNeedlessFailures = 0.1

    private static let sliders = [0, 25, 50, 75, 100]

    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap(Double.init)
        let days = max(2, min(10_000, UInt64(max(0, min(1e6, arguments.first ?? 48)))))
        let interval = max(0.1, arguments.dropFirst().first ?? usualInterval)
        let first = UInt64(max(1, min(1e6, arguments.dropFirst(2).first ?? firstSeed)))
        let comparison = Comparison(
            RoutingAlgorithm.allCases.map(Contestant.policy) + [.cheapest, .fastest, .roundRobin, .oracle],
            sliders: sliders, seeds: first..<first + days, interval: interval)
        print("\(days) days, a task every \(interval) s, eight providers\n")
        print(comparison.table)
        print("\nThe same days, one by one:\n")
        print(comparison.differences(.adaptive, .published))
        let missed = interval > usualInterval ? [] : misses(comparison) + shippingMisses(comparison)
        for sentence in missed { FileHandle.standardError.write(Data("bench-market: \(sentence)\n".utf8)) }
        if !missed.isEmpty { exit(1) }
    }

    /// The adaptive policy ships if it is better at every slider and solves no less; else the published one does. A
    /// sentence for each slider at which that is not so.
    private static func shippingMisses(_ comparison: Comparison) -> [String] {
        let reasons = sliders.compactMap { slider -> String? in
            guard let difference = comparison.difference(.adaptive, .published, slider) else { return nil }
            let (regret, solved) = (difference.regret.mean, difference.successRate.mean)
            guard regret >= 0 || solved < 0 else { return nil }
            return "slider \(slider): adaptive less published is \(regret) % of regret and \(solved) % of tasks solved"
        }
        switch RoutingAlgorithm.standard {
        case .adaptive: return reasons.map { "adaptive must not ship; \($0)" }
        case .published: return reasons.isEmpty ? ["published ships, though adaptive is better at every slider"] : []
        }
    }

    /// A sentence for each goal that the policy that ships misses.
    private static func misses(_ comparison: Comparison) -> [String] {
        let shipped = RoutingAlgorithm.standard.rawValue
        return comparison.rows.filter { $0.contestant == shipped }.flatMap { row in
            var sentences: [String] = []
            let place = "\(shipped) at slider \(row.slider)"
            if row.regret.mean > mostRegret {
                sentences.append("\(place): the regret is \(row.regret) %; \(mostRegret) is allowed")
            }
            let needless = row.needlessFailure.mean
            if needless > mostNeedlessFailures {
                sentences.append("\(place): \(needless) % fail needlessly; \(mostNeedlessFailures) is allowed")
            }
            return sentences
        }
    }
}
