import ProviderKit

// MARK: - An attempt under way

extension TaskMachine {
    /// Begins the attempt that is stored.
    mutating func submit(_ surroundings: some TaskSurroundings) -> [Action] {
        submittedAt = surroundings.now
        let budget = setBudget(surroundings)
        // Alone, what is left of the time is all there is; only a rest that is short does not tell that it is slow.
        let fair = budget ?? min(Limits.leastBudgetSeconds, deadline.seconds(since: acceptedAt) / 2)
        fairUntil = surroundings.now.adding(seconds: fair)
        polls = 0
        lastPoll = nil
        handedOverAt = nil
        phase = .submitting
        wakeAt = nextLineLook(surroundings)
        return [.submit]
    }

    /// Sets when the attempt has taken long enough; returns the seconds that it gets, nil for all there are.
    @discardableResult
    private mutating func setBudget(_ surroundings: some TaskSurroundings) -> Double? {
        let left = deadline.seconds(since: surroundings.now)
        let provider = attempt.candidate.provider
        let budget = surroundings.budget(provider, choice.elsewhere(than: provider), left: left)
        giveUpAt = min(budget.map { surroundings.now.adding(seconds: $0) } ?? deadline, deadline)
        hasBudget = true
        isAlone = budget == nil
        return budget
    }

    /// The only provider there is has the task. It has all the time there is, but when it has taken longer than it
    /// usually does it may have forgotten the task, which shows when it solves later ones.
    private mutating func lookWhenOverdue(_ surroundings: some TaskSurroundings) {
        let patience = surroundings.patience(attempt.candidate.provider, family)
        guard isAlone, patience.isFinite else { return }
        giveUpAt = min(surroundings.now.adding(seconds: patience), deadline)
    }

    /// Whether the attempt takes longer than is usual by what is known now, which may be more than when it began.
    private func isOverdue(_ surroundings: some TaskSurroundings) -> Bool {
        guard isAlone else { return true }
        let patience = surroundings.patience(attempt.candidate.provider, family)
        return surroundings.now.seconds(since: pendingSince) >= patience
    }

    // MARK: In line

    /// When to look whether another has a place for the task, while it may stand in line.
    private func nextLineLook(_ surroundings: some TaskSurroundings) -> Timestamp {
        min(surroundings.now.adding(seconds: Limits.lineLookSeconds), deadline)
    }

    /// Leaves the line in which it stands for a provider that has none, if that may have the task now. Nothing was
    /// sent.
    mutating func wakeSubmitting(_ surroundings: some TaskSurroundings) -> [Action] {
        guard handedOverAt == nil else {
            wakeAt = deadline
            return []
        }
        wakeAt = nextLineLook(surroundings)
        guard let next = withoutLine(surroundings), mayMove(to: next, surroundings) else { return [] }
        return [tell(.withdrawn, surroundings.now)] + storeNext(.notSent, next)
    }

    /// The best of the others that may have the task now and where nobody stands in line.
    private func withoutLine(_ surroundings: some TaskSurroundings) -> Candidate? {
        var others = others(surroundings)
        while case .now(let next) = surroundings.next(others) {
            guard surroundings.hasLine(next.provider) else { return next }
            others = others.elsewhere(than: next.provider)
        }
        return nil
    }

    /// Whether there is enough time for an attempt that has stood in line to come to something: else it would only
    /// cost.
    public func isWorthSending(at now: Timestamp) -> Bool {
        deadline.seconds(since: now) >= deadline.seconds(since: acceptedAt) * Limits.leastShareToSend
    }

    /// The adapter is called with the attempt now. Until then it may have stood in line, which takes nothing of the
    /// time that it has there.
    public mutating func handOver(at now: Timestamp) {
        guard phase == .submitting, let submittedAt else { return }
        let waited = max(now.seconds(since: submittedAt), 0)
        giveUpAt = min(giveUpAt.adding(seconds: waited), deadline)
        fairUntil = fairUntil.adding(seconds: waited)
        handedOverAt = now
        wasSent = true
        waitsSince = nil
        comesLast = false
    }

    /// Nothing was sent. Goes elsewhere if that is possible at once, else waits.
    mutating func held(_ until: Timestamp, _ surroundings: some TaskSurroundings) -> [Action] {
        let next = next(surroundings)
        var actions: [Action] = []
        wakeAt = min(until, deadline)
        switch next {
        case .now(let next) where mayMove(to: next, surroundings):
            guard let first = first(for: next, surroundings) else { return move(to: next, surroundings) }
            actions = [.call(first)]
        case .later(let earlier) where earlier > surroundings.now:
            wakeAt = min(wakeAt, earlier)
        default: break
        }
        phase = .holding
        waitForPlace(surroundings)
        return actions
    }

    /// It waits for a place from now on, if it did not before.
    ///
    /// First come, first served would have each task wait until it is too late when there are more than the providers
    /// can have: one with little time left comes last.
    mutating func waitForPlace(_ surroundings: some TaskSurroundings) {
        waitsSince = waitsSince ?? surroundings.now
        let needed = surroundings.patience(attempt.candidate.provider, family)
        let share = deadline.seconds(since: acceptedAt) * Limits.lateShare
        comesLast = deadline.seconds(since: surroundings.now) < min(needed, share)
    }

    mutating func wakeHolding(_ surroundings: some TaskSurroundings) -> [Action] {
        if case .now(let next) = next(surroundings), mayMove(to: next, surroundings),
            first(for: next, surroundings) == nil
        {
            return move(to: next, surroundings)
        }
        return submit(surroundings)
    }

    private mutating func move(to next: Candidate, _ surroundings: some TaskSurroundings) -> [Action] {
        [tell(.withdrawn, surroundings.now)] + storeNext(.notSent, next)
    }

    /// Who comes before this task where the candidate is.
    func first(for candidate: Candidate, _ surroundings: some TaskSurroundings) -> TaskID? {
        surroundings.first(before: turn(at: surroundings.now), for: candidate, family)
    }

    /// Whether an attempt of which nothing was sent makes place for one elsewhere. Each costs a commit, and whoever
    /// comes first has the place, so that it is bounded: half of the attempts are for those that are sent. Of those
    /// some are used to leave a provider that can have no task for longer than a moment.
    private func mayMove(to next: Candidate, _ surroundings: some TaskSurroundings) -> Bool {
        guard next != attempt.candidate, attempt.number < Limits.attemptsPerTask else { return false }
        guard hasMovedOften else { return true }
        guard case .later(let time) = surroundings.next(choice.only(at: attempt.candidate.provider)) else {
            return false
        }
        return time.seconds(since: surroundings.now) >= Limits.longWaitSeconds
    }

    private var hasMovedOften: Bool { attempt.number >= Limits.attemptsPerTask / 2 }

    /// Where a task that waits goes as soon as it may.
    var placesToWaitFor: CandidateChoice {
        phase == .holding && hasMovedOften ? choice.only(at: attempt.candidate.provider) : choice
    }

    mutating func submitted(
        _ answer: AttemptAnswer<SubmitResult>, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        switch answer {
        case .result(.pending(let id)):
            attempt.state = .pending
            attempt.providerTask = id
            pendingSince = surroundings.now
            lookWhenOverdue(surroundings)
            wait(nextPoll(surroundings), surroundings)
            return [.storePending(attempt: attempt.number, providerTask: id)]
        case .result(.solved(let solution)):
            return solved(solution, surroundings)
        case .fault(let fault, let sent):
            return failed(fault, mayHaveCharged: fault.mayHaveCharged(sent), .fault(fault), surroundings)
        case .crashed(let sent):
            noteCrash()
            return failed(TaskMachine.crash, mayHaveCharged: sent == .maybe, .crashed, surroundings)
        }
    }

    private static let crash = Fault(.transport, "The adapter's process ended while it had the task.")

    /// A task that is there whenever an adapter's process ends is kept away from it: it may be the reason.
    ///
    /// - Returns: whether the task does not go there again.
    @discardableResult
    private mutating func noteCrash() -> Bool {
        let provider = attempt.candidate.provider
        history.crashes.append(provider)
        guard history.crashes.count(where: { $0 == provider }) >= Limits.crashesPerTask else { return false }
        choice.exclude(provider: provider)
        return true
    }

    mutating func polled(
        _ answer: AttemptAnswer<PollResult>, _ surroundings: some TaskSurroundings
    ) -> [Action] {
        let most = surroundings.mostPolls(attempt.candidate.provider, family)
        let asked = surroundings.now.seconds(since: pendingSince)
        switch answer {
        case .result(.pending):
            lastPoll = asked
            guard polls < most else {
                let fault = Fault(.taskNotFound, "The provider had no result within \(most) polls.")
                return failed(fault, mayHaveCharged: true, .tooSlow, surroundings)
            }
            if let actions = givenUp(surroundings) { return actions }
            wait(nextPoll(surroundings), surroundings)
            return []
        case .result(.solved(let solution)):
            return solved(solution, surroundings)
        case .fault(let fault, _) where fault.leavesTask && polls < most:
            // The task lives on at the provider; only this question was not answered.
            if let actions = givenUp(surroundings) { return actions }
            waitAfterFault(surroundings)
            return []
        case .crashed:
            guard !noteCrash(), polls < most else {
                return failed(TaskMachine.crash, mayHaveCharged: true, .crashed, surroundings)
            }
            waitAfterFault(surroundings)
            return []
        case .fault(let fault, _):
            // The provider had the task, and may have its money: only its own word about the task says that it took
            // nothing. What it says of the key, or of itself, says nothing of that.
            let isAboutTask = fault.blame == .task || fault.blame == .providerForThisTask
            let charged = !isAboutTask || fault.kind == .taskNotFound || fault.mayHaveCharged(.maybe)
            return failed(fault, mayHaveCharged: charged, .fault(fault), surroundings)
        }
    }

    private mutating func wait(_ poll: Timestamp, _ surroundings: some TaskSurroundings) {
        phase = .waiting
        pollAt = min(poll, deadline)
        wakeAt = min(pollAt, nextLook(surroundings))
    }

    /// When to look whether another can have the task: at the end of the attempt's time, and after that when one may.
    private func nextLook(_ surroundings: some TaskSurroundings) -> Timestamp {
        guard surroundings.now >= giveUpAt else { return giveUpAt }
        let soonest = surroundings.now.adding(seconds: Limits.slowLookSeconds)
        // Nobody tells when a provider has solved a later task.
        if mayBeOvertaken { return soonest }
        guard case .later(let time) = surroundings.next(successors(surroundings)) else { return deadline }
        return max(time, soonest)
    }

    /// What is left of the choice without the attempt's provider and those that took too long.
    private func others(_ surroundings: some TaskSurroundings) -> CandidateChoice {
        quick(surroundings).elsewhere(than: attempt.candidate.provider)
    }

    /// Those of the others that may have the task after an attempt that has cost something for nothing: when there is
    /// to be no further such one where it was before, those that it has not been to.
    private func successors(_ surroundings: some TaskSurroundings) -> CandidateChoice {
        mayLoseAttempt ? others(surroundings) : untried(surroundings).elsewhere(than: attempt.candidate.provider)
    }

    private var mayBeOvertaken: Bool { history.overtaken < Limits.overtakenPerTask && mayLoseAttempt }

    private mutating func waitAfterFault(_ surroundings: some TaskSurroundings) {
        let soonest = surroundings.now.adding(seconds: Limits.momentPauseSeconds)
        wait(max(nextPoll(surroundings), soonest), surroundings)
    }

    /// Leaves a provider that takes too long, if another can have the task now. It comes back when the provider has
    /// solved later tasks, or all others are out of the question: better a slow one than none.
    private mutating func givenUp(_ surroundings: some TaskSurroundings) -> [Action]? {
        guard surroundings.now >= giveUpAt, attempt.number < Limits.attemptsPerTask else { return nil }
        let provider = attempt.candidate.provider
        let next: Candidate
        if case .now(let other) = surroundings.next(successors(surroundings)) {
            next = other
            history.slow.removeAll { $0.provider == provider }
            history.slow.append((provider, surroundings.now))
        } else if mayBeOvertaken, isOverdue(surroundings),
            surroundings.hasSolved(provider, family, begunAfter: pendingSince),
            attempt.state == .pending, case .now(let same) = surroundings.next(choice.only(at: provider))
        {
            // It has forgotten this one.
            next = same
            history.overtaken += 1
        } else {
            return nil
        }
        noteLost()
        return [tell(.tooSlow, surroundings.now, spent: attempt.candidate.cost)]
            + storeNext(AttemptEnd(.lost, fault: "tooSlow"), next)
    }

    mutating func wakeWaiting(_ surroundings: some TaskSurroundings) -> [Action] {
        guard attempt.state == .pending, let providerTask = attempt.providerTask,
            surroundings.knows(attempt.candidate.provider)
        else {
            let fault = Fault(.transport, "The host stopped before the provider's answer was stored.")
            return failed(fault, mayHaveCharged: true, .withdrawn, again: true, surroundings)
        }
        // Of an attempt of a former process it is not known when it began: it gets its time as of now.
        if !hasBudget {
            setBudget(surroundings)
            lookWhenOverdue(surroundings)
        }
        guard surroundings.now >= pollAt else {
            // The attempt's time is over between two polls.
            if let actions = givenUp(surroundings) { return actions }
            wakeAt = min(pollAt, nextLook(surroundings))
            return []
        }
        phase = .polling
        polls += 1
        // The last question may still be answered; it does not take all the time that a poll may.
        let patience = surroundings.now.adding(seconds: Limits.lastPollSeconds)
        wakeAt = min(max(giveUpAt, patience), deadline)
        return [.poll(surroundings.ticket(providerTask, family, attempt.candidate))]
    }

    /// The attempt's time is over during a poll.
    mutating func wakePolling(_ surroundings: some TaskSurroundings) -> [Action] {
        if let actions = givenUp(surroundings) { return [.cancelCall] + actions }
        wakeAt = deadline
        return []
    }

    /// The time of the next poll; when there is none, the one at which the attempt is given up, and after that the
    /// deadline.
    private func nextPoll(_ surroundings: some TaskSurroundings) -> Timestamp {
        let elapsed = polls == 0 ? nil : surroundings.now.seconds(since: pendingSince)
        let seconds = surroundings.nextPoll(attempt.candidate.provider, family, after: elapsed, dither: dither)
        guard seconds.isFinite else { return giveUpAt > surroundings.now ? giveUpAt : deadline }
        return max(pendingSince.adding(seconds: seconds), surroundings.now)
    }

    /// A number in 0..<1 that is evenly distributed over attempts, and the same each time for one.
    private var dither: Double {
        var bits = UInt64(bitPattern: id.number) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(attempt.number)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) / Double(UInt64(1) << 53)
    }
}

extension Fault {
    /// Whether a task that was asked for may be there all the same, so that it can be asked for again.
    fileprivate var leavesTask: Bool {
        switch kind {
        case .overloaded, .transport, .protocolError, .rateLimited: true
        default: false
        }
    }

    /// Whether a provider may have taken money for an attempt that ended so: it says so, or its answer is not known.
    fileprivate func mayHaveCharged(_ sent: HTTPFailure.Sent) -> Bool {
        switch kind {
        case .unsolvable(let charged): charged == true
        case .transport, .protocolError: sent == .maybe
        default: false
        }
    }
}
