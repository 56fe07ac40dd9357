/// An API key as it is stored: by the hash of its text, which is shown once and kept nowhere.
public struct APIKey: Sendable, Hashable {
    /// The number of the key: 1, 2, ...
    public let id: Int64
    /// Whose key it is.
    public let account: AccountID
    /// For people; may be empty.
    public var name: String
    /// What it may be used for.
    public var scopes: Set<Scope>
    /// Whether it was taken back: it is refused from then on.
    public var revoked: Bool
    /// How its tasks are routed.
    public var settings: RoutingSettings
    /// Where it may be used from, and how much it may do.
    public var access: KeyAccess
    /// What its clients speak where the path does not say; nil: each task shows it.
    public var dialect: ClientDialect?
    public let createdAt: Timestamp

    public init(
        id: Int64, account: AccountID, name: String, scopes: Set<Scope>, revoked: Bool,
        settings: RoutingSettings = .standard, access: KeyAccess = .unrestricted, dialect: ClientDialect? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.name = name
        self.scopes = scopes
        self.revoked = revoked
        self.settings = settings
        self.access = access
        self.dialect = dialect
        self.createdAt = createdAt
    }

    /// What a key may be used for.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Create tasks, read their results, read the balance.
        case solve
        /// Manage keys and settings of the account, read its history.
        case manage
    }
}

/// A key that is to be stored.
public struct NewKey: Sendable, Hashable {
    /// For people; may be empty.
    public var name: String
    /// The SHA-256 of the key's text, 32 bytes.
    public var hash: [UInt8]
    public var scopes: Set<APIKey.Scope>

    public init(name: String, hash: [UInt8], scopes: Set<APIKey.Scope>) {
        self.name = name
        self.hash = hash
        self.scopes = scopes
    }
}

/// A key together with what has to be known of its account to answer a request.
public struct KeyHolder: Sendable, Hashable {
    /// The key itself.
    public var key: APIKey
    /// Whether its account is suspended, which refuses every call.
    public var accountSuspended: Bool

    public init(key: APIKey, accountSuspended: Bool) {
        self.key = key
        self.accountSuspended = accountSuspended
    }
}

/// The text of an API key: `ucap_` and 32 random letters and digits.
public struct APIKeyText: Sendable, Hashable {
    /// What every key begins with, so that people and secret scanners know one.
    public static let prefix = "ucap_"
    /// How many letters and digits follow.
    public static let randomCharacters = 32

    /// The whole key. It is shown once and never logged.
    public let text: String

    /// Takes the whole key, or its 32 letters and digits alone: some clients accept a key of that length only, and what
    /// comes before them is no secret. Fails on any other text.
    public init?(_ text: String) {
        let isWhole = text.utf8.count == APIKeyText.prefix.utf8.count + APIKeyText.randomCharacters
        guard isWhole || text.utf8.count == APIKeyText.randomCharacters, !isWhole || text.hasPrefix(APIKeyText.prefix),
            text.utf8.suffix(APIKeyText.randomCharacters).allSatisfy(APIKeyText.isAlphanumeric)
        else { return nil }
        self.text = isWhole ? text : APIKeyText.prefix + text
    }

    /// A key made of random bytes. Bytes that would favour some characters are passed over, so that every character is
    /// equally likely; nil when fewer than 32 remain (hand over 64: one in 10^31 such lists is too short).
    public init?(random bytes: some Sequence<UInt8>) {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        let fair = bytes.filter { $0 < 248 }.prefix(APIKeyText.randomCharacters)
        guard fair.count == APIKeyText.randomCharacters else { return nil }
        text = APIKeyText.prefix + String(decoding: fair.map { alphabet[Int($0) % 62] }, as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
