import Foundation

/// The truth about solve times that a simulation draws from: a mixture of lognormal ones.
public struct SolveTimeLaw: Sendable {
    /// One of the lognormal distributions.
    public struct Peak: Sendable {
        /// The share of the tasks: 0...1. All shares sum to 1.
        public var share: Double
        /// Seconds within which half of them are solved.
        public var median: Double
        /// The standard deviation of the logarithm.
        public var spread: Double

        public init(_ share: Double, median: Double, spread: Double) {
            self.share = share
            self.median = median
            self.spread = spread
        }
    }

    public var peaks: [Peak]

    public init(_ peaks: [Peak]) { self.peaks = peaks }

    /// A single lognormal distribution.
    public static func lognormal(median: Double, spread: Double) -> SolveTimeLaw {
        SolveTimeLaw([Peak(1, median: median, spread: spread)])
    }

    /// The share of the tasks that is ready before `seconds`, and the sum of their times.
    public func before(_ seconds: Double) -> (share: Double, moment: Double) {
        guard seconds > 0 else { return (0, 0) }
        return peaks.reduce((0.0, 0.0)) { sum, peak in
            let place = log(seconds / peak.median) / peak.spread
            let mean = peak.median * exp(peak.spread * peak.spread / 2)
            return (
                sum.0 + peak.share * SolveTimeLaw.normal(place),
                sum.1 + peak.share * mean * SolveTimeLaw.normal(place - peak.spread)
            )
        }
    }

    /// A solve time.
    public func sample(_ random: inout some RandomNumberGenerator) -> Double {
        var left = Double.random(in: 0..<1, using: &random)
        var chosen = peaks[peaks.count - 1]
        for peak in peaks {
            if left < peak.share {
                chosen = peak
                break
            }
            left -= peak.share
        }
        let (first, second) = (Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random))
        let normal = (-2 * log(1 - first)).squareRoot() * cos(2 * .pi * second)
        return chosen.median * exp(chosen.spread * normal)
    }

    private static func normal(_ place: Double) -> Double { erfc(-place / 2.0.squareRoot()) / 2 }
}

/// What a schedule costs a task in the mean.
public struct PollingCost: Sendable {
    /// Seconds from a result's being ready to the poll that fetches it.
    public var delay: Double
    public var polls: Double

    public init(delay: Double, polls: Double) {
        self.delay = delay
        self.polls = polls
    }

    /// The cost of asking at these times, without end: the last gap goes on.
    public init(of polls: [Double], under law: SolveTimeLaw) {
        self.init(delay: 0, polls: 0)
        var last = (share: 0.0, moment: 0.0)
        for poll in polls {
            let next = law.before(poll)
            delay += poll * (next.share - last.share) - (next.moment - last.moment)
            self.polls += 1 - last.share
            last = next
        }
    }
}
