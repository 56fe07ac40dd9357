import Domain
import ProviderKit

/// The use cases of operators that concern the API keys of accounts.
struct KeyService: Sendable {
    let store: any StoreAccess
    let maker: KeyMaker
    /// Called after something about a key has changed.
    let changed: @Sendable () -> Void

    func perform(_ request: KeyRequest) async throws(OperatorError) -> JSONValue {
        switch request {
        case .list(let account): return .array(try await keys(of: account).map { .object($0.json) })
        case .create(let account, let name, let scopes): return try await create(account, name, scopes)
        case .rename(let id, let name):
            try OperatorError.check(name, "The name")
            try await refuseRevoked(id)
            return try await change(.renameKey(nil, key: id, name: name))
        case .revoke(let id): return try await change(.revokeKey(nil, key: id))
        case .settings(let id, let change, let access):
            // Without a change its settings are only shown.
            if !change.isEmpty || !access.isEmpty { try await refuseRevoked(id) }
            let routed = try await self.change(.setRouting(nil, key: id, change))
            return access.isEmpty ? routed : try await self.change(.setAccess(nil, key: id, access))
        case .allowAddresses(let id, let change):
            let access = AccessChange(addresses: change)
            if !access.isEmpty { try await refuseRevoked(id) }
            return try await self.change(.setAccess(nil, key: id, access))
        case .dialect(let id, let setting):
            try await refuseRevoked(id)
            return try await change(.setDialect(nil, key: id, setting.dialect))
        }
    }

    private func refuseRevoked(_ id: Int64) async throws(OperatorError) {
        guard try await keys(of: nil).first(where: { $0.id == id })?.revoked ?? false else { return }
        throw OperatorError("Key \(id) is revoked, and takes no change any more. Create another one.")
    }

    private func keys(of account: AccountID?) async throws(OperatorError) -> [APIKey] {
        do {
            return try await store.read { store throws(StoreFailure) in try store.keys(of: account) }
        } catch {
            throw OperatorError(error.description)
        }
    }

    private func create(
        _ account: AccountID, _ name: String, _ scopes: Set<APIKey.Scope>
    ) async throws(OperatorError) -> JSONValue {
        guard !scopes.isEmpty else { throw OperatorError("A key needs a scope: solve, manage or both.") }
        let made = try maker.make(name: name, scopes: scopes)
        var json = try await write(.createKey(account, made.key)).json
        json["apiKey"] = .string(made.text)
        return .object(json)
    }

    private func change(_ operation: StoreOperation) async throws(OperatorError) -> JSONValue {
        let key = try await write(operation)
        changed()
        return .object(key.json)
    }

    private func write(_ operation: StoreOperation) async throws(OperatorError) -> APIKey {
        let reply: StoreReply
        do {
            reply = try await store.perform(operation)
        } catch {
            throw OperatorError(error)
        }
        guard case .key(let key) = reply else { throw OperatorError("The store gave an answer to another question.") }
        return key
    }
}

/// Makes API keys out of random bytes.
struct KeyMaker: Sendable {
    /// From the system's generator.
    let randomBytes: @Sendable (Int) throws -> [UInt8]
    /// SHA-256.
    let hash: @Sendable ([UInt8]) -> [UInt8]

    /// - Returns: the key's text, which is shown once, and what is stored of it.
    func make(name: String, scopes: Set<APIKey.Scope>) throws(OperatorError) -> (text: String, key: NewKey) {
        try OperatorError.check(name, "The name")
        guard let bytes = try? randomBytes(64), let text = APIKeyText(random: bytes) else {
            throw OperatorError("The system gave no random bytes, so that no key was made. Try again.")
        }
        return (text.text, NewKey(name: name, hash: hash(Array(text.text.utf8)), scopes: scopes))
    }
}

extension APIKey {
    /// The key as `key list` shows it, without its text, which nobody knows.
    fileprivate var json: JSONObject {
        var json: JSONObject = [
            "id": .number(JSONNumber(id)), "account": .number(JSONNumber(account.number)), "name": .string(name),
            "scopes": scopes.json, "mode": .string(settings.mode.rawValue), "preset": .string(settings.preset.rawValue),
            "slider": .number(JSONNumber(settings.slider)), "keyPool": .string(settings.keyPool.rawValue),
            "dialect": .string(DialectSetting(dialect).rawValue),
        ]
        for member in access.json.members { json[member.name] = member.value }
        json["revoked"] = .bool(revoked)
        json["created"] = .string(createdAt.utc)
        return json
    }
}
