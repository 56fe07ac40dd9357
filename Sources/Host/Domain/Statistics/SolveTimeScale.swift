/// The buckets into which solve times fall: sixteen to a doubling, from about 0.03 s to 4,096 s, each 4.4 % wide.
///
/// Everything is computed from square roots, so that every host has the same edges to the last bit.
public enum SolveTimeScale {
    /// Buckets to a doubling.
    static let perDoubling = 16
    /// The lowest and the highest edge are 2 to the power of these, in seconds.
    private static let lowest = -5
    private static let highest = 12

    /// The number of buckets. The first holds everything from 0 on, the last everything that is longer.
    public static let count = (highest - lowest) * perDoubling

    /// `count` + 1 edges in seconds, rising; bucket `i` is what is at least edge `i` and below edge `i + 1`.
    public static let edges: [Double] = (0...count).map { index in
        guard index > 0 else { return 0 }
        let (doublings, rest) = index.quotientAndRemainder(dividingBy: perDoubling)
        return Double(sign: .plus, exponent: lowest + doublings, significand: steps[rest * 2])
    }

    /// 2 to the power of i/32, for i = 0...31.
    private static let steps: [Double] = {
        let root = (0..<5).reduce(2.0) { power, _ in power.squareRoot() }
        return (0..<2 * perDoubling).reduce(into: []) { steps, _ in steps.append((steps.last ?? 1 / root) * root) }
    }()

    /// The bucket that a time of so many seconds falls into. What is below 0 or not a number counts as 0.
    public static func bucket(of seconds: Double) -> Int {
        min(max(halves(seconds) >> 1, 0), count - 1)
    }

    /// The edge that is nearest to a time, by ratio: 0...count.
    static func edge(nearest seconds: Double) -> Int {
        // Below half of the first bucket the nearest edge is 0, whose ratio to anything is infinite.
        seconds < edges[1] / 2 ? 0 : min(max((halves(seconds) + 1) >> 1, 1), count)
    }

    /// How many halves of a bucket a time is above the lowest edge, rounded down.
    private static func halves(_ seconds: Double) -> Int {
        guard seconds > 0 else { return 0 }
        guard seconds < edges[count] else { return 2 * count }
        let significand = seconds.significand
        var (low, high) = (0, steps.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if steps[middle] <= significand { low = middle } else { high = middle }
        }
        return (Int(seconds.exponent) - lowest) * 2 * perDoubling + low
    }
}
