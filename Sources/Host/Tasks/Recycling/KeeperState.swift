import DequeModule
import Domain
import KeyPool
import ProviderKit

/// What the keeper holds of the recycled keys that are not erased. What is in the store is the truth; this is what was
/// last heard of it.
struct KeeperState {
    var plan = CheckPlan()
    private(set) var keys: [ProviderKeyID: Known] = [:]
    private var lanes: [ProviderKeyID: Deque<KeeperJob>] = [:]
    /// Keys whose next operation failed, and when it is tried again.
    private var retries: [ProviderKeyID: Timestamp] = [:]
    private var waiters: [Waiter] = []
    /// REMOVED keys, and when it is looked next whether tasks are open with them.
    private var draining: [ProviderKeyID: Timestamp] = [:]
    private var tallies: [String: RecycledKeyTally] = [:]
    private(set) var checksUnderWay = 0
    var stopping = false
    /// What `advance` last answered.
    var promised: Timestamp?

    struct Known {
        var key: RecycledKey
        /// That tasks found it empty.
        var emptied: Emptied?
        /// When its provider last found it good, since this host started.
        var goodAt: Timestamp?
        /// What the tasks will cost that were open with it when its check began.
        var openAtCheck = Money.zero
        /// Whether its provider has answered a check, and that is on its way to the store.
        var isStoringCheck = false
        /// What was credited for it when its check began.
        var creditedAtCheck = Money.zero
    }

    /// A provider has said to a task that there is nothing on a key.
    struct Emptied {
        let at: Timestamp
        /// What it told first after that; money has come back when it tells more.
        var balance: Money?
        /// How often it has said so since there was more.
        let times: Int

        /// Seconds for which it is believed, whatever balance it tells.
        var seconds: Double {
            min(Limits.depletedKeySeconds * Double(1 << min(times - 1, 10)), Limits.longestEmptiedSeconds)
        }
    }

    /// Somebody who waits for the result of a check.
    struct Waiter {
        let id: ProviderKeyID
        let key: RecycledKey
        let until: Timestamp
        let completion: @Sendable (CheckedKey) -> Void
    }

    var isIdle: Bool { checksUnderWay == 0 && lanes.keys.allSatisfy { retries[$0] != nil } }

    func next(after now: Timestamp) -> Timestamp? {
        let plan = stopping ? nil : plan.next(after: now)
        return [plan, retries.values.min(), waiters.map(\.until).min(), draining.values.min()].compactMap(\.self).min()
    }

    // MARK: Keys

    /// Takes note of a key as it is stored.
    ///
    /// - Returns: the counts of its provider's keys.
    mutating func note(_ key: RecycledKey, _ now: Timestamp) -> RecycledKeyTally {
        var tally = tallies[key.provider] ?? RecycledKeyTally()
        defer { tallies[key.provider] = tally }
        if let known = keys[key.id] { tally.remove(known.key) }
        guard !key.life.isErased else {
            keys[key.id] = nil
            draining[key.id] = nil
            return tally
        }
        tally.add(key)
        keys[key.id, default: Known(key: key)].key = key
        guard key.life.state != .removed else {
            plan.remove(key.id)
            // A task that was just accepted may not be known to the engine yet, so that no look comes at once.
            if draining[key.id] == nil { draining[key.id] = now.adding(seconds: Limits.drainLookSeconds) }
            return tally
        }
        plan(key, now)
        return tally
    }

    /// Has a key looked at in its turn.
    mutating func plan(_ key: RecycledKey, _ now: Timestamp) {
        plan.stands(
            key.id, at: key.provider, CheckStanding(key.life.state), wasUnclear: key.life.wasAskedInVain, now)
    }

    mutating func foundEmpty(_ id: ProviderKeyID, _ now: Timestamp) {
        let before = keys[id]?.emptied?.times ?? 0
        keys[id]?.emptied = Emptied(at: now, balance: nil, times: before + 1)
    }

    /// Whether a task found the key empty and nothing that its provider tells now takes that back.
    mutating func isEmptied(_ id: ProviderKeyID, telling balance: Money?, _ now: Timestamp) -> Bool {
        guard let emptied = keys[id]?.emptied else { return false }
        if let balance {
            if emptied.balance == nil { keys[id]?.emptied?.balance = balance }
            if let before = emptied.balance, balance > before {
                keys[id]?.emptied = nil
                return false
            }
        }
        return now.seconds(since: emptied.at) < emptied.seconds
    }

    /// The REMOVED keys that are to be looked at.
    mutating func drains(_ now: Timestamp) -> [RecycledKey] {
        let due = draining.filter { $0.value <= now }.keys.sorted()
        for id in due { draining[id] = now.adding(seconds: Limits.drainLookSeconds) }
        return due.compactMap { keys[$0]?.key }
    }

    // MARK: Checks

    mutating func checkBegan(_ id: ProviderKeyID, open: Money, credited: Money?) {
        keys[id]?.openAtCheck = open
        // Where it could not be read it is what was last heard: more is in doubt then, and nothing is held against it.
        let known = credited ?? keys[id]?.key.funds.credited ?? .zero
        keys[id]?.creditedAtCheck = known
    }

    mutating func storeCheck(_ id: ProviderKeyID, isStored: Bool) { keys[id]?.isStoringCheck = !isStored }

    mutating func checkPlanned() { checksUnderWay += 1 }

    mutating func checkEnded(_ id: ProviderKeyID, _ answer: CheckAnswer, _ now: Timestamp) {
        checksUnderWay -= 1
        if answer.kind == .clear { keys[id]?.goodAt = now }
        plan.answered(id, answer, now)
    }

    mutating func wait(_ waiter: Waiter) {
        waiters.append(waiter)
    }

    /// Takes those who wait no longer, each with the key as it is.
    mutating func takeWaiters(_ isOver: (Waiter) -> Bool) -> [(waiter: Waiter, key: RecycledKey)] {
        guard !waiters.isEmpty else { return [] }
        let over = waiters.filter(isOver)
        waiters.removeAll(where: isOver)
        return over.map { ($0, keys[$0.id]?.key ?? $0.key) }
    }

    // MARK: Operations, one after the other for each key

    /// - Returns: whether it is the key's turn now.
    mutating func append(_ job: KeeperJob, for id: ProviderKeyID) -> Bool {
        lanes[id, default: []].append(job)
        return lanes[id]?.count == 1
    }

    func job(of id: ProviderKeyID) -> KeeperJob? { lanes[id]?.first }

    mutating func fail(_ id: ProviderKeyID, until: Timestamp) {
        retries[id] = until
    }

    /// The keys whose operation is to be tried again.
    mutating func takeRetries(_ now: Timestamp) -> [ProviderKeyID] {
        let due = retries.filter { $0.value <= now }.keys.sorted()
        for id in due { retries[id] = nil }
        return due
    }

    /// Takes the operation that is over, and puts another in its place if there is one.
    mutating func finish(_ id: ProviderKeyID, then next: KeeperJob? = nil) {
        lanes[id]?.removeFirst()
        if let next { lanes[id]?.prepend(next) }
        if lanes[id]?.isEmpty == true { lanes[id] = nil }
    }
}

/// Something that the store is asked about one key.
struct KeeperJob: Sendable {
    enum Request: Sendable {
        case write(RecyclingOperation)
        /// How the key is: what was written before may have taken effect although it failed.
        case read
    }

    let request: Request
    /// Whether it is tried until it is done.
    let isRetried: Bool
    /// Called with the key as it is stored, before anybody else hears of it.
    var first: @Sendable (RecycledKey) -> Void = { _ in }
    var completion: @Sendable (Result<RecycledKey, StoreError>) -> Void = { _ in }
}

extension CheckStanding {
    init(_ state: RecycledKeyLife.State) {
        switch state {
        case .pending: self = .pending
        case .active: self = .active
        case .depleted: self = .depleted
        case .invalid, .removed: self = .idle
        }
    }
}

extension RecycledKeyLife {
    /// Whether the provider was asked about a PENDING key and did not tell.
    fileprivate var wasAskedInVain: Bool {
        state == .pending && reason != nil && reason != .waiting && reason != .unavailable
    }
}

extension RecycledKeyFinding {
    /// What it means for further checks.
    func checkAnswer(_ now: Timestamp) -> CheckAnswer {
        let kind: CheckAnswer.Kind =
            switch answer {
            case .known, .noFunds: .clear
            case .refused: .refused
            case .unclear: .unclear
            }
        let until = rest.map { now.adding(seconds: $0.seconds) }
        return CheckAnswer(
            kind, keyRest: rest?.scope == .key ? until : nil, providerRest: rest?.scope == .provider ? until : nil)
    }
}
