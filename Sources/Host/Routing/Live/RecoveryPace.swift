import Domain

/// How fast tasks may follow each other at a provider that has come back after an outage, for which many may have
/// waited.
///
/// It begins with a few in a second, and doubles with each task that is taken. From `Limits.recoveryQuickPace` on it
/// grows quickly up to what the provider had before the outage, which it is known to bear, and then slowly, so that it
/// finds what the provider can take and still lets all through who wait. As many as come within
/// `Limits.recoveryBurstSeconds` may come at once: tasks never come evenly, and where none wait none is to be sent
/// elsewhere because another came a moment ago. It is over when nobody had to wait for it for a while.
struct RecoveryPace: Sendable, Hashable {
    /// Tasks in a second, and how many there were before the outage.
    private var rate = Limits.recoveryFirstPace
    private let usual: Double
    /// When all that have begun would have passed one after the other, in milliseconds: at high rates a whole one is
    /// too coarse.
    private var next: Double
    /// When a task last had to wait.
    private var wantedAt: Timestamp

    /// - Parameter usual: tasks in a second that the provider had before.
    init(usual: Double = 0, at now: Timestamp) {
        self.usual = usual
        next = Double(now.milliseconds)
        wantedAt = now
    }

    private var interval: Double { 1_000 / rate }
    private var tolerance: Double { max(Limits.recoveryBurstSeconds * 1_000 - interval, 0) }

    /// When the next task may begin; nil when one may now.
    func waits(at now: Timestamp) -> Timestamp? {
        let wait = next - tolerance - Double(now.milliseconds)
        return wait > 0 ? Timestamp(milliseconds: now.milliseconds + Int64(wait.rounded(.up))) : nil
    }

    /// Whether nobody has had to wait for a while.
    func isOver(at now: Timestamp) -> Bool { now.seconds(since: wantedAt) >= Limits.recoveryQuietSeconds }

    /// A task has to wait.
    mutating func isWanted(at now: Timestamp) { wantedAt = max(wantedAt, now) }

    mutating func began(at now: Timestamp) { next = max(next, Double(now.milliseconds)) + interval }

    /// The provider has taken a task.
    mutating func taken(at now: Timestamp) {
        let isQuick = rate >= Limits.recoveryQuickPace
        let growth = rate < usual ? Limits.recoveryUsualGrowth : Limits.recoveryGrowth
        rate = isQuick ? min(rate + growth, Limits.recoveryMostPace) : min(rate * 2, Limits.recoveryQuickPace)
        next = min(next, Double(now.milliseconds) + tolerance + interval)
    }
}
