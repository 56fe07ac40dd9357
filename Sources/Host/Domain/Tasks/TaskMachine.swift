public import ProviderKit

/// One task from its acceptance to its settlement, as a pure value: it takes events and returns what is to be done.
///
/// It reads no clock and does nothing itself. Whatever is to survive a crash is stored by an action before the next
/// step relies on it: an attempt before it is sent, the settlement before the client sees the solution.
public struct TaskMachine: Sendable {
    public let id: TaskID
    public let account: AccountID
    public let family: TaskFamily
    /// Reserved, and the most the client can be charged.
    public let ceiling: Money
    public let acceptedAt: Timestamp
    public let deadline: Timestamp
    public private(set) var attempt: Attempt
    public private(set) var phase: Phase
    /// When the machine wants a `wake` event, at the latest.
    public private(set) var wakeAt: Timestamp
    private var polls = 0
    /// What the task's further attempts may be.
    private var choice: CandidateChoice
    /// The providers whose adapter's process ended during a call about this task, one entry for each time.
    private var crashes: [String] = []

    public enum Phase: Sendable, Hashable {
        /// The attempt is stored and is being handed to the provider, or waits for its turn.
        case submitting
        /// The provider works on it; the next poll is due at `wakeAt`.
        case waiting
        case polling
        /// The next attempt begins at `wakeAt`.
        case pausing(AttemptEnd, next: Candidate)
        /// The next attempt is being stored.
        case storingNext(AttemptEnd, next: Candidate)
        /// The end is being stored.
        case settling(AttemptEnd, TaskOutcome)
    }

    public enum Event: Sendable {
        /// The provider answered the submit.
        case submitted(AttemptAnswer<SubmitResult>)
        /// The provider answered a poll.
        case polled(AttemptAnswer<PollResult>)
        /// `wakeAt` has come.
        case wake
        /// The store has the next attempt.
        case nextStored(Attempt)
        /// The store could not store the next attempt or the end; it is tried again.
        case storeFailed
    }

    public enum Action: Sendable, Hashable {
        case submit
        case poll(Ticket)
        /// Tell the adapter that the call under way is no longer wanted.
        case cancelCall
        case storePending(attempt: Int, providerTask: String)
        case storeNext(ended: Int, AttemptEnd, next: Candidate)
        case settle(attempt: Int, AttemptEnd, TaskOutcome)
    }

    /// A machine for a task that was just stored; its first attempt is to be submitted.
    ///
    /// - Parameter forcedProvider: the only provider that the task may go to; nil: any.
    public init(
        accepted: AcceptedTask, account: AccountID, family: TaskFamily, forcedProvider: String? = nil,
        at now: Timestamp, deadline: Timestamp
    ) {
        id = accepted.id
        self.account = account
        self.family = family
        ceiling = accepted.ceiling
        choice = CandidateChoice(family: family, ceiling: accepted.ceiling, forcedProvider: forcedProvider)
        attempt = accepted.attempt
        acceptedAt = now
        self.deadline = deadline
        phase = .submitting
        wakeAt = deadline
    }

    /// A machine for a task that a former process left open. Its first event is a `wake`.
    public init(recovered task: OpenTask, at now: Timestamp) {
        id = task.id
        account = task.account
        family = task.family
        ceiling = task.ceiling
        choice = CandidateChoice(family: task.family, ceiling: task.ceiling, forcedProvider: task.forcedProvider)
        attempt = task.attempt
        acceptedAt = now
        deadline = task.deadline
        phase = .waiting
        wakeAt = now
    }

    /// Takes an event; returns what is to be done, in order.
    public mutating func handle(_ event: Event, _ surroundings: some TaskSurroundings) -> [Action] {
        switch (event, phase) {
        case (_, .settling(let end, let outcome)):
            return settling(event, end, outcome, surroundings)
        case (_, .storingNext(let end, let next)):
            return storingNext(event, end, next, surroundings)
        case (.wake, _) where surroundings.now >= deadline:
            return timedOut()
        case (.submitted(let answer), .submitting):
            return submitted(answer, surroundings)
        case (.polled(let answer), .polling):
            return polled(answer, surroundings)
        case (.wake, .waiting) where surroundings.now >= wakeAt:
            return wakeWaiting(surroundings)
        case (.wake, .pausing(let end, let next)) where surroundings.now >= wakeAt:
            return storeNext(end, next)
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
            polls = 0
            guard surroundings.now < deadline else { return timedOut() }
            phase = .submitting
            wakeAt = deadline
            return [.submit]
        case .storeFailed:
            wakeAt = surroundings.now.adding(seconds: Limits.storeRetrySeconds)
            return []
        case .wake where surroundings.now >= wakeAt:
            return surroundings.now >= deadline ? timedOut() : storeNext(end, next)
        default:
            return []
        }
    }

    private mutating func storeNext(_ end: AttemptEnd, _ next: Candidate) -> [Action] {
        phase = .storingNext(end, next: next)
        wakeAt = .distantFuture
        return [.storeNext(ended: attempt.number, end, next: next)]
    }

    private mutating func submitted(
        _ answer: AttemptAnswer<SubmitResult>, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        switch answer {
        case .result(.pending(let id)):
            attempt.state = .pending
            attempt.providerTask = id
            phase = .waiting
            wakeAt = nextPoll(after: surroundings.pollPlan(of: attempt.candidate.provider).first, surroundings)
            return [.storePending(attempt: attempt.number, providerTask: id)]
        case .result(.solved(let solution)):
            return solved(solution, surroundings)
        case .fault(let fault, let sent):
            return failed(fault, mayHaveCharged: fault.mayHaveCharged(sent), surroundings)
        case .crashed(let sent):
            noteCrash()
            return failed(TaskMachine.crash, mayHaveCharged: sent == .maybe, surroundings)
        }
    }

    private static let crash = Fault(.transport, "The adapter's process ended while it had the task.")

    /// A task that is there whenever an adapter's process ends is kept away from it: it may be the reason.
    ///
    /// - Returns: whether the task does not go there again.
    @discardableResult
    private mutating func noteCrash() -> Bool {
        let provider = attempt.candidate.provider
        crashes.append(provider)
        guard crashes.count(where: { $0 == provider }) >= Limits.crashesPerTask else { return false }
        choice.exclude(attempt.candidate, after: .provider)
        return true
    }

    private mutating func polled(
        _ answer: AttemptAnswer<PollResult>, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        let plan = surroundings.pollPlan(of: attempt.candidate.provider)
        switch answer {
        case .result(.pending):
            guard polls < plan.most else {
                return failed(
                    Fault(.taskNotFound, "The provider had no result within \(plan.most) polls."), mayHaveCharged: true,
                    surroundings)
            }
            phase = .waiting
            wakeAt = nextPoll(after: plan.interval, surroundings)
            return []
        case .result(.solved(let solution)):
            return solved(solution, surroundings)
        case .fault(let fault, _) where fault.blame == .moment && fault.kind != .taskNotFound && polls < plan.most:
            // The task lives on at the provider; only this question was not answered.
            phase = .waiting
            wakeAt = nextPoll(after: max(plan.interval, Limits.momentPauseSeconds), surroundings)
            return []
        case .crashed:
            guard !noteCrash(), polls < plan.most else {
                return failed(TaskMachine.crash, mayHaveCharged: true, surroundings)
            }
            phase = .waiting
            wakeAt = nextPoll(after: max(plan.interval, Limits.momentPauseSeconds), surroundings)
            return []
        case .fault(let fault, _):
            // The provider had the task: only its own word says that it took nothing.
            let charged = fault.kind == .taskNotFound || fault.mayHaveCharged(.maybe)
            return failed(fault, mayHaveCharged: charged, surroundings)
        }
    }

    private mutating func wakeWaiting(_ surroundings: some TaskSurroundings) -> [Action] {
        guard attempt.state == .pending, let providerTask = attempt.providerTask,
            surroundings.knows(attempt.candidate.provider)
        else {
            return failed(
                Fault(.transport, "The host stopped before the provider's answer was stored."), mayHaveCharged: true,
                surroundings, pausing: false, exhausts: false)
        }
        phase = .polling
        polls += 1
        wakeAt = deadline
        return [.poll(surroundings.ticket(providerTask, family, attempt.candidate))]
    }

    private func nextPoll(after seconds: Double, _ surroundings: some TaskSurroundings) -> Timestamp {
        min(surroundings.now.adding(seconds: seconds), deadline)
    }
}

// MARK: - Ends of attempts and of the task

extension TaskMachine {
    private mutating func solved(_ solution: Solution, _ surroundings: some TaskSurroundings) -> [Action] {
        let candidate = attempt.candidate
        // A provider without keys takes no money: its price is the operator's, not its cost.
        let isPaid = candidate.credential != nil
        let reported = isPaid ? solution.cost.flatMap { surroundings.cost($0, reportedBy: candidate.provider) } : nil
        let cost = isPaid ? reported ?? candidate.cost : .zero
        let price = min(isPaid ? cost : candidate.price, ceiling)
        return settle(
            AttemptEnd(.solved, reportedCost: reported),
            .solved(solution: JSONValue.object(solution.fields).bytes, price: price, cost: cost))
    }

    /// Goes on with another key of the provider or another candidate, after a pause with the same one, or fails the
    /// task.
    private mutating func failed(
        _ fault: Fault, mayHaveCharged: Bool, _ surroundings: some TaskSurroundings, pausing: Bool = true,
        exhausts: Bool = true
    ) -> [Action] {
        let end = AttemptEnd(mayHaveCharged ? .lost : .failed, fault: fault.label)
        guard fault.blame != .task, attempt.number < Limits.attemptsPerTask else { return fail(end, fault) }
        if exhausts { choice.exclude(attempt.candidate, after: fault.blame) }
        if let next = successor(after: fault.blame, exhausts: exhausts, surroundings) { return storeNext(end, next) }
        guard fault.blame == .moment, pausing, let again = surroundings.candidate(choice) else {
            return fail(end, fault)
        }
        let pause = Limits.momentPauseSeconds * Double(1 << min(attempt.number - 1, 6))
        var resume = surroundings.now.adding(seconds: pause)
        if case .rateLimited(_, let seconds?) = fault.kind {
            resume = max(resume, surroundings.now.adding(seconds: seconds))
        }
        guard resume < deadline else { return fail(end, fault) }
        phase = .pausing(end, next: again)
        wakeAt = resume
        return []
    }

    /// The candidate to go on with at once: where a key is to blame the provider's next one, before other providers.
    private func successor(
        after blame: Fault.Blame, exhausts: Bool, _ surroundings: some TaskSurroundings
    ) -> Candidate? {
        let provider = attempt.candidate.provider
        if blame == .key, let next = surroundings.candidate(choice.only(at: provider)) { return next }
        return surroundings.candidate(exhausts ? choice.elsewhere(than: provider) : choice)
    }

    private mutating func fail(_ end: AttemptEnd, _ fault: Fault) -> [Action] {
        let error = ClientError(fault)
        return settle(end, .failed(code: error.code, detail: error.detail(withField: true)))
    }

    private mutating func timedOut() -> [Action] {
        let busy = phase == .submitting || phase == .polling
        let end = AttemptEnd(
            attempt.state == .sending || attempt.state == .pending ? .lost : .failed, fault: "deadline")
        return (busy ? [.cancelCall] : [])
            + settle(end, .failed(code: .unsolvable, detail: "The task was not solved within its time."))
    }

    private mutating func settle(_ end: AttemptEnd, _ outcome: TaskOutcome) -> [Action] {
        phase = .settling(end, outcome)
        wakeAt = .distantFuture
        return [.settle(attempt: attempt.number, end, outcome)]
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

/// What a task's machine asks of the world around it. Answers are immediate and have no effect.
public protocol TaskSurroundings {
    var now: Timestamp { get }
    /// Whether an adapter of this name is there.
    func knows(_ provider: String) -> Bool
    func pollPlan(of provider: String) -> Manifest.PollPlan
    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket
    /// The best candidate that the choice allows, nil when there is none. Of a provider's keys the first comes first.
    func candidate(_ choice: CandidateChoice) -> Candidate?
    /// What a provider's own report of a cost is worth; nil when it makes no sense.
    func cost(_ reported: String, reportedBy provider: String) -> Money?
}

extension Fault {
    /// Whether a provider may have taken money for an attempt that ended so: it says so, or its answer is not known.
    fileprivate func mayHaveCharged(_ sent: HTTPFailure.Sent) -> Bool {
        switch kind {
        case .unsolvable(let charged): charged == true
        case .transport, .protocolError: sent == .maybe
        default: false
        }
    }
}
