/// The life of a recycled key, as a pure value: it takes events and tells whether they change it.
///
/// ```
///            good                     poor, noFunds, emptied
/// PENDING ----------> ACTIVE <----------------------------> DEPLETED
///    |  \___refused___   |  refused       good                  | refused
///    |               v   v                                      v
///    |               INVALID <----------------------------------+     INVALID --submitted--> PENDING
///    +--removed--> REMOVED, from every state and for good             INVALID --good--> ACTIVE
/// ```
///
/// What could not be found out never makes a key INVALID: it leaves the key where it is. A key that is suspended keeps
/// its state, and takes no tasks until it is resumed.
public struct RecycledKeyLife: Sendable, Hashable {
    public private(set) var state: State
    /// Why it is in that state, where there is more to say than the state does.
    public private(set) var reason: Reason?
    /// Whether it was taken out of the pool because what was recorded and what the provider deducted differ too much.
    public private(set) var isSuspended: Bool
    /// Whether the key itself, sealed as it was, is gone.
    public private(set) var isErased: Bool

    public enum State: String, Sendable, Hashable, CaseIterable {
        case pending = "PENDING"
        case active = "ACTIVE"
        case depleted = "DEPLETED"
        case invalid = "INVALID"
        case removed = "REMOVED"

        /// Whether no other account can have the same key while this one is in this state.
        public var claimsKey: Bool { self == .pending || self == .active || self == .depleted }
    }

    /// Why a key is in its state. The closed set, by the names under which it is stored and shown.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The provider does not know the key.
        case wrongKey
        /// The provider knows the key and has disabled it, or it has expired.
        case disabled
        /// The provider says that there is no money on it.
        case noFunds
        /// What is left covers not even the provider's cheapest task.
        case lowBalance
        /// The provider does not answer this host's address.
        case ipNotAllowed
        /// The provider has banned this host or the key for a while.
        case banned
        /// The provider limits how often it is asked.
        case rateLimited
        /// The provider did not answer, or not as documented.
        case unreachable
        /// The provider's adapter is not enabled here, or the vault is shut.
        case unavailable
        /// Too many keys of that provider were wrong lately; this one is asked about when that is over.
        case waiting
        /// The platform or another account has got the same key meanwhile.
        case claimed

        /// Whether a key can be no good for it, rather than not found out about.
        var isRefusal: Bool { self == .wrongKey || self == .disabled || self == .claimed }
    }

    /// What a provider said of the key.
    public enum Finding: Sendable, Hashable {
        /// It is good, and covers a task.
        case good
        /// It is good, and there is too little on it: `lowBalance`, or `noFunds` where the provider says so.
        case poor(Reason)
        /// It is no good: `wrongKey`, `disabled` or `claimed`. With any other reason it is as good as unclear.
        case refused(Reason)
        /// It could not be found out.
        case unclear(Reason)
    }

    public enum Event: Sendable, Hashable {
        /// Its owner has handed over the same key once more.
        case submitted
        case found(Finding)
        /// During a task the provider said that there is no money on it.
        case emptied
        /// What was recorded and what was deducted differ by more than the operator allows.
        case drifted
        /// The operator lets it take tasks again.
        case resumed
        case removed
        /// No task is open with it any more.
        case drained
    }

    public init() {
        self.init(state: .pending, reason: nil, isSuspended: false, isErased: false)
    }

    /// As it was stored.
    public init(state: State, reason: Reason?, isSuspended: Bool, isErased: Bool) {
        self.state = state
        self.reason = reason
        self.isSuspended = isSuspended
        self.isErased = isErased
    }

    /// Whether tasks may go through the key.
    public var takesTasks: Bool { state == .active && !isSuspended }

    /// What the key becomes by the event; nil when the event changes nothing.
    public func after(_ event: Event) -> RecycledKeyLife? {
        var life = self
        life.take(event)
        return life == self ? nil : life
    }

    private mutating func take(_ event: Event) {
        if state == .removed {
            if event == .drained { isErased = true }
            return
        }
        switch event {
        case .submitted where state == .invalid: enter(.pending)
        case .found(.good): enter(.active)
        case .found(.poor(let reason)): enter(.depleted, reason)
        case .found(.refused(let reason)) where reason.isRefusal: enter(.invalid, reason)
        case .found(.refused(let reason)) where state == .pending: enter(.pending, reason)
        case .found(.unclear(let reason)) where state == .pending: enter(.pending, reason)
        case .emptied where state == .active: enter(.depleted, .noFunds)
        case .drifted where state == .active || state == .depleted: isSuspended = true
        case .resumed: isSuspended = false
        case .removed:
            enter(.removed)
            isSuspended = false
        default: break
        }
    }

    private mutating func enter(_ state: State, _ reason: Reason? = nil) {
        self.state = state
        self.reason = reason
    }
}

/// A change in the life of a recycled key.
public struct RecycledKeyChange: Sendable, Hashable {
    /// Counts the changes of the key, those included that are not kept any more.
    public let number: Int64
    public let at: Timestamp
    public let life: RecycledKeyLife

    public init(_ number: Int64, at: Timestamp, life: RecycledKeyLife) {
        self.number = number
        self.at = at
        self.life = life
    }
}
