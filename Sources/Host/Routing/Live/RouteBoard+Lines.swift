public import Domain

// MARK: - Those that wait for a place

extension RouteBoard {
    /// Takes note that a task waits for a place wherever the choice allows it. A place that it may have is not given to
    /// one that has come after it.
    ///
    /// It stands in line at those providers of whose keys it may have any: where it may not, it would keep others from
    /// places that are not for it.
    public mutating func wait(_ turn: Turn, for choice: CandidateChoice) {
        for offer in offers.offers(of: choice.family) where choice.allows(provider: offer.provider, offer.price) {
            let mayHaveAnyKey = choice.allowsAllKeys(at: offer.provider)
            guard mayHaveAnyKey, choice.keyPool == .all || pools[offer.provider] == nil else { continue }
            lines[RouteLane(provider: offer.provider, family: offer.family), default: WaitingLine()].enter(turn)
        }
    }

    /// The task does not wait any more.
    public mutating func leave(_ task: TaskID) {
        for lane in lines.keys {
            lines[lane]?.leave(task)
            if lines[lane]?.isEmpty ?? false { lines[lane] = nil }
        }
    }

    /// Who waits for a place there and has come before this one.
    public mutating func first(before turn: Turn, at lane: RouteLane) -> TaskID? { lines[lane]?.first(before: turn) }
}
