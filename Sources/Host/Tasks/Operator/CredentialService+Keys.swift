import Domain
import ProviderKit

/// The platform's keys at providers.
extension CredentialService {
    func add(_ key: Secret, at provider: String, label: String) async throws(OperatorError) -> JSONValue {
        guard let adapter = desk.adapters.first(where: { $0.name == provider }) else {
            let names = desk.adapters.map(\.name).joined(separator: ", ")
            throw OperatorError(
                "There is no adapters.\(provider) in the configuration. "
                    + (names.isEmpty ? "It has no adapters at all." : "Those that are there: \(names)."))
        }
        let format: Manifest.KeyFormat?
        switch adapter.keys {
        case .none: throw OperatorError("The adapter \(provider) needs no keys.")
        case .unknown: format = nil
        case .format(let known): format = known
        }
        if let refusal = KeyText.refusal(of: key, format: format) { throw OperatorError(refusal) }
        try OperatorError.check(label, "The label")
        let vault = try await keeper.openVault()
        guard !desk.isConfigured(provider, vault.fingerprint(of: key, provider: desk.vendor(provider))) else {
            throw OperatorError("The configuration refers to this key of \(provider) already.")
        }
        guard case .reservedProviderKey(let id) = try await write(.reserveProviderKey) else {
            throw OperatorError("The store gave an answer to another question.")
        }
        let sealed: SealedProviderKey
        do {
            sealed = try vault.seal(
                key, id: id, provider: provider, vendor: desk.vendor(provider), owner: nil, label: label)
        } catch {
            throw OperatorError(error.description)
        }
        _ = try await write(.addProviderKey(sealed))
        desk.added(sealed)
        return [
            "id": .number(JSONNumber(id.number)), "provider": .string(provider),
            "key": .string(KeyText.masked(key.bytes)), "label": .string(label), "formatChecked": .bool(format != nil),
        ]
    }

    func remove(_ id: ProviderKeyID) async throws(OperatorError) -> JSONValue {
        _ = try await write(.removeProviderKey(id))
        desk.removed(id)
        return ["id": .number(JSONNumber(id.number)), "removed": true]
    }

    /// All keys: those of the configuration by their references, those of the vault masked.
    func list() async throws(OperatorError) -> JSONValue {
        let records = try await providerKeys()
        // Without the master key there is still much to show.
        let vault = records.isEmpty ? nil : try? await keeper.openVault()
        var rows: [JSONValue] = desk.configured.map { key in
            [
                "id": .null, "provider": .string(key.provider), "key": "-", "label": "",
                "from": .string(key.reference), "added": .null, "state": "in the configuration",
            ]
        }
        for record in records {
            let shown = vault.map { CredentialService.masked(record.key, in: $0) }
            let state =
                switch shown {
                case nil: "sealed, the master key is missing"
                case .some(nil): "damaged"
                case .some(.some): "ready"
                }
            rows.append([
                "id": .number(JSONNumber(record.key.id.number)), "provider": .string(record.key.provider),
                "key": .string((shown ?? nil) ?? "-"), "label": .string(record.key.label), "from": "the vault",
                "added": .string(record.createdAt.utc), "state": .string(state),
            ])
        }
        return .array(rows)
    }

    /// Nil when the key cannot be opened.
    private static func masked(_ key: SealedProviderKey, in vault: any OpenVault) -> String? {
        try? vault.withKey(key) { KeyText.masked($0) }
    }

    /// Asks the providers about their keys: all providers at once, each about one key after the other.
    func check(_ id: ProviderKeyID?) async throws(OperatorError) -> JSONValue {
        guard let check = desk.check else {
            throw OperatorError(
                "Keys are checked by the running host, through its adapters, and no host runs. Start it first.")
        }
        let records = try await providerKeys().map(\.key)
        let vaultKeys = records.filter { id == nil || $0.id == id }
        if id != nil, vaultKeys.isEmpty { throw OperatorError(.refused(.unknownProviderKey)) }
        var wanted = vaultKeys.map { key in
            (provider: key.provider, credential: key.id.credential, id: JSONValue.number(JSONNumber(key.id.number)))
        }
        if id == nil { wanted = desk.configured.map { ($0.provider, $0.credential, .string($0.reference)) } + wanted }
        let keys = wanted
        let results = await withTaskGroup(of: [(Int, KeyCheck)].self) { group in
            for (provider, places) in Dictionary(grouping: keys.indices, by: { keys[$0].provider }) {
                group.addTask {
                    zip(places, await ask(about: places.map { keys[$0].credential }, at: provider, check)).map { $0 }
                }
            }
            return await group.reduce(into: [Int: KeyCheck]()) { all, some in
                for (place, result) in some { all[place] = result }
            }
        }
        return .array(keys.enumerated().map { CredentialService.row($1.id, $1.provider, results[$0]) })
    }

    /// What one provider says of its keys. Vendors lock out whoever sends many wrong ones, so that it ends after some;
    /// and it ends while somebody still waits for the answer.
    private func ask(
        about credentials: [String], at provider: String, _ check: @Sendable (String, String) async -> KeyCheck
    ) async -> [KeyCheck] {
        let end = now().advanced(by: .seconds(Limits.keyChecksSeconds))
        var refused = 0
        var results: [KeyCheck] = []
        for credential in credentials {
            guard refused < Limits.refusedKeyChecks else {
                results.append(
                    .unknown("Not asked: the provider has refused \(refused) keys already. Remove those first."))
                continue
            }
            guard now() < end else {
                results.append(.unknown("Not asked: the keys before it took too long. Check it by its number."))
                continue
            }
            let result = await check(provider, credential)
            if case .refused = result { refused += 1 }
            if result.isGoodForTasks { desk.foundGood(provider, credential) }
            results.append(result)
        }
        return results
    }

    private static func row(_ id: JSONValue, _ provider: String, _ result: KeyCheck?) -> JSONValue {
        var row: JSONObject = ["id": id, "provider": .string(provider)]
        switch result {
        case .valid(let balance)?:
            row["state"] = "valid"
            row["balance"] = balance.map { .string($0) } ?? .null
        case .refused(let words)?:
            row["state"] = "refused"
            row["reason"] = .string(words)
        case .unknown(let words)?:
            row["state"] = "not known"
            row["reason"] = .string(words)
        case nil:
            row["state"] = "not known"
        }
        return .object(row)
    }
}
