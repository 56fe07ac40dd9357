public import Domain

/// Keeps tasks away from a provider that fails them one after the other, and lets them back when it works again.
///
/// Closed, everything passes. After `Limits.breakerFailures` failures in a row it is open: nothing passes for a while.
/// Then it is half open: one task at a time may try; with each that is solved four times as many may be under way,
/// until at `Limits.breakerTrials` it closes, so that those that waited do not all come at once. A failure opens it
/// again, for twice as long.
///
/// A pure value: time comes in with each call.
public struct CircuitBreaker: Sendable, Hashable {
    private var state = State.closed(failures: 0)
    /// Times that it has opened since it was last closed.
    private var openings = 0
    /// Counts the times that it was half open.
    private var period = 0

    /// A task that is to show whether the provider works again.
    public struct Trial: Sendable, Hashable {
        /// What comes of it counts in the half-open time in which it began, and tells nothing of a later one.
        fileprivate let period: Int
    }

    private enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: Timestamp)
        /// `underWay` of the tasks that were let through are not over; the last of them began at `last`.
        case halfOpen(slots: Int, underWay: Int, last: Timestamp)
    }

    public init() {}

    /// Whether a task may pass, and when it may ask again.
    public enum Admission: Sendable, Hashable {
        /// Nothing is wrong.
        case open
        /// It is tried whether the provider works again; `trying` tasks are at it and no further one may.
        case full(trying: Int)
        /// One more may try.
        case trial
        /// Nothing passes before.
        case shut(until: Timestamp)

        public var passes: Bool { self == .open || self == .trial }
    }

    /// Whether nothing is wrong, as far as it knows.
    public var isClosed: Bool { if case .closed = state { true } else { false } }

    public func admission(at now: Timestamp) -> Admission {
        switch state {
        case .closed: .open
        case .open(let until) where now < until: .shut(until: until)
        case .open: .trial
        case .halfOpen(let slots, let underWay, let last):
            // One that stands still does not keep others from trying.
            underWay < slots || now.seconds(since: last) >= Limits.breakerLongestSeconds
                ? .trial : .full(trying: underWay)
        }
    }

    /// A task that was let through has begun.
    ///
    /// - Returns: what is to be said again when it is over; nil when it is no trial.
    public mutating func began(at now: Timestamp) -> Trial? {
        switch state {
        case .closed: return nil
        case .open:
            period += 1
            state = .halfOpen(slots: 1, underWay: 1, last: now)
        case .halfOpen(let slots, let underWay, _):
            state = .halfOpen(slots: slots, underWay: underWay + 1, last: now)
        }
        return Trial(period: period)
    }

    /// How a task ended, as far as it tells about the provider.
    public enum Verdict: Sendable, Hashable {
        /// The provider did its part.
        case well
        case unwell
        /// It says nothing about the provider.
        case unknown
    }

    public mutating func ended(_ verdict: Verdict, trial: Trial?, at now: Timestamp) {
        if let trial, trial.period != period { return }
        switch (state, verdict) {
        case (.closed, .well): state = .closed(failures: 0)
        case (.closed(let failures), .unwell) where failures + 1 >= Limits.breakerFailures: open(at: now)
        case (.closed(let failures), .unwell): state = .closed(failures: failures + 1)
        case (.closed, .unknown), (.open, _): break
        // What began before it opened: its failure is no news, its success is, but no trial of now.
        case (.halfOpen, _) where trial == nil: break
        case (.halfOpen, .unwell): open(at: now)
        case (.halfOpen(let slots, let underWay, let last), .well):
            let slots = slots * 4
            state = .halfOpen(slots: slots, underWay: max(underWay - 1, 0), last: last)
            if slots >= Limits.breakerTrials { close() }
        case (.halfOpen(let slots, let underWay, let last), .unknown):
            state = .halfOpen(slots: slots, underWay: max(underWay - 1, 0), last: last)
        }
    }

    private mutating func close() {
        state = .closed(failures: 0)
        openings = 0
    }

    private mutating func open(at now: Timestamp) {
        let seconds = Limits.breakerSeconds * Double(1 << min(openings, 10))
        openings += 1
        state = .open(until: now.adding(seconds: min(seconds, Limits.breakerLongestSeconds)))
    }
}
