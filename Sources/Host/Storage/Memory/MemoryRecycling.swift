public import Domain

/// The recycled keys of a store in memory.
struct MemoryRecycling: Sendable {
    var keys: [ProviderKeyID: Key] = [:]
    /// When each account has handed over keys, as far as it counts.
    var submissions: [AccountID: [Timestamp]] = [:]
    /// When providers said of keys that they are no good, by provider.
    var refusals: [String: [Timestamp]] = [:]
    /// What has come together against keys that nobody claims now, by their fingerprints.
    var keptDrifts: [[UInt8]: (drift: KeptDrift, at: Timestamp)] = [:]

    struct Key: Sendable {
        var key: RecycledKey
        /// Nil when it is erased.
        var sealed: SealedProviderKey?
        var history: [RecycledKeyChange] = []

        func isSame(as fingerprint: [UInt8]) -> Bool { sealed?.fingerprint == fingerprint }
    }

    func sorted() -> [Key] { keys.values.sorted { $0.key.id < $1.key.id } }
}

extension MemoryRows: RecyclingRows {
    func recycledKey(_ id: ProviderKeyID) -> RecycledKey? { state.recycling.keys[id]?.key }

    func fingerprint(ofRecycledKey id: ProviderKeyID) -> [UInt8]? { state.recycling.keys[id]?.sealed?.fingerprint }

    func fingerprint(ofUnclaimedKey id: ProviderKeyID) -> [UInt8]? {
        guard let stored = state.recycling.keys[id], !stored.key.life.state.claimsKey else { return nil }
        return stored.sealed?.fingerprint
    }

    func claimant(of fingerprint: [UInt8]) -> ProviderKeyID? {
        state.recycling.keys.values.first { $0.key.life.state.claimsKey && $0.isSame(as: fingerprint) }?.key.id
    }

    func claimsRecycledKey(fingerprint: [UInt8], otherThan id: ProviderKeyID?) -> Bool {
        state.recycling.keys.values.contains {
            $0.key.id != id && $0.key.life.state.claimsKey && $0.isSame(as: fingerprint)
        }
    }

    func countRecycledKeys(of account: AccountID) -> Int {
        state.recycling.keys.values.count { $0.key.account == account && $0.key.life.state != .removed }
    }

    func hasOpenAttempt(with credential: String, at provider: String) -> Bool {
        state.openTasks.contains { id in
            guard let candidate = state.tasks[id]?.attempts.last?.attempt.candidate else { return false }
            return candidate.credential == credential && candidate.provider == provider
        }
    }

    func insert(_ key: RecycledKey, _ sealed: SealedProviderKey) {
        let stored = MemoryRecycling.Key(key: key, sealed: sealed)
        change({ $0.recycling.keys[key.id] = stored }, undo: { $0.recycling.keys[key.id] = nil })
    }

    func save(_ key: RecycledKey) {
        guard let before = state.recycling.keys[key.id]?.key else { return }
        var after = key
        after.funds.credited = before.funds.credited
        change(
            { [after] in $0.recycling.keys[key.id]?.key = after }, undo: { $0.recycling.keys[key.id]?.key = before })
    }

    func eraseRecycledKey(_ id: ProviderKeyID) {
        let before = state.recycling.keys[id]?.sealed
        change({ $0.recycling.keys[id]?.sealed = nil }, undo: { $0.recycling.keys[id]?.sealed = before })
    }

    func addHistory(_ life: RecycledKeyLife, of id: ProviderKeyID, at now: Timestamp) {
        let before = state.recycling.keys[id]?.history ?? []
        var after = before + [RecycledKeyChange((before.last?.number ?? 0) + 1, at: now, life: life)]
        if after.count > Limits.keptKeyChanges { after.remove(at: 1) }
        change(
            { [after] in $0.recycling.keys[id]?.history = after }, undo: { $0.recycling.keys[id]?.history = before })
    }

    func submissions(of account: AccountID, after time: Timestamp) -> [Timestamp] {
        (state.recycling.submissions[account] ?? []).filter { $0 > time }.sorted()
    }

    func addSubmission(of account: AccountID, at now: Timestamp) {
        let since = now.adding(seconds: -Limits.keySubmissionSeconds)
        let before = state.recycling.submissions[account]
        let after = (before ?? []).filter { $0 > since } + [now]
        change(
            { $0.recycling.submissions[account] = after }, undo: { $0.recycling.submissions[account] = before })
    }

    func addRefusal(at provider: String, _ now: Timestamp) {
        let since = now.adding(seconds: -Limits.keptRefusalSeconds)
        let before = state.recycling.refusals
        var after = before.mapValues { $0.filter { $0 >= since } }.filter { !$0.value.isEmpty }
        after[provider, default: []].append(now)
        change({ [after] in $0.recycling.refusals = after }, undo: { $0.recycling.refusals = before })
    }

    func owner(ofRecycledKey id: ProviderKeyID) -> AccountID? { state.recycling.keys[id]?.key.account }

    func addCredited(_ amount: Money, to id: ProviderKeyID) throws {
        guard let before = state.recycling.keys[id]?.key.funds.credited else { return }
        guard let after = before.adding(amount) else {
            throw StoreFailure(.other, "The recycled key \(id) was credited more than an amount can be.")
        }
        change(
            { $0.recycling.keys[id]?.key.funds.credited = after },
            undo: { $0.recycling.keys[id]?.key.funds.credited = before })
    }
}

extension MemoryStore {
    public func recycledKeys(_ query: RecycledKeyQuery) -> [RecycledKey] {
        let wanted = recycling.sorted().lazy.map(\.key).filter { key in
            (query.account == nil || key.account == query.account) && query.after.map { key.id > $0 } ?? true
                && (!query.isLiving || !key.life.isErased)
        }
        return Array(wanted.prefix(query.limit))
    }

    public func recycledKey(_ id: ProviderKeyID) -> RecycledKey? { recycling.keys[id]?.key }

    public func recycledKey(of account: AccountID, fingerprint: [UInt8]) -> RecycledKey? {
        let same = recycling.sorted().filter {
            $0.key.account == account && $0.key.life.state != .removed && $0.isSame(as: fingerprint)
        }
        // Of several, that which claims the key.
        return (same.last { $0.key.life.state.claimsKey } ?? same.last)?.key
    }

    public func history(
        ofRecycledKey id: ProviderKeyID, after number: Int64, limit: Int
    ) -> [RecycledKeyChange] {
        Array((recycling.keys[id]?.history ?? []).lazy.filter { $0.number > number }.prefix(limit))
    }

    public func sealedRecycledKeys() -> [SealedProviderKey] { recycling.sorted().compactMap(\.sealed) }

    public func refusedRecycledKeys(since: Timestamp) -> [String: [Timestamp]] {
        recycling.refusals.mapValues { $0.filter { $0 >= since }.sorted() }.filter { !$0.value.isEmpty }
    }
}
