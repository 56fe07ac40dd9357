import Domain

/// What the shares of the buckets say in figures that people know, to test by.
extension SolveTimeDistribution {
    /// The time within which this share of the tasks is solved, in seconds; nil when nothing is known.
    func quantile(_ share: Double) -> Double? {
        guard weight > 0 else { return nil }
        var left = min(max(share, 0), 1)
        var last = 0
        for (bucket, part) in shares.enumerated() where part > 0 {
            let (low, high) = (SolveTimeScale.edges[bucket], SolveTimeScale.edges[bucket + 1])
            if left <= part { return low + (high - low) * left / part }
            left -= part
            last = bucket
        }
        return SolveTimeScale.edges[last + 1]
    }

    /// The mean solve time in seconds; nil when nothing is known.
    var mean: Double? {
        guard weight > 0 else { return nil }
        return shares.indices.reduce(0) { sum, bucket in
            sum + shares[bucket] * (SolveTimeScale.edges[bucket] + SolveTimeScale.edges[bucket + 1]) / 2
        }
    }

    /// The share of the tasks that is solved within so many seconds: 0...1; nil when nothing is known.
    func share(below seconds: Double) -> Double? {
        guard weight > 0 else { return nil }
        guard seconds > 0 else { return 0 }
        let bucket = SolveTimeScale.bucket(of: seconds)
        let (low, high) = (SolveTimeScale.edges[bucket], SolveTimeScale.edges[bucket + 1])
        let whole = shares[..<bucket].reduce(0, +)
        return min(whole + shares[bucket] * min((seconds - low) / (high - low), 1), 1)
    }
}

extension SolveTimes {
    func quantile(_ share: Double) -> Double? { distribution.quantile(share) }
    var mean: Double? { distribution.mean }
    func share(below seconds: Double) -> Double? { distribution.share(below: seconds) }

    /// What the observations count for at another time, which for an earlier one is what they count for at `asOf`.
    func weight(at now: Timestamp) -> Double {
        var later = self
        later.advance(to: now)
        return later.weight
    }
}
