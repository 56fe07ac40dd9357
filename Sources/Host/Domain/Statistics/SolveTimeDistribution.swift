/// Which share of the tasks takes how long, as `SolveTimes` knows it: shares of the buckets of `SolveTimeScale`, and
/// within a bucket every time alike.
///
/// An observation says only between which two polls a result became ready. The shares under which all observations
/// together are likeliest are found as usual (expectation and maximisation): spread each observation over its buckets
/// in proportion to the shares so far, add up, and do it again. In the beginning each is spread evenly. After each
/// round neighbours are blended a little, because the likeliest shares alone are spikes.
public struct SolveTimeDistribution: Sendable, Hashable {
    /// The shares of the buckets, summing to 1; all zero when nothing is known.
    public let shares: [Double]
    /// What the observations counted for.
    public let weight: Double

    private static let rounds = 100
    /// The part of a bucket's share that either neighbour gets in each round.
    private static let blended = 0.05

    init(_ times: SolveTimes) {
        let count = SolveTimeScale.count
        weight = times.weight
        var shares = [Double](repeating: 0, count: count)
        guard weight > 0 else {
            self.shares = shares
            return
        }
        let cells = times.cells.map { cell in
            (lower: Int(cell.lower), upper: min(Int(cell.upper), count), weight: cell.weight / times.weight)
        }
        for (cell, counted) in zip(times.cells, cells) {
            // What was given up may have ended right after, unless others show how long such tasks go on.
            let upper = cell.upper == SolveTimes.unbounded ? counted.lower + 1 : counted.upper
            let span = SolveTimeScale.edges[upper] - SolveTimeScale.edges[counted.lower]
            for bucket in counted.lower..<upper {
                let width = SolveTimeScale.edges[bucket + 1] - SolveTimeScale.edges[bucket]
                shares[bucket] += counted.weight * width / span
            }
        }
        for _ in 0..<SolveTimeDistribution.rounds {
            shares = SolveTimeDistribution.explained(cells, by: shares)
            SolveTimeDistribution.blend(&shares, SolveTimeDistribution.blended)
        }
        self.shares = shares
    }

    /// One round: each cell's weight goes to its buckets in proportion to their shares.
    private static func explained(
        _ cells: [(lower: Int, upper: Int, weight: Double)], by shares: [Double]
    ) -> [Double] {
        var below = [0.0]
        below.reserveCapacity(shares.count + 1)
        for share in shares { below.append(below[below.count - 1] + share) }
        // What a unit of share gains in each bucket, as differences from one bucket to the next.
        var gains = [Double](repeating: 0, count: shares.count + 1)
        for cell in cells {
            let covered = below[cell.upper] - below[cell.lower]
            // Shares so small that they are lost beside the rest: nothing is gained by dividing by them.
            guard covered > 1e-13 else { continue }
            gains[cell.lower] += cell.weight / covered
            gains[cell.upper] -= cell.weight / covered
        }
        var explained = shares
        var (gain, total) = (0.0, 0.0)
        for bucket in shares.indices {
            gain += gains[bucket]
            explained[bucket] = max(shares[bucket] * gain, 0)
            total += explained[bucket]
        }
        for bucket in explained.indices { explained[bucket] /= total }
        return explained
    }

    /// Gives `part` of each share to either neighbour. At the ends it stays where it is.
    private static func blend(_ shares: inout [Double], _ part: Double) {
        var previous = shares[0]
        for bucket in shares.indices {
            let own = shares[bucket]
            let next = bucket + 1 < shares.count ? shares[bucket + 1] : own
            shares[bucket] = own + part * (previous - 2 * own + next)
            previous = own
        }
    }
}
