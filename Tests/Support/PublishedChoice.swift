public import ProviderKit

/// The published algorithm, applied to the figures that an explanation shows: written down here once more, by its text
/// alone, to check that anybody could.
public struct PublishedChoice {
    /// The providers that are neither out of play nor dominated, with their scores.
    public var scores: [String: Double] = [:]
    /// Those that another one beats in price and speed, as the explanation's figures say.
    public var dominated: Set<String> = []
    /// Who comes first.
    public var chosen: String?

    /// - Parameter explanation: `candidates` with their figures, `speedWeight` and `reliableFirst`.
    public init(_ explanation: JSONValue) {
        struct Row {
            let provider: String
            let cost, seconds, rate, ownTasks: Double
        }
        let rows = (explanation["candidates"]?.array ?? []).compactMap { candidate -> Row? in
            // One that rests or is shut takes no part at all.
            if let reason = candidate["filtered"]?.string, !reason.hasSuffix("is faster and cheaper") { return nil }
            guard let provider = candidate["provider"]?.string, let cost = candidate["cost"]?.double,
                let seconds = candidate["seconds"]?.double, let rate = candidate["successRate"]?.double
            else { return nil }
            let ownTasks = candidate["ownTasks"]?.double ?? 0
            return Row(provider: provider, cost: cost, seconds: seconds, rate: rate, ownTasks: ownTasks)
        }
        let isReliable = explanation["reliableFirst"]?.bool == true
        let left = rows.filter { row in
            !rows.contains { other in
                other.cost < row.cost && other.seconds < row.seconds
                    && !(isReliable && row.rate.rounded() > other.rate.rounded())
            }
        }
        dominated = Set(rows.map(\.provider)).subtracting(left.map(\.provider))
        let speedWeight = (explanation["speedWeight"]?.double ?? 0) / 100
        let costs = left.map(\.cost), times = left.map(\.seconds)
        func normalised(_ value: Double, _ all: [Double]) -> Double {
            guard let least = all.min(), let most = all.max(), most > least else { return 1 }
            return 1 - (value - least) / (most - least)
        }
        for row in left {
            let base =
                speedWeight * normalised(row.seconds, times) + (1 - speedWeight) * normalised(row.cost, costs)
            let bias = 1 + 0.15 * min(row.ownTasks, 100) / 100
            scores[row.provider] = base * (0.3 + 0.7 * row.rate / 100) * bias
        }
        let bestRate = left.map { $0.rate.rounded() }.max()
        let finalists = isReliable ? left.filter { $0.rate.rounded() == bestRate } : left
        chosen = finalists.max { scores[$0.provider] ?? 0 < scores[$1.provider] ?? 0 }?.provider
    }
}
