public import Domain
import KeyPool
public import Logging
import NIOConcurrencyHelpers
public import ProviderKit
import Routing

/// Keeps the recycled keys of a host: asks providers about them, has tasks go through those that are good, and erases
/// those that are gone.
///
/// What is in the store is the truth: everything that happens to a key is an operation of the store, and what the key
/// is afterwards is what its reply says. Operations about one key come one after the other; those that fail are tried
/// again. Nothing here waits: time comes in through `advance`.
public final class RecycledKeyKeeper: Sendable {
    let store: any StoreAccess
    let surroundings: KeeperSurroundings
    let observer: any RecyclingObserver
    let logger: Logger
    let now: @Sendable () -> Timestamp
    let bounds: BalanceDrift.Bounds
    private let tasksPerKey: Int?
    let state = NIOLockedValueBox(KeeperState())
    private let earlierWake = NIOLockedValueBox<@Sendable () -> Void>({})
    private let idle = NIOLockedValueBox<[@Sendable () -> Void]>([])

    /// - Parameters:
    ///   - bounds: how far what was recorded of a key may be from what its provider deducted, as far as it tells.
    ///   - tasksPerKey: tasks that may be open with one key at once; nil: any number.
    public init(
        store: any StoreAccess, surroundings: KeeperSurroundings, bounds: BalanceDrift.Bounds, tasksPerKey: Int? = nil,
        observer: any RecyclingObserver = NoRecyclingObserver(), logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.surroundings = surroundings
        self.bounds = bounds
        self.tasksPerKey = tasksPerKey
        self.observer = observer
        self.logger = logger
        self.now = now
    }

    // MARK: Time

    /// Sets what to call when `advance` has to come earlier than its last answer said.
    public func onEarlierWake(_ body: @escaping @Sendable () -> Void) {
        earlierWake.withLockedValue { $0 = body }
    }

    /// Does what is due.
    ///
    /// - Returns: when to call again, at the latest; nil when nothing waits.
    public func advance() -> Timestamp? {
        let now = now()
        let (retries, waiters, drains, work) = state.withLockedValue { state in
            (
                state.takeRetries(now), state.takeWaiters { $0.until <= now }, state.drains(now),
                state.stopping ? CheckWork() : state.plan.advance(now) { surroundings.takeCheck($0, now) }
            )
        }
        for id in retries { run(id) }
        for (waiter, key) in waiters { waiter.completion(CheckedKey(key, isAnswered: false)) }
        for key in drains { look(at: key) }
        for id in work.held { hold(id) }
        for id in work.begin { check(id) }
        return state.withLockedValue { state in
            state.promised = state.next(after: self.now())
            return state.promised
        }
    }

    /// Has `advance` called if it has to come earlier than was said.
    func wake() {
        let isEarlier = state.withLockedValue { state in
            let next = state.next(after: now()) ?? .distantFuture
            guard next < state.promised ?? .distantFuture else { return false }
            state.promised = next
            return true
        }
        if isEarlier { earlierWake.withLockedValue { $0 }() }
    }

    // MARK: Start and stop

    /// Takes up every key that the store has and is not erased, and the wrong answers that vendors still count.
    ///
    /// - Parameter completion: gets how many keys there are, on a thread of the store.
    public func load(completion: @escaping @Sendable (Result<Int, StoreFailure>) -> Void) {
        let since = now().adding(seconds: -Limits.wrongKeySeconds)
        store.read { store throws(StoreFailure) in
            (
                try store.recycledKeys(of: nil, isLiving: true), try store.sealedRecycledKeys(),
                try store.refusedRecycledKeys(since: since)
            )
        } completion: { [self] result in
            switch result {
            case .failure(let failure): completion(.failure(failure))
            case .success(let (keys, sealed, refused)):
                state.withLockedValue { state in
                    for (provider, times) in refused { for time in times { state.plan.wrongKey(at: provider, time) } }
                }
                for (provider, times) in refused {
                    for time in times { surroundings.refused(provider, false, time) }
                }
                for key in sealed { surroundings.take(key) }
                for key in keys { note(key) }
                // The configuration may have got a key meanwhile that an account had handed over.
                for key in sealed where surroundings.isConfigured(key) { claim(key.id) }
                wake()
                completion(.success(keys.count))
            }
        }
    }

    private func claim(_ id: ProviderKeyID) {
        guard state.withLockedValue({ $0.keys[id]?.key.life.state.claimsKey }) ?? false else { return }
        let event = RecyclingOperation.event(id, of: nil, .found(.refused(.claimed)))
        enqueue(KeeperJob(request: .write(event), isRetried: true), for: id)
    }

    /// - Throws: `StoreFailure`.
    public func load() async throws(StoreFailure) -> Int {
        try await withCheckedContinuation { continuation in
            load { continuation.resume(returning: $0) }
        }.get()
    }

    /// Begins no check any more. Who waits for one is told how its key is; what was begun is still stored.
    public func stop() {
        let waiters = state.withLockedValue { state in
            state.stopping = true
            return state.takeWaiters { _ in true }
        }
        for (waiter, key) in waiters { waiter.completion(CheckedKey(key, isAnswered: false)) }
    }

    /// Calls `body` when no check is under way and everything is stored, but for what the store does not take.
    public func whenIdle(_ body: @escaping @Sendable () -> Void) {
        idle.withLockedValue { $0.append(body) }
        reportIdle()
    }

    func reportIdle() {
        guard state.withLockedValue(\.isIdle) else { return }
        let waiting = idle.withLockedValue { waiting in
            defer { waiting = [] }
            return waiting
        }
        for body in waiting { body() }
    }

    /// Whether a key could have tasks: its adapter is there, and it opens.
    func isUsable(_ key: RecycledKey) -> Bool { surroundings.isUsable(key.provider, key.id.recycledCredential) }

    // MARK: What happens to keys

    /// Stores a key that was sealed for its owner, and has its provider asked about it at once.
    func submit(
        _ key: SealedProviderKey, masked: String,
        completion: @escaping @Sendable (Result<RecycledKey, StoreError>) -> Void
    ) {
        let taking: @Sendable (RecycledKey) -> Void = { [surroundings] stored in
            if !stored.life.isErased { surroundings.take(key) }
        }
        // Should it fail and be stored all the same, the key is found again by its number.
        enqueue(
            KeeperJob(
                request: .write(.submit(key, masked: masked)), isRetried: false, first: taking, completion: completion),
            for: key.id)
    }

    /// Has something happen to a key that has to be of that account; nil: of any.
    func perform(
        _ event: RecycledKeyLife.Event, on id: ProviderKeyID, of account: AccountID?,
        completion: @escaping @Sendable (Result<RecycledKey, StoreError>) -> Void
    ) {
        enqueue(
            KeeperJob(request: .write(.event(id, of: account, event)), isRetried: false, completion: completion),
            for: id)
    }

    /// Has the provider asked about a key as soon as it is its turn. A key that was handed over may have been checked
    /// before anybody comes to ask for that: it is not checked twice, since it may be wrong, which vendors count.
    ///
    /// - Parameter key: as it was when it was handed over, or read.
    /// - Parameter completion: gets the key after the answer, or as it is when `Limits.submissionAnswerSeconds` are
    ///   over or when it is known that the check has to wait longer.
    func check(
        _ key: RecycledKey, _ urgency: CheckUrgency, completion: @escaping @Sendable (CheckedKey) -> Void
    ) {
        let now = now()
        let held = state.withLockedValue { state -> RecycledKey? in
            guard let entry = state.keys[key.id], entry.key.life.state != .removed, !state.stopping else { return key }
            let known = entry.key
            if urgency == .submitted, known.checkedAt != key.checkedAt { return known }
            if !entry.isStoringCheck { state.plan.ask(key.id, urgency, now) }
            // A PENDING key gets the reason `waiting` first.
            let isTold = known.life.state != .pending || known.life.reason == .waiting
            if isTold, state.plan.isShut(key.provider, now) { return known }
            let end = now.adding(seconds: Limits.submissionAnswerSeconds)
            state.wait(KeeperState.Waiter(id: key.id, key: key, until: end, completion: completion))
            return nil
        }
        if let held { completion(CheckedKey(held, isAnswered: false)) }
        wake()
    }

    /// Takes note of a fault with which an attempt through a key has ended, if it is a recycled one.
    ///
    /// That the provider refuses the key is its word: nobody asks about the key once more, which would be another
    /// wrong one.
    public func attemptFailed(at provider: String, with credential: String, _ fault: Fault) {
        let now = now()
        guard let id = ProviderKeyID(recycledCredential: credential) else {
            if fault.refusal != nil { state.withLockedValue { $0.plan.wrongKey(at: provider, now) } }
            return
        }
        guard let key = state.withLockedValue({ $0.keys[id]?.key }), surroundings.isUsable(provider, credential)
        else { return }
        if let reason = fault.refusal {
            state.withLockedValue { $0.plan.wrongKey(at: provider, now) }
            surroundings.unpool(credential, provider)
            let event = RecyclingOperation.event(id, of: nil, .found(.refused(reason)))
            return enqueue(KeeperJob(request: .write(event), isRetried: true), for: id)
        }
        switch fault.kind {
        case .noFunds where key.funds.otherMeans || key.life.state != .active: break
        case .noFunds:
            state.withLockedValue { $0.foundEmpty(id, now) }
            surroundings.unpool(credential, provider)
            enqueue(KeeperJob(request: .write(.event(id, of: nil, .emptied)), isRetried: true), for: id)
        default: return
        }
        // Nobody is asked about a key that is REMOVED: the plan does not have it.
        state.withLockedValue { $0.plan.ask(id, .asked, afresh: true, now) }
        wake()
    }

    /// Counts an answer of a provider that a key of the platform is wrong, to somebody who has asked about it.
    public func wrongKey(at provider: String) {
        let now = now()
        state.withLockedValue { $0.plan.wrongKey(at: provider, now) }
        surroundings.refused(provider, false, now)
    }

    /// Takes note of a key as it is stored: who holds it, whether tasks go through it, when it is looked at.
    func note(_ key: RecycledKey) {
        let credential = key.id.recycledCredential
        let tally = state.withLockedValue { $0.note(key, now()) }
        if key.life.takesTasks, surroundings.isUsable(key.provider, credential) {
            surroundings.pool(
                PooledKey(
                    credential: credential, owner: key.account, balance: key.funds.otherMeans ? nil : key.funds.balance,
                    tasksPerKey: tasksPerKey, vouchedAt: state.withLockedValue { $0.keys[key.id]?.goodAt }),
                key.provider)
        } else {
            surroundings.unpool(credential, key.provider)
        }
        if key.life.isErased { surroundings.release(key.id, key.provider) }
        observer.counted(key.provider, tally)
    }

    /// Erases a REMOVED key if no task is open with it any more.
    private func look(at key: RecycledKey) {
        guard surroundings.openTasks(key.id.recycledCredential, key.provider).count == 0 else { return }
        enqueue(KeeperJob(request: .write(.event(key.id, of: nil, .drained)), isRetried: true), for: key.id)
    }
}
