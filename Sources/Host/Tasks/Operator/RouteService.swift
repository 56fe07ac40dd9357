public import Domain
import ProviderKit
import Routing

/// What the running host knows of providers, for operators to look at.
public struct RouteDesk: Sendable {
    let market: Market
    let now: @Sendable () -> Timestamp

    /// - Parameter now: the clock that the market's tasks go by.
    public init(market: Market, now: @escaping @Sendable () -> Timestamp) {
        self.market = market
        self.now = now
    }
}

/// The use cases of operators that concern the choice between providers. They change nothing.
public struct RouteService: Sendable {
    /// Nil when no host runs.
    let desk: RouteDesk?
    let configuredKeys: [CredentialDesk.ConfiguredKey]

    /// What is known of providers is known to a host that runs.
    public static let noHost = OperatorError(
        "The running host knows how providers are doing, and no host runs with this configuration. Start it first.")

    func perform(_ request: RouteRequest) throws(OperatorError) -> JSONValue {
        guard let desk else { throw RouteService.noHost }
        switch request {
        case .explain(let question): return try explain(question, desk)
        case .status: return status(desk)
        }
    }

    private func explain(_ question: RouteQuestion, _ desk: RouteDesk) throws(OperatorError) -> JSONValue {
        let family = try RouteService.family(question.type)
        var forced: String?
        if let name = question.provider {
            guard let adapter = ProviderNames(desk.market.providers.values).adapter(name) else {
                throw OperatorError("There is no provider of this name here. `ucaptcha adapter list` shows them.")
            }
            forced = adapter
        }
        let choice = CandidateChoice(
            family: family, ceiling: .most, preference: question.preference, forcedProvider: forced,
            account: question.account, keyPool: question.keyPool)
        let now = desk.now()
        let (route, configured) = desk.market.withBoard { board in
            (board.explain(choice, by: question.policy, at: now), board.algorithm)
        }
        var json: JSONObject = [
            "family": .string(family.rawValue), "forcedProvider": forced.map { .string($0) } ?? .null,
            "configuredPolicy": .string(configured.rawValue), "at": .string(now.utcMilliseconds),
        ]
        for member in route.json(question.policy ?? configured, question.preference).members {
            json[member.name] = member.value
        }
        return .object(json)
    }

    private static func family(_ type: String) throws(OperatorError) -> TaskFamily {
        do {
            return try TaskVocabulary.family(named: type)
        } catch {
            throw OperatorError(
                error.code == .taskNotSupported
                    ? "There is no task type or family of this name. docs/tasks.md has them all."
                    : "This type alone does not tell which kind of task it is. Name the family: docs/tasks.md has them."
            )
        }
    }

    // MARK: Status

    private func status(_ desk: RouteDesk) -> JSONValue {
        let now = desk.now()
        let (lanes, keys, recycled, algorithm) = desk.market.withBoard { board in
            (
                board.laneStatuses(at: now), board.keyStatuses(at: now), board.recycledKeysStatuses(at: now),
                board.algorithm
            )
        }
        return [
            "policy": .string(algorithm.rawValue), "at": .string(now.utcMilliseconds),
            "providers": .array(lanes.map(\.json)), "keys": .array(keys.map { json(of: $0) }),
            "recycledKeys": .array(recycled.map(\.json)),
        ]
    }

    private func json(of key: KeyStatus) -> JSONValue {
        let from = key.credential.map { credential in
            let configured = configuredKeys.first { $0.provider == key.provider && $0.credential == credential }
            return configured?.reference ?? "the vault"
        }
        return [
            "provider": .string(key.provider), "key": key.credential.map { .string($0) } ?? .null,
            "from": from.map { .string($0) } ?? .null, "openTasks": .number(JSONNumber(key.openTasks)),
            "tasksPerKey": key.most.map { .number(JSONNumber($0)) } ?? .null,
            "state": key.restingUntil == nil ? (key.isFull ? "full" : "ready") : "resting",
            "until": key.restingUntil.map { .string($0.utc) } ?? .null,
            "reason": key.reason.map { .string($0) } ?? .null,
        ]
    }
}

extension RecycledKeysStatus {
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider), "keys": .number(JSONNumber(keys)), "resting": .number(JSONNumber(resting)),
            "full": .number(JSONNumber(full)), "openTasks": .number(JSONNumber(openTasks)),
        ]
    }
}

extension KeyStatus {
    /// Whether it has as many tasks as it may.
    fileprivate var isFull: Bool { most.map { openTasks >= $0 } ?? false }
}

extension LaneStatus {
    /// A figure that is the same as if nothing had been observed is null.
    fileprivate var json: JSONValue {
        func number(_ value: Double, _ prior: Double) -> JSONValue {
            guard abs(value - prior) > prior * 1e-9 else { return .null }
            return JSONNumber(value).map { .number($0) } ?? .null
        }
        var json: JSONObject = ["provider": .string(lane.provider), "family": .string(lane.family.rawValue)]
        switch breaker {
        case .open: json["breaker"] = "closed"
        case .shut: json["breaker"] = "open"
        case .trial, .full: json["breaker"] = "half open"
        }
        if case .shut(let until) = breaker { json["until"] = .string(until.utc) } else { json["until"] = .null }
        json["cost"] = number(figures.cost, prior.cost)
        json["seconds"] = number(figures.seconds, prior.seconds)
        json["successRate"] = number(figures.successRate, prior.successRate)
        json["tries"] = JSONNumber((tries * 10).rounded() / 10).map { .number($0) } ?? .null
        return .object(json)
    }
}
