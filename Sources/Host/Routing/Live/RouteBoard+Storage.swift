public import Domain

// MARK: - What outlives a host

extension RouteBoard {
    /// Adds what was stored before to what is known. What cannot be read is left out: it costs no more than a cold
    /// start. What is of a later time, because a clock was set back, counts as of now: else nothing that is seen until
    /// then would count.
    ///
    /// - Parameter isOwn: whether this host has stored it, and will store it again; what others have seen is theirs to
    ///   store.
    public mutating func restore(_ rows: [StoredStatistics], isOwn: Bool, at now: Timestamp) {
        for row in rows {
            let (statistics, times) = LaneState.decode(row.value)
            let lane = RouteLane(provider: row.provider, family: row.family)
            var state = lanes[lane] ?? LaneState(RouteStatistics(at: now))
            if let statistics { state.add(statistics.noLater(than: now), isOwn: isOwn) }
            if let times { state.polls.restore(times.noLater(than: now), isOwn: isOwn) }
            lanes[lane] = state
        }
    }

    /// Has these handed out again, because they were not stored.
    public mutating func markUnstored(_ rows: [StoredStatistics]) {
        for row in rows { lanes[RouteLane(provider: row.provider, family: row.family)]?.isUnstored = true }
    }

    /// What is to be stored: the lanes of which something was seen since this was last asked; nil when there are none.
    public mutating func unstored() -> [StoredStatistics]? {
        let lanes = lanes.filter(\.value.isUnstored)
        guard !lanes.isEmpty else { return nil }
        for lane in lanes.keys { self.lanes[lane]?.isUnstored = false }
        return lanes.map { lane, state in
            StoredStatistics(
                provider: lane.provider, family: lane.family, asOf: state.own.updatedAt,
                value: state.encoded)
        }
    }
}
