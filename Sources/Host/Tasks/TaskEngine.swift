public import Domain
public import Logging
public import ProviderKit
import NIOConcurrencyHelpers
import Routing
import Synchronization

/// The shell around the tasks' machines: it performs what they ask for and hands them what came of it.
///
/// Nothing here waits: the store and the adapters answer by completions on threads of their own, and time comes in
/// through `advance`. A waiting task is an entry in a dictionary and a wake in a heap.
public final class TaskEngine: Sendable {
    /// What can be bought, and where.
    public let market: Market
    let store: any StoreAccess
    let observer: any EngineObserver
    let now: @Sendable () -> Timestamp
    let logger: Logger
    let state = NIOLockedValueBox(EngineState())
    /// Called when a wake was scheduled that is earlier than all others.
    let earlierWake = Mutex<@Sendable () -> Void>({})
    /// When it was last logged that something could not be stored: one line a second says it for all tasks.
    private let lastStorageLine = Mutex(Timestamp(milliseconds: 0))
    private let idle = Mutex<[@Sendable () -> Void]>([])
    let keyFault = Mutex<@Sendable (String, String, Fault) -> Void>({ _, _, _ in })
    let callbackDue = Mutex<@Sendable () -> Void>({})
    /// Those who wait for the end of a task.
    let ends = TaskEnds()

    public init(
        market: Market, store: any StoreAccess, observer: any EngineObserver, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.market = market
        self.store = store
        self.observer = observer
        self.logger = logger
        self.now = now
    }

    /// What a task's machine asks about, as it is now.
    func surroundings() -> EngineSurroundings { EngineSurroundings(now: now(), market: market) }

    /// Whether the engine was told to stop, and how many tasks are accepted and not ended.
    var occupancy: (isStopping: Bool, openTasks: Int) { state.withLockedValue { ($0.stopping, $0.running.count) } }

    /// How many tasks are accepted and not ended.
    public var openTasks: Int { state.withLockedValue { $0.running.count } }

    /// Whether the engine was told to stop.
    public var isStopping: Bool { state.withLockedValue { $0.stopping } }

    /// Sets what to call when `advance` has to come earlier than its last answer said.
    public func onEarlierWake(_ body: @escaping @Sendable () -> Void) {
        earlierWake.withLock { $0 = body }
    }

    /// Takes over a task that was just stored.
    ///
    /// - Parameter dialect: in which its client is told of it when it asks without saying.
    public func begin(_ machine: TaskMachine, fields: JSONObject?, dialect: ClientDialect? = nil) {
        observer.accepted(machine.family)
        insert(machine, fields: fields, origin: .accepted(dialect))
        perform(.submit, for: machine.id)
    }

    func insert(_ machine: TaskMachine, fields: JSONObject?, origin: EngineState.Origin = .recovered) {
        let slot =
            machine.attempt.state == .pending
            ? market.withBoard { $0.adopt(machine.attempt.candidate, machine.family) } : nil
        updating { $0.add(machine, fields: fields, slot: slot, origin: origin) }
    }

    /// Wakes the tasks whose time has come.
    ///
    /// - Returns: when to call again, at the latest; nil when nothing waits.
    public func advance() -> Timestamp? {
        let now = now()
        while true {
            let due = state.withLockedValue { $0.due(now, limit: 256) }
            for task in due { handle(.wake, for: task) }
            guard due.isEmpty else { continue }
            return [state.withLockedValue { $0.nextWake }, ends.expire(at: now)].compactMap(\.self).min()
        }
    }

    /// Ends the taking of tasks, and waits for their ends. Calls under way go on; no new ones begin.
    public func stop() {
        state.withLockedValue { $0.stopping = true }
        ends.stop()
    }

    /// Calls `body` when no call is under way, at once if none is.
    public func whenIdle(_ body: @escaping @Sendable () -> Void) {
        idle.withLock { $0.append(body) }
        reportIdle()
    }

    private func reportIdle() {
        guard state.withLockedValue({ $0.callsUnderWay == 0 }) else { return }
        let waiting = idle.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for body in waiting { body() }
    }

    private func updating<Result>(_ body: (inout EngineState) -> sending Result) -> Result {
        let (result, earlier) = state.withLockedValue { state in
            let before = state.nextWake ?? .distantFuture
            let result = body(&state)
            return (result, (state.nextWake ?? .distantFuture) < before)
        }
        if earlier { earlierWake.withLock { $0 }() }
        return result
    }

    /// Hands an event to a task's machine and performs what it answers.
    ///
    /// A fault that comes while the host stops may be the stop's own doing: the task is taken up again as it is stored.
    ///
    /// - Parameter attempt: the attempt that the event is about; nothing happens when the task has left it.
    func handle(_ event: TaskMachine.Event, for task: TaskID, attempt: Int? = nil) {
        let surroundings = surroundings()
        let actions: [TaskMachine.Action] = updating { state in
            guard let running = state.running[task], !(state.stopping && event.isFault),
                attempt ?? running.machine.attempt.number == running.machine.attempt.number
            else { return [] }
            let wakeAt = running.machine.wakeAt
            var surroundings = surroundings
            surroundings.lines = state.lines
            let actions = running.machine.handle(event, surroundings)
            switch (event, running.machine.phase) {
            case (.held, _), (_, .pausing): noteUnsent(running)
            default: break
            }
            if running.machine.wakeAt != wakeAt { state.schedule(running.machine.wakeAt, task) }
            standInLine(running)
            return actions
        }
        for action in actions { perform(action, for: task) }
    }

    private func perform(_ action: TaskMachine.Action, for task: TaskID) {
        switch action {
        case .submit:
            submit(task)
        case .call(let first):
            call(first)
        case .poll(let ticket):
            poll(task, ticket)
        case .cancelCall:
            if let call = state.withLockedValue({ $0.running[task]?.call }) {
                market.provider(call.provider)?.caller.cancel(call.id)
            }
        case .tell(let verdict):
            tell(verdict, of: task)
        case .storePending(let attempt, let providerTask):
            // If this is lost the attempt counts as lost too and is made again; the task does not wait for it.
            store.perform(.attemptPending(task, attempt: attempt, providerTask: providerTask)) { _ in }
        case .storeNext(let ended, let end, let next):
            observer.attemptEnded(end)
            keepPlace(at: next, for: task)
            store.perform(.nextAttempt(task, ended: ended, end, next: next)) { [self] in nextStored($0, task) }
        case .settle(let attempt, let end, let outcome):
            store.perform(.settle(task, attempt: attempt, end, outcome)) { [self] result in
                settled(result, task, end, outcome)
            }
        }
    }

    private func storageFailed(_ failure: StoreFailure) {
        let now = now()
        let isDue = lastStorageLine.withLock { last in
            guard now.seconds(since: last) >= 1 else { return false }
            last = now
            return true
        }
        if isDue { logger.error("Ends and attempts of tasks cannot be stored and are tried again: \(failure)") }
    }

    private func nextStored(_ result: Result<StoreReply, StoreError>, _ task: TaskID) {
        switch result {
        case .success(.attempt(let attempt)):
            handle(.nextStored(attempt), for: task)
        case .failure(.failed(let failure)):
            storageFailed(failure)
            handle(.storeFailed, for: task)
        case .success, .failure(.refused):
            giveBackKept(of: task)
            takeUpAgain(task)
        }
    }

    private func settled(
        _ result: Result<StoreReply, StoreError>, _ task: TaskID, _ end: AttemptEnd, _ outcome: TaskOutcome
    ) {
        switch result {
        case .success, .failure(.refused(.taskSettled)):
            let machine = state.withLockedValue { state in
                defer { state.remove(task) }
                return state.running[task]?.machine
            }
            noteEnd(of: task, result)
            guard let machine else { return }
            observer.attemptEnded(end)
            observer.ended(machine.family, outcome, seconds: now().seconds(since: machine.acceptedAt))
        case .failure(.failed(let failure)):
            storageFailed(failure)
            handle(.storeFailed, for: task)
        case .failure(.refused):
            takeUpAgain(task)
        }
    }

    func forget(_ task: TaskID) {
        giveBackKept(of: task)
        tell(AttemptVerdict(.withdrawn, seconds: nil), of: task)
        state.withLockedValue { $0.remove(task) }
        noteEnd(of: task, nil)
    }
}

// MARK: - Calls to adapters

extension TaskEngine {
    private func provider(of task: TaskID) -> Provider? {
        state.withLockedValue { $0.running[task]?.machine.attempt.candidate.provider }.flatMap(market.provider)
    }

    /// The provider's place is taken. That the attempt was not sent holds no longer, which is stored first; and fields
    /// that are not at hand are read from the store.
    func submit(_ next: EngineState.InLine, at provider: Provider, fields: JSONObject?) {
        if state.withLockedValue({ $0.running[next.task]?.unsent == next.attempt }) {
            return withdrawUnsent(next) { [self] isStored in
                guard !isStored else { return submit(next, at: provider, fields: fields) }
                release(provider)
                refuse(next, Fault(.overloaded, "It could not be stored that the attempt is sent."))
            }
        }
        if let fields { return call(next, provider, fields) }
        store.read { store throws(StoreFailure) in
            try store.payload(of: next.task)
        } completion: { [self] result in
            if case .success(let payload?) = result, let fields = (try? JSONValue(parsing: payload))?.object {
                call(next, provider, fields)
            } else {
                release(provider)
                refuse(next, Fault(.overloaded, "The task's fields could not be read."))
            }
        }
    }

    /// Ends an attempt before it is sent, for a reason that is not the provider's doing.
    private func refuse(_ next: EngineState.InLine, _ fault: Fault) {
        tell(AttemptVerdict(.withdrawn, seconds: nil), of: next.task, attempt: next.attempt)
        handle(.submitted(.fault(fault, sent: .no)), for: next.task, attempt: next.attempt)
    }

    private func call(_ next: EngineState.InLine, _ provider: Provider, _ fields: JSONObject) {
        let (task, number) = (next.task, next.attempt)
        let now = now()
        let begun = state.withLockedValue { $0.submitBegan(task, attempt: number, at: provider.name, now) }
        guard let begun else {
            // The task has left it while its fields were read.
            ended(provider)
            return release(provider)
        }
        let candidate = begun.candidate
        let credential = candidate.credential.flatMap { market.provider(candidate.provider)?.credential($0) }
        // It may have been refused to another task since this one got its place.
        let isRefused = candidate.isRecycled && market.withBoard { $0.isRefused(candidate) }
        guard candidate.credential == nil || credential != nil, !isRefused else {
            ended(provider)
            refuse(next, .keyRemoved)
            return release(provider)
        }
        let secondsLeft = max(begun.deadline.seconds(since: now), 0.001)
        let request = TaskRequest(
            family: begun.family, fields: fields, credential: credential, secondsLeft: secondsLeft)
        let budget = max(min(begun.giveUpAt.seconds(since: now), secondsLeft), 0.001)
        let call = provider.caller.call(.submit(request), deadlineSeconds: min(provider.submitSeconds, budget)) {
            [self] answer in
            let answer = answer.understood(of: provider)
            observer.called(provider.name, answer.reply, seconds: self.now().seconds(since: now))
            // What the answer has stored comes before the engine counts as idle, so that a stop waits for it.
            noteTaken(answer.submit, begun.slot)
            handle(.submitted(answer.submit), for: task, attempt: number)
            submitEnded(provider, answer, since: now)
            release(provider)
        }
        remember(call, of: task, at: provider, while: .submitting)
    }

    private func poll(_ task: TaskID, _ ticket: Ticket) {
        guard let provider = provider(of: task) else {
            return handle(.polled(.fault(Fault(.taskNotFound, "The adapter is not loaded."), sent: .no)), for: task)
        }
        guard let attempt = state.withLockedValue({ $0.running[task]?.machine.attempt }) else { return }
        guard attempt.candidate.credential == nil || ticket.credential != nil,
            !attempt.candidate.isRecycled || market.withBoard({ !$0.isRefused(attempt.candidate) })
        else {
            tell(AttemptVerdict(.withdrawn, seconds: nil), of: task)
            // Whoever has handed the key over is not to lose by it: the provider may have done the work.
            let fault = attempt.candidate.isRecycled ? Fault.removedWithTask : .keyRemoved
            return handle(.polled(.fault(fault, sent: .no)), for: task)
        }
        let now = now()
        guard
            state.withLockedValue({ state in
                if !state.stopping { state.callBegan() }
                return !state.stopping
            })
        else { return }
        let call = provider.caller.call(.poll(ticket), deadlineSeconds: Limits.pollSeconds) { [self] answer in
            let answer = answer.understood(of: provider)
            observer.called(provider.name, answer.reply, seconds: self.now().seconds(since: now))
            handle(.polled(answer.poll), for: task, attempt: attempt.number)
            ended(provider)
        }
        remember(call, of: task, at: provider, while: .polling)
    }

    /// Keeps the identity of a call for a later cancel, unless it has been answered meanwhile.
    private func remember(_ call: UInt64, of task: TaskID, at provider: Provider, while phase: TaskMachine.Phase) {
        state.withLockedValue { state in
            guard let running = state.running[task], running.machine.phase == phase else { return }
            running.call = (provider.name, call)
        }
    }

    private func ended(_ provider: Provider) {
        state.withLockedValue { $0.callEnded() }
        reportIdle()
    }

    private func submitEnded(_ provider: Provider, _ answer: CallAnswer, since start: Timestamp) {
        let now = now()
        let (wasSilent, isIdle) = state.withLockedValue { state in
            (
                state.submitEnded(at: provider.name, answeredSince: answer.isAnswer ? start : nil, now),
                state.callsUnderWay == 0
            )
        }
        if wasSilent { market.withBoard { $0.trust(provider.name) } }
        if isIdle { reportIdle() }
    }

    /// Cancels every call under way; their answers are no longer waited for.
    public func cancelCalls() {
        let calls = state.withLockedValue { state in state.running.values.compactMap(\.call) }
        for call in calls { market.provider(call.provider)?.caller.cancel(call.id) }
    }
}
