import Domain

/// What had come together against a key stays with the key, whoever hands it over next: else its owner would only have
/// to take it out and hand it over again to be rid of a suspension.
extension Batch {
    /// The key is not claimed any more: keeps what has come together.
    func keepDrift(of key: RecycledKey) throws {
        guard let print = try rows.fingerprint(ofRecycledKey: key.id) else { return }
        let kept = KeptDrift(key)
        // A clean one takes the place of what was kept before, too.
        try rows.save(kept.isClean && kept.balance == nil ? nil : kept, of: print, at: now)
    }

    /// The operator has looked into it: whoever hands the key over next begins anew.
    func forgetDrift(of key: RecycledKey) throws {
        guard let print = try rows.fingerprint(ofRecycledKey: key.id) else { return }
        try rows.save(nil, of: print, at: now)
    }

    /// The key is claimed from now on: has it go on from what had come together since it was last claimed, unless that
    /// was by this row, which has it all itself.
    func adoptDrift(_ key: inout RecycledKey, _ fingerprint: [UInt8]) throws {
        guard let kept = try rows.keptDrift(of: fingerprint), kept.key != key.id else { return }
        if !kept.isClean {
            key.funds.drift = BalanceDrift(
                baseline: nil, last: nil, sinceBaseline: .zero, carried: kept.total, givenBack: kept.givenBack,
                unseen: kept.unseen, suspendedBy: kept.suspendedBy)
            key.life = RecycledKeyLife(
                state: key.life.state, reason: key.life.reason, isSuspended: kept.isSuspended,
                isErased: key.life.isErased)
        }
        guard let balance = kept.balance else { return }
        key.funds.drift.resume(from: balance, unread: kept.unread, recorded: key.funds.credited)
    }

    /// An attempt was credited whose key may not be claimed any more, or under another number: it is held against
    /// the key all the same. Else what is credited between two balances would show nowhere if the key is taken out and
    /// handed over again in between.
    func noteLateCredit(_ cost: Money, for id: ProviderKeyID) throws {
        guard let print = try rows.fingerprint(ofUnclaimedKey: id) else { return }
        if let claimant = try rows.claimant(of: print), var key = try rows.recycledKey(claimant) {
            key.funds.drift.recordedElsewhere(cost)
            try rows.save(key)
        } else if var kept = try rows.keptDrift(of: print) {
            kept.unread = kept.unread.adding(cost) ?? .most
            try rows.save(kept, of: print, at: now)
        }
    }
}

/// What has come together against a key that nobody claims now.
struct KeptDrift: Sendable, Hashable {
    /// The number under which it was claimed last.
    let key: ProviderKeyID
    let total: Money
    let givenBack: Money
    let unseen: Money
    let isSuspended: Bool
    let suspendedBy: BalanceDrift.Bound?
    /// The last balance that was read; nil when none was.
    let balance: Money?
    /// What was recorded after that.
    var unread: Money

    /// Whether there is nothing against it yet.
    var isClean: Bool { !isSuspended && total == .zero && givenBack == .zero && unseen == .zero }
}

extension KeptDrift {
    init(_ key: RecycledKey) {
        let drift = key.funds.drift
        self.init(
            key: key.id, total: drift.total, givenBack: drift.givenBack, unseen: drift.unseen,
            isSuspended: key.life.isSuspended, suspendedBy: key.life.isSuspended ? drift.suspendedBy : nil,
            balance: drift.last?.balance,
            unread: max(drift.last.flatMap { key.funds.credited.subtracting($0.recorded) } ?? .zero, .zero))
    }
}

/// What the rules of kept drifts read and write.
protocol KeptDriftRows: AnyObject {
    func keptDrift(of fingerprint: [UInt8]) throws -> KeptDrift?
    /// Writes it in the place of what was kept before; nil: keeps nothing. Forgets what is older than
    /// `Limits.keptDriftSeconds`, but for keys that are suspended.
    func save(_ drift: KeptDrift?, of fingerprint: [UInt8], at now: Timestamp) throws
}
