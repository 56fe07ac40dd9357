import Domain

/// How fast tasks may follow each other at a provider that has come back after an outage, for which many may have
/// waited.
///
/// It begins with a few in a second, and doubles with each task that is taken; beyond `Limits.recoveryQuickPace` it
/// grows slowly, so that it finds what the provider can take and still lets all through who wait. It is over when
/// nobody had to wait for it for a while.
struct RecoveryPace: Sendable, Hashable {
    /// Tasks in a second.
    private var rate = Limits.recoveryFirstPace
    /// When the next task may begin.
    private var next: Timestamp
    /// When a task last had to wait.
    private var wantedAt: Timestamp

    init(at now: Timestamp) {
        next = now
        wantedAt = now
    }

    /// When the next task may begin; nil when one may now.
    func waits(at now: Timestamp) -> Timestamp? { now < next ? next : nil }

    /// Whether nobody has had to wait for a while.
    func isOver(at now: Timestamp) -> Bool { now.seconds(since: wantedAt) >= Limits.recoveryQuietSeconds }

    /// A task has to wait.
    mutating func isWanted(at now: Timestamp) { wantedAt = max(wantedAt, now) }

    mutating func began(at now: Timestamp) { next = now.adding(seconds: 1 / rate) }

    /// The provider has taken a task.
    mutating func taken(at now: Timestamp) {
        rate =
            rate < Limits.recoveryQuickPace
            ? min(rate * 2, Limits.recoveryQuickPace) : min(rate + Limits.recoveryGrowth, Limits.recoveryMostPace)
        next = min(next, now.adding(seconds: 1 / rate))
    }
}
