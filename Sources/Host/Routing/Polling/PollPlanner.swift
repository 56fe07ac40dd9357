/// Finds the polls with the least `delay + price * polls` by dynamic programming over a grid of times.
///
/// The time that remains to be lost, and paid, after a poll at time i without a result is
///
///     V(i) = min over j >= i + interval of  (what is lost on results that become ready between i and j)
///                                           + price * (share not ready at i) + V(j)
///
/// What is lost between i and j is t(j) (F(j) - F(i)) - (M(j) - M(i)), where F is the share that is ready and M the sum
/// of its times. For a given j that is a straight line over F(i), so that V(i) is the lowest of some lines at F(i).
/// Going back in time the lines come in the order of their slopes and are asked at falling places, so that all the
/// minima together take a time proportional to the grid.
struct PollPlanner {
    private let bounds: PollBounds
    private let belief: PollBelief
    private let grid: [Double]
    private let ready: [Double]
    private let moments: [Double]

    /// Steps of the grid to an interval, and steps before they double in length; then they double again for every
    /// doubling of the time.
    private static let stepsPerInterval = 64.0
    private static let stepsBeforeDoubling = 2048

    /// So many polls are few.
    private static let fewPolls = 30

    init(_ belief: PollBelief, _ bounds: PollBounds) {
        self.bounds = bounds
        self.belief = belief
        let grid = PollPlanner.grid(bounds)
        var (ready, moments) = ([Double](), [Double]())
        ready.reserveCapacity(grid.count)
        moments.reserveCapacity(grid.count)
        for time in grid {
            let before = belief.before(time)
            ready.append(before.share)
            moments.append(before.moment)
        }
        self.grid = grid
        self.ready = ready
        self.moments = moments
    }

    /// From the earliest poll to an interval beyond the horizon.
    private static func grid(_ bounds: PollBounds) -> [Double] {
        var grid = [bounds.first]
        var step = bounds.interval / stepsPerInterval
        var steps = stepsBeforeDoubling
        var start = bounds.first
        while start < bounds.horizon + bounds.interval {
            for index in 1...steps {
                let time = start + step * Double(index)
                grid.append(time)
                if time >= bounds.horizon + bounds.interval { return grid }
            }
            start += step * Double(steps)
            step *= 2
            steps = stepsBeforeDoubling / 2
        }
        return grid
    }

    /// The polls before the horizon, rising: at least one, at most as many as are allowed.
    ///
    /// - Parameter price: the seconds of mean delay that one more poll of a task has to save.
    func polls(price: Double) -> [Double] { kept(best(price: price), price) }

    /// The polls within all bounds: further ones where too long a time would pass without any, and no more than are
    /// allowed.
    private func kept(_ polls: [Double], _ price: Double) -> [Double] {
        let filled = filled(polls)
        guard filled.count > bounds.most else { return filled }
        // The first ones as planned, and then at growing gaps. How many the first are is tried.
        var choices = (0..<8).map { thinned(filled, after: bounds.most * $0 / 8) }
        if bounds.most < PollPlanner.fewPolls {
            // Each is precious: also what is best when a poll costs more.
            let dearer = (1..<12).map { self.filled(best(price: price * Double(1 << (2 * $0)))) }
            choices += dearer.filter { $0.count <= bounds.most }
        }
        func cost(_ polls: [Double]) -> Double {
            let outcome = belief.outcome(of: polls)
            // What is not ready at the last poll is lost, which is as bad as fetching it at the horizon.
            let missed = polls.last.map { (belief.before(bounds.horizon).share - belief.before($0).share) } ?? 1
            return outcome.delay + price * outcome.polls + missed * bounds.horizon
        }
        return choices.min { cost($0) < cost($1) } ?? filled
    }

    /// The first `count` polls, and as many more as are allowed up to the horizon, the first of them after the least
    /// gap and each further one after one that is longer by the same.
    private func thinned(_ polls: [Double], after count: Int) -> [Double] {
        let left = bounds.most - count
        // Without any before it, the first may be as early as is allowed.
        let start = count > 0 ? polls[count - 1] : max(bounds.first - bounds.interval, 0)
        let gaps = Double(left + 1)
        let growth = max((bounds.horizon - start - gaps * bounds.interval) * 2 / (gaps * (gaps - 1)), 0)
        let more = (1...left).lazy.map { Double($0) }
            .map { start + $0 * bounds.interval + growth * $0 * ($0 - 1) / 2 }.prefix { $0 < bounds.horizon }
        return (polls.prefix(count) + more).withAtLeast(bounds.last)
    }

    /// The polls before the horizon with the least cost, whatever their number.
    private func best(price: Double) -> [Double] {
        let (followers, first) = followers(price: price)
        var polls: [Double] = []
        var next = first
        while next < grid.count, grid[next] < bounds.horizon {
            polls.append(grid[next])
            next = followers[next]
        }
        return polls
    }

    /// For each time of the grid the one of the poll that follows, or the grid's end; and the first.
    private func followers(price: Double) -> (next: [Int], first: Int) {
        let count = grid.count
        var next = [Int](repeating: count, count: count)
        var lines = LowerEnvelope(capacity: count)
        var added = count
        func add(downTo index: Int, _ cost: [Double]) {
            while added > index {
                added -= 1
                lines.add(
                    Line(
                        slope: -grid[added], height: cost[added] + grid[added] * ready[added] - moments[added],
                        index: added))
            }
        }
        var cost = [Double](repeating: 0, count: count)
        var reach = count
        for index in stride(from: count - 1, through: 0, by: -1) {
            // Less a thousandth of a step, so that whole intervals are not missed by a rounding.
            let earliest = grid[index] + bounds.interval * (1 - 1e-5)
            while reach > index + 1, grid[reach - 1] >= earliest { reach -= 1 }
            guard reach < count else { continue }
            add(downTo: reach, cost)
            guard let best = lines.lowest(at: ready[index]) else { continue }
            next[index] = best.index
            cost[index] = best.height + best.slope * ready[index] + moments[index] + price * (1 - ready[index])
        }
        add(downTo: 0, cost)
        return (next, lines.lowest(at: 0)?.index ?? 0)
    }

    /// The polls with further ones where too long a time would pass without any.
    private func filled(_ polls: [Double]) -> [Double] {
        var filled: [Double] = []
        var last = 0.0
        for poll in polls + [bounds.horizon] {
            let gap = poll - last
            let pieces = (gap / bounds.longest).rounded(.up)
            if pieces > 1, gap / pieces >= bounds.interval {
                let added = stride(from: 1, to: pieces, by: 1).map { last + gap * $0 / pieces }
                filled += added.filter {
                    $0 >= bounds.first && $0 - (filled.last ?? -bounds.interval) >= bounds.interval
                }
            }
            if poll < bounds.horizon { filled.append(poll) }
            last = poll
        }
        return filled.withAtLeast(bounds.last)
    }
}

extension Sequence<Double> {
    /// All of them, or if there are none this one.
    fileprivate func withAtLeast(_ time: Double) -> [Double] {
        let all = Array(self)
        return all.isEmpty ? [time] : all
    }
}
