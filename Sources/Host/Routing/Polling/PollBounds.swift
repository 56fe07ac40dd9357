import Domain
public import ProviderKit

/// What a schedule of polls has to keep to: the vendor's documented bounds and the time that there is. In seconds after
/// the submit was answered.
public struct PollBounds: Sendable, Hashable {
    /// The earliest first poll.
    public let first: Double
    /// The least time between two polls, above 0.
    public let interval: Double
    /// The most polls, at least 1.
    public let most: Int
    /// The longest time without a poll, `interval` at least: a result that nobody fetched is kept only for so long.
    public let longest: Double
    /// From when on no poll is of use any more, because the task has failed by then.
    public let horizon: Double

    /// - Parameters:
    ///   - plan: the vendor's plan for the family.
    ///   - resultLifetimeSeconds: how long the vendor keeps a finished result; nil when it is not known. Half of it is
    ///     the longest time without a poll.
    ///   - horizon: seconds until the deadline of a task of the family.
    public init(_ plan: Manifest.PollPlan, resultLifetimeSeconds: Double?, horizon: Double) {
        first = max(plan.first, 0)
        interval = max(plan.interval, 0.001)
        most = max(plan.most, 1)
        longest = max(interval, resultLifetimeSeconds.map { $0 / 2 } ?? Limits.longestPollGapSeconds)
        self.horizon = max(horizon, 0)
    }

    /// When a single poll is made if there is no time for more.
    var last: Double { max(first, horizon * 0.9) }
}
