import Foundation
public import Routing

/// The best that any schedule can do which knows the true solve times, by plain dynamic programming: every poll of a
/// fine grid is tried after every other. It shares no code with the planner.
public struct BestSchedule {
    private let times: [Double]
    private let shares: [Double]
    private let moments: [Double]
    private let gap: Int

    /// - Parameter steps: how finely the least gap between polls is divided, at least; the grid has about `points`
    ///   points otherwise.
    public init(_ law: SolveTimeLaw, _ bounds: PollBounds, points: Int, steps: Int = 8) {
        // From the first time at which anything can be ready to the last at which a millionth is not.
        func quantile(_ share: Double) -> Double {
            var (low, high) = (0.0, bounds.horizon)
            for _ in 0..<60 {
                let middle = (low + high) / 2
                if law.before(middle).share < share { low = middle } else { high = middle }
            }
            return high
        }
        let start = max(bounds.first, quantile(1e-6))
        let end = max(quantile(1 - 1e-6), start) + bounds.interval
        let pieces = max((bounds.interval * Double(points) / (end - start)).rounded(.up), Double(steps))
        let step = bounds.interval / pieces
        gap = Int(pieces)
        times = (0...Int(((end - start) / step).rounded(.up))).map { start + step * Double($0) }
        let before = times.map(law.before)
        shares = before.map(\.share)
        moments = before.map(\.moment)
    }

    /// The polls with the least `delay + price * polls`, and that least.
    private func least(price: Double) -> Double {
        let count = times.count
        var cost = [Double](repeating: 0, count: count)
        times.withUnsafeBufferPointer { times in
            shares.withUnsafeBufferPointer { shares in
                moments.withUnsafeBufferPointer { moments in
                    cost.withUnsafeMutableBufferPointer { cost in
                        var index = count - 1 - gap
                        while index >= 0 {
                            var (best, next) = (Double.infinity, index + gap)
                            let (share, moment) = (shares[index], moments[index])
                            while next < count {
                                let lost = times[next] * (shares[next] - share) - (moments[next] - moment) + cost[next]
                                if lost < best { best = lost }
                                next += 1
                            }
                            cost[index] = best + price * (1 - share)
                            index -= 1
                        }
                    }
                }
            }
        }
        return times.indices.map { times[$0] * shares[$0] - moments[$0] + price + cost[$0] }.min() ?? 0
    }

    /// A delay that no schedule with so many polls in the mean can be below, nor any mixture of schedules: for every
    /// price, what a poll costs less the polls at that price. The best price is searched.
    public func delay(polls: Double) -> Double {
        func bound(_ logarithm: Double) -> Double { least(price: exp(logarithm)) - exp(logarithm) * polls }
        // The bound rises and then falls with the price: it is a minimum of straight lines over it.
        var (low, high) = (log(1e-4), log(1e3))
        let golden = (5.0.squareRoot() - 1) / 2
        var (left, right) = (high - golden * (high - low), low + golden * (high - low))
        var (atLeft, atRight) = (bound(left), bound(right))
        for _ in 0..<22 {
            if atLeft < atRight {
                (low, left, atLeft) = (left, right, atRight)
                right = low + golden * (high - low)
                atRight = bound(right)
            } else {
                (high, right, atRight) = (right, left, atLeft)
                left = high - golden * (high - low)
                atLeft = bound(left)
            }
        }
        return max(atLeft, atRight)
    }
}
