import Domain
import MarketModel

/// Prints how the policies of routing compare over simulated days:
/// `bench-market [DAYS [SECONDS-BETWEEN-TASKS [FIRST-SEED]]]`.
@main
enum MarketBench {
    /// Days that played no part when the constants of the adaptive policy were chosen: those were 1 to 30 and 1001 to
    /// 1048.
    private static let firstSeed = 2_001.0

    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap(Double.init)
        let days = max(2, min(10_000, UInt64(arguments.first ?? 48)))
        let interval = max(0.1, arguments.dropFirst().first ?? 5)
        let first = UInt64(max(1, min(1e6, arguments.dropFirst(2).first ?? firstSeed)))
        let comparison = Comparison(
            RoutingAlgorithm.allCases.map(Contestant.policy) + [.cheapest, .fastest, .roundRobin, .oracle],
            sliders: [0, 25, 50, 75, 100], seeds: first..<first + days, interval: interval)
        print("\(days) days, a task every \(interval) s, eight providers\n")
        print(comparison.table)
        print("\nThe same days, one by one:\n")
        print(comparison.differences(.adaptive, .published))
    }
}
