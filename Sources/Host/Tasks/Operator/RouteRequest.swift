public import Domain
public import ProviderKit

/// What an operator can ask the running host about the choice between providers.
public enum RouteRequest: Sendable, Hashable {
    /// How a task would be routed now.
    case explain(RouteQuestion)
    /// How providers and their keys are doing.
    case status
}

/// A hypothetical task.
public struct RouteQuestion: Sendable, Hashable {
    /// What a client would write as the task's type, or a family.
    public let type: String
    public let preference: RoutingPreference
    /// The only provider that may solve it, by a name that a client could give it; nil: any.
    public let provider: String?
    /// How to choose; nil: as configured.
    public let policy: RoutingAlgorithm?
    /// Whose task it is, whose own recycled keys count; nil: of somebody without any.
    public let account: AccountID?
    /// Whose keys at providers it may go through.
    public let keyPool: KeyPoolMode

    public init(
        type: String, preference: RoutingPreference, provider: String? = nil, policy: RoutingAlgorithm? = nil,
        account: AccountID? = nil, keyPool: KeyPoolMode = .all
    ) {
        self.type = type
        self.preference = preference
        self.provider = provider
        self.policy = policy
        self.account = account
        self.keyPool = keyPool
    }
}

extension RouteRequest {
    /// The request as it travels.
    public var json: JSONValue {
        switch self {
        case .explain(let question):
            var object: JSONObject = [
                "do": "explainRoute", "type": .string(question.type),
                "speedWeight": .number(JSONNumber(question.preference.speedWeight)),
                "reliableFirst": .bool(question.preference.reliableFirst),
                "keyPool": .string(question.keyPool.rawValue),
            ]
            object["account"] = question.account.map { .number(JSONNumber($0.number)) }
            object["provider"] = question.provider.map { .string($0) }
            object["policy"] = (question.policy?.rawValue).map { .string($0) }
            return .object(object)
        case .status: return ["do": "routeStatus"]
        }
    }

    /// Reads a request that travelled; nil when it is not of the set.
    public init?(json: JSONValue) {
        switch json["do"]?.string {
        case "explainRoute":
            let policy = (json["policy"]?.string).flatMap { RoutingAlgorithm(rawValue: $0) }
            let account = json["account"]?.integer.map(AccountID.init)
            let keyPool = (json["keyPool"]?.string).flatMap { KeyPoolMode(rawValue: $0) }
            guard let type = json["type"]?.string, let reliableFirst = json["reliableFirst"]?.bool,
                let weight = json["speedWeight"]?.integer.flatMap({ Int(exactly: $0) }),
                let preference = RoutingPreference(speedWeight: weight, reliableFirst: reliableFirst),
                (json["policy"] == nil) == (policy == nil), (json["account"] == nil) == (account == nil),
                (json["keyPool"] == nil) == (keyPool == nil)
            else { return nil }
            self = .explain(
                RouteQuestion(
                    type: type, preference: preference, provider: json["provider"]?.string, policy: policy,
                    account: account, keyPool: keyPool ?? .all))
        case "routeStatus": self = .status
        default: return nil
        }
    }
}
