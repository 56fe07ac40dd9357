import Domain

/// Recycled keys: handed over, checked, and taken out again.
extension Batch {
    mutating func apply(_ operation: RecyclingOperation) throws -> Result<StoreReply, StoreRefusal> {
        switch operation {
        case .submit(let key, let masked): return try submit(key, masked: masked)
        case .countSubmission(let account):
            if let until = try mayHandOverAgain(account) { return .failure(.tooManySubmissions(until: until)) }
            try rows.addSubmission(of: account, at: now)
            return .success(.done)
        case .event(let id, let account, let event):
            guard let key = try rows.recycledKey(id), account == nil || key.account == account else {
                return .failure(.unknownRecycledKey)
            }
            return try take(event, key)
        case .checked(let id, let check, let bounds):
            guard let key = try rows.recycledKey(id) else { return .failure(.unknownRecycledKey) }
            return try note(check, of: key, bounds)
        }
    }

    private mutating func submit(
        _ key: SealedProviderKey, masked: String
    ) throws -> Result<StoreReply, StoreRefusal> {
        guard let owner = key.owner, key.fingerprint.count == 32, !key.sealed.isEmpty, try rows.isReserved(key.id)
        else {
            throw StoreFailure(
                .other, "The recycled key \(key.id) was not sealed for its place. Report this: it is a mistake.")
        }
        guard try book.account(owner, in: rows) != nil else { return .failure(.unknownAccount) }
        if let until = try mayHandOverAgain(owner) { return .failure(.tooManySubmissions(until: until)) }
        guard try rows.dataKeys().contains(where: { $0.version == key.dataKey }) else {
            return .failure(.vaultChanged)
        }
        guard try !isClaimed(key.fingerprint, otherThan: key.id) else {
            return .failure(.duplicateProviderKey)
        }
        guard try rows.countRecycledKeys(of: owner) < Limits.recycledKeysPerAccount else {
            return .failure(.tooManyRecycledKeys)
        }
        var recycled = RecycledKey(
            id: key.id, account: owner, provider: key.provider, label: key.label, masked: masked, createdAt: now)
        try adoptDrift(&recycled, key.fingerprint)
        try rows.insert(recycled, key)
        if recycled.funds.drift != BalanceDrift() { try rows.save(recycled) }
        try rows.addHistory(recycled.life, of: key.id, at: now)
        try rows.addSubmission(of: owner, at: now)
        return .success(.recycledKey(recycled))
    }

    private func take(_ event: RecycledKeyLife.Event, _ before: RecycledKey) throws -> Result<StoreReply, StoreRefusal>
    {
        var key = before
        switch event {
        case .submitted:
            if let until = try mayHandOverAgain(key.account) { return .failure(.tooManySubmissions(until: until)) }
            try rows.addSubmission(of: key.account, at: now)
        case .drained:
            // Whoever says so may not know yet of every task that was taken up again after a start.
            let isOpen = try rows.hasOpenAttempt(with: key.id.recycledCredential, at: key.provider)
            if isOpen { return .success(.recycledKey(key)) }
        case .found(.refused(.wrongKey)), .found(.refused(.disabled)): try rows.addRefusal(at: key.provider, now)
        case .resumed where key.life.state != .removed:
            key.funds.drift = BalanceDrift()
            if !key.life.state.claimsKey { try forgetDrift(of: key) }
        default: break
        }
        try live(&key, event)
        if key != before { try rows.save(key) }
        return .success(.recycledKey(key))
    }

    private func note(
        _ check: RecycledKeyCheck, of before: RecycledKey, _ bounds: BalanceDrift.Bounds
    ) throws -> Result<StoreReply, StoreRefusal> {
        if case .refused(.wrongKey) = check.finding { try rows.addRefusal(at: before.provider, now) }
        if case .refused(.disabled) = check.finding { try rows.addRefusal(at: before.provider, now) }
        guard before.life.state != .removed else { return .success(.recycledKey(before)) }
        var key = before
        key.checkedAt = now
        switch check.finding {
        case .good, .poor: key.funds.otherMeans = check.otherMeans
        case .refused, .unclear: break
        }
        try live(&key, .found(check.finding))
        if let balance = check.balance {
            key.funds.balance = balance
            let credited = key.funds.credited
            let meanwhile = check.creditedBefore.flatMap { credited.subtracting($0) } ?? .zero
            let reading = BalanceDrift.Reading(
                balance: balance, recorded: credited, open: check.open.adding(max(meanwhile, .zero)) ?? .most)
            if check.otherMeans { key.funds.drift.interrupt(reading) } else { key.funds.drift.note(reading) }
            if let exceeded = key.funds.drift.exceeded(bounds) {
                let wasSuspended = key.life.isSuspended
                try live(&key, .drifted)
                if key.life.isSuspended, !wasSuspended { key.funds.drift.suspendedBy = exceeded }
            }
        }
        try rows.save(key)
        return .success(.recycledKey(key))
    }

    /// Has the key live through the event, with what goes along with that: its history, its erasure, and that nobody
    /// else has the same key.
    private func live(_ key: inout RecycledKey, _ event: RecycledKeyLife.Event) throws {
        guard var life = key.life.after(event) else { return }
        if life.state.claimsKey, !key.life.state.claimsKey, let print = try rows.fingerprint(ofRecycledKey: key.id),
            try isClaimed(print, otherThan: key.id)
        {
            guard let refused = key.life.after(.found(.refused(.claimed))) else { return }
            life = refused
        }
        if key.life.state.claimsKey, !life.state.claimsKey { try keepDrift(of: key) }
        let isClaimedAnew = life.state.claimsKey && !key.life.state.claimsKey
        if life.isErased, !key.life.isErased { try rows.eraseRecycledKey(key.id) }
        key.life = life
        if isClaimedAnew, let print = try rows.fingerprint(ofRecycledKey: key.id) {
            try adoptDrift(&key, print)
            life = key.life
        }
        try rows.addHistory(life, of: key.id, at: now)
    }

    /// Whether the platform has the key or a recycled one claims it, by whichever adapter of the vendor.
    private func isClaimed(_ fingerprint: [UInt8], otherThan id: ProviderKeyID) throws -> Bool {
        try rows.hasProviderKey(at: nil, fingerprint: fingerprint)
            || rows.claimsRecycledKey(fingerprint: fingerprint, otherThan: id)
    }

    /// Nil when the account may hand over another key now.
    private func mayHandOverAgain(_ account: AccountID) throws -> Timestamp? {
        let since = now.adding(seconds: -Limits.keySubmissionSeconds)
        let times = try rows.submissions(of: account, after: since)
        guard times.count >= Limits.keySubmissionsPerHour else { return nil }
        return times[times.count - Limits.keySubmissionsPerHour].adding(seconds: Limits.keySubmissionSeconds)
    }
}

/// What the rules of recycled keys read and write.
protocol RecyclingRows: AnyObject {
    func recycledKey(_ id: ProviderKeyID) throws -> RecycledKey?
    /// Nil when it is erased or there is no such key.
    func fingerprint(ofRecycledKey id: ProviderKeyID) throws -> [UInt8]?
    /// Nil when it claims the key, is erased, or there is no such key.
    func fingerprint(ofUnclaimedKey id: ProviderKeyID) throws -> [UInt8]?
    /// The recycled key in a state that claims it; nil when there is none.
    func claimant(of fingerprint: [UInt8]) throws -> ProviderKeyID?
    /// Whether a recycled key in a state that claims it has this fingerprint, but for the one with that number.
    func claimsRecycledKey(fingerprint: [UInt8], otherThan id: ProviderKeyID?) throws -> Bool
    /// How many keys an account has that are not REMOVED.
    func countRecycledKeys(of account: AccountID) throws -> Int
    /// Whether the last attempt of a task that has not ended uses this credential.
    func hasOpenAttempt(with credential: String, at provider: String) throws -> Bool

    func insert(_ key: RecycledKey, _ sealed: SealedProviderKey) throws
    /// Writes life, funds and the time of the check of a key that exists; but for what was credited.
    func save(_ key: RecycledKey) throws
    /// Forgets ciphertext and fingerprint for good.
    func eraseRecycledKey(_ id: ProviderKeyID) throws
    func addHistory(_ life: RecycledKeyLife, of id: ProviderKeyID, at now: Timestamp) throws

    /// When the account has handed over keys since then, the earliest first.
    func submissions(of account: AccountID, after time: Timestamp) throws -> [Timestamp]
    /// Takes one down, and forgets the account's that no longer count.
    func addSubmission(of account: AccountID, at now: Timestamp) throws
    /// Takes down that the provider said of a key that it is no good, and forgets what is old.
    func addRefusal(at provider: String, _ now: Timestamp) throws

    /// Whose key it is; nil when there is none.
    func owner(ofRecycledKey id: ProviderKeyID) throws -> AccountID?
    /// Adds to what the key's owner was credited for it.
    func addCredited(_ amount: Money, to id: ProviderKeyID) throws
}
