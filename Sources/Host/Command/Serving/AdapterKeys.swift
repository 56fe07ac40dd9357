import Domain
import Plugins
import ProviderKit
import Synchronization
import Vault

/// The keys of one adapter: those that the configuration refers to, those of the vault and the recycled ones, all of
/// them sealed. A key is opened for the moment in which a request is prepared.
final class AdapterKeys: CredentialSource {
    /// Where a key comes from.
    enum Origin: Sendable {
        /// The configuration refers to it.
        case configuration
        /// It is one of the platform's in the vault.
        case vault
        /// An account has handed it over.
        case recycled
    }

    private struct Entry: Sendable {
        let placeholder: String
        let origin: Origin
        let sealed: SealedProviderKey
        let vault: @Sendable () -> (any OpenVault)?
    }

    private struct State {
        var byPlaceholder: [String: Entry] = [:]
        /// The placeholders by the keys' identities within the provider: `config-1`, `vault-7`, `recycled-8`.
        var placeholders: [String: String] = [:]
        /// Of all keys that there ever were: a line with a removed one may still come.
        var traces: [KeyTrace] = []
        /// All of them together; nil after one was added, until somebody wants them.
        var combinedTraces: KeyTraces?
        /// Keys that were removed. An addition that comes late must not bring them back.
        var removed: Set<String> = []
    }

    private let state = Mutex(State())

    /// Takes a key in, unless it is there. It is opened once, for its trace.
    ///
    /// - Throws: `VaultError` when it does not open; it is left out then.
    func add(
        _ key: SealedProviderKey, as credential: String, from origin: Origin,
        in vault: @escaping @Sendable () -> (any OpenVault)?
    ) throws {
        guard self.credential(credential) == nil else { return }
        guard let opened = vault() else {
            throw VaultError(.other, "The vault is shut. Name its master key in vault.masterKey.")
        }
        let trace = try opened.withKey(key) { KeyTrace(of: $0) }
        let placeholder = Placeholder.text(try SecureRandom.bytes(count: 16))
        let entry = Entry(placeholder: placeholder, origin: origin, sealed: key, vault: vault)
        state.withLock { state in
            guard state.placeholders[credential] == nil, !state.removed.contains(credential) else { return }
            state.byPlaceholder[placeholder] = entry
            state.placeholders[credential] = placeholder
            state.traces.append(trace)
            state.combinedTraces = nil
        }
    }

    /// Lets go of a key: from now on its placeholder stands for nothing.
    func remove(_ credential: String) {
        state.withLock { state in
            state.removed.insert(credential)
            if let placeholder = state.placeholders.removeValue(forKey: credential) {
                state.byPlaceholder[placeholder] = nil
            }
        }
    }

    /// What stands for a key in requests; nil when there is none of this identity.
    func credential(_ identity: String) -> Credential? {
        state.withLock { $0.placeholders[identity] }.map(Credential.init(placeholder:))
    }

    /// What stands for the platform's keys in requests, by their identities.
    var platformCredentials: [String: Credential] {
        state.withLock { state in
            state.placeholders.compactMapValues { placeholder in
                guard let entry = state.byPlaceholder[placeholder] else { return nil }
                if case .recycled = entry.origin { return nil }
                return Credential(placeholder: placeholder)
            }
        }
    }

    /// Whether one of the configuration's keys has this fingerprint in `vault`.
    func isConfigured(_ fingerprint: [UInt8], vendor: String, by vault: any OpenVault) -> Bool {
        let entries = state.withLock { $0.byPlaceholder.values.filter { $0.origin == .configuration } }
        return entries.contains { entry in
            let own = try? entry.vault()?.withKey(entry.sealed) {
                vault.fingerprint(of: Secret(Array($0)), provider: vendor)
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
