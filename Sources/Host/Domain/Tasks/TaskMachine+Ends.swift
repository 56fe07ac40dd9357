import ProviderKit

// MARK: - Ends of attempts and of the task

extension TaskMachine {
    mutating func solved(_ solution: Solution, _ surroundings: some TaskSurroundings) -> [Action] {
        let candidate = attempt.candidate
        // A provider without keys takes no money: its price is the operator's, without a margin.
        let isPaid = candidate.credential != nil
        let reported = isPaid ? solution.cost.flatMap { surroundings.cost($0, reportedBy: candidate.provider) } : nil
        let cost = isPaid ? reported ?? candidate.cost : .zero
        let asked = isPaid ? surroundings.price(of: cost) : candidate.price
        let verdict = AttemptVerdict.Kind.solved(cost: asked, polled: polledBetween(surroundings.now))
        return [tell(verdict, surroundings.now, spent: cost)]
            + settle(
                AttemptEnd(.solved, reportedCost: reported),
                .solved(
                    solution: JSONValue.object(solution.fields).bytes, price: min(asked, ceiling), cost: cost))
    }

    private func polledBetween(_ now: Timestamp) -> ClosedRange<Double>? {
        guard submittedAt != nil, attempt.state == .pending else { return nil }
        let found = max(now.seconds(since: pendingSince), 0)
        return min(lastPoll ?? 0, found)...found
    }

    /// What the attempt's end tells, for whoever keeps count.
    ///
    /// - Parameter spent: what the provider took for it, or may have taken.
    func tell(_ kind: AttemptVerdict.Kind, _ now: Timestamp, spent: Money = .zero) -> Action {
        .tell(AttemptVerdict(kind, seconds: submittedAt.map { max(now.seconds(since: $0), 0) }, spent: spent))
    }

    /// Ends the attempt; goes on with another key of the provider or another candidate, after a pause with the same
    /// one, or fails the task.
    ///
    /// - Parameter again: whether the same candidate is as good as any for the next attempt, without a pause.
    mutating func failed(
        _ fault: Fault, mayHaveCharged: Bool, _ verdict: AttemptVerdict.Kind, again: Bool = false,
        _ surroundings: some TaskSurroundings
    ) -> [Action] {
        let end = AttemptEnd(mayHaveCharged ? .lost : .failed, fault: fault.label)
        let tell = [tell(verdict, surroundings.now, spent: mayHaveCharged ? attempt.candidate.cost : .zero)]
        guard fault.blame != .task, !isAgreed(fault), !mayHaveCharged || mayLoseAttempt else {
            return tell + fail(end, fault)
        }
        noteFailed(attempt.candidate, lost: mayHaveCharged)
        guard !again else { return tell + goOn(end, fault, surroundings) }
        choice.exclude(attempt.candidate, after: fault)
        if let next = successor(after: fault.blame, surroundings) { return tell + goOn(to: next, end, fault) }
        return tell + pause(end, fault, surroundings)
    }

    /// Whether two providers have now found independently that the task cannot be done.
    private mutating func isAgreed(_ fault: Fault) -> Bool {
        guard fault.blame == .providerForThisTask else { return false }
        let provider = attempt.candidate.provider
        if history.refusals.contains(where: { $0.label == fault.label && $0.provider != provider }) { return true }
        history.refusals.append((provider, fault.label))
        return false
    }

    /// The candidate to go on with at once, one that the task has not been to: where a key is to blame the provider's
    /// next one, before other providers.
    private func successor(after blame: Fault.Blame, _ surroundings: some TaskSurroundings) -> Candidate? {
        let provider = attempt.candidate.provider
        let untried = history.tried.reduce(choice) { $0.without($1) }
        if blame == .key, case .now(let next) = surroundings.next(untried.only(at: provider)) { return next }
        guard case .now(let next) = surroundings.next(untried.elsewhere(than: provider)) else { return nil }
        return next
    }

    /// Waits until somebody can have the task: after what the provider asked for, or a pause that grows.
    private mutating func pause(_ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings) -> [Action] {
        let isAllowed = choice.allows(attempt.candidate)
        let pause = Limits.momentPauseSeconds * Double(1 << min(history.repeats, 6))
        var resume = surroundings.now.adding(seconds: pause)
        switch (surroundings.next(choice), fault.kind) {
        case (.never, _): return fail(end, fault)
        case (.now(let next), _) where history.repeats + 1 >= Limits.repeatsPerTask && hasTried(next):
            return fail(end, fault)
        case (_, .rateLimited(let scope, let seconds?)) where isAllowed:
            // Nobody may know yet that it rests.
            let rests = surroundings.now.adding(seconds: seconds)
            resume = max(resume, min(rests, soonestWithout(scope, surroundings) ?? rests))
        case (.later(let time), _): resume = max(resume, time)
        default: break
        }
        guard resume < deadline else { return fail(end, fault) }
        phase = .pausing(end, fault)
        wakeAt = resume
        return []
    }

    /// When somebody else may have the task, if what is limited is left out; nil for nobody.
    private func soonestWithout(_ scope: Fault.Scope, _ surroundings: some TaskSurroundings) -> Timestamp? {
        let provider = attempt.candidate.provider
        let others = scope == .key ? choice.without(attempt.candidate) : choice.elsewhere(than: provider)
        return switch surroundings.next(others) {
        case .now: surroundings.now
        case .later(let time): time
        case .never: nil
        }
    }

    /// Looks for the next candidate after a pause.
    mutating func goOn(_ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings) -> [Action] {
        switch surroundings.next(choice) {
        case .now(let next):
            return goOn(to: next, end, fault)
        case .later(let time) where time < deadline:
            phase = .pausing(end, fault)
            wakeAt = max(time, surroundings.now.adding(seconds: Limits.momentPauseSeconds))
            return []
        case .later, .never:
            return fail(end, fault)
        }
    }

    /// Going to a candidate that the task has been to is bounded; going to all others is not, so that a key that works
    /// is found however many don't.
    private mutating func goOn(to next: Candidate, _ end: AttemptEnd, _ fault: Fault) -> [Action] {
        if hasTried(next) { history.repeats += 1 }
        guard history.repeats < Limits.repeatsPerTask, attempt.number < Limits.attemptsPerTask else {
            return fail(end, fault)
        }
        return storeNext(end, next)
    }

    /// Whether the task may go on after its attempt was lost. Each may cost the platform a solution, so that they are
    /// bounded: by the number of candidates, and where the task was before by a number of their own.
    var mayLoseAttempt: Bool {
        !hasTried(attempt.candidate) || history.lostAgain + 1 < Limits.lostRepeatsPerTask
    }

    /// Takes note of a candidate that an attempt failed with or was lost at.
    mutating func noteFailed(_ candidate: Candidate, lost: Bool) {
        if !hasTried(candidate) {
            history.tried.append(candidate)
        } else if lost {
            history.lostAgain += 1
        }
    }

    private func hasTried(_ candidate: Candidate) -> Bool {
        history.tried.contains { $0.provider == candidate.provider && $0.credential == candidate.credential }
    }

    private mutating func fail(_ end: AttemptEnd, _ fault: Fault) -> [Action] {
        let error = ClientError(fault)
        return settle(end, .failed(code: error.code, detail: error.detail(withField: true)))
    }

    mutating func timedOut(_ surroundings: some TaskSurroundings) -> [Action] {
        switch phase {
        case .pausing(let end, _):
            return outOfTime(end)
        case .holding:
            return [tell(.withdrawn, surroundings.now)] + outOfTime(.notSent)
        case .submitting where handedOverAt == nil:
            // It stood in line to the end: nothing was sent, and the provider had no time to be slow in.
            return [tell(.withdrawn, surroundings.now)] + outOfTime(.notSent)
        default:
            let busy = phase == .submitting || phase == .polling
            // Whoever had the time that it may take, and did not do it, is too slow. One that got the rest of a time
            // that others have used up is not.
            let hadItsTime = submittedAt != nil && surroundings.now >= fairUntil
            let kind = hadItsTime ? AttemptVerdict.Kind.tooSlow : .withdrawn
            return (busy ? [.cancelCall] : []) + [tell(kind, surroundings.now, spent: attempt.candidate.cost)]
                + outOfTime(AttemptEnd(.lost, fault: "deadline"))
        }
    }

    mutating func outOfTime(_ end: AttemptEnd) -> [Action] {
        settle(end, .failed(code: .unsolvable, detail: "The task was not solved within its time."))
    }

    private mutating func settle(_ end: AttemptEnd, _ outcome: TaskOutcome) -> [Action] {
        phase = .settling(end, outcome)
        wakeAt = .distantFuture
        return [.settle(attempt: attempt.number, end, outcome)]
    }
}
