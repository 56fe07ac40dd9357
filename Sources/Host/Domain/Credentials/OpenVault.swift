/// The vault of a database after its master key was given: it seals keys of providers and opens them for a moment.
public protocol OpenVault: Sendable {
    /// Seals a key under the latest data key, bound to its number, its provider and whose it is.
    ///
    /// - Parameters:
    ///   - vendor: what the key's fingerprint is made for.
    ///   - owner: who has handed it over to have it recycled; nil for a key of the platform.
    /// - Throws: `VaultError`.
    func seal(
        _ key: Secret, id: ProviderKeyID, provider: String, vendor: String, owner: AccountID?, label: String
    ) throws(VaultError) -> SealedProviderKey

    /// Opens a key for as long as `body` runs; then it is overwritten in memory.
    ///
    /// - Throws: `VaultError` of the kind `damaged` when the key is not what was sealed, or not in its place.
    func withKey<Value>(_ key: SealedProviderKey, _ body: (UnsafeRawBufferPointer) -> Value) throws(VaultError) -> Value

    /// What is the same for the same key at the same vendor, 32 bytes. Keys that are hexadecimal, all or behind a
    /// prefix such as `CAP-`, are the same in either case.
    func fingerprint(of key: Secret, provider vendor: String) -> [UInt8]

    /// The data keys, wrapped under this master key.
    ///
    /// - Parameter adding: whether there is to be one data key more.
    /// - Throws: `VaultError`.
    func wrapped(under masterKey: Secret, adding: Bool) throws(VaultError) -> [WrappedDataKey]
}

extension OpenVault {
    /// Seals a key whose provider is a vendor of its own.
    ///
    /// - Throws: `VaultError`.
    public func seal(
        _ key: Secret, id: ProviderKeyID, provider: String, owner: AccountID?, label: String
    ) throws(VaultError) -> SealedProviderKey {
        try seal(key, id: id, provider: provider, vendor: provider, owner: owner, label: label)
    }

    /// Seals a key of the platform whose provider is a vendor of its own.
    ///
    /// - Throws: `VaultError`.
    public func seal(
        _ key: Secret, id: ProviderKeyID, provider: String, label: String
    ) throws(VaultError) -> SealedProviderKey {
        try seal(key, id: id, provider: provider, owner: nil, label: label)
    }
}

/// Opens vaults and makes them.
public protocol VaultOpening: Sendable {
    /// - Parameters:
    ///   - dataKeys: all of the database; at least one.
    ///   - masterKey: the master key's text: 64 hexadecimal digits, or 32 bytes in base64.
    /// - Throws: `VaultError`: `badMasterKey`, `wrongMasterKey`, `damaged`.
    func open(_ dataKeys: [WrappedDataKey], masterKey: Secret) throws(VaultError) -> any OpenVault

    /// The first data key of a new vault.
    ///
    /// - Throws: `VaultError`.
    func firstDataKey(masterKey: Secret) throws(VaultError) -> WrappedDataKey
}

/// Why the vault did not do something.
public struct VaultError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The text is no master key at all.
        case badMasterKey
        /// The master key is another one than that which the data keys are wrapped under.
        case wrongMasterKey
        /// Something was altered, cut or moved since it was sealed.
        case damaged
        /// The system or libcrypto refused.
        case other
    }

    public let kind: Kind
    /// A sentence for the operator; never holds a secret.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
