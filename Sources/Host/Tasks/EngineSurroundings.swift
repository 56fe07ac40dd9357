import Domain
import ProviderKit
import Routing

/// The world around a task's machine: the adapters that are loaded and what they sell, at one moment.
struct EngineSurroundings: TaskSurroundings {
    let now: Timestamp
    let market: Market
    /// The providers where tasks stand in line.
    var lines: Set<String> = []

    func hasLine(_ provider: String) -> Bool { lines.contains(provider) }

    func first(before turn: Turn, for candidate: Candidate, _ family: TaskFamily) -> TaskID? {
        market.withBoard { $0.first(before: turn, for: candidate, family, at: now) }
    }

    func spread(_ time: Timestamp) -> Timestamp { market.withBoard { $0.spread(time, at: now) } }

    func knows(_ provider: String) -> Bool { market.provider(provider) != nil }

    func mostPolls(_ provider: String, _ family: TaskFamily) -> Int {
        market.withBoard { $0.mostPolls(RouteLane(provider: provider, family: family)) }
    }

    func nextPoll(_ provider: String, _ family: TaskFamily, after elapsed: Double?, dither: Double) -> Double {
        let lane = RouteLane(provider: provider, family: family)
        return market.withBoard { $0.nextPoll(lane, after: elapsed, dither: dither, at: now) }
    }

    func budget(_ provider: String, _ choice: CandidateChoice, left: Double) -> Double? {
        market.withBoard { $0.budget(provider, choice, left: left, at: now) }
    }

    func patience(_ provider: String, _ family: TaskFamily) -> Double {
        market.withBoard { $0.patience(RouteLane(provider: provider, family: family), at: now) }
    }

    func hasSolved(_ provider: String, _ family: TaskFamily, begunAfter time: Timestamp) -> Bool {
        market.withBoard { $0.hasSolved(RouteLane(provider: provider, family: family), begunAfter: time) }
    }

    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket {
        Ticket(id: providerTask, family: family, credential: credential(of: candidate))
    }

    func next(_ choice: CandidateChoice) -> NextCandidate { market.withBoard { $0.next(choice, at: now) } }

    func cost(_ reported: String, reportedBy provider: String) -> Money? {
        guard let unit = market.provider(provider)?.unit, let cost = unit.usd(reported),
            (0...Limits.reportedCostNanos).contains(cost.nanos)
        else { return nil }
        return cost
    }

    func price(of cost: Money) -> Money { market.margin.price(of: cost) }

    func credential(of candidate: Candidate) -> Credential? {
        candidate.credential.flatMap { market.provider(candidate.provider)?.credential($0) }
    }
}
