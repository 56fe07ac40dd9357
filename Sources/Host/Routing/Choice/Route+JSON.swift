public import Domain
public import ProviderKit

extension Route {
    /// The choice with everything that it was made by, as clients and operators are shown it.
    public func json(_ algorithm: RoutingAlgorithm, _ preference: RoutingPreference) -> JSONObject {
        [
            "policy": .string(algorithm.rawValue), "speedWeight": .number(JSONNumber(preference.speedWeight)),
            "reliableFirst": .bool(preference.reliableFirst), "explored": .bool(isExploring),
            "candidates": .array(candidates.map { .object($0.json) }),
            "chosen": chosen.map { .string($0) } ?? .null,
        ]
    }
}

extension RouteExplanation {
    convenience init(
        _ algorithm: RoutingAlgorithm, _ route: Route, _ preference: RoutingPreference, at now: Timestamp
    ) {
        self.init(at: now) {
            var json = route.json(algorithm, preference)
            json["at"] = .number(JSONNumber(now.milliseconds))
            return JSONValue.object(json).bytes
        }
    }
}

extension RouteCandidate {
    fileprivate var json: JSONObject {
        var json: JSONObject = [
            "provider": .string(figures.provider), "cost": .number(figures.cost), "seconds": .number(figures.seconds),
            "successRate": .number(figures.successRate), "filtered": filtered.map { .string($0.reason) } ?? .null,
            "score": score.map { .number($0) } ?? .null,
        ]
        if let price = figures.price { json["price"] = price.json }
        if let ownTasks = figures.ownTasks { json["ownTasks"] = .number(ownTasks) }
        if let doubt = figures.doubt {
            json["failedSeconds"] = .number(doubt.failedSeconds)
            json["failedCost"] = .number(doubt.failedCost)
        }
        return json
    }
}

extension JSONValue {
    /// The shortest text that reads back as the same number; null for what is none.
    fileprivate static func number(_ value: Double) -> JSONValue {
        JSONNumber(value).map { .number($0) } ?? .null
    }
}

extension RouteFilter {
    /// For people.
    var reason: String {
        switch self {
        case .dominated(let other): "\(other) is faster and cheaper"
        case .breakerOpen: "it fails one task after the other, and is tried again in some seconds"
        case .breakerProbing: "it has failed one task after the other, and is being tried with a few"
        case .resting: "it rests, or all of its keys do, after a fault or a limit"
        case .busy: "all of its keys have as many open tasks as they may"
        case .silent: "it has not answered for much longer than usual, and others can have the task"
        }
    }
}
