import Domain

/// What a key may have been credited beyond what its provider took, as far as the readings of its balance could not
/// show it: worked out from what was stored, beside the host.
final class GainWatch: @unchecked Sendable {
    private struct Watched {
        /// Times in which counting was not begun anew by the operator, but for those that the same key had begun under
        /// another number: what had come together goes on there.
        var times = 0
        /// What was open when counting began, or when it was last seen to be within its bounds.
        var doubt: Int64 = 0
        /// What was credited while nobody was looking.
        var unwatched: Int64 = 0
        /// What was credited, and open, at the last reading that was within the bounds.
        var credited: Int64 = 0
        var open: Int64 = 0
        var isCounting = false
        var last: BalanceDrift.Reading?
        var baseline: BalanceDrift.Reading?
    }

    private var keys: [ProviderKeyID: Watched] = [:]
    /// The keys, by their texts, that are counted since the operator last had one begin anew.
    private var counting: Set<String> = []
    /// The keys that were suspended at some time.
    private(set) var suspended: Set<ProviderKeyID> = []

    func note(_ operation: StoreOperation, _ reply: StoreReply, text: (ProviderKeyID) -> String) {
        guard case .recycling(let operation) = operation, case .recycledKey(let key) = reply else { return }
        switch operation {
        case .checked(_, let check, _) where check.balance != nil && key.life.state != .removed: read(key, text(key.id))
        case .event(_, _, .resumed) where key.life.state != .removed: end(key.id, text(key.id))
        default: break
        }
    }

    /// What the key may have been credited too much when each time it was suspended beyond the threshold.
    ///
    /// The threshold is for the drift, and once more for what may have been given back.
    func bound(_ key: RecycledKey, threshold: Money) -> Int64 {
        let watched = keys[key.id] ?? Watched()
        return Int64(watched.times) * 2 * threshold.nanos + watched.doubt + watched.open + watched.unwatched
            + (key.funds.credited.nanos - watched.credited)
    }

    private func read(_ key: RecycledKey, _ text: String) {
        var watched = keys[key.id] ?? Watched()
        defer { keys[key.id] = watched }
        if key.life.isSuspended { suspended.insert(key.id) }
        let drift = key.funds.drift
        if !watched.isCounting {
            watched.isCounting = true
            if counting.insert(text).inserted { watched.times += 1 }
            watched.unwatched += key.funds.credited.nanos - watched.credited
        }
        if drift.baseline != watched.baseline {
            watched.doubt += (watched.last?.open.nanos ?? 0) + (drift.baseline?.open.nanos ?? 0)
        }
        (watched.baseline, watched.last) = (drift.baseline, drift.last)
        guard !key.life.isSuspended else { return }
        watched.credited = key.funds.credited.nanos
        watched.open = drift.last?.open.nanos ?? 0
    }

    private func end(_ id: ProviderKeyID, _ text: String) {
        counting.remove(text)
        guard var watched = keys[id] else { return }
        watched.doubt += watched.open
        (watched.open, watched.isCounting, watched.last, watched.baseline) = (0, false, nil, nil)
        keys[id] = watched
    }
}
