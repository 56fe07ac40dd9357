public import Domain
import ProviderKit

/// The candidates for one choice, with the reasons.
public struct Ranking: Sendable {
    public let route: Route
    /// Those that may have the task now, best first; then those that may later, in the order in which they will.
    public internal(set) var candidates: [Candidate]
    /// How many of the candidates may have it now.
    public let live: Int
    /// When each of the others may, in their order.
    let later: [Timestamp]
    /// When the first of the others may; nil when there are none.
    public var soonest: Timestamp? { later.first }
    /// The reasons to be stored with a task; one object for all tasks that were ranked so.
    public private(set) var explanation: RouteExplanation

    /// Those of whom the requester has recycled keys.
    var ownProviders: [String] {
        route.candidates.lazy.filter { $0.figures.ownTasks != nil }.map(\.figures.provider).sorted()
    }

    /// How many may have the task now or before that time.
    func takers(before time: Timestamp) -> Int { live + later.count { $0 < time } }

    /// Whether the requester's own keys cover as many tasks as in another ranking.
    func hasOwnTasks(of other: Ranking) -> Bool {
        zip(route.candidates, other.route.candidates).allSatisfy { $0.figures.ownTasks == $1.figures.ownTasks }
    }

    /// Whether the choice has come out the same way, whatever the figures are.
    func isLike(_ other: Ranking) -> Bool {
        route.isExploring == other.route.isExploring && route.candidates.count == other.route.candidates.count
            && zip(route.candidates, other.route.candidates).allSatisfy { one, other in
                one.figures.provider == other.figures.provider && one.filtered?.reason == other.filtered?.reason
            }
    }

    /// The same ranking with the explanation of another.
    func explained(as other: Ranking) -> Ranking {
        var ranking = self
        ranking.explanation = other.explanation
        return ranking
    }
}

extension RouteBoard {
    /// The offers that the choice allows, each with its best key, in the order of preference.
    func ranked(_ choice: CandidateChoice, at now: Timestamp) -> Ranking {
        var live: [String: Candidate] = [:]
        var figures: [RouteFigures] = []
        var shut: [(filter: RouteFilter, until: Timestamp, candidate: Candidate, figures: RouteFigures)] = []
        for offer in offers.offers(of: choice.family) where choice.allows(provider: offer.provider, offer.price) {
            guard let (candidate, standing) = standing(offer, choice, at: now) else { continue }
            let itsFigures = self.figures(offer, choice, at: now)
            if let (filter, until) = standing {
                shut.append((filter, until, candidate, itsFigures))
            } else {
                live[offer.provider] = candidate
                figures.append(itsFigures)
            }
        }
        if !silences.isEmpty, figures.contains(where: { !isSilent($0.provider, at: now) }) {
            for silent in figures where isSilent(silent.provider, at: now) {
                guard let until = silences[silent.provider],
                    let candidate = live.removeValue(forKey: silent.provider)
                else { continue }
                shut.append((.silent(until: until), until, candidate, silent))
            }
            figures.removeAll { live[$0.provider] == nil }
        }
        let route = policy.route(figures, choice.preference, draw: nil)
        shut.sort { ($0.until, $0.candidate.provider) < ($1.until, $1.candidate.provider) }
        let whole = Route(
            candidates: route.candidates
                + shut.map { RouteCandidate(figures: $0.figures, filtered: $0.filter, score: nil) })
        return Ranking(
            route: whole, candidates: route.candidates.compactMap { live[$0.figures.provider] } + shut.map(\.candidate),
            live: live.count, later: shut.map(\.until),
            explanation: RouteExplanation(algorithm, whole, choice.preference, at: now))
    }

    /// The same candidates in the order for a task with this draw; nil when that is the usual one.
    func ranked(_ usual: Ranking, _ preference: RoutingPreference, draw: Double) -> Ranking? {
        let live = usual.route.candidates.prefix(usual.live)
        let route = policy.route(live.map(\.figures), preference, draw: draw)
        guard route.isExploring else { return nil }
        let places = Dictionary(usual.candidates.map { ($0.provider, $0) }) { first, _ in first }
        let whole = Route(
            candidates: route.candidates + usual.route.candidates.dropFirst(usual.live), isExploring: true)
        return Ranking(
            route: whole, candidates: whole.candidates.compactMap { places[$0.figures.provider] }, live: usual.live,
            later: usual.later,
            explanation: RouteExplanation(algorithm, whole, preference, at: usual.explanation.at))
    }

    /// What the policy goes by of an offer.
    ///
    /// - Parameter choice: whose own keys count; nil: nobody's.
    func figures(_ offer: ProviderOffer, _ choice: CandidateChoice? = nil, at now: Timestamp) -> RouteFigures {
        let lane = RouteLane(provider: offer.provider, family: offer.family)
        return figures(
            offer, lanes[lane]?.statistics ?? RouteStatistics(at: now),
            ownTasks: choice.flatMap { ownTasks(offer, $0, at: now) }, at: now)
    }

    /// What it would go by with these statistics.
    func figures(
        _ offer: ProviderOffer, _ statistics: RouteStatistics, ownTasks: Double? = nil, at now: Timestamp
    ) -> RouteFigures {
        var figures = policy.figures(
            of: offer.provider, statistics, prior: RoutePrior(cost: offer.price.dollars), ownTasks: ownTasks, at: now)
        figures.price = offer.price
        return figures
    }

    /// A ranking of a moment ago, with the keys that are best by now. Nil when it does not hold any more: a provider
    /// that it counts on has no free key left, or it knows of none that has one, and one has.
    func withFreshKeys(_ ranking: Ranking, _ choice: CandidateChoice, at now: Timestamp) -> Ranking? {
        var ranking = ranking
        for index in ranking.candidates.indices {
            let candidate = ranking.candidates[index]
            guard candidate.credential != nil, let offer = offers.offer(of: choice.family, at: candidate.provider),
                offer.credentials.count > 1 || offer.tasksPerKey != nil || pools[offer.provider] != nil
            else { continue }
            guard let (fresh, filter) = standing(offer, choice, at: now),
                index < ranking.live ? filter == nil : ranking.live > 0 || filter != nil
            else { return nil }
            ranking.candidates[index] = fresh
        }
        return ranking
    }

    /// Why no task of the lane goes to the provider now, and until when at least; nil when one may.
    func shut(_ lane: RouteLane, at now: Timestamp) -> (RouteFilter, Timestamp)? {
        if let until = rests[lane.provider]?[""]?.waits(at: now) { return (.resting(until: until), until) }
        switch lanes[lane]?.breaker.admission(at: now) {
        case .shut(let until)?: return (.breakerOpen(until: until), until)
        case .full?: return (.breakerProbing, now.adding(seconds: Limits.askAgainSeconds))
        case .open?, .trial?, nil: break
        }
        guard let until = lanes[lane]?.breaker.paces(at: now) else { return nil }
        // The pace may be another one soon.
        return (.breakerProbing, min(until, now.adding(seconds: Limits.askAgainSeconds)))
    }
}
