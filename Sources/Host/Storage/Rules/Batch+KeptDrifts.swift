import Domain

/// What had come together against a key stays with the key, whoever hands it over next: else its owner would only have
/// to take it out and hand it over again to be rid of a suspension.
extension Batch {
    /// The key is not claimed any more: keeps what has come together.
    func keepDrift(of key: RecycledKey) throws {
        guard let print = try rows.fingerprint(ofRecycledKey: key.id) else { return }
        let kept = KeptDrift(key)
        // A clean one takes the place of what was kept before, too.
        try rows.save(kept.isClean ? nil : kept, of: print, at: now)
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
        key.funds.drift = BalanceDrift(
            baseline: nil, last: nil, sinceBaseline: .zero, carried: kept.total, givenBack: kept.givenBack,
            unseen: kept.unseen, suspendedBy: kept.suspendedBy)
        key.life = RecycledKeyLife(
            state: key.life.state, reason: key.life.reason, isSuspended: kept.isSuspended, isErased: key.life.isErased)
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

    /// Whether there is nothing to keep.
    var isClean: Bool { !isSuspended && total == .zero && givenBack == .zero && unseen == .zero }
}

extension KeptDrift {
    init(_ key: RecycledKey) {
        let drift = key.funds.drift
        self.init(
            key: key.id, total: drift.total, givenBack: drift.givenBack, unseen: drift.unseen,
            isSuspended: key.life.isSuspended, suspendedBy: key.life.isSuspended ? drift.suspendedBy : nil)
    }
}

/// What the rules of kept drifts read and write.
protocol KeptDriftRows: AnyObject {
    func keptDrift(of fingerprint: [UInt8]) throws -> KeptDrift?
    /// Writes it in the place of what was kept before; nil: keeps nothing. Forgets what is older than
    /// `Limits.keptDriftSeconds`, but for keys that are suspended.
    func save(_ drift: KeptDrift?, of fingerprint: [UInt8], at now: Timestamp) throws
}
