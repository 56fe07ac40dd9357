public import Domain
public import ProviderKit

// MARK: - What operators look at

/// One provider and one family, as it stands.
public struct LaneStatus: Sendable, Hashable {
    public let lane: RouteLane
    public let breaker: CircuitBreaker.Admission
    /// What the policy goes by, and what it would go by if nothing had been observed.
    public let figures: RouteFigures
    public let prior: RouteFigures
    /// Tries that are remembered; older ones count for less.
    public let tries: Double
}

/// One key of a provider, as it stands.
public struct KeyStatus: Sendable, Hashable {
    public let provider: String
    /// The key's identity; nil for the provider as a whole, with or without keys.
    public let credential: String?
    /// Tasks that it has at the provider, and how many it may have; nil: any number.
    public let openTasks: Int
    public let most: Int?
    /// Until when it gets no task, with the label of the fault that it rests after; nil when it may have one.
    public let restingUntil: Timestamp?
    public let reason: String?
}

/// The recycled keys of one provider together, as they stand.
public struct RecycledKeysStatus: Sendable, Hashable {
    public let provider: String
    /// How many keys tasks may go through.
    public let keys: Int
    /// Of them: those that rest after a fault, and those that have as many tasks as they may or as is on them.
    public let resting: Int
    public let full: Int
    /// Tasks that are open with recycled keys, also with such as take no further ones.
    public let openTasks: Int
}

extension RouteBoard {
    /// Whether there is anybody whom a task could go to: a provider without keys, or one with a key.
    public var hasTakers: Bool {
        offers.families.lazy.flatMap { self.offers.offers(of: $0) }.contains { offer in
            !offer.needsKeys || !offer.credentials.isEmpty || !(pools[offer.provider]?.keys.isEmpty ?? true)
        }
    }

    /// The recycled keys of every provider that has any in use, by provider.
    public func recycledKeysStatuses(at now: Timestamp) -> [RecycledKeysStatus] {
        let offered = offers.families.flatMap(offers.offers)
        return pools.sorted { $0.key < $1.key }.map { provider, pool in
            // What is open to its cheapest tasks is open.
            let offers = offered.filter { $0.provider == provider }
            let (least, most) = (offers.map(\.cost).min() ?? .zero, offers.first?.tasksPerKey)
            var (resting, full) = (0, 0)
            for place in pool.keys.indices {
                switch pool.keys.standing(place, least, most, caution(provider, at: now), at: now) {
                case .free: break
                case .resting: resting += 1
                case .busy, .empty: full += 1
                }
            }
            return RecycledKeysStatus(
                provider: provider, keys: pool.keys.count, resting: resting, full: full, openTasks: pool.openTasks)
        }
    }

    /// The choice as it would be made now, by the policy that is configured or by another from the same statistics, and
    /// without a task that goes elsewhere in order to learn. Nothing changes by it.
    ///
    /// - Parameter algorithm: nil: as configured.
    public func explain(_ choice: CandidateChoice, by algorithm: RoutingAlgorithm? = nil, at now: Timestamp) -> Route {
        var board = self
        if let algorithm { board.algorithm = algorithm }
        return board.ranked(choice, at: now).route
    }

    /// Every provider and family on offer of which something is known, by provider and family: those that were tried,
    /// and those that get no tasks or few of them.
    public func laneStatuses(at now: Timestamp) -> [LaneStatus] {
        let offered = offers.families.flatMap(offers.offers)
        return offered.compactMap { offer -> LaneStatus? in
            let lane = RouteLane(provider: offer.provider, family: offer.family)
            guard let state = lanes[lane] else { return nil }
            let status = LaneStatus(
                lane: lane, breaker: state.breaker.admission(at: now), figures: figures(offer, at: now),
                prior: figures(offer, RouteStatistics(at: now), at: now),
                tries: state.statistics.faded(to: now).lasting.tries)
            return status.hasSomethingToTell ? status : nil
        }.sorted { ($0.lane.provider, $0.lane.family) < ($1.lane.provider, $1.lane.family) }
    }

    /// Every key of the platform's that is in use, by provider and in the order of the configuration; before them the
    /// provider as a whole, where it rests.
    public func keyStatuses(at now: Timestamp) -> [KeyStatus] {
        var offered: [String: ProviderOffer] = [:]
        for offer in offers.families.flatMap(offers.offers) where offered[offer.provider] == nil {
            offered[offer.provider] = offer
        }
        return offered.values.sorted { $0.provider < $1.provider }.flatMap { offer in
            let keys = rests[offer.provider] ?? [:]
            let whole = keys[""].flatMap { rest in
                rest.rests(at: now).map { _ in status(rest, of: offer, nil, at: now) }
            }
            return [whole].compactMap(\.self)
                + offer.credentials.map { status(keys[$0] ?? KeyRest(), of: offer, $0, at: now) }
        }
    }

    /// Seconds that a task of the family takes at the fastest provider, as far as is known; nil when nobody sells it.
    public func fastestSeconds(of family: TaskFamily, at now: Timestamp) -> Double? {
        offers.offers(of: family).map { figures($0, at: now).seconds }.min()
    }

    private func status(
        _ rest: KeyRest, of offer: ProviderOffer, _ credential: String?, at now: Timestamp
    ) -> KeyStatus {
        let until = rest.rests(at: now)
        return KeyStatus(
            provider: offer.provider, credential: credential, openTasks: rest.openTasks,
            most: credential == nil ? nil : offer.tasksPerKey, restingUntil: until,
            reason: until == nil ? nil : rest.reason)
    }
}

extension LaneStatus {
    /// A try that is remembered, though it were faintly, or a breaker that is not closed.
    fileprivate var hasSomethingToTell: Bool { tries >= LaneStatus.leastTries || breaker != .open }

    private static let leastTries = 0.05
}
