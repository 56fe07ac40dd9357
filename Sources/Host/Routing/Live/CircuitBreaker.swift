public import Domain

/// Keeps tasks away from a provider that fails them one after the other, and lets them back when it works again.
///
/// Closed, everything passes. After `Limits.breakerFailures` failures in a row it is open: nothing passes for a while.
/// Then it is half open: one task at a time may try; with each that is solved four times as many may be under way,
/// until at `Limits.breakerTrials` it closes, so that those that waited do not all come at once. A failure opens it
/// again, for twice as long.
///
/// Of two ends that of the one which began later is the news: a trial that is solved outdoes the failures of all that
/// began before it, whichever end comes first.
///
/// A pure value: time comes in with each call.
public struct CircuitBreaker: Sendable, Hashable {
    private var state = State.closed(failures: 0)
    /// Times that it has opened since it was last closed.
    private var openings = 0
    /// Counts the tasks that were let through.
    private var begun = 0
    private var round = Round()
    /// The number of the last begun of the trials that were solved; nil before the first.
    private var solved: Int?
    /// The same of the tasks that failed; 0 before the first.
    private var failed = 0

    /// The beginning of a task that was let through, to be shown again at its end.
    public struct Start: Sendable, Hashable {
        /// 1, 2, ...
        fileprivate let number: Int
        /// Whether it is to show that the provider works again.
        public let isTrial: Bool
    }

    /// The trials of one half-open time. What comes of them tells nothing of a later one.
    private struct Round: Sendable, Hashable {
        /// The number of the first.
        var first = 0
        /// How many may be under way, how many are, and when the last of them began.
        var slots = 1
        var underWay = 0
        var last = Timestamp.distantFuture
    }

    private enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: Timestamp)
        case halfOpen
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
        case .halfOpen:
            // One that stands still does not keep others from trying.
            round.underWay < round.slots || now.seconds(since: round.last) >= Limits.breakerLongestSeconds
                ? .trial : .full(trying: round.underWay)
        }
    }

    /// A task that was let through has begun.
    public mutating func began(at now: Timestamp) -> Start {
        begun += 1
        switch state {
        case .closed: return Start(number: begun, isTrial: false)
        case .open:
            round = Round(first: begun, underWay: 1, last: now)
            state = .halfOpen
        case .halfOpen:
            round.underWay += 1
            round.last = now
        }
        return Start(number: begun, isTrial: true)
    }

    /// How a task ended, as far as it tells about the provider.
    public enum Verdict: Sendable, Hashable {
        /// The provider did its part.
        case well
        case unwell
        /// It says nothing about the provider.
        case unknown
    }

    /// A task is over.
    ///
    /// - Parameter start: nil for one that began before all others, such as with a former host.
    public mutating func ended(_ verdict: Verdict, _ start: Start?, at now: Timestamp) {
        let number = start?.number ?? 0
        let isTrial = start?.isTrial ?? false
        if isTrial {
            guard number >= round.first else { return }
            round.underWay = max(round.underWay - 1, 0)
        }
        switch verdict {
        case .unknown: break
        case .unwell:
            // What it met was over when the one that was solved began.
            if let solved, number <= solved { return }
            failed = max(failed, number)
            failedNews(isTrial, at: now)
        case .well:
            if isTrial { solved = max(solved ?? 0, number) }
            solvedNews(isTrial ? number : nil)
        }
    }

    private mutating func failedNews(_ isTrial: Bool, at now: Timestamp) {
        switch state {
        case .closed(let failures) where failures + 1 >= Limits.breakerFailures: open(at: now)
        case .closed(let failures): state = .closed(failures: failures + 1)
        // Of one that began before it opened it is no news.
        case .halfOpen where isTrial: open(at: now)
        case .halfOpen, .open: break
        }
    }

    /// - Parameter trial: its number; nil for a task that is none, and that tells nothing once it has opened.
    private mutating func solvedNews(_ trial: Int?) {
        switch (state, trial) {
        case (.closed, _): state = .closed(failures: 0)
        case (.halfOpen, _?): widen()
        case (.open, let trial?) where trial > failed:
            // What opened it began before this one, and is outdone.
            openings = max(openings - 1, 0)
            state = .halfOpen
            widen()
        case (.halfOpen, nil), (.open, _): break
        }
    }

    private mutating func widen() {
        round.slots *= 4
        guard round.slots >= Limits.breakerTrials else { return }
        state = .closed(failures: 0)
        openings = 0
    }

    private mutating func open(at now: Timestamp) {
        let seconds = Limits.breakerSeconds * Double(1 << min(openings, 10))
        openings += 1
        state = .open(until: now.adding(seconds: min(seconds, Limits.breakerLongestSeconds)))
    }
}
