import Config
import Domain
import FoundationEssentials
import Logging
import ProviderKit
import Synchronization
import Tasks
import Vault

/// The keys of all enabled adapters, as they come and go while the host runs.
final class CredentialBook: Sendable {
    private let adapters: [String: AdapterKeys]
    private let vendor: @Sendable (_ adapter: String) -> String
    private let keeper: VaultKeeper
    private let logger: Logger
    private let changed = Mutex<@Sendable () -> Void>({})

    /// Fetches what the configuration refers to, and takes the vault's keys in. What is in memory from here on is
    /// sealed: the configuration's keys under a key that ends with the process.
    ///
    /// - Throws: a sentence when a key of the configuration cannot be fetched.
    init(
        _ configuration: Configuration, vaultKeys: [SealedProviderKey], keeper: VaultKeeper, logger: Logger
    ) throws {
        self.keeper = keeper
        vendor = configuration.vendor(of:)
        self.logger = logger
        let own = try KeyVault()
        var adapters: [String: AdapterKeys] = [:]
        for adapter in configuration.enabledAdapters {
            let keys = AdapterKeys()
            for (index, reference) in adapter.keys.enumerated() {
                let key: Secret
                do {
                    key = Secret(try reference.resolve(environment: ProcessInfo.processInfo.environment))
                } catch {
                    throw OperatorError("adapters.\(adapter.name).keys: \(error)")
                }
                guard let id = ProviderKeyID(Int64(index) + 1) else { continue }
                let sealed = try own.seal(key, id: id, provider: adapter.name, label: "")
                try keys.add(sealed, as: "config-\(index + 1)", from: .configuration) { own }
            }
            adapters[adapter.name] = keys
        }
        self.adapters = adapters
        for key in vaultKeys { take(key) }
    }

    /// The keys of an adapter, as its plug-in's instance uses them.
    func source(of adapter: String) -> AdapterKeys { adapters[adapter] ?? AdapterKeys() }

    /// What stands for the platform's keys of an adapter in requests, by their identities.
    func platformCredentials(of adapter: String) -> [String: Credential] {
        adapters[adapter]?.platformCredentials ?? [:]
    }

    /// What stands for a key of an adapter in requests, the platform's or a recycled one.
    func credential(_ identity: String, of adapter: String) -> Credential? { adapters[adapter]?.credential(identity) }

    /// Sets what is called after the platform's keys have changed.
    func onChange(_ body: @escaping @Sendable () -> Void) {
        changed.withLock { $0 = body }
    }

    func add(_ key: SealedProviderKey) {
        guard take(key) else { return }
        changed.withLock { $0 }()
    }

    func remove(_ id: ProviderKeyID) {
        // Nobody says whose it was; the identities of keys are unique in the vault.
        for keys in adapters.values { keys.remove(id.credential) }
        changed.withLock { $0 }()
    }

    /// Has a recycled key opened when it is used, from now on.
    func addRecycled(_ key: SealedProviderKey) {
        take(key)
    }

    func removeRecycled(_ id: ProviderKeyID, of adapter: String) {
        adapters[adapter]?.remove(id.recycledCredential)
    }

    /// Whether the configuration refers to the key with this fingerprint.
    func isConfigured(_ fingerprint: [UInt8], at provider: String) -> Bool {
        guard let vault = keeper.vault else { return false }
        return adapters[provider]?.isConfigured(fingerprint, vendor: vendor(provider), by: vault) ?? false
    }

    /// Whether the configuration refers to a key that was sealed, for whichever adapter of its vendor.
    func isConfigured(_ key: SealedProviderKey) -> Bool {
        adapters.keys.contains { isConfigured(key.fingerprint, at: $0) }
    }

    /// - Returns: false for a key that is not used: its adapter is not enabled, or it does not open.
    @discardableResult
    private func take(_ key: SealedProviderKey) -> Bool {
        guard let keys = adapters[key.provider] else { return false }
        guard !(key.owner == nil ? isConfigured(key.fingerprint, at: key.provider) : isConfigured(key)) else {
            logger.warning(
                "The key \(key.id) of \(key.provider) in the vault is one that the configuration refers to: used once.")
            return false
        }
        do {
            let isRecycled = key.owner != nil
            try keys.add(
                key, as: isRecycled ? key.id.recycledCredential : key.id.credential,
                from: isRecycled ? .recycled : .vault
            ) { [keeper] in keeper.vault }
            return true
        } catch {
            logger.error("A key is left out. \(error)", metadata: ["adapter": "\(key.provider)"])
            return false
        }
    }
}
