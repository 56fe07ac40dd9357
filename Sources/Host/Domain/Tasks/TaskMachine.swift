public import ProviderKit

/// One task from its acceptance to its settlement, as a pure value: it takes events and returns what is to be done.
///
/// It reads no clock and does nothing itself. Whatever is to survive a crash is stored by an action before the next
/// step relies on it: an attempt before it is sent, the settlement before the client sees the solution.
public struct TaskMachine: Sendable {
    public let id: TaskID
    public let account: AccountID
    public let acceptedAt: Timestamp
    public let deadline: Timestamp
    public internal(set) var attempt: Attempt
    public internal(set) var phase: Phase
    /// When the machine wants a `wake` event, at the latest.
    public internal(set) var wakeAt: Timestamp
    /// What the task's further attempts may be.
    var choice: CandidateChoice
    /// From when on the attempt was to be sent; nil for one of a former process, whose time is not known.
    var submittedAt: Timestamp?
    /// When the adapter was called with the attempt; nil while it stands in line, and nothing of it was sent.
    var handedOverAt: Timestamp?
    /// When the provider took the attempt.
    var pendingSince: Timestamp
    /// When the attempt has taken long enough to try others.
    public internal(set) var giveUpAt: Timestamp
    /// From when on the attempt has had as much time as is fair; it may be beyond the deadline.
    var fairUntil: Timestamp
    /// Whether the attempt's time was set; not yet for one of a former process.
    var hasBudget = false
    /// Whether nobody but the attempt's provider can have the task at all, so that it has all the time there is.
    var isAlone = false
    /// Whether an adapter was ever called with the task.
    var wasSent = false
    /// Since when it waits for a place anywhere, be it that it looks at one meanwhile; nil while it does not.
    var waitsSince: Timestamp?
    /// Whether it has waited for so long that it has hardly the time left for a solution, and lets the others go first.
    var comesLast = false
    var polls = 0
    /// When the next poll is due, which may be after the attempt's time.
    var pollAt: Timestamp
    /// Seconds after the provider took the task at which it was last asked in vain.
    var lastPoll: Double?
    @Rare private var past: History?
    /// What the task's earlier attempts came to, which is nothing for most tasks.
    var history: History {
        get { past ?? History() }
        set { past = newValue }
    }

    /// What earlier attempts came to.
    struct History: Sendable {
        /// The providers whose adapter's process ended during a call about this task, one entry for each time.
        var crashes: [String] = []
        /// Every candidate that an attempt failed with, once.
        var tried: [Candidate] = []
        /// The providers that took too long, with the times at which the task has left them.
        var slow: [(provider: String, leftAt: Timestamp)] = []
        /// Times that it was handed over anew to a provider that had solved later tasks meanwhile.
        var overtaken = 0
        /// Who found that it cannot do the task, and why: a fault's label, and the field that it is about.
        var refusals: [(provider: String, reason: String)] = []
        /// Times that it has waited between two attempts.
        var pauses = 0
        /// Attempts that may have cost something without a result, at candidates that had the task before.
        var lostAgain = 0
    }

    public enum Phase: Sendable, Hashable {
        /// The attempt is stored and is being handed to the provider, or waits for its turn.
        case submitting
        /// The provider gets no task now; the attempt, of which nothing was sent, is tried again at `wakeAt`.
        case holding
        /// The provider works on it; the next poll is due at `wakeAt`.
        case waiting
        case polling
        /// The attempt is over, and the next one is looked for at `wakeAt`.
        indirect case pausing(AttemptEnd, Fault)
        /// The next attempt is being stored.
        indirect case storingNext(AttemptEnd, next: Candidate)
        /// The end is being stored.
        indirect case settling(AttemptEnd, TaskOutcome)
    }

    public enum Event: Sendable {
        /// The provider answered the submit.
        case submitted(AttemptAnswer<SubmitResult>)
        /// Nothing was sent: the provider, or the key, gets no task before this time.
        case held(until: Timestamp)
        /// The provider answered a poll.
        case polled(AttemptAnswer<PollResult>)
        /// `wakeAt` has come.
        case wake
        /// There is a place for which the task waits.
        case called
        /// The store has the next attempt.
        case nextStored(Attempt)
        /// The store could not store the next attempt or the end; it is tried again.
        case storeFailed
    }

    public enum Action: Sendable, Hashable {
        case submit
        /// Tell this task, which waits for longer, that there is a place.
        case call(TaskID)
        case poll(Ticket)
        /// Tell the adapter that the call under way is no longer wanted.
        case cancelCall
        /// The attempt is over. Comes once for each.
        case tell(AttemptVerdict)
        case storePending(attempt: Int, providerTask: String)
        case storeNext(ended: Int, AttemptEnd, next: Candidate)
        case settle(attempt: Int, AttemptEnd, TaskOutcome)
    }

    public var family: TaskFamily { choice.family }
    /// Who has the task: the current attempt's candidate, and the next one's while that is being stored.
    public var candidates: [Candidate] {
        guard case .storingNext(_, let next) = phase else { return [attempt.candidate] }
        return [attempt.candidate, next]
    }
    /// Where the task may go that waits for a place, and its turn; nil for one that does not. A pause after a failure
    /// is no such waiting, unless nobody may have the task when it is over.
    public var waiting: (turn: Turn, choice: CandidateChoice)? {
        guard let waitsSince, !comesLast else { return nil }
        switch phase {
        case .holding, .pausing: return (Turn(since: waitsSince, task: id), placesToWaitFor)
        default: return nil
        }
    }

    /// Whether the task waits for a place, or was until now.
    public var hasWaited: Bool { waitsSince != nil }

    /// Whether the next attempt is on its way to the store or to the provider, for which a place may be kept.
    public var comesToPlace: Bool {
        if case .storingNext = phase { return true }
        return phase == .submitting
    }

    /// The turn of a task that asks for a place.
    public func turn(at now: Timestamp) -> Turn {
        Turn(since: comesLast ? .distantFuture : waitsSince ?? now, task: id)
    }

    /// Reserved, and the most the client can be charged.
    public var ceiling: Money { choice.ceiling }

    /// A machine for a task that was just stored; its first attempt is to be submitted.
    ///
    /// - Parameters:
    ///   - forcedProvider: the only provider that the task may go to; nil: any.
    ///   - keyPool: whose keys it may go through.
    ///   - surroundings: of the moment of acceptance, which is `now` there.
    public init(
        accepted: AcceptedTask, account: AccountID, family: TaskFamily, preference: RoutingPreference = .balanced,
        forcedProvider: String? = nil, keyPool: KeyPoolMode = .all, deadline: Timestamp,
        _ surroundings: some TaskSurroundings
    ) {
        id = accepted.id
        self.account = account
        choice = CandidateChoice(
            family: family, ceiling: accepted.ceiling, preference: preference, forcedProvider: forcedProvider,
            account: account, keyPool: keyPool)
        attempt = accepted.attempt
        acceptedAt = surroundings.now
        self.deadline = deadline
        phase = .submitting
        wakeAt = deadline
        pendingSince = surroundings.now
        giveUpAt = deadline
        fairUntil = deadline
        pollAt = deadline
        _ = submit(surroundings)
    }

    /// A machine for a task that a former process left open. Its first event is a `wake`.
    public init(recovered task: OpenTask, at now: Timestamp) {
        id = task.id
        account = task.account
        choice = CandidateChoice(
            family: task.family, ceiling: task.ceiling, preference: task.preference,
            forcedProvider: task.forcedProvider, account: task.account, keyPool: task.keyPool)
        attempt = task.attempt
        acceptedAt = now
        deadline = task.deadline
        // What waited for a place goes on waiting, and what was refused tries again: no attempt was lost.
        phase = task.attempt.isUnsent ? .holding : .waiting
        wakeAt = now
        pendingSince = now
        giveUpAt = task.deadline
        fairUntil = task.deadline
        pollAt = now
        // Whether the former process had sent it is not known.
        wasSent = true
        for candidate in task.lost { noteFailed(candidate, lost: true) }
    }

    /// Takes an event; returns what is to be done, in order.
    public mutating func handle(_ event: Event, _ surroundings: some TaskSurroundings) -> [Action] {
        switch (event, phase) {
        case (_, .settling(let end, let outcome)):
            return settling(event, end, outcome, surroundings)
        case (_, .storingNext(let end, let next)):
            return storingNext(event, end, next, surroundings)
        case (.wake, _) where surroundings.now >= deadline:
            return timedOut(surroundings)
        case (.submitted(let answer), .submitting):
            return submitted(answer, surroundings)
        case (.held(let until), .submitting):
            return held(until, surroundings)
        case (.polled(let answer), .polling):
            return polled(answer, surroundings)
        case (.wake, .submitting) where surroundings.now >= wakeAt:
            return wakeSubmitting(surroundings)
        case (.wake, .waiting) where surroundings.now >= wakeAt:
            return wakeWaiting(surroundings)
        case (.wake, .polling) where surroundings.now >= wakeAt:
            return wakePolling(surroundings)
        case (.wake, .holding) where surroundings.now >= wakeAt:
            return wakeHolding(surroundings)
        case (.wake, .pausing(let end, let fault)) where surroundings.now >= wakeAt:
            return goOn(end, fault, surroundings)
        case (.called, .holding) where surroundings.now < deadline:
            return wakeHolding(surroundings)
        case (.called, .pausing(let end, let fault)) where surroundings.now < deadline && waitsSince != nil:
            return goOn(end, fault, surroundings)
        default:
            // An answer that nobody waits for any more, or a wake that a later one has replaced.
            return []
        }
    }

    private mutating func settling(
        _ event: Event, _ end: AttemptEnd, _ outcome: TaskOutcome, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        switch event {
        case .storeFailed:
            wakeAt = surroundings.now.adding(seconds: Limits.storeRetrySeconds)
            return []
        case .wake where surroundings.now >= wakeAt:
            wakeAt = surroundings.now.adding(seconds: Limits.settleAnswerSeconds)
            return [.settle(attempt: attempt.number, end, outcome)]
        default:
            return []
        }
    }

    /// While the next attempt is on its way to the store nothing else is: the store has to see one after the other.
    private mutating func storingNext(
        _ event: Event, _ end: AttemptEnd, _ next: Candidate, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        switch event {
        case .nextStored(let stored):
            attempt = stored
            // It was stored, and nothing of it was sent.
            guard surroundings.now < deadline else { return outOfTime(.notSent) }
            return submit(surroundings)
        case .storeFailed:
            wakeAt = surroundings.now.adding(seconds: Limits.storeRetrySeconds)
            return []
        case .wake where surroundings.now >= wakeAt:
            return surroundings.now >= deadline ? outOfTime(end) : storeNext(end, next)
        default:
            return []
        }
    }

    mutating func storeNext(_ end: AttemptEnd, _ next: Candidate) -> [Action] {
        phase = .storingNext(end, next: next)
        wakeAt = .distantFuture
        return [.storeNext(ended: attempt.number, end, next: next)]
    }
}

/// What came of handing an attempt to a provider or asking for it.
public enum AttemptAnswer<Result: Sendable & Hashable>: Sendable, Hashable {
    case result(Result)
    /// `sent` tells whether the provider may have heard of it.
    case fault(Fault, sent: HTTPFailure.Sent)
    /// The adapter's process ended before it answered; `sent` as above.
    case crashed(sent: HTTPFailure.Sent)
}
