public import Domain
public import ProviderKit

// MARK: - What clients say of solutions

extension RouteBoard {
    /// Takes a solved task for a failed one, since the site did not accept its solution. One that was accepted counts
    /// as solved already.
    ///
    /// - Parameter solvedAt: when it was solved: it counts for as much as has not faded since.
    public mutating func refused(_ family: TaskFamily, at provider: String, solvedAt: Timestamp, now: Timestamp) {
        lanes[RouteLane(provider: provider, family: family)]?.refused(solvedAt: solvedAt, at: now)
    }
}

extension LaneState {
    fileprivate mutating func refused(solvedAt: Timestamp, at now: Timestamp) {
        own.recordRefused(solvedAt: solvedAt, at: now)
        isUnstored = true
    }
}
