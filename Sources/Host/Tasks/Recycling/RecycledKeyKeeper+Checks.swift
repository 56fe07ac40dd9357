import Domain
import KeyPool
import NIOConcurrencyHelpers

/// The checks that the plan asks for, and what comes of them.
extension RecycledKeyKeeper {
    /// A PENDING key has to wait because others were wrong.
    func hold(_ id: ProviderKeyID) {
        let job = KeeperJob(
            request: .write(.event(id, of: nil, .found(.unclear(.waiting)))), isRetried: true,
            completion: { [self] _ in tellWaiters(of: id) })
        enqueue(job, for: id)
    }

    private func tellWaiters(of id: ProviderKeyID, isAnswered: Bool = false) {
        let waiting = state.withLockedValue { state in
            state.storeCheck(id, isStored: true)
            return state.takeWaiters { $0.id == id }
        }
        for (waiter, key) in waiting {
            waiter.completion(CheckedKey(key, isAnswered: isAnswered))
        }
    }

    func check(_ id: ProviderKeyID) {
        guard let key = state.withLockedValue({ $0.keys[id]?.key }) else { return }
        state.withLockedValue { $0.checkPlanned() }
        guard surroundings.isUsable(key.provider, id.recycledCredential) else {
            return checked(id, key.provider, RecycledKeyFinding(.unclear(.unavailable)))
        }
        // What is credited from here on may have been deducted when the provider looks, or not.
        store.read { store throws(StoreFailure) in
            try store.recycledKey(id)?.funds.credited
        } completion: { [self] credited in
            let credential = id.recycledCredential
            let open = surroundings.openTasks(credential, key.provider).cost
            state.withLockedValue { $0.checkBegan(id, open: open, credited: (try? credited.get()) ?? nil) }
            surroundings.check(key.provider, credential) { [self] finding in checked(id, key.provider, finding) }
        }
    }

    private func checked(_ id: ProviderKeyID, _ provider: String, _ finding: RecycledKeyFinding) {
        let now = now()
        let known = state.withLockedValue { state in
            state.checkEnded(id, finding.checkAnswer(now), now)
            return state.keys[id]
        }
        surroundings.endCheck(provider)
        if case .refused = finding.answer {
            surroundings.refused(provider, known?.key.life.wasGood ?? false, now)
        }
        defer {
            reportIdle()
            wake()
        }
        guard let known else { return tellWaiters(of: id) }
        observer.checked(known.key.provider, finding.label)
        // That a key was refused is stored also of one that is REMOVED: the vendor counts it.
        guard known.key.life.state != .removed || finding.checkAnswer(now).kind == .refused else {
            return tellWaiters(of: id)
        }
        let operation: RecyclingOperation
        if finding.answer == .unclear(.unavailable) {
            // Nobody was asked, so that this is no check; a PENDING key says why it stays so.
            operation = .event(id, of: nil, .found(.unclear(.unavailable)))
            guard known.key.life.after(.found(.unclear(.unavailable))) != nil else {
                state.withLockedValue { $0.plan(known.key, now) }
                return tellWaiters(of: id)
            }
        } else {
            operation = .checked(id, result(of: finding, known, now), bounds)
            state.withLockedValue { $0.storeCheck(id, isStored: false) }
        }
        let job = KeeperJob(
            request: .write(operation), isRetried: true,
            completion: { [self] _ in tellWaiters(of: id, isAnswered: finding.isAnswer) })
        enqueue(job, for: id)
    }

    private func result(
        of finding: RecycledKeyFinding, _ known: KeeperState.Known, _ now: Timestamp
    ) -> RecycledKeyCheck {
        let key = known.key
        let wasEmptied = state.withLockedValue { $0.isEmptied(key.id, telling: finding.balance, now) }
        let life = finding.lifeFinding(cheapest: surroundings.cheapest(key.provider), wasEmptied: wasEmptied)
        // Whatever was open at the beginning or is now may have been deducted when the provider looked, or not.
        let open = surroundings.openTasks(key.id.recycledCredential, key.provider).cost
        return RecycledKeyCheck(
            life, balance: finding.balance, otherMeans: finding.otherMeans,
            open: open.adding(known.openAtCheck) ?? .most, creditedBefore: known.creditedAtCheck)
    }
}

extension RecycledKeyLife {
    /// Whether the provider has found the key good at some time.
    fileprivate var wasGood: Bool { state == .active || state == .depleted }
}
