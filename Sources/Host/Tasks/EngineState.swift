import DequeModule
import Domain
import HeapModule
import ProviderKit
import Routing

/// What the engine holds of the tasks under way. A task costs one `Running` and one or two wakes; its fields and
/// solution stay on disk.
struct EngineState {
    private(set) var running: [TaskID: Running] = [:]
    private var openByAccount: [AccountID: Int] = [:]
    private var wakes = Heap<Wake>()
    private var lanes: [String: SubmitLane] = [:]
    /// The providers where tasks stand in line.
    private(set) var lines: Set<String> = []
    private(set) var callsUnderWay = 0
    var stopping = false

    /// One open task. A class, so that the dictionary around it stays small while it grows.
    /// Touched under the engine's lock only.
    final class Running: @unchecked Sendable {
        var machine: TaskMachine
        /// The fields, from acceptance until the first submit, if that begins at once.
        var fields: JSONObject?
        /// The call under way, to cancel it.
        var call: (provider: String, id: UInt64)?
        /// The attempt's place with its key.
        var slot: AttemptSlot?
        /// The place that is kept for the next attempt while that is being stored.
        @Rare var kept: AttemptSlot?
        /// Whether it stands in line at the market.
        var isInLine = false
        /// The attempt of which it is stored, or on its way to the store, that nothing was sent or that it was refused.
        var unsent: Int?
        let origin: Origin

        init(_ machine: TaskMachine, fields: JSONObject?, slot: AttemptSlot?, origin: Origin) {
            self.machine = machine
            self.fields = fields
            self.slot = slot
            self.origin = origin
            unsent = machine.attempt.isUnsent ? machine.attempt.number : nil
        }

        /// The task as its client may see it; nil for one that was taken up, of which the store knows more.
        var clientTask: ClientTask? {
            guard case .accepted(let dialect) = origin else { return nil }
            return ClientTask(
                id: machine.id, family: machine.family, dialect: dialect, createdAt: machine.acceptedAt, endedAt: nil,
                status: .processing)
        }

        /// The attempt that is to be sent; nil while none is.
        var attemptToSend: (candidate: Candidate, family: TaskFamily, number: Int)? {
            guard machine.phase == .submitting else { return nil }
            return (machine.attempt.candidate, machine.family, machine.attempt.number)
        }

        /// What has it stored that nothing of the attempt was sent, or that it was refused; nil when that is stored,
        /// and for an attempt whose loss costs nobody anything.
        func notingUnsent() -> StoreOperation? {
            let attempt = machine.attempt
            guard attempt.candidate.isRecycled, unsent != attempt.number, attempt.state == .sending else { return nil }
            switch machine.phase {
            case .holding, .submitting: break
            case .pausing(let end, _) where end.state == .failed: break
            default: return nil
            }
            unsent = attempt.number
            return .attemptUnsent(machine.id, attempt: attempt.number, true)
        }

        func takeKept() -> AttemptSlot? {
            defer { kept = nil }
            return kept
        }

        func takeSlot() -> AttemptSlot? {
            defer { slot = nil }
            return slot
        }
    }

    /// Where an open task comes from.
    enum Origin: Sendable {
        /// A client, which speaks this dialect.
        case accepted(ClientDialect?)
        /// The store.
        case recovered
    }

    struct Wake: Comparable {
        let at: Timestamp
        let task: TaskID

        /// Of those that are due at once the oldest task comes first, whenever they were scheduled.
        static func < (left: Wake, right: Wake) -> Bool { (left.at, left.task) < (right.at, right.task) }
    }

    /// An attempt that waits for a place. Its task may have left the line since, and even be in it again.
    struct InLine {
        let task: TaskID
        let attempt: Int
    }

    /// The submits of one provider: how many are under way, and which tasks wait for their turn.
    struct SubmitLane {
        var underWay = 0
        var waiting = Deque<InLine>()
        var answers = SubmitAnswers()
    }

    mutating func add(
        _ machine: TaskMachine, fields: JSONObject?, slot: AttemptSlot?, origin: Origin = .recovered
    ) {
        let before = running.updateValue(
            Running(machine, fields: fields, slot: slot, origin: origin), forKey: machine.id)
        if before == nil { openByAccount[machine.account, default: 0] += 1 }
        schedule(machine.wakeAt, machine.id)
    }

    /// Keeps the place that an attempt got; nil when the task has gone on meanwhile.
    func keep(_ slot: AttemptSlot, of task: TaskID, _ attempt: Int) -> Running? {
        guard let running = running[task], running.attemptToSend?.number == attempt else { return nil }
        running.slot = slot
        return running
    }

    mutating func remove(_ id: TaskID) {
        guard let account = running.removeValue(forKey: id)?.machine.account else { return }
        openByAccount[account, default: 1] -= 1
        if openByAccount[account] == 0 { openByAccount[account] = nil }
    }

    /// The tasks whose attempt is with this key, or is being stored to be, and what they will cost.
    func openTasks(with credential: String, at provider: String) -> (count: Int, cost: Money) {
        var (count, cost) = (0, Money.zero)
        for task in running.values {
            let costs = task.machine.candidates.filter { $0.credential == credential && $0.provider == provider }
            guard !costs.isEmpty else { continue }
            count += 1
            cost = costs.reduce(cost) { $0.adding($1.cost) ?? .most }
        }
        return (count, cost)
    }

    func openTasks(of account: AccountID) -> Int { openByAccount[account] ?? 0 }

    var nextWake: Timestamp? { wakes.min?.at }

    mutating func schedule(_ at: Timestamp, _ task: TaskID) {
        guard at < .distantFuture else { return }
        wakes.insert(Wake(at: at, task: task))
        // Tasks that ended leave their wakes behind; they are swept out before they outnumber the live ones.
        if wakes.count > 2 * running.count + 4096 { sweepWakes() }
    }

    private mutating func sweepWakes() {
        var live = Heap<Wake>()
        for task in running.values where task.machine.wakeAt < .distantFuture {
            live.insert(Wake(at: task.machine.wakeAt, task: task.machine.id))
        }
        wakes = live
    }

    /// The tasks whose wake has come, at most `limit`.
    mutating func due(_ now: Timestamp, limit: Int) -> [TaskID] {
        var due: [TaskID] = []
        while due.count < limit, let first = wakes.min, first.at <= now {
            wakes.removeMin()
            guard let task = running[first.task], task.machine.wakeAt <= now else { continue }
            due.append(first.task)
        }
        return due
    }

    /// Takes a place for a submit at this provider, or puts the task in line. False also while the host stops.
    mutating func takePlace(_ task: TaskID, at provider: Provider) -> Bool {
        guard !stopping else { return false }
        var lane = lanes.removeValue(forKey: provider.name) ?? SubmitLane()
        defer { lanes[provider.name] = lane }
        guard lane.underWay < provider.concurrentSubmits else {
            guard let task = running[task] else { return false }
            task.fields = nil
            lane.waiting.append(InLine(task: task.machine.id, attempt: task.machine.attempt.number))
            lines.insert(provider.name)
            return false
        }
        lane.underWay += 1
        return true
    }

    /// Gives a place back; returns the attempt that takes it over, if one waits that has the time for it.
    mutating func releasePlace(at provider: String, _ now: Timestamp) -> InLine? {
        while let next = lanes[provider]?.waiting.popFirst() {
            guard !stopping, let machine = running[next.task]?.machine, machine.phase == .submitting,
                machine.attempt.number == next.attempt, machine.isWorthSending(at: now)
            else { continue }
            return next
        }
        lines.remove(provider)
        lanes[provider]?.underWay -= 1
        if lanes[provider]?.underWay == 0 { _ = lanes[provider]?.answers.endSilence() }
        return nil
    }

    mutating func callBegan() { callsUnderWay += 1 }
    mutating func callEnded() { callsUnderWay -= 1 }

    /// An attempt that is handed to its adapter.
    struct Submit {
        let candidate: Candidate
        let family: TaskFamily
        let deadline: Timestamp
        /// When others are tried if it has not been taken.
        let giveUpAt: Timestamp
        let slot: AttemptSlot?
    }

    /// The adapter is called with the task's attempt, as it is returned. Nil when the task has left the attempt.
    mutating func submitBegan(_ task: TaskID, attempt: Int, at provider: String, _ now: Timestamp) -> Submit? {
        callBegan()
        guard let running = running[task], running.attemptToSend?.number == attempt else { return nil }
        running.machine.handOver(at: now)
        lanes[provider]?.answers.began(at: now)
        let machine = running.machine
        return Submit(
            candidate: machine.attempt.candidate, family: machine.family, deadline: machine.deadline,
            giveUpAt: machine.giveUpAt, slot: running.slot)
    }

    /// A call that began with `submitBegan` is over.
    ///
    /// - Parameter start: when it began, if the provider has answered; else nil.
    /// - Returns: whether the provider was found silent, and is not any more.
    mutating func submitEnded(at provider: String, answeredSince start: Timestamp?, _ now: Timestamp) -> Bool {
        callEnded()
        return start.flatMap { lanes[provider]?.answers.answered(since: $0, at: now) } ?? false
    }

    /// Whether a provider that gets a task has fallen silent.
    mutating func findSilence(of provider: Provider, at now: Timestamp) -> Bool {
        lanes[provider.name]?.answers.findSilence(submitSeconds: provider.submitSeconds, at: now) ?? false
    }
}
