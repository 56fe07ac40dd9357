import Domain
import Market

/// Prints how the policies of routing compare over simulated days: `bench-market [DAYS [SECONDS-BETWEEN-TASKS]]`.
@main
enum MarketBench {
    /// Other days than those on which the adaptive policy's constants were chosen, which were 1 to 30.
    private static let firstSeed: UInt64 = 1_001

    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap(Double.init)
        let days = max(2, min(10_000, UInt64(arguments.first ?? 32)))
        let interval = max(0.1, arguments.dropFirst().first ?? 5)
        let comparison = Comparison(
            RoutingAlgorithm.allCases.map(Contestant.policy) + [.cheapest, .fastest, .roundRobin, .oracle],
            sliders: [0, 25, 50, 75, 100], seeds: firstSeed..<firstSeed + days, interval: interval)
        print("\(days) days, a task every \(interval) s, eight providers\n")
        print(comparison.table)
        print("\nThe same days, one by one:\n")
        print(comparison.differences(.adaptive, .published))
    }
}
