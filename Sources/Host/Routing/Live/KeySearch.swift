import Domain

/// Looks for the key of a provider that is best for a task.
struct KeySearch {
    private let offer: ProviderOffer
    private let choice: CandidateChoice
    /// The platform's keys that something is known of.
    private let rests: [String: KeyRest]
    private let pool: RecycledPool?
    private let caution: KeyCaution
    private let now: Timestamp
    /// Of the keys that may have the task now the one with the fewest open tasks.
    private(set) var best: (credential: String, openTasks: Int)?
    /// Of the others the one that may have it first, and when.
    private var first: (credential: String, standing: KeyStanding)?
    private var firstUntil: Timestamp?

    init(
        _ offer: ProviderOffer, _ choice: CandidateChoice, _ rests: [String: KeyRest], _ pool: RecycledPool?,
        _ caution: KeyCaution, at now: Timestamp
    ) {
        self.caution = caution
        self.offer = offer
        self.choice = choice
        self.rests = rests
        self.pool = pool
        self.now = now
    }

    /// Where none may have the task now, the key that may first, and why not now. Nil when waiting is of no use.
    var soonest: (credential: String, shut: (RouteFilter, Timestamp))? {
        first.flatMap { key in key.standing.shut.map { (key.credential, $0) } }
    }

    /// Looks at the requester's own recycled keys.
    ///
    /// - Parameter turn: which of those that are equally good comes first.
    mutating func lookAtOwn(turn: UInt) {
        guard let pool, let account = choice.account else { return }
        let own = pool.places(of: account)
        let keys = pool.keys
        for (step, index) in KeySearch.places(own.count, turn) {
            if isDone(after: step) { return }
            consider(keys, own[index])
        }
    }

    /// Looks at the platform's keys and, where the task may go through others', at all recycled ones; while no key may
    /// be tried, at those of them that may be proven.
    mutating func lookAtAll(turn: UInt) {
        let platform = offer.credentials
        let pool = choice.keyPool == .all ? pool : nil
        let recycled = pool?.keys ?? []
        let proven = caution.mayTry || caution.mayTryVouched ? nil : pool?.proven
        for (step, index) in KeySearch.places(platform.count + (proven?.count ?? recycled.count), turn) {
            if isDone(after: step) { return }
            if index < platform.count {
                consider(platform[index])
            } else {
                consider(recycled, proven?[index - platform.count] ?? index - platform.count)
            }
        }
        guard proven != nil, best == nil else { return }
        // One of the others, to tell when it may have the task.
        for (_, index) in KeySearch.places(recycled.count, turn) where first == nil { consider(recycled, index) }
    }

    /// The numbers below `count` from the one whose turn it is, with how many came before each.
    private static func places(_ count: Int, _ turn: UInt) -> some Sequence<(Int, Int)> {
        let start = count > 0 ? Int(turn % UInt(count)) : 0
        return (0..<count).lazy.map { ($0, start + $0 < count ? start + $0 : start + $0 - count) }
    }

    /// Of many keys only some are looked at, others for the next task, and all only when none of those may have it.
    private func isDone(after step: Int) -> Bool {
        guard let best else { return false }
        return best.openTasks == 0 || step >= Limits.keysPerChoice
    }

    private mutating func consider(_ credential: String) {
        take(credential, (rests[credential] ?? KeyRest()).standing(offer.tasksPerKey, caution, at: now))
    }

    private mutating func consider(_ keys: [RecycledPool.Key], _ place: Int) {
        // One that has as many tasks as the best so far cannot be better, however it stands.
        if let best, keys[place].rest.openTasks >= best.openTasks { return }
        // Nor can one be the first that rests for longer. Where all of hundreds rest, little else is looked at.
        if let firstUntil, let until = keys[place].rest.until, until > now, until >= firstUntil { return }
        guard choice.allows(keyOf: keys[place].owner) else { return }
        let standing = keys.standing(place, offer.cost, offer.tasksPerKey, caution, at: now)
        if case .resting(let until) = standing, let firstUntil, until >= firstUntil { return }
        take(keys[place].credential, standing)
    }

    private mutating func take(_ credential: String, _ standing: KeyStanding) {
        guard choice.allows(offer.provider, key: credential) else { return }
        switch standing {
        case .free(let openTasks):
            if best.map({ openTasks < $0.openTasks }) ?? true { best = (credential, openTasks) }
        case .resting(let until), .busy(let until):
            if firstUntil.map({ until < $0 }) ?? true { (first, firstUntil) = ((credential, standing), until) }
        case .empty: break
        }
    }
}

// MARK: - How many tasks own keys cover

extension KeySearch {
    /// Beyond so many tasks the preference for a provider does not grow.
    static let mostOwnTasks = Int(PublishedPolicy.tasksOfLargestBias)
    private static let exactOwnTasks = 10
    private static let step = 5

    /// Exact for few, else rounded down, and at most `mostOwnTasks`.
    static func rounded(ownTasks tasks: Int) -> Int {
        let tasks = min(tasks, mostOwnTasks)
        return tasks <= exactOwnTasks ? tasks : tasks - tasks % step
    }
}
