public import Domain

/// The vault of a store in memory.
struct MemoryVault: Sendable {
    var dataKeys: [DataKeyRecord] = []
    var providerKeys: [ProviderKeyID: ProviderKeyRecord] = [:]
    /// The number that was handed out last.
    var lastNumber: Int64 = 0
}

extension MemoryRows: VaultRows {
    func dataKeys() -> [WrappedDataKey] { state.vault.dataKeys.map(\.key) }

    func save(_ key: WrappedDataKey, at now: Timestamp) {
        changeVault { vault in
            if let index = vault.dataKeys.firstIndex(where: { $0.key.version == key.version }) {
                let createdAt = vault.dataKeys[index].createdAt
                vault.dataKeys[index] = DataKeyRecord(key: key, createdAt: createdAt, wrappedAt: now)
            } else {
                vault.dataKeys.append(DataKeyRecord(key: key, createdAt: now, wrappedAt: now))
            }
        }
    }

    func nextProviderKey() throws -> ProviderKeyID {
        guard let id = ProviderKeyID(state.vault.lastNumber + 1) else {
            throw StoreFailure(.other, "No number is left for a provider's key.")
        }
        changeVault { $0.lastNumber = id.number }
        return id
    }

    func isReserved(_ id: ProviderKeyID) -> Bool {
        id.number <= state.vault.lastNumber && state.vault.providerKeys[id] == nil && state.recycling.keys[id] == nil
    }

    func hasProviderKey(at provider: String?, fingerprint: [UInt8]) -> Bool {
        state.vault.providerKeys.values.contains {
            provider ?? $0.key.provider == $0.key.provider && $0.key.fingerprint == fingerprint
        }
    }

    func insert(_ key: SealedProviderKey, at now: Timestamp) {
        changeVault { $0.providerKeys[key.id] = ProviderKeyRecord(key: key, createdAt: now) }
    }

    func removeProviderKey(_ id: ProviderKeyID) -> Bool {
        guard state.vault.providerKeys[id] != nil else { return false }
        changeVault { $0.providerKeys[id] = nil }
        return true
    }

    /// The vault is small and rarely changes, so that it is put back as a whole.
    private func changeVault(_ body: (inout MemoryVault) -> Void) {
        let before = state.vault
        var after = before
        body(&after)
        change({ [after] in $0.vault = after }, undo: { $0.vault = before })
    }
}

extension MemoryStore {
    public func dataKeys() -> [DataKeyRecord] { vault.dataKeys }

    public func providerKeys() -> [ProviderKeyRecord] { vault.providerKeys.values.sorted { $0.key.id < $1.key.id } }
}
