/// The number of a provider's key in the vault: 1, 2, ... A number is handed out once, also after its key is gone.
public struct ProviderKeyID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let number: Int64

    /// Nil for a number below 1.
    public init?(_ number: Int64) {
        guard number > 0 else { return nil }
        self.number = number
    }

    public var description: String { String(number) }

    /// The key's identity among those of its provider, as attempts carry it: `vault-7`.
    public var credential: String { "vault-\(number)" }

    public static func < (left: ProviderKeyID, right: ProviderKeyID) -> Bool { left.number < right.number }
}

/// A provider's key as it is stored: nothing in it tells what the key is to anybody without the master key.
public struct SealedProviderKey: Sendable, Hashable {
    public let id: ProviderKeyID
    /// Whose key it is: `adapters.<name>`.
    public let provider: String
    /// Who has handed it over to have it recycled; nil for a key of the platform.
    public let owner: AccountID?
    /// For people; may be empty.
    public let label: String
    /// The version of the data key that it is sealed under.
    public let dataKey: Int
    /// The key, encrypted and bound to `id`, `provider`, `owner` and `dataKey`. Its first byte is the version of the
    /// format.
    public let sealed: [UInt8]
    /// The same for the same key at the same provider; 32 bytes, keyed, so that no key can be guessed by it.
    public let fingerprint: [UInt8]

    public init(
        id: ProviderKeyID, provider: String, owner: AccountID? = nil, label: String, dataKey: Int, sealed: [UInt8],
        fingerprint: [UInt8]
    ) {
        self.id = id
        self.provider = provider
        self.owner = owner
        self.label = label
        self.dataKey = dataKey
        self.sealed = sealed
        self.fingerprint = fingerprint
    }
}

/// A provider's key of the vault and when it came there.
public struct ProviderKeyRecord: Sendable, Hashable {
    public let key: SealedProviderKey
    public let createdAt: Timestamp

    public init(key: SealedProviderKey, createdAt: Timestamp) {
        self.key = key
        self.createdAt = createdAt
    }
}

/// A key that keys of providers are encrypted under, itself encrypted under the master key.
public struct WrappedDataKey: Sendable, Hashable {
    /// 1, 2, ... without a gap.
    public let version: Int
    /// The key, encrypted and bound to `version`. Its first byte is the version of the format.
    public let wrapped: [UInt8]

    public init(version: Int, wrapped: [UInt8]) {
        self.version = version
        self.wrapped = wrapped
    }
}

/// A data key of the vault, when it was made, and when it was last wrapped.
public struct DataKeyRecord: Sendable, Hashable {
    public let key: WrappedDataKey
    public let createdAt: Timestamp
    public let wrappedAt: Timestamp

    public init(key: WrappedDataKey, createdAt: Timestamp, wrappedAt: Timestamp) {
        self.key = key
        self.createdAt = createdAt
        self.wrappedAt = wrappedAt
    }
}
