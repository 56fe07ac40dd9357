public import Domain
import ProviderKit

// MARK: - The keys of providers, the platform's and the recycled ones

extension RouteBoard {
    mutating func takeIn(_ key: PooledKey, at provider: String) {
        letGo(key.credential, at: provider, unlessOf: key.owner)
        if pools[provider, default: RecycledPool()].pool(key) { owners[key.owner, default: 0] += 1 }
    }

    /// - Parameter owner: whose key it may stay; nil: nobody's.
    /// - Returns: whether tasks could go through it.
    @discardableResult
    mutating func letGo(_ credential: String, at provider: String, unlessOf owner: AccountID? = nil) -> Bool {
        guard let key = pools[provider]?[credential], key.owner != owner else { return false }
        pools[provider]?.unpool(credential)
        forgetIfEmpty(provider)
        let others = (owners[key.owner] ?? 1) - 1
        owners[key.owner] = others > 0 ? others : nil
        return true
    }

    /// Lets go of a key that its provider has refused.
    mutating func refuse(_ credential: String, at provider: String) {
        guard let key = pools[provider]?[credential] else {
            pools[provider]?.refuse(credential)
            return
        }
        pools[provider]?.refuse(credential)
        forgetIfEmpty(provider)
        let others = (owners[key.owner] ?? 1) - 1
        owners[key.owner] = others > 0 ? others : nil
    }

    private mutating func forgetIfEmpty(_ provider: String) {
        if pools[provider]?.isEmpty ?? false { pools[provider] = nil }
    }

    /// What of a choice matters: an account only where it has keys of its own, and whose keys may be used only where
    /// there are others than the platform's. So nearly all tasks share what is remembered of choices.
    func essential(_ choice: CandidateChoice) -> CandidateChoice {
        guard !owners.isEmpty else { return choice.amongPlatformKeys }
        guard let account = choice.account, owners[account] == nil else { return choice }
        return choice.forAnybody
    }

    /// The offer with its best key, and why it gets no task now if it does not. Nil when the choice allows none of its
    /// keys.
    ///
    /// The requester's own key comes first. Of the others that may have a task the one with the fewest open tasks is
    /// best, and of those each in its turn.
    func standing(
        _ offer: ProviderOffer, _ choice: CandidateChoice, at now: Timestamp
    ) -> (Candidate, (RouteFilter, Timestamp)?)? {
        let shutLane = shut(RouteLane(provider: offer.provider, family: offer.family), at: now)
        guard offer.needsKeys else { return (offer.candidate(with: nil), shutLane) }
        var search = KeySearch(
            offer, choice, rests[offer.provider] ?? [:], pools[offer.provider], caution(offer.provider, at: now),
            at: now)
        search.lookAtOwn(turn: turn)
        if search.best == nil { search.lookAtAll(turn: turn) }
        if let best = search.best { return (offer.candidate(with: best.credential), shutLane) }
        return search.soonest.map { key in
            // Both have to be over.
            let later = shutLane.flatMap { $0.1 > key.shut.1 ? $0 : nil } ?? key.shut
            return (offer.candidate(with: key.credential), later)
        }
    }

    /// How the key of a candidate stands; free for one without. Nil for a recycled key that takes no task any more.
    func standing(_ candidate: Candidate, _ family: TaskFamily, at now: Timestamp) -> KeyStanding? {
        guard let credential = candidate.credential else { return .free(openTasks: 0) }
        let most = offers.offer(of: family, at: candidate.provider)?.tasksPerKey
        let caution = caution(candidate.provider, at: now)
        guard candidate.isRecycled else {
            return (rests[candidate.provider]?[credential] ?? KeyRest()).standing(most, caution, at: now)
        }
        return pools[candidate.provider]?.standing(credential, candidate.cost, most, caution, at: now)
    }

    /// How many tasks of the offer the requester's own keys there cover that may have one; nil without such keys.
    ///
    /// Beyond ten it is counted in fives, and no further than the preference for a provider grows: what is in
    /// explanations is what the choice was made by, and accounts in the same position share them.
    func ownTasks(_ offer: ProviderOffer, _ choice: CandidateChoice, at now: Timestamp) -> Double? {
        guard offer.needsKeys, let account = choice.account, let pool = pools[offer.provider] else { return nil }
        let own = pool.places(of: account)
        guard !own.isEmpty else { return nil }
        var tasks = 0
        for place in own where tasks < KeySearch.mostOwnTasks {
            let key = pool.keys[place]
            guard key.rest.rests(at: now) == nil, choice.allows(offer.provider, key: key.credential) else { continue }
            tasks += min(key.funds.tasks(costing: offer.cost) ?? KeySearch.mostOwnTasks, KeySearch.mostOwnTasks)
        }
        return Double(KeySearch.rounded(ownTasks: tasks))
    }

    // MARK: Attempts

    /// - Returns: whether the provider's answer tells at which pace further ones may follow.
    mutating func keyBegan(_ slot: AttemptSlot) -> Bool {
        let provider = slot.lane.provider
        let isPaced = slot.began.flatMap { rests[provider]?[""]?.began(at: $0) } ?? false
        guard let credential = slot.credential else { return isPaced }
        if slot.isRecycled {
            pools[provider, default: RecycledPool()].began(credential, slot.cost)
        } else {
            rests[provider, default: [:]][credential, default: KeyRest()].openTasks += 1
        }
        let keyIsPaced = slot.began.flatMap { began in withRest(of: slot) { $0.began(at: began) } } ?? false
        return isPaced || keyIsPaced
    }

    /// The provider has taken an attempt. Is to be told for those whose slot heeds it.
    public mutating func taken(_ slot: AttemptSlot, at now: Timestamp) {
        guard let began = slot.began else { return }
        if let start = slot.start {
            let before = lanes[slot.lane]?.breaker.admission(at: now).passes
            lanes[slot.lane]?.breaker.wasTaken(start, at: now)
            if lanes[slot.lane]?.breaker.admission(at: now).passes != before { forgetRankings() }
        }
        keyTaken(slot, began: began, at: now)
    }

    /// The provider has nothing against the key that it came with.
    private mutating func keyTaken(
        _ slot: AttemptSlot, began: Timestamp, wasTaken: Bool = false, at now: Timestamp
    ) {
        rests[slot.lane.provider]?[""]?.taken(began: began, at: now)
        withRest(of: slot) { $0.taken(began: began, at: now) }
        if !wasTaken { prove(slot, at: now) }
    }

    /// Ends the rest of a key, since the provider was asked about it and finds it good.
    public mutating func endRest(_ credential: String, at provider: String) {
        let isRecycled = ProviderKeyID(recycledCredential: credential) != nil
        let ended =
            isRecycled
            ? pools[provider]?.withRest(of: credential) { $0.end(limits: true) }
            : rests[provider]?[credential]?.end(limits: true)
        if ended ?? false { forgetRankings() }
    }

    /// Changes what is known of the slot's key; nil when nothing is.
    @discardableResult
    private mutating func withRest<Result>(of slot: AttemptSlot, _ body: (inout KeyRest) -> Result) -> Result? {
        guard let credential = slot.credential else { return nil }
        guard !slot.isRecycled else { return pools[slot.lane.provider]?.withRest(of: credential, body) }
        guard var rest = rests[slot.lane.provider]?[credential] else { return nil }
        defer { rests[slot.lane.provider]?[credential] = rest }
        return body(&rest)
    }

    mutating func keyEnded(_ slot: AttemptSlot, spent: Money) {
        guard let credential = slot.credential else { return }
        if slot.isRecycled {
            pools[slot.lane.provider]?.ended(credential, slot.cost, spent: spent)
            forgetIfEmpty(slot.lane.provider)
        } else {
            rests[slot.lane.provider]?[credential]?.openTasks -= 1
        }
    }

    /// Has keys rest, or ends their rest.
    ///
    /// - Returns: whether that changes who may have a task.
    mutating func noteKey(_ verdict: AttemptVerdict, _ slot: AttemptSlot, at now: Timestamp) -> Bool {
        let provider = slot.lane.provider
        // One that is from before all others tells nothing of a rest.
        let began = slot.began ?? Timestamp(milliseconds: 0)
        switch verdict.kind {
        case .solved:
            rests[provider]?[""]?.succeeded(began: began, at: now)
            withRest(of: slot) { $0.succeeded(began: began, at: now) }
            // What was taken long ago says nothing of the key as it is now.
            if !verdict.wasTaken || !slot.heedsTaken { prove(slot, at: now) }
            return false
        case .fault(let fault) where fault.isAboutKeys:
            let isAboutProvider = fault.isAboutProvider
            var rested = noteRefusal(fault, slot, at: now)
            if isAboutProvider {
                rests[provider, default: [:]]["", default: KeyRest()].failed(fault, at: now)
                rested = rests[provider]?[""]?.rests(at: now) != nil
            } else {
                rests[provider]?[""]?.ended(began: began, at: now)
            }
            withRest(of: slot) { rest in
                if isAboutProvider { return rest.ended(began: began, at: now) }
                rest.failed(fault, at: now)
                rested = rest.rests(at: now) != nil
            }
            return rested
        case .fault(let fault) where fault.tellsOfTask:
            keyTaken(slot, began: began, wasTaken: verdict.wasTaken, at: now)
            return false
        case .fault, .crashed, .tooSlow, .withdrawn:
            rests[provider]?[""]?.ended(began: began, at: now)
            withRest(of: slot) { $0.ended(began: began, at: now) }
            return false
        }
    }
}

extension Fault {
    /// Whether a limit or a ban is on all keys of the provider.
    fileprivate var isAboutProvider: Bool {
        switch kind {
        case .banned(.provider, _), .rateLimited(.provider, _): true
        default: false
        }
    }

    /// Whether keys rest after it.
    fileprivate var isAboutKeys: Bool {
        switch kind {
        case .invalidKey, .keyDisabled, .noFunds, .ipNotAllowed, .banned, .rateLimited: true
        default: false
        }
    }

    /// Whether the provider has looked at the task, and not sent it back because of the key.
    fileprivate var tellsOfTask: Bool {
        switch kind {
        case .unsolvable, .badTask, .proxy: true
        default: false
        }
    }
}
