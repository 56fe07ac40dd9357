public import Domain
public import ProviderKit

/// What an operator can ask for about the keys that accounts have handed over.
///
/// One request holds such a key: it travels over the control socket, which is its owner's alone.
public enum RecycledKeyRequest: Sendable, Hashable {
    /// The keys of one account, or with nil of all, behind that number: `Limits.keysPerPage` at most.
    case list(AccountID?, after: ProviderKeyID?)
    /// One key with what it has been through.
    case show(ProviderKeyID)
    /// Hands a key over for an account.
    case add(AccountID, provider: String, label: String, key: Secret)
    case check(ProviderKeyID)
    case remove(ProviderKeyID)
    /// Lets a suspended key take tasks again.
    case resume(ProviderKeyID)
}

extension RecycledKeyRequest {
    /// The request as it travels. It shows what it holds: nothing but the control socket may get it.
    public var json: JSONValue {
        switch self {
        case .list(let account, let after):
            var object: JSONObject = ["do": "listRecycledKeys"]
            object["after"] = after.map { .number(JSONNumber($0.number)) }
            object["account"] = account.map { .number(JSONNumber($0.number)) }
            return .object(object)
        case .show(let id): return RecycledKeyRequest.json("showRecycledKey", id)
        case .add(let account, let provider, let label, let key):
            return [
                "do": "addRecycledKey", "account": .number(JSONNumber(account.number)), "provider": .string(provider),
                "label": .string(label), "key": .string(key.text ?? ""),
            ]
        case .check(let id): return RecycledKeyRequest.json("checkRecycledKey", id)
        case .remove(let id): return RecycledKeyRequest.json("removeRecycledKey", id)
        case .resume(let id): return RecycledKeyRequest.json("resumeRecycledKey", id)
        }
    }

    private static func json(_ name: String, _ id: ProviderKeyID) -> JSONValue {
        ["do": .string(name), "id": .number(JSONNumber(id.number))]
    }

    /// Reads a request that travelled; nil when it is not of the set.
    public init?(json: JSONValue) {
        let account = json["account"]?.integer.map(AccountID.init)
        let name = json["do"]?.string
        switch name {
        case "listRecycledKeys":
            let after = json["after"]?.integer.flatMap { ProviderKeyID($0) }
            guard json["account"] == nil || account != nil, json["after"] == nil || after != nil else { return nil }
            self = .list(account, after: after)
            return
        case "addRecycledKey":
            guard let account, let provider = json["provider"]?.string, let key = json["key"]?.string else {
                return nil
            }
            self = .add(account, provider: provider, label: json["label"]?.string ?? "", key: Secret(key))
            return
        default: break
        }
        guard let id = json["id"]?.integer.flatMap({ ProviderKeyID($0) }) else { return nil }
        switch name {
        case "showRecycledKey": self = .show(id)
        case "checkRecycledKey": self = .check(id)
        case "removeRecycledKey": self = .remove(id)
        case "resumeRecycledKey": self = .resume(id)
        default: return nil
        }
    }
}
