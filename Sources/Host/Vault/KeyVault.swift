public import Domain

/// An open vault: its data keys, unwrapped. The master key is not kept.
///
/// A data key is used through two keys that are derived from it, one for sealing and one for fingerprints, so that
/// neither use can tell anything of the other. Fingerprints are made under the first version for ever: they have to be
/// the same whatever version a key is sealed under.
public final class KeyVault: OpenVault {
    private struct DataKey {
        let itself: SecretBytes
        let sealing: SecretBytes

        init(_ itself: SecretBytes) {
            self.itself = itself
            sealing = HMACSHA256.derive("ucaptcha vault: sealing", from: itself)
        }
    }

    /// Version n at n - 1; at least one.
    private let dataKeys: [DataKey]
    private let fingerprints: SecretBytes

    fileprivate init(_ dataKeys: [SecretBytes], first: SecretBytes) {
        self.dataKeys = dataKeys.map(DataKey.init)
        fingerprints = HMACSHA256.derive("ucaptcha vault: fingerprints", from: first)
    }

    /// A vault of this process alone, under a key that ends with it.
    ///
    /// - Throws: `VaultError` when the system has no randomness to give.
    public convenience init() throws(VaultError) {
        let key = try KeyVault.randomKey()
        self.init([key], first: key)
    }

    public func seal(
        _ key: Secret, id: ProviderKeyID, provider: String, vendor: String, owner: AccountID?, label: String
    ) throws(VaultError) -> SealedProviderKey {
        let version = dataKeys.count
        let binding = Binding.providerKey(
            id: id.number, provider: provider, owner: owner?.number, dataKey: version)
        let text = SecretBytes(copying: key.bytes)
        let sealed = try text.withBytes { text throws(VaultError) in
            try SealedBox.seal(text, key: dataKeys[version - 1].sealing, as: binding)
        }
        return SealedProviderKey(
            id: id, provider: provider, owner: owner, label: label, dataKey: version, sealed: sealed,
            fingerprint: fingerprint(of: key, provider: vendor))
    }

    public func withKey<Value>(
        _ key: SealedProviderKey, _ body: (UnsafeRawBufferPointer) -> Value
    ) throws(VaultError) -> Value {
        let damaged = VaultError(
            .damaged,
            """
            The key \(key.id) of \(key.provider) is not what was sealed there: the database was altered or is damaged. \
            Restore a backup, or remove the key and add it again.
            """)
        guard key.dataKey >= 1, key.dataKey <= dataKeys.count else { throw damaged }
        let binding = Binding.providerKey(
            id: key.id.number, provider: key.provider, owner: key.owner?.number, dataKey: key.dataKey)
        guard let text = try SealedBox.open(key.sealed, key: dataKeys[key.dataKey - 1].sealing, as: binding) else {
            throw damaged
        }
        return text.withBytes(body)
    }

    public func fingerprint(of key: Secret, provider vendor: String) -> [UInt8] {
        // A vendor's name has no zero byte, so that name and key cannot run into each other.
        var message = Array(vendor.utf8) + [0]
        message.reserveCapacity(message.count + key.bytes.count)
        let ignoresCase = KeyVault.isHexadecimal(key.bytes)
        for byte in key.bytes { message.append(ignoresCase && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        defer { message.wipe() }
        return HMACSHA256.code(message, key: fingerprints)
    }

    /// Whether a key is hexadecimal, all of it or behind a prefix that ends with a hyphen.
    private static func isHexadecimal(_ key: [UInt8]) -> Bool {
        let rest = key[(key.lastIndex(of: 0x2D).map { $0 + 1 } ?? 0)...]
        return rest.count >= 16
            && rest.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    }

    public func wrapped(under masterKey: Secret, adding: Bool) throws(VaultError) -> [WrappedDataKey] {
        let master = try MasterKey.read(masterKey)
        var keys = dataKeys.map(\.itself)
        if adding { keys.append(try KeyVault.randomKey()) }
        var wrapped: [WrappedDataKey] = []
        for key in keys { wrapped.append(try KeyVault.wrap(key, version: wrapped.count + 1, under: master)) }
        return wrapped
    }

    fileprivate static func randomKey() throws(VaultError) -> SecretBytes {
        do {
            var bytes = try SecureRandom.bytes(count: AESGCM.keyBytes)
            defer { bytes.wipe() }
            return SecretBytes(copying: bytes, isLasting: true)
        } catch {
            throw VaultError(.other, error.description)
        }
    }

    fileprivate static func wrap(
        _ key: SecretBytes, version: Int, under master: SecretBytes
    ) throws(VaultError) -> WrappedDataKey {
        let box = try key.withBytes { key throws(VaultError) in
            try SealedBox.seal(key, key: master, as: .dataKey(version: version))
        }
        return WrappedDataKey(version: version, wrapped: box)
    }
}

/// Opens vaults with their master key.
public struct KeyVaultOpener: VaultOpening {
    public init() {}

    public func open(_ dataKeys: [WrappedDataKey], masterKey: Secret) throws(VaultError) -> any OpenVault {
        let master = try MasterKey.read(masterKey)
        let missing = VaultError(.damaged, "The vault has lost a data key. Restore a backup of the database.")
        guard dataKeys.map(\.version) == Array(1...max(dataKeys.count, 1)) else { throw missing }
        var opened: [SecretBytes] = []
        for dataKey in dataKeys {
            let binding = Binding.dataKey(version: dataKey.version)
            guard let key = try SealedBox.open(dataKey.wrapped, key: master, as: binding, isLasting: true),
                key.count == AESGCM.keyBytes
            else {
                // Of several, one that opens tells that the master key is right.
                guard opened.isEmpty, !opens(dataKeys.dropFirst(), master) else {
                    throw VaultError(
                        .damaged,
                        "Data key \(dataKey.version) of the vault is damaged. Restore a backup of the database.")
                }
                throw VaultError(.wrongMasterKey, "The master key is not the one of this vault.")
            }
            opened.append(key)
        }
        guard let first = opened.first else { throw missing }
        return KeyVault(opened, first: first)
    }

    public func firstDataKey(masterKey: Secret) throws(VaultError) -> WrappedDataKey {
        try KeyVault.wrap(try KeyVault.randomKey(), version: 1, under: try MasterKey.read(masterKey))
    }

    private func opens(_ dataKeys: some Sequence<WrappedDataKey>, _ master: SecretBytes) -> Bool {
        dataKeys.contains { dataKey in
            (try? SealedBox.open(dataKey.wrapped, key: master, as: .dataKey(version: dataKey.version))) != nil
        }
    }
}
