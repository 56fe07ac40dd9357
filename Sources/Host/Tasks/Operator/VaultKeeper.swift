public import Domain
import Synchronization

/// Where the master key is found.
public struct MasterKeySource: Sendable {
    /// What `vault.masterKey` says, such as `file:secrets/master-key`; nil when the configuration has none.
    public let reference: String?
    /// Fetches it. The error names the reference, never the secret.
    public let fetch: @Sendable () throws(OperatorError) -> Secret

    public init(reference: String?, fetch: @escaping @Sendable () throws(OperatorError) -> Secret) {
        self.reference = reference
        self.fetch = fetch
    }
}

/// The vault of the database, opened when its master key is there. Everything of the process that opens keys asks it.
public final class VaultKeeper: Sendable {
    let opener: any VaultOpening
    let masterKey: MasterKeySource
    private let store: any StoreAccess
    private let opened = Mutex<(any OpenVault)?>(nil)

    public init(store: any StoreAccess, opener: any VaultOpening, masterKey: MasterKeySource) {
        self.store = store
        self.opener = opener
        self.masterKey = masterKey
    }

    /// The open vault; nil while it is not set up or its master key was not given.
    public var vault: (any OpenVault)? { opened.withLock { $0 } }

    /// Opens the vault of a host that starts. Nothing is written, whatever is wrong.
    ///
    /// - Returns: the platform's keys in the vault, and why it stays shut although it was set up; it does so only while
    ///   it is empty.
    /// - Throws: `OperatorError` when there are keys, of the platform or recycled ones, and the master key is missing
    ///   or another one.
    public func openAtStart() async throws(OperatorError) -> (keys: [SealedProviderKey], warning: String?) {
        let (dataKeys, keys, recycled) = try await read()
        guard !dataKeys.isEmpty else { return ([], nil) }
        do {
            try open(dataKeys)
        } catch {
            guard keys.count + recycled > 0 else {
                return ([], "The vault stays shut, and no key can be added to it. \(error)")
            }
            throw OperatorError(
                """
                The database holds keys of providers in its vault (\(keys.count + recycled)), which cannot be opened. \
                \(error) Nothing was changed.
                """)
        }
        return (keys, nil)
    }

    /// The vault, opened now if it isn't yet.
    ///
    /// - Throws: `OperatorError` that says how to set it up or what is wrong with the master key.
    func openVault() async throws(OperatorError) -> any OpenVault {
        if let vault { return vault }
        let dataKeys = try await read().dataKeys
        guard !dataKeys.isEmpty else {
            throw OperatorError(
                """
                There is no vault yet. Say in vault.masterKey where its master key is to be, and run `ucaptcha vault \
                init`.
                """)
        }
        return try open(dataKeys)
    }

    /// The master key of these data keys: `current` if it is, or what the configuration names.
    ///
    /// - Throws: `OperatorError` that says why neither is.
    func fitting(_ dataKeys: [WrappedDataKey], current: Secret?) throws(OperatorError) -> Secret {
        if let current, (try? opener.open(dataKeys, masterKey: current)) != nil { return current }
        return try unwrapped(dataKeys).masterKey
    }

    /// Takes a vault that was just made or rotated.
    func take(_ vault: any OpenVault) {
        opened.withLock { $0 = vault }
    }

    @discardableResult
    private func open(_ dataKeys: [WrappedDataKey]) throws(OperatorError) -> any OpenVault {
        let vault = try unwrapped(dataKeys).vault
        take(vault)
        return vault
    }

    /// The vault, and the master key that opened it: what is fetched another time may be another one.
    private func unwrapped(
        _ dataKeys: [WrappedDataKey]
    ) throws(OperatorError) -> (vault: any OpenVault, masterKey: Secret) {
        guard let reference = masterKey.reference else {
            throw OperatorError("Name the vault's master key in vault.masterKey of the configuration.")
        }
        let secret = try masterKey.fetch()
        do {
            return (try opener.open(dataKeys, masterKey: secret), secret)
        } catch {
            let advice =
                error.kind == .wrongMasterKey
                ? " If it was rotated, name the new one; the old one opens old backups." : ""
            throw OperatorError("vault.masterKey: \(reference): \(error)\(advice)")
        }
    }

    private func read() async throws(OperatorError) -> (
        dataKeys: [WrappedDataKey], keys: [SealedProviderKey], recycled: Int
    ) {
        do {
            return try await store.read { store throws(StoreFailure) in
                (
                    try store.dataKeys().map(\.key), try store.providerKeys().map(\.key),
                    try store.sealedRecycledKeys().count
                )
            }
        } catch {
            throw OperatorError(error.description)
        }
    }
}
