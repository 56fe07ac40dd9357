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
        // What it stood in line here was not the provider's time.
        let seconds = handedOverAt.map { max(now.seconds(since: $0), 0) }
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
        let end = AttemptEnd(mayHaveCharged ? .lost : .failed, fault: fault.storedLabel)
        let tell = [tell(verdict, surroundings.now, spent: mayHaveCharged ? attempt.candidate.cost : .zero)]
        guard fault.blame != .task, !isAgreed(fault) else { return tell + fail(end, fault) }
        if mayHaveCharged { noteLost() } else { noteFailed(attempt.candidate, lost: false) }
        guard !again else { return tell + goOn(end, fault, surroundings) }
        choice.exclude(attempt.candidate, after: fault)
        if let next = successor(after: fault.blame, surroundings) {
            return tell + goOn(to: next, end, fault, surroundings)
        }
        return tell + pause(end, fault, surroundings)
    }

    /// Whether two providers have now found independently that the task cannot be done. That they do not sell such
    /// tasks says nothing about the others, nor does it when each of them misses another field.
    private mutating func isAgreed(_ fault: Fault) -> Bool {
        guard fault.blame == .providerForThisTask, fault.kind != .unsupportedTask else { return false }
        let provider = attempt.candidate.provider
        var reason = fault.label
        if case .badTask(let field?) = fault.kind { reason += " \(field)" }
        if history.refusals.contains(where: { $0.reason == reason && $0.provider != provider }) { return true }
        history.refusals.append((provider, reason))
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
    func untried(_ surroundings: some TaskSurroundings) -> CandidateChoice {
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

    /// Seconds of the next pause: they grow, but leave time for some more tries until the deadline. The last tries that
    /// may cost something without a result are spread over the time that is left.
    private func pauseSeconds(_ now: Timestamp, isLost: Bool) -> Double {
        let left = deadline.seconds(since: now)
        let growing = Limits.momentPauseSeconds * Double(1 << min(history.pauses, 6))
        let seconds = max(min(growing, left / Limits.pausesAhead), Limits.momentPauseSeconds)
        let repeats = Limits.lostRepeatsPerTask - history.lostAgain
        guard isLost, repeats <= Limits.lostRepeatsSpread else { return seconds }
        return max(seconds, left / Double(repeats + 2))
    }

    /// Waits until somebody can have the task: the provider that has just failed it, or another before that.
    private mutating func pause(_ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings) -> [Action] {
        let pause = surroundings.now.adding(seconds: pauseSeconds(surroundings.now, isLost: end.state == .lost))
        history.pauses += 1
        guard let own = resumption(fault, pause: pause, surroundings) else { return fail(end, fault) }
        let resume = min(own, anothersResumption(fault, pause: pause, isLost: end.state == .lost, surroundings))
        guard resume < deadline else { return fail(end, fault) }
        phase = .pausing(end, fault)
        wakeAt = resume
        waitsSince = nil
        comesLast = false
        return []
    }

    /// When the task can go on if there is no other for it: after the pause, and after what the provider asked for or
    /// the time at which the first may have it. Nil when nobody ever may.
    private func resumption(
        _ fault: Fault, pause: Timestamp, _ surroundings: some TaskSurroundings
    ) -> Timestamp? {
        switch (next(surroundings), fault.kind) {
        case (.never, _): nil
        case (_, .rateLimited(_, let seconds?)) where choice.allows(attempt.candidate):
            // Nobody may know yet that it rests.
            max(pause, surroundings.now.adding(seconds: seconds))
        case (.later(let time), _): max(pause, time)
        default: pause
        }
    }

    /// When another than the one that has just failed may have the task: one that it has not been to as soon as that
    /// may, others that have failed as well not before the pause if they could have it at once.
    private func anothersResumption(
        _ fault: Fault, pause: Timestamp, isLost: Bool, _ surroundings: some TaskSurroundings
    ) -> Timestamp {
        let soon = surroundings.now.adding(seconds: Limits.momentPauseSeconds)
        // A try that may cost something keeps to its time.
        let again = isLost && Limits.lostRepeatsPerTask - history.lostAgain <= Limits.lostRepeatsSpread ? pause : soon
        let provider = attempt.candidate.provider
        var choices = [(untried(surroundings), soon), (quick(surroundings).elsewhere(than: provider), again)]
        if case .rateLimited(let scope, _?) = fault.kind {
            choices.append(
                (scope == .key ? choice.without(attempt.candidate) : choice.elsewhere(than: provider), again))
        }
        return choices.map { choice, soonest in
            switch surroundings.next(choice) {
            case .now: pause
            case .later(let time): max(time, soonest)
            case .never: .distantFuture
            }
        }.min() ?? .distantFuture
    }

    /// Looks for the next candidate after a pause: one that the task has not been to, if there is one, and then one at
    /// another provider than the one that has just failed it.
    mutating func goOn(_ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings) -> [Action] {
        if case .now(let next) = newcomer(surroundings) {
            return goOn(to: next, end, fault, surroundings)
        }
        let elsewhere = quick(surroundings).elsewhere(than: attempt.candidate.provider)
        if case .now(let other) = surroundings.next(elsewhere) {
            return goOn(to: other, end, fault, surroundings)
        }
        switch next(surroundings) {
        case .now(let next):
            return goOn(to: next, end, fault, surroundings)
        case .later(let time) where time < deadline:
            phase = .pausing(end, fault)
            wakeAt = max(time, surroundings.now.adding(seconds: Limits.momentPauseSeconds))
            waitForPlace(surroundings)
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

    private mutating func goOn(
        to next: Candidate, _ end: AttemptEnd, _ fault: Fault, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        guard attempt.number < Limits.attemptsPerTask else { return fail(end, fault) }
        guard let first = first(for: next, surroundings) else { return storeNext(end, next) }
        phase = .pausing(end, fault)
        wakeAt = surroundings.spread(surroundings.now.adding(seconds: Limits.askAgainSeconds))
        waitForPlace(surroundings)
        return [.call(first)]
    }

    /// Whether the task may go on after its attempt was lost. Each may cost the platform a solution, so that they are
    /// bounded: by the number of candidates, and where the task was before by a number of their own.
    var mayLoseAttempt: Bool {
        !hasTried(attempt.candidate) || history.lostAgain + 1 < Limits.lostRepeatsPerTask
    }

    /// The attempt may have cost something without a result. When it is the last that may, only those may have the task
    /// from now on that it has not been to: their first try is not counted.
    mutating func noteLost() {
        let isLast = !mayLoseAttempt
        noteFailed(attempt.candidate, lost: true)
        if isLast { choice = history.tried.reduce(choice) { $0.without($1) } }
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
