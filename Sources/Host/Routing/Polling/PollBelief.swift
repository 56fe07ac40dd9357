import Domain

/// How long a task takes, as it looks from what was observed and, where little was, from the vendor's plan.
///
/// The vendor's plan counts as a few observations. They are spread so that the best schedule by them alone is the plan
/// itself: 1/(1 + t/a)^2 of the tasks take longer than t, where a is the first poll and four intervals. Their tail is
/// long, so that a task which takes longer than everything seen is asked for at gaps that grow with its age.
struct PollBelief {
    /// The observations that the plan counts as.
    static let planWeight = 2.0

    /// By the edges of `SolveTimeScale`: the share that is ready before the edge, and that share's sum of times.
    private let ready: [Double]
    private let moments: [Double]

    init(_ distribution: SolveTimeDistribution, _ bounds: PollBounds) {
        let edges = SolveTimeScale.edges
        let scale = bounds.first + 4 * bounds.interval
        let learned = distribution.weight / (distribution.weight + PollBelief.planWeight)
        var (ready, moments) = ([0.0], [0.0])
        ready.reserveCapacity(edges.count)
        moments.reserveCapacity(edges.count)
        var planned = 0.0
        for bucket in distribution.shares.indices {
            let remaining = scale / (scale + edges[bucket + 1])
            let next = 1 - remaining * remaining
            let share = learned * distribution.shares[bucket] + (1 - learned) * (next - planned)
            planned = next
            ready.append(ready[bucket] + share)
            moments.append(moments[bucket] + share * (edges[bucket] + edges[bucket + 1]) / 2)
        }
        self.ready = ready
        self.moments = moments
    }

    /// The share of the tasks that is ready before `seconds`, and the sum of their times.
    func before(_ seconds: Double) -> (share: Double, moment: Double) {
        let bucket = SolveTimeScale.bucket(of: seconds)
        let (low, high) = (SolveTimeScale.edges[bucket], SolveTimeScale.edges[bucket + 1])
        let end = min(max(seconds, low), high)
        let share = (ready[bucket + 1] - ready[bucket]) * (end - low) / (high - low)
        return (ready[bucket] + share, moments[bucket] + share * (low + end) / 2)
    }

    /// The mean delay and number of polls of a task that is ready before the last of these polls, times the share of
    /// such tasks; and the polls of the others.
    func outcome(of polls: some Sequence<Double>) -> (delay: Double, polls: Double) {
        var (delay, count) = (0.0, 0.0)
        var last = (share: 0.0, moment: 0.0)
        for poll in polls {
            let next = before(poll)
            delay += poll * (next.share - last.share) - (next.moment - last.moment)
            count += 1 - last.share
            last = next
        }
        return (delay, count)
    }
}
