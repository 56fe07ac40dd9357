import Config
import Domain
import FoundationEssentials
import Glibc
import Plugins
import ProviderKit
import Tasks

extension CredentialDesk {
    /// What the configuration alone tells, when no host runs. Its keys are fetched as far as this command can: one that
    /// only the host can fetch, such as from its environment, is compared with the vault's when the host starts.
    static func file(of configuration: Configuration, keeper: VaultKeeper) -> CredentialDesk {
        CredentialDesk(
            adapters: configuration.adapters.map { Adapter(name: $0.name, keys: .unknown) },
            configured: configured(configuration.adapters), vendor: configuration.vendor(of:),
            isConfigured: { provider, fingerprint in
                guard let vault = keeper.vault else { return false }
                let references = configuration.adapters.first { $0.name == provider }?.keys ?? []
                return references.contains { reference in
                    let key = try? reference.resolve(environment: ProcessInfo.processInfo.environment)
                    return key.map { vault.fingerprint(of: Secret($0), provider: configuration.vendor(of: provider)) }
                        == fingerprint
                }
            })
    }

    /// What the running host knows and does.
    ///
    /// - Parameter refused: called when a provider has refused one of its keys.
    static func running(
        _ configuration: Configuration, _ registry: AdapterRegistry, _ book: CredentialBook, _ market: Market,
        refused: @escaping @Sendable (_ provider: String) -> Void
    ) -> CredentialDesk {
        let adapters = configuration.adapters.map { adapter in
            let manifest = registry.instances[adapter.name]?.manifest
            let keys = manifest.map { manifest in
                manifest.keyFormat(withEndpoint: adapter.endpoint != nil).map(Keys.format) ?? .none
            }
            return Adapter(name: adapter.name, keys: keys ?? .unknown)
        }
        let keyless = Set(adapters.filter { $0.keys == .none }.map(\.name))
        return CredentialDesk(
            adapters: adapters, configured: configured(configuration.adapters.filter { !keyless.contains($0.name) }),
            vendor: configuration.vendor(of:),
            isConfigured: { provider, fingerprint in book.isConfigured(fingerprint, at: provider) },
            check: { provider, identity in
                guard let instance = registry.instances[provider] else {
                    return .unknown("The adapter \(provider) is not loaded.")
                }
                guard let credential = book.credential(identity, of: provider) else {
                    return .unknown("The key is not in use.")
                }
                let check = await instance.check(credential)
                if case .refused = check { refused(provider) }
                return check
            }, foundGood: { provider, identity in market.endRest(identity, at: provider) },
            added: { book.add($0) }, removed: { book.remove($0) })
    }

    private static func configured(_ adapters: [Configuration.Adapter]) -> [ConfiguredKey] {
        adapters.flatMap { adapter in
            adapter.keys.enumerated().map { index, reference in
                ConfiguredKey(
                    provider: adapter.name, credential: "config-\(index + 1)", reference: reference.description)
            }
        }
    }
}

extension PluginInstance {
    /// Asks the provider about a key: by `validate`, and by `balance` for what that does not tell.
    fileprivate func check(_ credential: Credential) async -> KeyCheck {
        var known: KeyCheck?
        if serves(.validate) {
            let answer = await ask(.validate(credential))
            guard answer == .valid(balance: nil) else { return answer }
            known = answer
        }
        guard serves(.balance) else { return known ?? .unknown("The adapter cannot check keys.") }
        let answer = await ask(.balance(credential))
        // The key was said to be good: a balance that could not be found out does not change that.
        if let known, case .unknown = answer { return known }
        return answer
    }

    private func ask(_ request: OperationRequest) async -> KeyCheck {
        let result = await withCheckedContinuation { continuation in
            call(request, deadlineSeconds: Limits.keyCheckSeconds) { continuation.resume(returning: $0) }
        }
        switch result.outcome {
        case .reply(let reply): return KeyCheck(reply, unit: manifest.balanceUnit)
        case .failure(let failure): return .unknown(failure.sentence)
        }
    }
}

extension MasterKeySource {
    /// Where the configuration says that the master key is.
    static func of(_ configuration: Configuration) -> MasterKeySource {
        let reference = configuration.vault.masterKey
        return MasterKeySource(reference: reference?.description) { () throws(OperatorError) in
            guard let reference else { throw OperatorError("vault.masterKey is not in the configuration.") }
            do {
                return Secret(try reference.resolve(environment: ProcessInfo.processInfo.environment))
            } catch {
                throw OperatorError("vault.masterKey: \(error)")
            }
        }
    }

    /// What is to be said of the master key's file: others than its owner can read it.
    static func warning(of configuration: Configuration) -> String? {
        guard let reference = configuration.vault.masterKey, let path = reference.path else { return nil }
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & 0o077 != 0 else { return nil }
        return "Others than its owner can reach the master key \(reference). Let its mode be 0600."
    }
}
