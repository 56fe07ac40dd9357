public import Domain

/// How urgent a check of a key is: the first of these comes first.
public enum CheckUrgency: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Its owner has handed it over and waits.
    case submitted
    /// Somebody wants to know: its owner, an operator, or a task that it has failed.
    case asked
    /// Its time has come: the sync of a balance, another look at what was unclear or empty.
    case routine

    public static func < (left: CheckUrgency, right: CheckUrgency) -> Bool { left.rawValue < right.rawValue }
}

/// How often a key is looked at without anybody asking.
public enum CheckStanding: Sendable, Hashable {
    /// Soon, and after pauses that grow: whether it is good is not known.
    case pending
    /// Every `Limits.balanceSyncSeconds`.
    case active
    /// Every `Limits.depletedKeySeconds`.
    case depleted
    /// Never.
    case idle

    var period: Double? {
        switch self {
        case .active: Limits.balanceSyncSeconds
        case .depleted: Limits.depletedKeySeconds
        case .pending, .idle: nil
        }
    }
}

/// What the answer to a check means for further checks.
public struct CheckAnswer: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The provider knows the key.
        case clear
        /// The provider says that the key is wrong, which vendors count.
        case refused
        /// Nothing is known of the key.
        case unclear
    }

    public var kind: Kind
    /// Until when the provider said to be left alone with this key; nil: it didn't.
    public var keyRest: Timestamp?
    /// Until when it is to be left alone with every key.
    public var providerRest: Timestamp?

    public init(_ kind: Kind, keyRest: Timestamp? = nil, providerRest: Timestamp? = nil) {
        self.kind = kind
        self.keyRest = keyRest
        self.providerRest = providerRest
    }
}

/// What is to be done now.
public struct CheckWork: Sendable, Hashable {
    /// The keys to ask their providers about.
    public var begin: [ProviderKeyID] = []
    /// Keys that nobody is asked about yet because too many of their provider's were wrong lately. Each is told once.
    public var held: [ProviderKeyID] = []

    public init() {}
}
