public import Domain
public import ProviderKit

/// All that is known of providers and keys at one moment, and the choice between them.
///
/// A pure value: time comes in with each call, what is seen of attempts by `admit` and `ended`.
public struct RouteBoard: Sendable {
    public private(set) var offers: OfferTable
    /// How it chooses.
    public internal(set) var algorithm: RoutingAlgorithm {
        didSet { policy = algorithm.policy }
    }
    private(set) var policy: any RoutePolicy
    var lanes: [RouteLane: LaneState] = [:]
    /// By provider, then by key; the key "" stands for all of them.
    var rests: [String: [String: KeyRest]] = [:]
    /// Recycled keys by provider, and of how many keys somebody is the owner.
    var pools: [String: RecycledPool] = [:]
    var owners: [AccountID: Int] = [:]
    /// What providers have said of wrong keys lately.
    var wrongKeys: [String: WrongKeys] = [:]
    /// The providers that leave submits unanswered, until when they are taken to.
    var silences: [String: Timestamp] = [:]
    /// The rankings that were made a moment ago for tasks that nothing is left out for.
    private var recent: [CandidateChoice: Remembered] = [:]
    /// What choices came out as a short while ago, each way with its explanation.
    private var explained: [Explained: [Ranking]] = [:]
    private var pacing = Pacing()
    var lines = PlaceLines()
    /// Which of several keys that are equally good comes first.
    var turn: UInt = 0

    private struct Remembered {
        let ranking: Ranking
        let until: Timestamp
        /// The same for tasks that explore, by the provider that they explore.
        var explored: [String: Ranking] = [:]
    }

    /// What is explained alike. Accounts with keys at the same providers share their explanations: else each account
    /// with a key would have some of its own stored all the time.
    private struct Explained: Hashable {
        let choice: CandidateChoice
        /// Where the requester has keys.
        let ownProviders: [String]
    }

    /// - Parameter algorithm: how it chooses.
    public init(offers: OfferTable, algorithm: RoutingAlgorithm) {
        self.offers = offers
        self.algorithm = algorithm
        policy = algorithm.policy
    }

    /// Takes other offers, such as after a key was added. What is known of providers stays, and so do recycled keys.
    public mutating func replace(offers: OfferTable) {
        self.offers = offers
        recent.removeAll()
        explained.removeAll()
    }

    /// Has tasks go through a recycled key, or takes note of what is on it now.
    public mutating func pool(_ key: PooledKey, at provider: String) {
        takeIn(key, at: provider)
        recent.removeAll(keepingCapacity: true)
    }

    /// Has no further task go through a recycled key. Attempts that it has go on, and give their places back.
    public mutating func unpool(_ credential: String, at provider: String) {
        if letGo(credential, at: provider) { recent.removeAll(keepingCapacity: true) }
    }

    /// The candidates for a new task, as they were a moment ago at most, each with the key that is best now.
    ///
    /// - Parameter draw: a random number, even in 0..<1, by which the policy may send this task elsewhere to learn; nil
    ///   for none.
    public mutating func ranking(_ choice: CandidateChoice, draw: Double? = nil, at now: Timestamp) -> Ranking {
        defer { turn &+= 1 }
        let choice = essential(choice)
        let known = draw.flatMap { exploring(choice, draw: $0, at: now) } ?? remembered(choice, at: now)
        if let fresh = withFreshKeys(known, choice, at: now) { return fresh }
        recent[choice] = nil
        return remembered(choice, at: now)
    }

    mutating func forgetRankings() { recent.removeAll(keepingCapacity: true) }

    mutating func remembered(_ choice: CandidateChoice, at now: Timestamp) -> Ranking {
        if let known = recent[choice], now < known.until { return known.ranking }
        let ranking = explained(ranked(choice, at: now), choice, at: now)
        if recent.count >= Limits.rememberedRankings { recent.removeAll(keepingCapacity: true) }
        recent[choice] = Remembered(
            ranking: ranking, until: now.adding(seconds: Limits.rememberedRankingSeconds))
        return ranking
    }

    /// The ranking with the explanation of an earlier one, if the choice came out the same way a short while ago:
    /// figures change with every task, and a stored explanation for each change would fill the disk. So would one for
    /// each time that a provider's last place is taken or given back.
    private mutating func explained(_ ranking: Ranking, _ choice: CandidateChoice, at now: Timestamp) -> Ranking {
        let key = Explained(
            choice: choice.forAnybody, ownProviders: choice.account == nil ? [] : ranking.ownProviders)
        var known = explained[key] ?? []
        known.removeAll { now.seconds(since: $0.explanation.at) >= Limits.explanationSeconds }
        let alike = known.filter { $0.isLike(ranking) }
        if let like = alike.first(where: { $0.hasOwnTasks(of: ranking) }) { return ranking.explained(as: like) }
        if known.count >= Limits.explanationsPerChoice {
            // How much is on the requester's keys differs from all of them: the order says more than that.
            if let like = alike.first { return ranking.explained(as: like) }
            known.removeFirst()
        }
        if explained.count >= Limits.rememberedRankings { explained.removeAll(keepingCapacity: true) }
        explained[key] = known + [ranking]
        return ranking
    }

    /// The ranking for a task that explores; nil for most.
    private mutating func exploring(_ choice: CandidateChoice, draw: Double, at now: Timestamp) -> Ranking? {
        // Most numbers can be told without looking.
        guard draw * 100 < Limits.exploredTasksPercent else { return nil }
        let usual = remembered(choice, at: now)
        guard let explored = ranked(usual, choice.preference, draw: draw), let chosen = explored.route.chosen else {
            return nil
        }
        if let known = recent[choice]?.explored[chosen] { return known }
        let ranking = explained(explored, choice, at: now)
        recent[choice]?.explored[chosen] = ranking
        return ranking
    }

    /// Where a task may go now.
    public mutating func next(_ choice: CandidateChoice, at now: Timestamp) -> NextCandidate {
        defer { turn &+= 1 }
        let ranking = ranked(choice, at: now)
        if ranking.live > 0, let best = ranking.candidates.first { return .now(best) }
        return ranking.soonest.map { .later(pacing.spread($0, at: now)) } ?? .never
    }

    /// A time at or after this one at which a task may ask again, of which not many others have been told.
    public mutating func spread(_ time: Timestamp, at now: Timestamp) -> Timestamp { pacing.spread(time, at: now) }

    /// Asks for a place for an attempt, right before it is sent.
    ///
    /// - Parameter turn: since when its task waits; nil for one that had a place already and goes on with it.
    public mutating func admit(
        _ candidate: Candidate, _ family: TaskFamily, turn: Turn? = nil, at now: Timestamp
    ) -> Admission {
        let lane = RouteLane(provider: candidate.provider, family: family)
        if let (_, until) = shut(lane, at: now) {
            lanes[lane]?.breaker.putOff(at: now)
            return .later(pacing.spread(until, at: now))
        }
        switch standing(candidate, family, at: now) {
        case .resting(let until), .busy(let until): return .later(pacing.spread(until, at: now))
        case .empty: return .refused(Fault(.noFunds, "What is left on the key does not cover the task."))
        case nil: return .refused(.keyRemoved)
        case .free: break
        }
        if let turn, let first = first(before: turn, for: candidate, family, at: now) { return .behind(first) }
        let start = lanes[lane, default: LaneState(RouteStatistics(at: now))].breaker
            .began(isAwaited: lines[lane] != nil, at: now)
        if start.isTrial { recent.removeAll(keepingCapacity: true) }
        return .granted(hold(lane, candidate, start, began: now))
    }

    /// The place of an attempt that is at the provider already, such as after a start.
    public mutating func adopt(_ candidate: Candidate, _ family: TaskFamily) -> AttemptSlot {
        hold(RouteLane(provider: candidate.provider, family: family), candidate, nil, began: nil)
    }

    private mutating func hold(
        _ lane: RouteLane, _ candidate: Candidate, _ start: CircuitBreaker.Start?, began: Timestamp?
    ) -> AttemptSlot {
        var slot = AttemptSlot(lane: lane, candidate, start: start, began: began)
        slot.trial = trialBegan(slot)
        // When a recycled key was last taken is what it is proven by.
        slot.heedsTaken = keyBegan(slot) || slot.trial != nil || slot.isRecycled
        if lanes[lane]?.breaker.heedsTaken ?? false { slot.heedsTaken = true }
        return slot
    }

    /// Gives the place of an attempt back and takes note of how it went.
    public mutating func ended(_ slot: AttemptSlot, _ verdict: AttemptVerdict, at now: Timestamp) {
        trialEnded(slot)
        keyEnded(slot, spent: verdict.spent)
        let before = lanes[slot.lane]?.breaker.admission(at: now).passes
        let offer = offers.offer(of: slot.lane.family, at: slot.lane.provider)
        // Of an adapter that is gone nothing is known, and nothing is to be learnt.
        if lanes[slot.lane] != nil || offer != nil {
            lanes[slot.lane, default: LaneState(RouteStatistics(at: now))]
                .note(verdict, price: offer?.price ?? .zero, start: slot.start, at: now)
        }
        if case .solved = verdict.kind, let began = slot.began {
            let latest = lanes[slot.lane]?.solvedBegan ?? began
            lanes[slot.lane]?.solvedBegan = max(latest, began)
        }
        let rested = noteKey(verdict, slot, at: now)
        if rested || lanes[slot.lane]?.breaker.admission(at: now).passes != before {
            recent.removeAll(keepingCapacity: true)
        }
    }

    /// Has tasks go elsewhere until then, where others can have them, since a submit to the provider is unanswered for
    /// longer than is usual there. Attempts that it has go on.
    public mutating func distrust(_ provider: String, until: Timestamp, at now: Timestamp) {
        if !isSilent(provider, at: now) { recent.removeAll(keepingCapacity: true) }
        silences[provider] = until
    }

    /// It has answered.
    public mutating func trust(_ provider: String) {
        if silences.removeValue(forKey: provider) != nil { recent.removeAll(keepingCapacity: true) }
    }

    /// Whether tasks better go to others, if those can have them.
    public func isSilent(_ provider: String, at now: Timestamp) -> Bool { silences[provider].map { now < $0 } ?? false }
}
