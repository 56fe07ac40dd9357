extension Fault {
    /// The fault as it crosses the boundary.
    var crossing: JSONValue {
        var object: JSONObject = ["kind": .string(label)]
        if !message.isEmpty { object["message"] = .string(message) }
        switch kind {
        case .banned(let scope, let until):
            object["scope"] = .string(scope.rawValue)
            object["untilUnixSeconds"] = until.map { .number(JSONNumber($0)) }
        case .rateLimited(let scope, let seconds):
            object["scope"] = .string(scope.rawValue)
            object["retryAfterSeconds"] = seconds.map { JSONValue(seconds: $0) }
        case .badTask(let field):
            object["field"] = field.map { .string($0) }
        case .unsolvable(let charged):
            object["charged"] = charged.map { .bool($0) }
        default: break
        }
        return .object(object)
    }

    /// Reads a fault that came over the boundary; one that is not of the set is the adapter's protocol error.
    init(crossing value: JSONValue) {
        let message = value["message"]?.string ?? ""
        let scope = value["scope"]?.string.flatMap(Scope.init(rawValue:)) ?? .provider
        let kind: Kind? =
            switch value["kind"]?.string {
            case "invalidKey": .invalidKey
            case "keyDisabled": .keyDisabled
            case "noFunds": .noFunds
            case "ipNotAllowed": .ipNotAllowed
            case "banned": .banned(scope, untilUnixSeconds: value["untilUnixSeconds"]?.integer)
            case "rateLimited": .rateLimited(scope, retryAfterSeconds: value["retryAfterSeconds"]?.duration)
            case "overloaded": .overloaded
            case "unsupportedTask": .unsupportedTask
            case "badTask": .badTask(field: value["field"]?.string)
            case "unsolvable": .unsolvable(charged: value["charged"]?.bool)
            case "proxy": .proxy
            case "taskNotFound": .taskNotFound
            case "transport": .transport
            case "protocolError": .protocolError
            default: nil
            }
        if let kind {
            self.init(kind, message)
        } else {
            self.init(.protocolError, "the adapter answered with a fault that is not of the contract")
        }
    }
}

extension JSONValue {
    /// A duration in seconds with at most three decimals; what is no duration becomes 0.
    init(seconds: Double) {
        let milliseconds = Int64((min(max(seconds.isNaN ? 0 : seconds, 0), 1e12) * 1000).rounded())
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let digits = String(1000 + rest).dropFirst()
        self = .number(JSONNumber(uncheckedText: rest == 0 ? String(whole) : "\(whole).\(digits)"))
    }

    /// A number that is a duration in seconds: not negative, and finite as a binary floating point number.
    var duration: Double? { double.flatMap { (0..<Double.infinity).contains($0) ? $0 : nil } }
}
