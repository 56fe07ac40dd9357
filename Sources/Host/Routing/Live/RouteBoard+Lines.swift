public import Domain
public import ProviderKit

// MARK: - Those that wait for a place

extension RouteBoard {
    /// Takes note that a task waits for a place wherever the choice allows it. A place that it may have is not given to
    /// one that has come after it.
    public mutating func wait(_ turn: Turn, for choice: CandidateChoice) {
        for offer in offers.offers(of: choice.family) where choice.allows(provider: offer.provider, offer.price) {
            let mayHaveAnyKey =
                choice.allowsAllKeys(at: offer.provider) && (choice.keyPool == .all || pools[offer.provider] == nil)
            lines.enter(
                turn, at: RouteLane(provider: offer.provider, family: offer.family), for: mayHaveAnyKey ? nil : choice)
        }
    }

    /// The task does not wait any more.
    public mutating func leave(_ task: TaskID) { lines.leave(task) }

    /// Who waits for a place with the candidate's key and has come before this one: with a task of this family or,
    /// since all families share the places of a key, of another that the provider may have one of now.
    public mutating func first(
        before turn: Turn, for candidate: Candidate, _ family: TaskFamily, at now: Timestamp
    ) -> TaskID? {
        guard !lines.isEmpty else { return nil }
        var first = turn
        let owner = candidate.credential.flatMap { pools[candidate.provider]?[$0]?.owner }
        for awaited in lines.awaitedFamilies {
            let lane = RouteLane(provider: candidate.provider, family: awaited)
            guard lines[lane] != nil, awaited == family || shut(lane, at: now) == nil else { continue }
            let earlier = lines.first(before: first, at: lane) { choice in
                (owner.map(choice.allows(keyOf:)) ?? true)
                    && (candidate.credential.map { choice.allows(candidate.provider, key: $0) } ?? true)
            }
            first = earlier ?? first
        }
        return first == turn ? nil : first.task
    }
}
