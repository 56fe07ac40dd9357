import Domain

/// The vault's rows: data keys that are replaced as a whole, and keys of providers that come and go.
extension Batch {
    func apply(_ operation: VaultOperation) throws -> Result<StoreReply, StoreRefusal> {
        switch operation {
        case .replaceDataKeys(let expected, let wanted): try replaceDataKeys(expected, wanted)
        case .reserveProviderKey: .success(.reservedProviderKey(try rows.nextProviderKey()))
        case .addProviderKey(let key): try add(key)
        case .removeProviderKey(let id):
            try rows.removeProviderKey(id) ? .success(.done) : .failure(.unknownProviderKey)
        }
    }

    /// A version that is gone would take the keys sealed under it along, so that none ever goes.
    private func replaceDataKeys(
        _ expected: [WrappedDataKey], _ wanted: [WrappedDataKey]
    ) throws -> Result<StoreReply, StoreRefusal> {
        guard try rows.dataKeys() == expected, wanted.count >= max(expected.count, 1),
            wanted.map(\.version) == Array(1...wanted.count)
        else { return .failure(.vaultChanged) }
        for key in wanted { try rows.save(key, at: now) }
        return .success(.done)
    }

    private func add(_ key: SealedProviderKey) throws -> Result<StoreReply, StoreRefusal> {
        guard key.fingerprint.count == 32, !key.sealed.isEmpty, try rows.isReserved(key.id) else {
            throw StoreFailure(
                .other, "The key \(key.id) of a provider was not sealed for its place. Report this: it is a mistake.")
        }
        guard try rows.dataKeys().contains(where: { $0.version == key.dataKey }) else {
            return .failure(.vaultChanged)
        }
        guard try !rows.hasProviderKey(at: key.provider, fingerprint: key.fingerprint),
            try !rows.claimsRecycledKey(fingerprint: key.fingerprint, otherThan: nil)
        else { return .failure(.duplicateProviderKey) }
        try rows.insert(key, at: now)
        return .success(.done)
    }
}

/// What the vault's rules read and write.
protocol VaultRows: AnyObject {
    /// By version.
    func dataKeys() throws -> [WrappedDataKey]
    /// Writes a data key, or another wrapping of one that is there.
    func save(_ key: WrappedDataKey, at now: Timestamp) throws

    /// Hands out the next number.
    func nextProviderKey() throws -> ProviderKeyID
    /// Whether the number was handed out and no key has it, of the platform or recycled.
    func isReserved(_ id: ProviderKeyID) throws -> Bool
    /// - Parameter provider: nil: any.
    func hasProviderKey(at provider: String?, fingerprint: [UInt8]) throws -> Bool
    func insert(_ key: SealedProviderKey, at now: Timestamp) throws
    /// - Returns: false when there is no such key.
    func removeProviderKey(_ id: ProviderKeyID) throws -> Bool
}
