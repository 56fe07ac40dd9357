import Domain
import ProviderKit

/// A recycled key as its owner is shown it: never the key itself, and not what is the operator's to know.
enum RecycledKeyAnswer {
    static func json(_ key: RecycledKey) -> JSONObject {
        var json: JSONObject = [
            "id": .number(JSONNumber(key.id.number)), "provider": .string(key.provider), "label": .string(key.label),
            "key": .string(key.masked),
        ]
        for member in life(key.life).members { json[member.name] = member.value }
        json["balance"] = key.funds.balance?.json ?? .null
        json["credited"] = key.funds.credited.json
        json["checkedAt"] = (key.checkedAt?.utcMilliseconds).map { .string($0) } ?? .null
        json["createdAt"] = .string(key.createdAt.utcMilliseconds)
        return json
    }

    /// Something that the key has been through.
    static func json(_ change: RecycledKeyChange) -> JSONObject {
        var json: JSONObject = ["at": .string(change.at.utcMilliseconds)]
        for member in life(change.life).members { json[member.name] = member.value }
        return json
    }

    private static func life(_ life: RecycledKeyLife) -> JSONObject {
        var sentences = [life.reason?.sentence].compactMap(\.self)
        if life.isSuspended {
            sentences.append(
                "It takes no tasks until the operator has looked into it: what the provider has deducted is not what "
                    + "was recorded.")
        }
        return [
            "state": .string(life.state.rawValue), "reason": life.reason.map { .string($0.rawValue) } ?? .null,
            "reasonDescription": sentences.isEmpty ? .null : .string(sentences.joined(separator: " ")),
            "suspended": .bool(life.isSuspended), "erased": .bool(life.isErased),
        ]
    }
}

extension RecycledKeyLife.Reason {
    /// For the key's owner.
    fileprivate var sentence: String {
        switch self {
        case .wrongKey: "The provider does not know this key. Check it and hand it over again."
        case .disabled: "The provider has disabled this key, or it has expired. See to it there and hand it over again."
        case .noFunds: "The provider says that there is no money left on the key."
        case .lowBalance: "What is left on the key does not cover the provider's cheapest task."
        case .ipNotAllowed:
            "The provider does not answer this service's address for the key. Allow it there; the key is asked about "
                + "again."
        case .banned: "The provider has locked this service or the key out for a while. The key is asked about again."
        case .rateLimited: "The provider limits how often it is asked. The key is asked about again."
        case .unreachable: "The provider did not answer, or not as it should. The key is asked about again."
        case .unavailable: "This service cannot ask the provider at the moment. The key is asked about again."
        case .waiting: "Too many keys of this provider were wrong lately. This one is asked about when that is over."
        case .claimed: "The same key is in use by another account meanwhile."
        }
    }
}
