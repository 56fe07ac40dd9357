/// One simulated day: who is in the market, what happens to them, and when tasks come.
///
/// Every seed is another market: the parts that the providers play are the same, their prices, times and mishaps are
/// not.
public struct Day: Sendable {
    public let seed: UInt64
    let traders: [Trader]
    /// The mean of seconds between tasks.
    let interval: Double
    /// The share of tasks that nobody can solve.
    let unsolvableShare = 0.005
    let seconds = 86_400.0
    /// What a task costs and takes in this market: the medians over the providers, as the day begins. They are the
    /// units in which the utility adds money to time.
    let usualCost: Double
    let usualSeconds: Double

    /// - Parameter interval: the mean of seconds between two tasks; they come independently of each other.
    public init(seed: UInt64, interval: Double) {
        self.seed = seed
        self.interval = interval
        var chance = Chance(seed, -1)
        // In an order of its own, so that nobody is helped by a name or a place.
        var traders = Day.cast(&chance)
        for index in traders.indices.dropLast() {
            traders.swapAt(index, index + Int(chance.share() * Double(traders.count - index)))
        }
        self.traders = traders
        usualCost = Day.median(traders.map(\.listPrice))
        usualSeconds = Day.median(traders.map { $0.medianSeconds * Chance.lognormalMean(scatter: $0.scatter) })
    }

    /// The seconds at which tasks come.
    var arrivals: [Double] {
        var chance = Chance(seed, -2)
        var times: [Double] = []
        var time = 0.0
        while true {
            time += interval * chance.exponential()
            guard time < seconds else { return times }
            times.append(time)
        }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// Prices are in USD, a thousandth being usual for one task.
    private static func cast(_ chance: inout Chance) -> [Trader] {
        func usd(_ least: Double, _ most: Double) -> Double { chance.between(least, most) / 1000 }
        func spans(_ count: Int, _ least: Double, _ most: Double) -> [Trader.Span] {
            (0..<count).map { index in
                // Each within its part of the day, so that they do not overlap.
                let part = 86_400 / Double(count)
                let length = min(chance.between(least, most), part)
                let start = part * Double(index) + chance.between(0, part - length)
                return start..<start + length
            }
        }
        func scatter() -> Double { chance.between(0.25, 0.5) }

        let thrift = Trader(
            name: "thrift", listPrice: usd(0.5, 0.8), medianSeconds: chance.between(28, 45), scatter: scatter())
        let middle = Trader(
            name: "middle", listPrice: usd(1, 1.4), medianSeconds: chance.between(16, 24), scatter: scatter())
        let swift = Trader(
            name: "swift", listPrice: usd(2, 3), medianSeconds: chance.between(7, 11), scatter: scatter())
        var shifty = Trader(
            name: "shifty", listPrice: usd(0.7, 1.6), medianSeconds: chance.between(14, 30), scatter: scatter())
        shifty.priceSteps = spans(4, 3600, 18_000).map {
            Trader.Step(from: $0.lowerBound, price: shifty.listPrice * chance.between(0.5, 2))
        }
        var weary = Trader(
            name: "weary", listPrice: usd(1, 1.8), medianSeconds: chance.between(9, 15), scatter: scatter())
        weary.slow = spans(2, 5_400, 14_400)
        weary.slowness = chance.between(2.5, 5)
        var flaky = Trader(
            name: "flaky", listPrice: usd(0.6, 1), medianSeconds: chance.between(10, 20), scatter: scatter())
        flaky.unsolvableShare = 0.25
        flaky.errorShare = 0.25
        flaky.chargesFailures = true
        var mortal = Trader(
            name: "mortal", listPrice: usd(0.6, 1.2), medianSeconds: chance.between(11, 22), scatter: scatter())
        mortal.dead = spans(1, 3600, 3600)
        var liar = Trader(
            name: "liar", listPrice: usd(0.5, 1), medianSeconds: chance.between(12, 25), scatter: scatter())
        liar.lying = spans(2, 7_200, 21_600)
        return [thrift, middle, swift, shifty, weary, flaky, mortal, liar]
    }
}
