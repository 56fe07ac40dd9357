public import Domain
import ProviderKit

/// How a key of a provider is doing: how many tasks are open with it, and whether it rests after a fault.
///
/// A rest ends by itself, and what comes after it is a new try: a key never stays out for good because of what a
/// provider once said of it. The same fault again has it rest for twice as long.
///
/// After a rest one task tries whether it is over, and when the provider has taken that, ever more may follow: the key
/// has a pace, which doubles with each task that is taken and halves with each that meets a limit. So those that have
/// waited do not all come at once, and a key whose limit is met now and then still has the tasks that it can have. A
/// minute without a limit ends the pace.
public struct KeyRest: Sendable, Hashable {
    /// Tasks that it has at the provider.
    public internal(set) var openTasks = 0
    /// Until when it gets no task; nil when it may have one.
    public private(set) var until: Timestamp?
    /// The label of the fault that it rests after.
    public private(set) var reason: String?
    /// When the provider was last seen to know the key, since it last refused it.
    private(set) var provenAt: Timestamp?
    /// Faults in a row.
    private var strikes = 0
    /// How it goes on after a rest; nil while nothing was wrong for a while.
    private var pace: Pace?

    private struct Pace: Sendable, Hashable {
        /// When the last rest began: what began before tells nothing of how it is since.
        let restedAt: Timestamp
        /// Tasks in a second; nil as long as no task was taken since the rest.
        var rate: Double?
        /// When the next task may begin.
        var next: Timestamp
        /// Limits that were met since a task was last taken, and when the last of all was.
        var limits = 0
        var lastLimit: Timestamp
    }

    public init() {}

    /// Until when the key rests, if it does.
    public func rests(at now: Timestamp) -> Timestamp? { until.flatMap { now < $0 ? $0 : nil } }

    /// Until when it gets no task, because it rests or by its pace; nil when it may have one. The pace may be another
    /// one soon.
    func waits(at now: Timestamp) -> Timestamp? {
        if let until = rests(at: now) { return until }
        guard let pace, now < pace.next else { return nil }
        return min(pace.next, now.adding(seconds: Limits.askAgainSeconds))
    }

    /// A task begins with the key.
    ///
    /// - Returns: whether its answer tells something of the pace.
    mutating func began(at now: Timestamp) -> Bool {
        guard let pace else { return false }
        guard now.seconds(since: pace.lastLimit) < Limits.keyPaceSeconds || pace.rate == nil else {
            self.pace = nil
            return false
        }
        // The one that tries has some time for itself.
        self.pace?.next = now.adding(seconds: pace.rate.map { 1 / $0 } ?? Limits.keyTrialSeconds)
        return true
    }

    /// The provider has taken a task that began then.
    mutating func taken(began: Timestamp, at now: Timestamp) {
        guard var pace, began >= pace.restedAt, rests(at: now) == nil else { return }
        strikes = 0
        pace.limits = 0
        let rate = min((pace.rate ?? Limits.keyFirstPace / 2) * 2, Limits.keyMostPace)
        pace.next = min(pace.next, now.adding(seconds: 1 / rate))
        pace.rate = rate
        self.pace = pace
    }

    /// A task that began then has ended, and tells nothing of the key.
    mutating func ended(began: Timestamp, at now: Timestamp) {
        // The next may try.
        guard let pace, pace.rate == nil, began >= pace.restedAt else { return }
        self.pace?.next = min(pace.next, now)
    }

    /// The provider knows the key.
    mutating func proven(at now: Timestamp) { provenAt = now }

    /// Takes note of a fault that blames the key.
    ///
    /// A fault that tells when it will be over is believed, within `Limits.longestKeyRestSeconds`. A rest that is under
    /// way is never shortened, and several tasks that hear the same at once count as one.
    mutating func failed(_ fault: Fault, at now: Timestamp) {
        if fault.kind == .invalidKey || fault.kind == .keyDisabled { provenAt = nil }
        if slowsDown(fault, at: now) { return }
        let before = rests(at: now) == nil ? strikes : max(strikes - 1, 0)
        guard let seconds = fault.kind.restSeconds(at: now, strikes: before) else { return }
        strikes = before + 1
        let end = now.adding(seconds: min(seconds, Limits.longestKeyRestSeconds))
        guard end > until ?? now else { return }
        until = end
        reason = fault.label
        pace = Pace(restedAt: now, next: end, lastLimit: end)
    }

    /// Whether a limit on calls halves the pace instead of beginning a rest: when tasks were taken since the last rest,
    /// and it is not one limit after the other.
    private mutating func slowsDown(_ fault: Fault, at now: Timestamp) -> Bool {
        guard case .rateLimited(_, nil) = fault.kind, var pace, let rate = pace.rate, rests(at: now) == nil,
            pace.limits + 1 < Limits.limitsPerRest
        else { return false }
        pace.limits += 1
        pace.lastLimit = now
        let slower = max(rate / 2, Limits.keyLeastPace)
        pace.rate = slower
        pace.next = max(pace.next, now.adding(seconds: 1 / slower))
        self.pace = pace
        return true
    }

    /// A task with the key that began then was solved. While the key rests it is one that began before, and tells
    /// nothing of the rest.
    mutating func succeeded(began: Timestamp, at now: Timestamp) {
        guard rests(at: now) == nil else { return }
        taken(began: began, at: now)
        strikes = 0
        until = nil
        reason = nil
    }

    /// Ends the rest: the provider was asked about the key, and finds it good. One task tries first all the same.
    ///
    /// - Parameter limits: whether also one after a limit or a lock-out, of which such an answer tells nothing.
    /// - Returns: whether there was one.
    mutating func end(limits: Bool) -> Bool {
        guard until != nil, limits || !KeyRest.limits.contains(reason ?? "") else { return false }
        strikes = 0
        until = nil
        reason = nil
        pace?.next = Timestamp(milliseconds: 0)
        return true
    }

    private static let limits = [
        Fault(.rateLimited(.key, retryAfterSeconds: nil)).label, Fault(.banned(.key, untilUnixSeconds: nil)).label,
    ]
}

extension Fault.Kind {
    /// Seconds that a key rests after the fault; nil when it is not about keys.
    ///
    /// - Parameter strikes: how often in a row it has been so before.
    fileprivate func restSeconds(at now: Timestamp, strikes: Int) -> Double? {
        let growth = Double(1 << min(strikes, 10))
        switch self {
        case .rateLimited(_, let seconds?): return max(seconds, 0)
        case .rateLimited(_, nil):
            return min(Limits.rateLimitRestSeconds * growth, Limits.longestRateLimitRestSeconds)
        case .banned(_, let seconds?):
            return max(Double(seconds) - Double(now.milliseconds) / 1000, Limits.rateLimitRestSeconds)
        case .banned(_, nil), .ipNotAllowed: return Limits.banRestSeconds * growth
        // Several vendors lock out an address that sends a wrong key five times: it is tried rarely.
        case .invalidKey, .keyDisabled: return Limits.badKeyRestSeconds * growth
        case .noFunds: return Limits.emptyKeyRestSeconds * growth
        default: return nil
        }
    }
}
