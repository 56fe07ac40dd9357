public import Domain
public import ProviderKit

/// What an operator can ask for, with or without a running host. It travels as JSON over the control socket.
public enum OperatorRequest: Sendable, Hashable {
    case createAccount(name: String, deposit: Money?)
    case listAccounts
    /// What the balance of an account is made of.
    case showAccount(AccountID)
    case setSuspended(AccountID, Bool)
    case deposit(AccountID, Money, reference: String?)
    case verifyLedger
    case listAdapters
    case releasePlugin(String)
    case backup(path: String)
    /// About the API keys of accounts.
    case keys(KeyRequest)
    /// About the vault and the platform's keys at providers.
    case credentials(CredentialRequest)
    /// About the keys that accounts have handed over.
    case recycledKeys(RecycledKeyRequest)
    /// About the choice between providers.
    case routes(RouteRequest)
}

extension OperatorRequest {
    /// The request as it travels.
    public var json: JSONValue {
        switch self {
        case .createAccount(let name, let deposit):
            var object: JSONObject = ["do": "createAccount", "name": .string(name)]
            object["deposit"] = deposit.map { .string($0.description) }
            return .object(object)
        case .listAccounts: return ["do": "listAccounts"]
        case .showAccount(let account): return ["do": "showAccount", "account": .number(JSONNumber(account.number))]
        case .setSuspended(let account, let suspended):
            return [
                "do": "setSuspended", "account": .number(JSONNumber(account.number)), "suspended": .bool(suspended),
            ]
        case .deposit(let account, let amount, let reference):
            var object: JSONObject = [
                "do": "deposit", "account": .number(JSONNumber(account.number)), "amount": .string(amount.description),
            ]
            object["reference"] = reference.map { .string($0) }
            return .object(object)
        case .verifyLedger: return ["do": "verifyLedger"]
        case .listAdapters: return ["do": "listAdapters"]
        case .releasePlugin(let name): return ["do": "releasePlugin", "plugin": .string(name)]
        case .backup(let path): return ["do": "backup", "path": .string(path)]
        case .keys(let request): return request.json
        case .credentials(let request): return request.json
        case .recycledKeys(let request): return request.json
        case .routes(let request): return request.json
        }
    }

    /// Reads a request that travelled; nil when it is not of the set.
    public init?(json: JSONValue) {
        let account = json["account"]?.integer.map(AccountID.init)
        switch json["do"]?.string {
        case "createAccount":
            var deposit: Money?
            if let text = json["deposit"]?.string {
                guard let amount = Money(decimal: text) else { return nil }
                deposit = amount
            }
            self = .createAccount(name: json["name"]?.string ?? "", deposit: deposit)
        case "listAccounts": self = .listAccounts
        case "showAccount":
            guard let account else { return nil }
            self = .showAccount(account)
        case "setSuspended":
            guard let account, let suspended = json["suspended"]?.bool else { return nil }
            self = .setSuspended(account, suspended)
        case "deposit":
            guard let account, let amount = (json["amount"]?.string).flatMap({ Money(decimal: $0) }) else { return nil }
            self = .deposit(account, amount, reference: json["reference"]?.string)
        case "verifyLedger": self = .verifyLedger
        case "listAdapters": self = .listAdapters
        case "releasePlugin":
            guard let name = json["plugin"]?.string else { return nil }
            self = .releasePlugin(name)
        case "backup":
            guard let path = json["path"]?.string else { return nil }
            self = .backup(path: path)
        default:
            if let request = KeyRequest(json: json) {
                self = .keys(request)
            } else if let request = RecycledKeyRequest(json: json) {
                self = .recycledKeys(request)
            } else if let request = RouteRequest(json: json) {
                self = .routes(request)
            } else {
                guard let request = CredentialRequest(json: json) else { return nil }
                self = .credentials(request)
            }
        }
    }
}

/// Why an operator's request was not done: a sentence that says what to do.
public struct OperatorError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
