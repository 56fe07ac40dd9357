import Domain
import NIOConcurrencyHelpers
import ProviderKit
import Routing

// MARK: - Places for attempts

extension TaskEngine {
    /// Submits the task's attempt now or when the provider has a place for it.
    ///
    /// Where others have waited longer for such a place they have it first, as far as there are places.
    func submit(_ task: TaskID) {
        for _ in 0...Limits.letGoFirst {
            guard let first = ask(for: task) else { return }
            call(first)
        }
        let surroundings = surroundings()
        handle(.held(until: surroundings.spread(surroundings.now.adding(seconds: Limits.askAgainSeconds))), for: task)
    }

    /// Asks for a place once, and submits the attempt if there is one for it. Each lock is taken once: all tasks share
    /// them.
    ///
    /// - Returns: the task that is to have the place, because it has waited longer; nil when there is none.
    private func ask(for task: TaskID) -> TaskID? {
        let now = now()
        let sending = state.withLockedValue { state in
            state.running[task].flatMap { running in
                running.attemptToSend.map { ($0, running.machine.turn(at: now), running.kept != nil) }
            }
        }
        guard let (attempt, turn, hasKept) = sending else { return nil }
        if hasKept, let kept = takeKept(of: task, for: attempt.candidate),
            let provider = market.provider(kept.lane.provider)
        {
            submit(EngineState.InLine(task: task, attempt: attempt.number), at: provider, kept)
            return nil
        }
        let (provider, admission) = market.admit(attempt.candidate, attempt.family, turn: turn, at: now)
        guard let provider, let admission else {
            let fault = Fault(.unsupportedTask, "The adapter is not loaded.")
            handle(.submitted(.fault(fault, sent: .no)), for: task)
            return nil
        }
        switch admission {
        case .behind(let first): return first
        case .later(let until): handle(.held(until: until), for: task)
        case .refused(let fault): handle(.submitted(.fault(fault, sent: .no)), for: task)
        case .granted(let slot): submit(EngineState.InLine(task: task, attempt: attempt.number), at: provider, slot)
        }
        return nil
    }

    /// The attempt has a place with its key. Submits it, or has it stand in line for one at the adapter.
    private func submit(_ attempt: EngineState.InLine, at provider: Provider, _ slot: AttemptSlot) {
        let now = now()
        let (place, fields, isSilent) = state.withLockedValue { state in
            guard let running = state.keep(slot, of: attempt.task, attempt.attempt) else {
                return (nil as Bool?, nil as JSONObject?, false)
            }
            let place = state.takePlace(attempt.task, at: provider)
            if !place { noteUnsent(running) }
            defer { running.fields = nil }
            return (place, running.fields, state.findSilence(of: provider, at: now))
        }
        guard let place else { return giveBack(slot) }
        if isSilent {
            let until = now.adding(seconds: Limits.silentSeconds)
            market.withBoard { $0.distrust(provider.name, until: until, at: now) }
        }
        if place { submit(attempt, at: provider, fields: fields) }
    }

    /// Has it stored that nothing of the task's attempt was sent, or that the provider refused it, as long as the task
    /// waits: a host that dies meanwhile does not have it taken for lost then. Is called under the engine's lock, so
    /// that what is stored of it later comes later.
    func noteUnsent(_ running: EngineState.Running) {
        if let operation = running.notingUnsent() { store.perform(operation) { _ in } }
    }

    /// The attempt is going to be sent.
    ///
    /// - Parameter completion: gets whether that is stored.
    func withdrawUnsent(_ next: EngineState.InLine, completion: @escaping @Sendable (Bool) -> Void) {
        store.perform(.attemptUnsent(next.task, attempt: next.attempt, false)) { [self] result in
            guard case .success = result else { return completion(false) }
            state.withLockedValue { state in
                guard let running = state.running[next.task], running.unsent == next.attempt else { return }
                running.unsent = nil
            }
            completion(true)
        }
    }

    /// Takes a place with the key for an attempt that stood in line; what its machine is to be told when there is none.
    private func admit(_ next: EngineState.InLine) -> TaskMachine.Event? {
        guard let attempt = state.withLockedValue({ $0.running[next.task]?.attemptToSend }),
            attempt.number == next.attempt,
            let admission = market.admit(attempt.candidate, attempt.family, turn: nil, at: now()).1
        else { return nil }
        switch admission {
        case .behind: return nil
        case .later(let until): return .held(until: until)
        case .refused(let fault): return .submitted(.fault(fault, sent: .no))
        case .granted(let slot):
            if state.withLockedValue({ $0.keep(slot, of: next.task, attempt.number) == nil }) { giveBack(slot) }
            return nil
        }
    }

    /// The task has gone on meanwhile.
    private func giveBack(_ slot: AttemptSlot) {
        market.withBoard { $0.ended(slot, AttemptVerdict(.withdrawn, seconds: nil), at: now()) }
    }

    /// Gives the place of a submit back, to the next task in line if there is one.
    func release(_ provider: Provider) {
        while let next = state.withLockedValue({ $0.releasePlace(at: provider.name, now()) }) {
            // While it stood in line the provider may have failed those before it, so that it asks once more.
            tell(AttemptVerdict(.withdrawn, seconds: nil), of: next.task, attempt: next.attempt)
            guard let refusal = admit(next) else { return submit(next, at: provider, fields: nil) }
            handle(refusal, for: next.task, attempt: next.attempt)
        }
    }

    // MARK: Places that are kept

    /// Keeps a place for the attempt that is about to be stored, if its task has waited for one and it is its turn:
    /// else another would have it meanwhile.
    func keepPlace(at next: Candidate, for task: TaskID) {
        let now = now()
        let asking = state.withLockedValue { state in
            state.running[task].flatMap { running in
                running.machine.hasWaited ? (running.machine.family, running.machine.turn(at: now)) : nil
            }
        }
        guard let (family, turn) = asking,
            case .granted(let slot)? = market.admit(next, family, turn: turn, at: now).1
        else { return }
        let isKept = state.withLockedValue { state in
            guard let running = state.running[task], running.kept == nil, running.machine.comesToPlace else {
                return false
            }
            running.kept = slot
            return true
        }
        if !isKept { giveBack(slot) }
    }

    /// The place that was kept for the attempt; nil when there is none.
    private func takeKept(of task: TaskID, for candidate: Candidate) -> AttemptSlot? {
        guard let slot = state.withLockedValue({ $0.running[task]?.takeKept() }) else { return nil }
        if slot.lane.provider == candidate.provider, slot.credential == candidate.credential { return slot }
        giveBack(slot)
        return nil
    }

    /// Gives the place back that was kept for a task, if there is one.
    func giveBackKept(of task: TaskID) {
        if let slot = state.withLockedValue({ $0.running[task]?.takeKept() }) { giveBack(slot) }
    }

    // MARK: Those that wait

    /// Has the market know whether the task waits for a place now, and that a place that was kept for it is not needed
    /// any more. Is called under the engine's lock after each step.
    func standInLine(_ running: EngineState.Running) {
        if running.kept != nil, !running.machine.comesToPlace, let slot = running.takeKept() { giveBack(slot) }
        let waiting = running.machine.waiting
        guard waiting != nil || running.isInLine else { return }
        running.isInLine = waiting != nil
        let task = running.machine.id
        market.withBoard { board in
            guard let waiting else { return board.leave(task) }
            board.wait(waiting.turn, for: waiting.choice)
        }
    }

    /// Has a task go for the place that it waits for. If it does not, or is not there any more, others do, until it
    /// asks by itself.
    func call(_ task: TaskID) {
        handle(.called, for: task)
        state.withLockedValue { state in
            state.running[task]?.isInLine = false
            market.withBoard { $0.leave(task) }
        }
    }
}
