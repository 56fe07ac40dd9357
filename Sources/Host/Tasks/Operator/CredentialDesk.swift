public import Domain
public import ProviderKit

/// What knows of adapters and their keys: the running host, or the configuration alone.
public struct CredentialDesk: Sendable {
    /// The configured adapters, in the order of their names.
    public var adapters: [Adapter]
    /// The keys that the configuration refers to.
    public var configured: [ConfiguredKey]
    /// The vendor that an adapter's keys are of, as fingerprints have it: adapters of one vendor share its keys.
    public var vendor: @Sendable (_ provider: String) -> String
    /// Whether a key with this fingerprint is one of the configuration's at that provider.
    public var isConfigured: @Sendable (_ provider: String, _ fingerprint: [UInt8]) -> Bool
    /// Asks the provider about a key; nil when no host runs.
    public var check: (@Sendable (_ provider: String, _ credential: String) async -> KeyCheck)?
    /// Called after a check has found a key good and not empty: it may have tasks again.
    public var foundGood: @Sendable (_ provider: String, _ credential: String) -> Void
    /// Called after a key was stored.
    public var added: @Sendable (SealedProviderKey) -> Void
    /// Called after a key was removed.
    public var removed: @Sendable (ProviderKeyID) -> Void

    public init(
        adapters: [Adapter], configured: [ConfiguredKey], vendor: @escaping @Sendable (String) -> String = { $0 },
        isConfigured: @escaping @Sendable (String, [UInt8]) -> Bool = { _, _ in false },
        check: (@Sendable (String, String) async -> KeyCheck)? = nil,
        foundGood: @escaping @Sendable (String, String) -> Void = { _, _ in },
        added: @escaping @Sendable (SealedProviderKey) -> Void = { _ in },
        removed: @escaping @Sendable (ProviderKeyID) -> Void = { _ in }
    ) {
        self.adapters = adapters
        self.configured = configured
        self.vendor = vendor
        self.isConfigured = isConfigured
        self.check = check
        self.foundGood = foundGood
        self.added = added
        self.removed = removed
    }

    /// A configured adapter, as far as its keys are concerned.
    public struct Adapter: Sendable, Hashable {
        /// `adapters.<name>`.
        public var name: String
        public var keys: Keys

        public init(name: String, keys: Keys) {
            self.name = name
            self.keys = keys
        }
    }

    /// What is known of a provider's keys.
    public enum Keys: Sendable, Hashable {
        /// The plug-in is not loaded, so that nobody can tell.
        case unknown
        /// The provider needs none.
        case none
        case format(Manifest.KeyFormat)
    }

    /// A key that the configuration refers to.
    public struct ConfiguredKey: Sendable, Hashable {
        /// `adapters.<name>`.
        public var provider: String
        /// Its identity within the provider: `config-1`.
        public var credential: String
        /// As it is written there: `env:NAME` or `file:PATH`.
        public var reference: String

        public init(provider: String, credential: String, reference: String) {
            self.provider = provider
            self.credential = credential
            self.reference = reference
        }
    }
}

/// What a provider said about a key.
public enum KeyCheck: Sendable, Hashable {
    /// The key is good. `balance` is decimal text with its unit, where the provider tells it.
    case valid(balance: String?)
    /// The provider refuses the key, in words.
    case refused(String)
    /// It could not be found out, for a reason in words.
    case unknown(String)

    /// Whether the key is good, and not known to have nothing left on it.
    var isGoodForTasks: Bool {
        switch self {
        case .valid(nil): true
        // A number, and then its unit.
        case .valid(let balance?):
            !balance.hasPrefix("-") && balance.prefix { $0 != " " }.contains { ("1"..."9").contains($0) }
        case .refused, .unknown: false
        }
    }

    /// What an adapter's answer to `validate` or `balance` says of the key.
    ///
    /// - Parameter unit: of the balance.
    public init(_ reply: OperationReply, unit: String) {
        switch reply {
        case .valid(let key): self = .valid(balance: key.balance.map { "\($0.amount) \(unit)" })
        case .balance(let balance): self = .valid(balance: "\(balance.amount) \(unit)")
        case .fault(let fault):
            let words = fault.message.isEmpty ? fault.label : "\(fault.label): \(fault.message)"
            switch fault.kind {
            // A key without money is a good key.
            case .noFunds: self = .valid(balance: "0 \(unit)")
            case .invalidKey, .keyDisabled: self = .refused(words)
            // An address that is not allowed, a ban, a limit: they say nothing of the key.
            default: self = .unknown(words)
            }
        case .submitted, .polled, .reported: self = .unknown("The adapter answered another question.")
        }
    }
}
