public import Domain
public import ProviderKit

/// The use cases of operators that concern the vault and the platform's keys at providers.
public struct CredentialService: Sendable {
    let store: any StoreAccess
    let keeper: VaultKeeper
    let desk: CredentialDesk
    let now: @Sendable () -> ContinuousClock.Instant

    public init(
        store: any StoreAccess, keeper: VaultKeeper, desk: CredentialDesk,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.store = store
        self.keeper = keeper
        self.desk = desk
        self.now = now
    }

    /// Does what is asked for.
    ///
    /// - Throws: `OperatorError`.
    public func perform(_ request: CredentialRequest) async throws(OperatorError) -> JSONValue {
        switch request {
        case .initVault(let masterKey): try await initVault(masterKey)
        case .vaultStatus(let current): try await status(current)
        case .rotateVault(let new, let current, let newDataKey): try await rotate(to: new, current, newDataKey)
        case .addKey(let provider, let label, let key): try await add(key, at: provider, label: label)
        case .listKeys: try await list()
        case .checkKeys(let id): try await check(id)
        case .removeKey(let id): try await remove(id)
        }
    }

    // MARK: The vault

    private func initVault(_ masterKey: Secret) async throws(OperatorError) -> JSONValue {
        guard try await dataKeys().isEmpty else { throw CredentialService.isSetUp }
        let vault: any OpenVault
        let first: WrappedDataKey
        do {
            first = try keeper.opener.firstDataKey(masterKey: masterKey)
            vault = try keeper.opener.open([first], masterKey: masterKey)
        } catch {
            throw OperatorError(error.description)
        }
        do {
            _ = try await store.perform(.vault(.replaceDataKeys(expecting: [], with: [first])))
        } catch {
            throw error == .refused(.vaultChanged) ? CredentialService.isSetUp : OperatorError(error)
        }
        keeper.take(vault)
        return ["dataKeys": 1]
    }

    private static let isSetUp = OperatorError(
        "The vault is set up already, and nothing was changed. `ucaptcha vault rotate` gives it another master key.")

    private func status(_ current: Secret?) async throws(OperatorError) -> JSONValue {
        let records = try await dataKeys()
        let recycled = try await recycledKeys()
        let keys = try await providerKeys().map(\.key) + recycled
        var fit = "There is no vault yet."
        if !records.isEmpty {
            do {
                _ = try keeper.fitting(records.map(\.key), current: current)
                fit = "fits"
            } catch {
                fit = error.description
            }
        }
        return [
            "masterKey": keeper.masterKey.reference.map { .string($0) } ?? .null, "fit": .string(fit),
            "fits": .bool(fit == "fits"), "open": .bool(keeper.vault != nil), "keys": .number(JSONNumber(keys.count)),
            "recycledKeys": .number(JSONNumber(recycled.count)),
            "dataKeys": .array(
                records.map { record in
                    let count = keys.count { $0.dataKey == record.key.version }
                    return [
                        "version": .number(JSONNumber(record.key.version)), "made": .string(record.createdAt.utc),
                        "wrapped": .string(record.wrappedAt.utc), "keys": .number(JSONNumber(count)),
                    ]
                }),
        ]
    }

    /// One commit puts all wrapped data keys in the place of the old ones: before it the old master key opens them,
    /// after it the new one.
    private func rotate(
        to new: Secret?, _ current: Secret?, _ newDataKey: Bool
    ) async throws(OperatorError) -> JSONValue {
        guard new != nil || newDataKey else { throw OperatorError("Say what to rotate: see --help.") }
        let vault = try await keeper.openVault()
        let before = try await dataKeys().map(\.key)
        // Without another master key, the one of the configuration has to be right before anything is wrapped under it.
        let master: Secret
        if let new {
            guard (try? keeper.opener.open(before, masterKey: new)) == nil || newDataKey else {
                throw OperatorError("This is the vault's master key already. Nothing was changed.")
            }
            master = new
        } else {
            master = try keeper.fitting(before, current: current)
        }
        let after: [WrappedDataKey]
        let rotated: any OpenVault
        do {
            after = try vault.wrapped(under: master, adding: newDataKey)
            rotated = try keeper.opener.open(after, masterKey: master)
        } catch {
            throw OperatorError(error.description)
        }
        do {
            _ = try await store.perform(.vault(.replaceDataKeys(expecting: before, with: after)))
        } catch {
            throw OperatorError(error)
        }
        keeper.take(rotated)
        return ["dataKeys": .number(JSONNumber(after.count)), "newMasterKey": .bool(new != nil)]
    }

    // MARK: The store

    func dataKeys() async throws(OperatorError) -> [DataKeyRecord] {
        do {
            return try await store.read { store throws(StoreFailure) in try store.dataKeys() }
        } catch {
            throw OperatorError(error.description)
        }
    }

    func providerKeys() async throws(OperatorError) -> [ProviderKeyRecord] {
        do {
            return try await store.read { store throws(StoreFailure) in try store.providerKeys() }
        } catch {
            throw OperatorError(error.description)
        }
    }

    private func recycledKeys() async throws(OperatorError) -> [SealedProviderKey] {
        do {
            return try await store.read { store throws(StoreFailure) in try store.sealedRecycledKeys() }
        } catch {
            throw OperatorError(error.description)
        }
    }

    func write(_ operation: VaultOperation) async throws(OperatorError) -> StoreReply {
        do {
            return try await store.perform(.vault(operation))
        } catch {
            throw OperatorError(error)
        }
    }
}
