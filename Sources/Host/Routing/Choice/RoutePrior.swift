import Domain

/// What is believed of a provider before anything was observed of it.
public struct RoutePrior: Sendable, Hashable {
    /// What a client pays, in USD: the operator's price or the list price, margin included.
    public var cost: Double
    /// Seconds from a submit to its solution.
    public var seconds: Double
    /// Solved of a hundred tries: 0...100.
    public var successRate: Double

    /// What is believed of every provider alike: 20 s, 95 of a hundred. It weighs as little as three or five tasks.
    public init(cost: Double, seconds: Double = 20, successRate: Double = 95) {
        self.cost = cost
        self.seconds = seconds
        self.successRate = successRate
    }

    /// How many observations the prior counts for.
    static let costWeight = 1.0
    static let secondsWeight = 3.0
    static let rateWeight = 5.0
}

extension RouteStatistics {
    /// The moving average of the observed prices: of the last minutes where there are any, else of a longer window,
    /// else the list price. Prices hardly scatter, so that one recent observation says more than many old ones; each
    /// window counts the next longer one as a single observation.
    func averageCost(_ prior: RoutePrior) -> Double {
        [lasting, recent, moment].reduce(prior.cost) { believed, window in
            (window.cost + believed * RoutePrior.costWeight) / (window.priced + RoutePrior.costWeight)
        }
    }
}
