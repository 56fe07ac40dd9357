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
        let seconds = submittedAt.map { max(now.seconds(since: $0), 0) }
        return .tell(AttemptVerdict(kind, seconds: seconds, spent: spent, wasTaken: attempt.state == .pending))
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
        let untried = untried(surroundings)
        if blame == .key, case .now(let next) = surroundings.next(untried.only(at: provider)) { return next }
        guard case .now(let next) = surroundings.next(untried.elsewhere(than: provider)) else { return nil }
        return next
    }

    /// What is left of the choice without the candidates that the task has been to.
    private func untried(_ surroundings: some TaskSurroundings) -> CandidateChoice {
        history.tried.reduce(quick(surroundings)) { $0.without($1) }
    }

    /// What is left of the choice without the providers that took too long and have solved no later task.
    func quick(_ surroundings: some TaskSurroundings) -> CandidateChoice {
        history.slow.reduce(choice) { choice, slow in
            surroundings.hasSolved(slow.provider, family, begunAfter: slow.leftAt)
                ? choice : choice.elsewhere(than: slow.provider)
        }
    }

    /// The best candidate for the task now. One that took too long is one only when all others are out of the question,
    /// and while there is time for it.
    func next(_ surroundings: some TaskSurroundings) -> NextCandidate {
        let next = surroundings.next(quick(surroundings))
        switch next {
        case .now: return next
        case .later(let time) where time < deadline: return next
        case .later, .never:
            guard !history.slow.isEmpty, hasTimeForSlowOnes(surroundings) else { return next }
            return surroundings.next(choice)
        }
    }

    /// Seconds of the next pause: they grow, but leave time for some more tries until the deadline.
    private func pauseSeconds(_ now: Timestamp) -> Double {
        let share = deadline.seconds(since: now) / Limits.pausesAhead
        let growing = Limits.momentPauseSeconds * Double(1 << min(history.pauses, 6))
        return max(min(growing, share), Limits.momentPauseSeconds)
    }

    /// Waits until somebody can have the task: after what the provider asked for, or a pause that grows; no longer than
    /// until one that the task has not been to may have it.
    private mutating func pause(_ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings) -> [Action] {
        let isAllowed = choice.allows(attempt.candidate)
        var resume = surroundings.now.adding(seconds: pauseSeconds(surroundings.now))
        history.pauses += 1
        switch (next(surroundings), fault.kind) {
        case (.never, _): return fail(end, fault)
        case (_, .rateLimited(let scope, let seconds?)) where isAllowed:
            // Nobody may know yet that it rests.
            let rests = surroundings.now.adding(seconds: seconds)
            resume = max(resume, min(rests, soonestWithout(scope, surroundings) ?? rests))
        case (.later(let time), _): resume = max(resume, time)
        default: break
        }
        if case .later(let time) = surroundings.next(untried(surroundings)) {
            resume = min(resume, max(time, surroundings.now.adding(seconds: Limits.momentPauseSeconds)))
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

    /// Looks for the next candidate after a pause: one that the task has not been to, if there is one.
    mutating func goOn(_ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings) -> [Action] {
        if case .now(let next) = newcomer(surroundings) {
            return goOn(to: next, end, fault)
        }
        switch next(surroundings) {
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

    /// One that the task has not been to; after some pauses in vain also one that took too long: it may be well by now.
    private mutating func newcomer(_ surroundings: some TaskSurroundings) -> NextCandidate {
        let next = surroundings.next(untried(surroundings))
        if case .now = next { return next }
        guard history.pauses.isMultiple(of: Limits.pausesPerSlowOne), hasTimeForSlowOnes(surroundings) else {
            return next
        }
        for (place, slow) in history.slow.enumerated() {
            guard case .now(let candidate) = surroundings.next(choice.only(at: slow.provider)) else { continue }
            history.slow.append(history.slow.remove(at: place))
            return .now(candidate)
        }
        return next
    }

    private func hasTimeForSlowOnes(_ surroundings: some TaskSurroundings) -> Bool {
        mayLoseAttempt && deadline.seconds(since: surroundings.now) >= Limits.leastBudgetSeconds
    }

    private mutating func goOn(to next: Candidate, _ end: AttemptEnd, _ fault: Fault) -> [Action] {
        guard attempt.number < Limits.attemptsPerTask else { return fail(end, fault) }
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
        guard wasSent else {
            let detail = "No provider had a place for the task within its time."
            return settle(end, .failed(code: .noProviders, detail: detail))
        }
        return settle(end, .failed(code: .unsolvable, detail: "The task was not solved within its time."))
    }

    private mutating func settle(_ end: AttemptEnd, _ outcome: TaskOutcome) -> [Action] {
        phase = .settling(end, outcome)
        wakeAt = .distantFuture
        return [.settle(attempt: attempt.number, end, outcome)]
    }
}
