public import Domain

/// Keeps tasks away from a provider that fails them one after the other, and lets them back when it works again.
///
/// Closed, everything passes. After some failures in a row it is open: nothing passes for a while. Then it is half
/// open: one task at a time may try; with each that is solved four times as many may be under way, until at
/// `Limits.breakerTrials` it closes, so that those that waited do not all come at once. A failure before anything is
/// solved opens it again, for twice as long; a later one halves the number, until some in a row open it.
///
/// How many failures in a row open it depends on how often the provider has failed between tasks that it solved: with
/// one that fails half of them a few in a row are nothing new. To such a one tasks still go, it may be the only one;
/// that others are better is for the statistics to tell.
///
/// A provider may refuse tasks, or take them and not solve them. That it takes one ends a row of refusals, as that it
/// solves one ends every row. How often it does the one and the other is counted apart: what it solves it has taken
/// long before, and says nothing of what it refuses now.
///
/// Those that have waited for it to close are let through at a pace, which begins slowly and grows with each task that
/// is taken, until nobody has to wait for it any more.
///
/// Of two ends that of the one which began later is the news: a trial that is solved outdoes the failures of all that
/// began before it, whichever end comes first.
///
/// A pure value: time comes in with each call.
public struct CircuitBreaker: Sendable, Hashable {
    private var state = State.closed
    /// Times that it has opened since a task was last solved.
    private var openings = 0
    /// Tasks that were refused since one was last taken, and those that were taken and not solved since one was last
    /// solved.
    private var refused = FailureRow()
    private var unsolved = FailureRow()
    /// Counts the tasks that were let through.
    private var begun = 0
    private var round = Round()
    /// How tasks follow each other once it has closed; nil while nobody waited for that lately.
    private var pace: RecoveryPace?
    /// What passes while it is closed.
    private var flow = TaskFlow()
    /// The number of the last begun of the trials that were solved, and of those that were taken; nil before the first.
    private var solved: Int?
    private var taken: Int?
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
        /// How many have failed; nil once one has shown that the provider works.
        var failures: Int? = 0
        /// Those under way that have shown it, and take no place any more.
        var passed: Set<Int> = []
        /// How many may be under way, how many are, and when the last of them began.
        var slots = 1
        var underWay = 0
        var last = Timestamp.distantFuture
    }

    private enum State: Sendable, Hashable {
        case closed
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

    /// When the next task may pass by the pace; nil when one may now.
    func paces(at now: Timestamp) -> Timestamp? { pace?.waits(at: now) }

    /// A task wanted to pass that has to wait for the pace.
    mutating func putOff(at now: Timestamp) { pace?.isWanted(at: now) }

    /// Whether nothing is wrong, as far as it knows.
    public var isClosed: Bool { state == .closed }

    public func admission(at now: Timestamp) -> Admission {
        switch state {
        case .closed: .open
        case .open(let until) where now < until: .shut(until: until)
        case .open: .trial
        case .halfOpen:
            // One that stands still does not keep others from trying.
            round.underWay < round.slots || now.seconds(since: round.last) >= Limits.breakerStalledSeconds
                ? .trial : .full(trying: round.underWay)
        }
    }

    /// A task that was let through has begun.
    ///
    /// - Parameter isAwaited: whether others wait to be let through as well.
    public mutating func began(isAwaited: Bool = false, at now: Timestamp) -> Start {
        begun += 1
        switch state {
        case .closed:
            if isAwaited { pace?.isWanted(at: now) }
            if pace?.isOver(at: now) ?? false { pace = nil }
            pace?.began(at: now)
            flow.began(at: now)
            return Start(number: begun, isTrial: false)
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

    /// Whether it makes a difference for a task that begins now that the provider takes it.
    var heedsTaken: Bool { state != .closed || refused.count > 0 || refused.isUsual || pace != nil }

    /// The provider has taken a task.
    public mutating func wasTaken(_ start: Start, at now: Timestamp) {
        quicken(start.number, at: now)
        if start.isTrial {
            guard start.number >= round.first, unsolved.count == 0 else { return }
            taken = max(taken ?? 0, start.number)
            if round.passed.insert(start.number).inserted { round.underWay = max(round.underWay - 1, 0) }
            goodNews(start.number, at: now)
            refused.fade()
        } else if isClosed {
            refused.end()
            refused.fade()
        }
    }

    /// A task is over.
    ///
    /// - Parameters:
    ///   - start: nil for one that began before all others, such as with a former host.
    ///   - wasTaken: whether the provider had taken it before.
    public mutating func ended(_ verdict: Verdict, _ start: Start?, wasTaken: Bool = false, at now: Timestamp) {
        let number = start?.number ?? 0
        let isTrial = start?.isTrial ?? false
        if isTrial {
            guard number >= round.first else { return }
            if round.passed.remove(number) == nil { round.underWay = max(round.underWay - 1, 0) }
        }
        switch verdict {
        case .unknown: break
        case .unwell:
            // What it met was over when the one that was solved began.
            if let solved, number <= solved { return }
            if let taken, !wasTaken, number <= taken { return }
            failed = max(failed, number)
            failedNews(isTrial, wasTaken, at: now)
        case .well:
            if isTrial { solved = max(solved ?? 0, number) }
            if isTrial || isClosed { solvedOne(wasTaken: wasTaken) }
            if !wasTaken { quicken(number, at: now) }
            if isTrial { goodNews(number, at: now) }
        }
    }

    private mutating func failedNews(_ isTrial: Bool, _ wasTaken: Bool, at now: Timestamp) {
        // Of one that began before it opened it is no news.
        guard isClosed || state == .halfOpen && isTrial else { return }
        if wasTaken { unsolved.add() } else { refused.add() }
        if isClosed {
            if isSurprising { open(at: now) }
        } else if let failures = round.failures {
            round.failures = failures + 1
            if failures + 1 >= trialsInVain { open(at: now) }
        } else if isSurprising {
            open(at: now)
        } else {
            round.slots = max(round.slots / 2, 1)
        }
    }

    /// A trial shows that the provider works.
    private mutating func goodNews(_ trial: Int, at now: Timestamp) {
        switch state {
        case .closed: break
        case .halfOpen: widen(at: now)
        case .open where trial > failed:
            // What opened it began before this one, and is outdone.
            state = .halfOpen
            widen(at: now)
        case .open: break
        }
    }

    /// The provider takes a task, of those that began since it last came back.
    private mutating func quicken(_ number: Int, at now: Timestamp) {
        if number >= round.first { pace?.taken(at: now) }
    }

    private mutating func widen(at now: Timestamp) {
        openings = 0
        refused.end()
        round.failures = nil
        round.slots *= 4
        guard round.slots >= Limits.breakerTrials else { return }
        state = .closed
        pace = RecoveryPace(usual: flow.perSecond, at: now)
        flow.resume(at: now)
    }

    // MARK: How often it fails

    private mutating func solvedOne(wasTaken: Bool) {
        refused.end()
        unsolved.end()
        unsolved.fade()
        // Of what was taken before that is known already.
        if !wasTaken { refused.fade() }
    }

    /// Whether a provider that fails so often shows as many failures in a row by chance no more than once in so many
    /// times.
    private var isSurprising: Bool {
        let count = refused.count + unsolved.count
        guard count < Limits.breakerMostFailures else { return true }
        return count >= Limits.breakerFailures && refused.chance * unsolved.chance * Limits.breakerSurprise <= 1
    }

    /// How many of its trials may fail before it is shut again, when none has been solved.
    private var trialsInVain: Int { max(refused.surprisingCount, unsolved.surprisingCount) / Limits.breakerFailures }

    private mutating func open(at now: Timestamp) {
        let seconds = Limits.breakerSeconds * Double(1 << min(openings, 10))
        openings += 1
        pace = nil
        state = .open(until: now.adding(seconds: min(seconds, Limits.breakerLongestSeconds)))
    }
}
