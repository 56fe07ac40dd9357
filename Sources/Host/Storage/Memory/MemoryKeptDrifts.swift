import Domain

extension MemoryRows: KeptDriftRows {
    func keptDrift(of fingerprint: [UInt8]) -> KeptDrift? { state.recycling.keptDrifts[fingerprint]?.drift }

    func save(_ drift: KeptDrift?, of fingerprint: [UInt8], at now: Timestamp) {
        let before = state.recycling.keptDrifts
        let since = now.adding(seconds: -Limits.keptDriftSeconds)
        var after = before.filter { $0.value.at >= since || $0.value.drift.isSuspended }
        after[fingerprint] = drift.map { (drift: $0, at: now) }
        change({ [after] in $0.recycling.keptDrifts = after }, undo: { $0.recycling.keptDrifts = before })
    }
}
