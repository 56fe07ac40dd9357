/// What was observed of one provider for one family: prices, solve times, how often it solves.
///
/// It keeps the same sums over three windows, in which what was observed fades with time. The short ones notice a
/// change, the long one knows more. Windows fade with the clock and not with the number of tasks, so that what several
/// hosts have observed can be added up in any order.
public struct RouteStatistics: Sendable, Hashable {
    /// The instant to which the sums have faded: the last that was recorded or merged.
    public private(set) var updatedAt: Timestamp
    /// The last minutes.
    public private(set) var moment = DecayingSums()
    /// The last half hour or so: what the published algorithm calls recent.
    public private(set) var recent = DecayingSums()
    /// The last hours.
    public private(set) var lasting = DecayingSums()

    /// Nothing was observed yet.
    public init(at now: Timestamp) {
        updatedAt = now
    }

    /// Records a task that the provider has solved.
    ///
    /// - Parameters:
    ///   - seconds: from the submit to the solution. A value that is negative or no number counts as 0, one beyond an
    ///     hour as an hour.
    ///   - cost: the price of it in USD; nil when it is not known, then the estimate stays what it was.
    public mutating func recordSolved(seconds: Double, cost: Double?, at time: Timestamp) {
        let seconds = RouteStatistics.sane(seconds, most: RouteStatistics.longestSeconds)
        var sums = DecayingSums()
        sums.tries = 1
        sums.solved = 1
        sums.seconds = seconds
        sums.secondsSquared = seconds * seconds
        if let cost {
            sums.priced = 1
            sums.cost = RouteStatistics.sane(cost, most: RouteStatistics.highestCost)
        }
        record(sums, at: time)
    }

    /// Records a failure that counts against the provider. Which ones do is for the caller to decide.
    ///
    /// - Parameters:
    ///   - seconds: from the submit to the failure, or to the end of the attempt's budget. Bounded as above.
    ///   - cost: what the provider took for it all the same, in USD.
    public mutating func recordFailed(seconds: Double, cost: Double = 0, at time: Timestamp) {
        var sums = DecayingSums()
        sums.tries = 1
        sums.failedSeconds = RouteStatistics.sane(seconds, most: RouteStatistics.longestSeconds)
        sums.failedCost = RouteStatistics.sane(cost, most: RouteStatistics.highestCost)
        record(sums, at: time)
    }

    /// Takes one task that was recorded as solved for one that failed: its solution was no good.
    ///
    /// - Parameter solvedAt: when it was solved. Only what has not faded since is taken back.
    public mutating func recordRefused(solvedAt: Timestamp, at now: Timestamp) {
        fade(to: now)
        let age = max(0, updatedAt.seconds(since: solvedAt))
        moment.refuse(Decay.factor(seconds: age, halfLife: Limits.momentHalfLifeSeconds))
        recent.refuse(Decay.factor(seconds: age, halfLife: Limits.recentHalfLifeSeconds))
        lasting.refuse(Decay.factor(seconds: age, halfLife: Limits.lastingHalfLifeSeconds))
    }

    /// Adds what another host, or an earlier run, has observed. The order makes no difference.
    public mutating func merge(_ other: RouteStatistics) {
        let now = max(updatedAt, other.updatedAt)
        fade(to: now)
        let other = other.faded(to: now)
        moment.add(other.moment)
        recent.add(other.recent)
        lasting.add(other.lasting)
    }

    /// The same as it counts at a later instant; at an earlier one, as it is.
    public func faded(to now: Timestamp) -> RouteStatistics {
        var copy = self
        copy.fade(to: now)
        return copy
    }

    /// The same sums as of `now`, if they are of a later time.
    public func noLater(than now: Timestamp) -> RouteStatistics {
        RouteStatistics(updatedAt: min(updatedAt, now), moment: moment, recent: recent, lasting: lasting)
    }

    /// Restores what was stored.
    init(updatedAt: Timestamp, moment: DecayingSums, recent: DecayingSums, lasting: DecayingSums) {
        self.updatedAt = updatedAt
        self.moment = moment
        self.recent = recent
        self.lasting = lasting
    }

    private mutating func fade(to now: Timestamp) {
        guard now > updatedAt else { return }
        let seconds = now.seconds(since: updatedAt)
        moment.scale(by: Decay.factor(seconds: seconds, halfLife: Limits.momentHalfLifeSeconds))
        recent.scale(by: Decay.factor(seconds: seconds, halfLife: Limits.recentHalfLifeSeconds))
        lasting.scale(by: Decay.factor(seconds: seconds, halfLife: Limits.lastingHalfLifeSeconds))
        updatedAt = now
    }

    /// An observation that comes late, because a clock was set back or it waited, counts for what it would have left.
    private mutating func record(_ sums: DecayingSums, at time: Timestamp) {
        var observed = RouteStatistics(updatedAt: time, moment: sums, recent: sums, lasting: sums)
        observed.fade(to: updatedAt)
        merge(observed)
    }

    private static let longestSeconds = 3600.0
    private static let highestCost = 1000.0

    private static func sane(_ value: Double, most: Double) -> Double {
        value > 0 ? min(value, most) : 0
    }
}
