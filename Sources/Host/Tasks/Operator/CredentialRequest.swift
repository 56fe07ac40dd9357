public import Domain
public import ProviderKit

/// What an operator can ask for about the vault and the platform's keys at providers.
///
/// Keys and master keys are part of some requests: they travel over the control socket, which is its owner's alone.
public enum CredentialRequest: Sendable, Hashable {
    /// Makes the first data key, wrapped under this master key.
    case initVault(masterKey: Secret)
    /// `current` is what the command found where its configuration says: the running host may have read another one.
    case vaultStatus(current: Secret?)
    /// Wraps the data keys under another master key, or makes one more of them, or both at once.
    case rotateVault(to: Secret?, current: Secret?, newDataKey: Bool)
    case addKey(provider: String, label: String, key: Secret)
    case listKeys
    /// Asks the provider about one key of the vault, or about all keys there are.
    case checkKeys(ProviderKeyID?)
    case removeKey(ProviderKeyID)
}

extension CredentialRequest {
    /// The request as it travels. It shows what it holds: nothing but the control socket may get it.
    public var json: JSONValue {
        var object = JSONObject()
        switch self {
        case .initVault(let masterKey):
            object = ["do": "initVault", "masterKey": masterKey.json]
        case .vaultStatus(let current):
            object = ["do": "vaultStatus"]
            object["current"] = current?.json
        case .rotateVault(let masterKey, let current, let newDataKey):
            object = ["do": "rotateVault", "newDataKey": .bool(newDataKey)]
            object["to"] = masterKey?.json
            object["current"] = current?.json
        case .addKey(let provider, let label, let key):
            object = [
                "do": "addProviderKey", "provider": .string(provider), "label": .string(label), "key": key.json,
            ]
        case .listKeys:
            object = ["do": "listProviderKeys"]
        case .checkKeys(let id):
            object = ["do": "checkProviderKeys"]
            object["id"] = id.map { .number(JSONNumber($0.number)) }
        case .removeKey(let id):
            object = ["do": "removeProviderKey", "id": .number(JSONNumber(id.number))]
        }
        return .object(object)
    }

    /// Reads a request that travelled; nil when it is not of the set.
    public init?(json: JSONValue) {
        let id = json["id"]?.integer.flatMap { ProviderKeyID($0) }
        let current = (json["current"]?.string).map { Secret($0) }
        switch json["do"]?.string {
        case "initVault":
            guard let masterKey = json["masterKey"]?.string else { return nil }
            self = .initVault(masterKey: Secret(masterKey))
        case "vaultStatus": self = .vaultStatus(current: current)
        case "rotateVault":
            guard let newDataKey = json["newDataKey"]?.bool else { return nil }
            self = .rotateVault(
                to: (json["to"]?.string).map { Secret($0) }, current: current, newDataKey: newDataKey)
        case "addProviderKey":
            guard let provider = json["provider"]?.string, let key = json["key"]?.string else { return nil }
            self = .addKey(provider: provider, label: json["label"]?.string ?? "", key: Secret(key))
        case "listProviderKeys": self = .listKeys
        case "checkProviderKeys":
            guard json["id"] == nil || id != nil else { return nil }
            self = .checkKeys(id)
        case "removeProviderKey":
            guard let id else { return nil }
            self = .removeKey(id)
        default: return nil
        }
    }
}

extension Secret {
    fileprivate var json: JSONValue { .string(text ?? "") }
}
