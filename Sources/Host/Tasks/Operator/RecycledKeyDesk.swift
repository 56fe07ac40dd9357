import Domain
import ProviderKit

/// The use cases of operators that concern the keys that accounts have handed over.
struct RecycledKeyDesk: Sendable {
    let store: any StoreAccess
    /// Nil when no host runs: then nobody can be asked about a key.
    let service: RecycledKeyService?

    func perform(_ request: RecycledKeyRequest) async throws(OperatorError) -> JSONValue {
        switch request {
        case .list(let account, let after):
            let query = RecycledKeyQuery(account: account, after: after, limit: Limits.keysPerPage)
            let keys = try await read { store throws(StoreFailure) in try store.recycledKeys(query) }
            return .array(keys.map { .object(asItIs($0).shown) })
        case .show(let id): return try await show(id)
        case .add(let account, let provider, let label, let key):
            return try await add(key, at: provider, label: label, for: account)
        case .check(let id):
            guard let service else { throw RecycledKeyDesk.noHost }
            let checked = await service.check(try await find(id))
            var shown = checked.key.shown
            shown["answered"] = .bool(checked.isAnswered)
            return .object(shown)
        case .remove(let id): return .object(try await have(.removed, happenTo: id).shown)
        case .resume(let id):
            guard try await find(id).life.isSuspended else {
                throw OperatorError("The recycled key \(id) is not suspended. Nothing was changed.")
            }
            return .object(try await have(.resumed, happenTo: id).shown)
        }
    }

    private static let noHost = OperatorError(
        """
        Providers are asked about recycled keys by the running host, through its adapters, and no host runs. Start it \
        first.
        """)

    private static let unknown = OperatorError(
        "There is no such recycled key. `ucaptcha recycled-key list` shows them.")

    private func show(_ id: ProviderKeyID) async throws(OperatorError) -> JSONValue {
        var shown = asItIs(try await find(id)).shown
        let history = try await read { store throws(StoreFailure) in try store.history(ofRecycledKey: id) }
        shown["history"] = .array(
            history.map { change in
                var entry: JSONObject = ["at": .string(change.at.utc)]
                change.life.show(in: &entry)
                return .object(entry)
            })
        return .object(shown)
    }

    private func add(
        _ key: Secret, at provider: String, label: String, for account: AccountID
    ) async throws(OperatorError) -> JSONValue {
        guard let service else { throw RecycledKeyDesk.noHost }
        guard try await read({ store throws(StoreFailure) in try store.account(account) }) != nil else {
            throw OperatorError(.refused(.unknownAccount))
        }
        do {
            let submitted = try await service.submit(key, at: provider, label: label, for: account)
            var shown = submitted.key.shown
            shown["new"] = .bool(submitted.isNew)
            return .object(shown)
        } catch {
            throw OperatorError(error.description)
        }
    }

    /// Through the running host where there is one, so that it knows at once.
    private func have(
        _ event: RecycledKeyLife.Event, happenTo id: ProviderKeyID
    ) async throws(OperatorError) -> RecycledKey {
        if let service {
            do {
                return try await service.perform(event, on: id, of: nil)
            } catch {
                throw error.code == .noSuchRecycledKey ? RecycledKeyDesk.unknown : OperatorError(error.description)
            }
        }
        do {
            guard case .recycledKey(let key) = try await store.perform(.recycling(.event(id, of: nil, event))) else {
                throw OperatorError("The store gave an answer to another question.")
            }
            return key
        } catch let error as StoreError {
            throw error == .refused(.unknownRecycledKey) ? RecycledKeyDesk.unknown : OperatorError(error)
        } catch let error as OperatorError {
            throw error
        } catch {
            throw OperatorError("\(error)")
        }
    }

    /// With the reason why it cannot be used, where the running host knows one.
    private func asItIs(_ key: RecycledKey) -> RecycledKey { service?.shown(key) ?? key }

    private func find(_ id: ProviderKeyID) async throws(OperatorError) -> RecycledKey {
        guard let key = try await read({ store throws(StoreFailure) in try store.recycledKey(id) }) else {
            throw RecycledKeyDesk.unknown
        }
        return key
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(OperatorError) -> Value {
        do {
            return try await store.read(body)
        } catch {
            throw OperatorError(error.description)
        }
    }
}

extension RecycledKeyLife {
    fileprivate func show(in object: inout JSONObject) {
        object["state"] = .string(state.rawValue)
        object["reason"] = reason.map { .string($0.rawValue) } ?? .null
        object["suspended"] = .bool(isSuspended)
        object["erased"] = .bool(isErased)
    }
}

extension RecycledKey {
    /// The key as `recycled-key list` shows it: masked, like everywhere.
    fileprivate var shown: JSONObject {
        var object: JSONObject = [
            "id": .number(JSONNumber(id.number)), "account": .number(JSONNumber(account.number)),
            "provider": .string(provider), "key": .string(masked), "label": .string(label),
        ]
        life.show(in: &object)
        object["balance"] = funds.balance.map { .string($0.description) } ?? .null
        object["otherMeans"] = .bool(funds.otherMeans)
        object["credited"] = .string(funds.credited.description)
        object["drift"] = .string(funds.drift.total.description)
        object["givenBack"] = .string(funds.drift.givenBack.description)
        object["unseen"] = .string(funds.drift.unseen.description)
        object["suspendedBy"] =
            (life.isSuspended ? funds.drift.suspendedBy?.rawValue : nil).map { .string($0) } ?? .null
        object["added"] = .string(createdAt.utc)
        object["checked"] = checkedAt.map { .string($0.utc) } ?? .null
        return object
    }
}
