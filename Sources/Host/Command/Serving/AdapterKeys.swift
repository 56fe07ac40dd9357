import Domain
import Plugins
import ProviderKit
import Synchronization
import Vault

/// The keys of one adapter: those that the configuration refers to and those of the vault, all of them sealed. A key is
/// opened for the moment in which a request is prepared.
final class AdapterKeys: CredentialSource {
    private struct Entry: Sendable {
        /// Identity within the provider: `config-1`, `vault-7`.
        let credential: String
        let placeholder: String
        /// Whether the configuration refers to it; else it is one of the vault's.
        let isConfigured: Bool
        let sealed: SealedProviderKey
        let vault: @Sendable () -> (any OpenVault)?
    }

    private struct State {
        var byPlaceholder: [String: Entry] = [:]
        /// Of all keys that there ever were: a line with a removed one may still come.
        var traces: [KeyTrace] = []
        /// All of them together; nil after one was added, until somebody wants them.
        var combinedTraces: KeyTraces?
        /// Keys that were removed. An addition that comes late must not bring them back.
        var removed: Set<String> = []
    }

    private let state = Mutex(State())

    /// Takes a key in. It is opened once, for its trace.
    ///
    /// - Throws: `VaultError` when it does not open; it is left out then.
    func add(
        _ key: SealedProviderKey, as credential: String, isConfigured: Bool,
        in vault: @escaping @Sendable () -> (any OpenVault)?
    ) throws {
        guard let opened = vault() else {
            throw VaultError(.other, "The vault is shut. Name its master key in vault.masterKey.")
        }
        let trace = try opened.withKey(key) { KeyTrace(of: $0) }
        let placeholder = Placeholder.text(try SecureRandom.bytes(count: 16))
        let entry = Entry(
            credential: credential, placeholder: placeholder, isConfigured: isConfigured, sealed: key, vault: vault)
        state.withLock { state in
            let isThere = state.byPlaceholder.values.contains { $0.credential == credential }
            guard !isThere, !state.removed.contains(credential) else { return }
            state.byPlaceholder[placeholder] = entry
            state.traces.append(trace)
            state.combinedTraces = nil
        }
    }

    /// Lets go of a key: from now on its placeholder stands for nothing.
    func remove(_ credential: String) {
        state.withLock { state in
            state.removed.insert(credential)
            state.byPlaceholder = state.byPlaceholder.filter { $0.value.credential != credential }
        }
    }

    /// What stands for the keys in requests, by their identities.
    var credentials: [String: Credential] {
        state.withLock { state in
            Dictionary(
                state.byPlaceholder.values.map { ($0.credential, Credential(placeholder: $0.placeholder)) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// Whether one of the configuration's keys has this fingerprint in `vault`.
    func isConfigured(_ fingerprint: [UInt8], provider: String, by vault: any OpenVault) -> Bool {
        let entries = state.withLock { $0.byPlaceholder.values.filter(\.isConfigured) }
        return entries.contains { entry in
            let own = try? entry.vault()?.withKey(entry.sealed) {
                vault.fingerprint(of: Secret(Array($0)), provider: provider)
            }
            return own == fingerprint
        }
    }

    // MARK: CredentialSource

    func withKey<Value, Failure: Error>(
        for placeholder: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        guard let entry = state.withLock({ $0.byPlaceholder[placeholder] }), let vault = entry.vault() else {
            return nil
        }
        let result: Result<Value, Failure>
        do {
            result = try vault.withKey(entry.sealed) { key in
                Result { () throws(Failure) -> Value in try body(key) }
            }
        } catch {
            return nil
        }
        return try result.get()
    }

    var traces: KeyTraces {
        state.withLock { state in
            if let traces = state.combinedTraces { return traces }
            let traces = KeyTraces(state.traces)
            state.combinedTraces = traces
            return traces
        }
    }
}
