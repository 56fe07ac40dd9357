public import Domain
public import ProviderKit

/// What an operator can ask for about the API keys of accounts. A key's text is part of no request.
public enum KeyRequest: Sendable, Hashable {
    /// The keys of one account; nil: of all.
    case list(AccountID?)
    case create(AccountID, name: String, scopes: Set<APIKey.Scope>)
    case rename(Int64, name: String)
    case revoke(Int64)
    /// Changes how a key's tasks are routed and how much it may do; changes that are empty show it.
    case settings(Int64, RoutingChange, AccessChange = AccessChange())
    /// Changes the addresses that a key may be used from; nil shows them.
    case allowAddresses(Int64, AccessChange.Addresses?)
    /// What the key's clients speak.
    case dialect(Int64, DialectSetting)
}

extension KeyRequest {
    /// The request as it travels.
    public var json: JSONValue {
        var object: JSONObject
        switch self {
        case .list(let account):
            object = ["do": "listKeys"]
            object["account"] = account.map { .number(JSONNumber($0.number)) }
        case .create(let account, let name, let scopes):
            object = [
                "do": "createKey", "account": .number(JSONNumber(account.number)), "name": .string(name),
                "scopes": scopes.json,
            ]
        case .rename(let id, let name):
            object = ["do": "renameKey", "id": .number(JSONNumber(id)), "name": .string(name)]
        case .revoke(let id):
            object = ["do": "revokeKey", "id": .number(JSONNumber(id))]
        case .settings(let id, let change, let access):
            object = ["do": "keySettings", "id": .number(JSONNumber(id))]
            object["mode"] = (change.mode?.rawValue).map { .string($0) }
            object["preset"] = (change.preset?.rawValue).map { .string($0) }
            object["slider"] = change.slider.map { .number(JSONNumber($0)) }
            object["keyPool"] = (change.keyPool?.rawValue).map { .string($0) }
            object["openTasks"] = access.openTasks.map { $0.value.map { .number(JSONNumber($0)) } ?? .null }
            object["dailySpend"] = access.dailySpend.map { $0.value.map { .string($0.description) } ?? .null }
        case .allowAddresses(let id, let change):
            object = ["do": "allowAddresses", "id": .number(JSONNumber(id))]
            if let change {
                object["change"] = .string(change.word)
                object["addresses"] = .array(change.ranges.map { .string($0.description) })
            }
        case .dialect(let id, let setting):
            object = [
                "do": "keyDialect", "id": .number(JSONNumber(id)), "dialect": .string(setting.rawValue),
            ]
        }
        return .object(object)
    }

    /// Reads a request that travelled; nil when it is not of the set.
    public init?(json: JSONValue) {
        let account = json["account"]?.integer.map(AccountID.init)
        let id = json["id"]?.integer
        switch json["do"]?.string {
        case "listKeys":
            guard json["account"] == nil || account != nil else { return nil }
            self = .list(account)
        case "createKey":
            guard let account, let name = json["name"]?.string, let scopes = json["scopes"].flatMap(Set.init(json:))
            else { return nil }
            self = .create(account, name: name, scopes: scopes)
        case "renameKey":
            guard let id, let name = json["name"]?.string else { return nil }
            self = .rename(id, name: name)
        case "revokeKey":
            guard let id else { return nil }
            self = .revoke(id)
        case "keySettings":
            guard let id, let change = RoutingChange(json: json), let access = AccessChange(json: json) else {
                return nil
            }
            self = .settings(id, change, access)
        case "allowAddresses":
            guard let id, let change = AccessChange.Addresses.read(json) else { return nil }
            self = .allowAddresses(id, change.value)
        case "keyDialect":
            guard let id, let setting = (json["dialect"]?.string).flatMap({ DialectSetting(rawValue: $0) }) else {
                return nil
            }
            self = .dialect(id, setting)
        default: return nil
        }
    }
}

extension RoutingChange {
    /// Nil when a member is there that cannot be.
    fileprivate init?(json: JSONValue) {
        let mode = (json["mode"]?.string).flatMap { RoutingSettings.Mode(rawValue: $0) }
        let preset = (json["preset"]?.string).flatMap { RoutingSettings.Preset(rawValue: $0) }
        let slider = json["slider"]?.integer.flatMap { Int(exactly: $0) }
        let keyPool = (json["keyPool"]?.string).flatMap { KeyPoolMode(rawValue: $0) }
        guard (json["mode"] == nil) == (mode == nil), (json["preset"] == nil) == (preset == nil),
            (json["slider"] == nil) == (slider == nil), (json["keyPool"] == nil) == (keyPool == nil)
        else { return nil }
        try? self.init(mode: mode, preset: preset, slider: slider, keyPool: keyPool)
    }
}

extension Set<APIKey.Scope> {
    /// Their names, in a fixed order.
    var json: JSONValue { .array(APIKey.Scope.allCases.filter(contains).map { .string($0.rawValue) }) }

    /// Nil when there is a name that is none.
    fileprivate init?(json: JSONValue) {
        let names = json.array?.map { $0.string }
        let scopes = names?.compactMap { $0.flatMap { APIKey.Scope(rawValue: $0) } }
        guard let names, let scopes, names.count == scopes.count else { return nil }
        self.init(scopes)
    }
}
