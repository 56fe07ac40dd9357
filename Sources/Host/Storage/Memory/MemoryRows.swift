import Domain
import ProviderKit

/// The rows of a store in memory, for the rules. Each change notes how it is undone, since a batch may fail.
final class MemoryRows: StoreRows {
    private(set) var state: MemoryState
    private var undoing: [(inout MemoryState) -> Void] = []

    init(_ state: consuming MemoryState) {
        self.state = state
    }

    func undo() {
        for change in undoing.reversed() { change(&state) }
        undoing = []
    }

    func change(_ change: (inout MemoryState) -> Void, undo: @escaping (inout MemoryState) -> Void) {
        change(&state)
        undoing.append(undo)
    }

    // MARK: Accounts and keys

    func account(_ id: AccountID) -> AccountState? {
        state.accounts[id].map {
            AccountState(id: id, balance: $0.balance, held: $0.held, suspended: $0.suspended)
        }
    }

    func save(_ account: AccountState) {
        let before = state.accounts[account.id]
        change(
            {
                $0.accounts[account.id]?.balance = account.balance
                $0.accounts[account.id]?.held = account.held
                $0.accounts[account.id]?.suspended = account.suspended
            }, undo: { $0.accounts[account.id] = before })
    }

    func insertAccount(name: String, at now: Timestamp) -> AccountID {
        let id = AccountID(Int64(state.accounts.count) + 1)
        let account = Account(id: id, name: name, suspended: false, balance: .zero, held: .zero, createdAt: now)
        change({ $0.accounts[id] = account }, undo: { $0.accounts[id] = nil })
        return id
    }

    func hasKey(hash: [UInt8]) -> Bool {
        state.keys[hash] != nil
    }

    func insertKey(_ account: AccountID, _ new: NewKey, at now: Timestamp) -> APIKey {
        let key = APIKey(
            id: Int64(state.keys.count) + 1, account: account, name: new.name, scopes: new.scopes, revoked: false,
            createdAt: now)
        change(
            {
                $0.keys[new.hash] = key
                $0.keyHashes.append(new.hash)
            },
            undo: {
                $0.keys[new.hash] = nil
                $0.keyHashes.removeLast()
            })
        return key
    }

    func key(_ id: Int64) -> APIKey? {
        hash(ofKey: id).flatMap { state.keys[$0] }
    }

    func save(_ key: APIKey) {
        guard let hash = hash(ofKey: key.id) else { return }
        let before = state.keys[hash]
        let caps = state.cappedKeys[key.id]
        change(
            {
                $0.keys[hash] = key
                $0.cappedKeys[key.id] = key.access.caps.isEmpty ? nil : key.access.caps
            },
            undo: {
                $0.keys[hash] = before
                $0.cappedKeys[key.id] = caps
            })
    }

    private func hash(ofKey id: Int64) -> [UInt8]? {
        id >= 1 && id <= Int64(state.keyHashes.count) ? state.keyHashes[Int(id) - 1] : nil
    }

    // MARK: Ledger

    func deposited(to account: AccountID, reference: String) -> Money? {
        state.deposits[MemoryState.DepositReference(account: account, reference: reference)]
    }

    func post(_ transaction: LedgerTransaction, of account: AccountID, at now: Timestamp) -> Int64 {
        let stored = MemoryTransaction(account: account, time: now, transaction: transaction)
        change({ $0.transactions.append(stored) }, undo: { $0.transactions.removeLast() })
        if transaction.kind == .deposit, let reference = transaction.reference, let entry = transaction.entries.first {
            let reference = MemoryState.DepositReference(account: account, reference: reference)
            change({ $0.deposits[reference] = entry.amount }, undo: { $0.deposits[reference] = nil })
        }
        return Int64(state.transactions.count)
    }

    // MARK: Tasks

    func insertTask(_ task: NewTask, ceiling: Money, at now: Timestamp) throws -> TaskID {
        guard task.key >= 1, task.key <= Int64(state.keys.count), let id = TaskID(state.lastTask + 1) else {
            throw StoreFailure(
                .other, "There is no key \(task.key) for a task to belong to, or no task number is left.")
        }
        let stored = MemoryTask(
            id: id, account: task.account, key: task.key, family: task.family, payload: task.payload, ceiling: ceiling,
            forcedProvider: task.forcedProvider, preference: task.preference, keyPool: task.keyPool,
            route: task.explanation.map { route($0, at: now) }, dialect: task.dialect, createdAt: now,
            deadline: task.deadline)
        change(
            {
                $0.tasks[id] = stored
                $0.openTasks.insert(id)
                $0.lastTask = id.number
            },
            undo: {
                $0.tasks[id] = nil
                $0.openTasks.remove(id)
                $0.lastTask = id.number - 1
            })
        return id
    }

    private func route(_ explanation: RouteExplanation, at now: Timestamp) -> Int {
        if let number = state.routes.number(of: explanation) { return number }
        let before = state.routes
        var after = before
        let number = after.add(explanation, at: now)
        change({ $0.routes = after }, undo: { $0.routes = before })
        return number
    }

    func insertAttempt(_ attempt: Attempt, of task: TaskID, at now: Timestamp) {
        let stored = MemoryAttempt(attempt: attempt, startedAt: now)
        change({ $0.tasks[task]?.attempts.append(stored) }, undo: { $0.tasks[task]?.attempts.removeLast() })
    }

    func standing(of task: TaskID) -> TaskStanding? {
        guard let stored = state.tasks[task], let last = stored.attempts.last?.attempt else { return nil }
        return TaskStanding(
            account: stored.account, key: stored.key, family: stored.family.rawValue, ceiling: stored.ceiling,
            ended: stored.end != nil, lastAttempt: last.number, provider: last.candidate.provider,
            credential: last.candidate.credential, cost: last.candidate.cost)
    }

    func setPending(_ attempt: Int, of task: TaskID, providerTask: String) {
        changeAttempt(attempt, of: task) {
            $0.attempt.state = .pending
            $0.attempt.providerTask = providerTask
        }
    }

    func setUnsent(_ isUnsent: Bool, _ attempt: Int, of task: TaskID) {
        changeAttempt(attempt, of: task) { $0.attempt.isUnsent = isUnsent }
    }

    func end(_ attempt: Int, of task: TaskID, _ end: AttemptEnd, credit: Int64?, at now: Timestamp) {
        changeAttempt(attempt, of: task) {
            $0.attempt.state = end.state
            $0.end = end
            $0.endedAt = now
            $0.credit = credit
        }
    }

    func end(_ task: TaskID, _ outcome: TaskOutcome, charge: Int64?, at now: Timestamp) {
        change(
            {
                $0.tasks[task]?.end = TaskRecord.End(at: now, outcome: outcome)
                $0.tasks[task]?.charge = charge
                $0.openTasks.remove(task)
            },
            undo: {
                $0.tasks[task]?.end = nil
                $0.tasks[task]?.charge = nil
                $0.openTasks.insert(task)
            })
    }

    func putStatistics(_ statistics: [StoredStatistics], of host: String) {
        guard !statistics.isEmpty else { return }
        let before = state.statistics[host]
        var byPlace: [[String]: StoredStatistics] = [:]
        for row in (before ?? []) + statistics { byPlace[[row.provider, row.family.rawValue]] = row }
        let rows = byPlace.values.sorted { ($0.provider, $0.family) < ($1.provider, $1.family) }
        change({ $0.statistics[host] = rows }, undo: { $0.statistics[host] = before })
    }

    func eraseStatistics(before time: Timestamp) {
        let before = state.statistics
        let rest = before.mapValues { $0.filter { $0.asOf >= time } }.filter { !$0.value.isEmpty }
        guard rest != before else { return }
        change({ $0.statistics = rest }, undo: { $0.statistics = before })
    }

    private func changeAttempt(_ number: Int, of task: TaskID, _ body: (inout MemoryAttempt) -> Void) {
        guard let before = state.tasks[task]?.attempts[number - 1] else { return }
        var after = before
        body(&after)
        change(
            { $0.tasks[task]?.attempts[number - 1] = after }, undo: { $0.tasks[task]?.attempts[number - 1] = before })
    }
}
