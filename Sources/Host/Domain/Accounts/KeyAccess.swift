/// Where an API key may be used from, and how much it may do.
public struct KeyAccess: Sendable, Hashable {
    /// The addresses that it may be used from, in the order in which they were given; none: any.
    public var addresses: [IPRange]
    /// How much it may do at once and in a day.
    public var caps: KeyCaps

    /// What a new key has.
    public static let unrestricted = KeyAccess()

    public init(addresses: [IPRange] = [], caps: KeyCaps = KeyCaps()) {
        self.addresses = addresses
        self.caps = caps
    }

    /// Whether the key may be used from there. A caller without an address may use keys that are for any.
    public func allows(_ address: IPAddress?) -> Bool {
        if addresses.isEmpty { return true }
        guard let address = address?.unmapped else { return false }
        return addresses.contains { $0.contains(address) }
    }
}

/// How much an API key may do at once and in a day.
public struct KeyCaps: Sendable, Hashable {
    /// Tasks that may be open at once, at least one; nil: any number.
    public var openTasks: Int?
    /// What may be charged in a day of UTC, open reservations included, more than nothing; nil: any amount.
    public var dailySpend: Money?

    /// Neither is bounded.
    public init() {}

    /// Nil for a cap that would refuse everything.
    public init?(openTasks: Int?, dailySpend: Money?) {
        guard openTasks.map({ $0 > 0 }) ?? true, dailySpend.map({ $0 > .zero }) ?? true else { return nil }
        self.openTasks = openTasks
        self.dailySpend = dailySpend
    }

    /// Whether nothing is bounded.
    public var isEmpty: Bool { openTasks == nil && dailySpend == nil }
}

/// A change of where a key may be used from and how much it may do: what is nil stays as it is. It is applied where the
/// key is kept, so that two changes of different things never undo each other.
public struct AccessChange: Sendable, Hashable {
    public var addresses: Addresses?
    public var openTasks: Cap<Int>?
    public var dailySpend: Cap<Money>?

    /// What becomes of the list of addresses.
    public enum Addresses: Sendable, Hashable {
        /// Those that are there already stay where they are.
        case allow([IPRange])
        /// Those that are not there are passed over.
        case remove([IPRange])
        /// The key may be used from anywhere.
        case clear
    }

    /// What becomes of a cap.
    public enum Cap<Value: Sendable & Hashable>: Sendable, Hashable {
        case set(Value)
        case lift

        /// What the cap is then.
        public var value: Value? {
            if case .set(let value) = self { value } else { nil }
        }
    }

    public init(addresses: Addresses? = nil, openTasks: Cap<Int>? = nil, dailySpend: Cap<Money>? = nil) {
        self.addresses = addresses
        self.openTasks = openTasks
        self.dailySpend = dailySpend
    }

    /// Whether it changes nothing.
    public var isEmpty: Bool { self == AccessChange() }
}

extension KeyAccess {
    /// What these are after a change; nil when a cap would refuse everything.
    public func applying(_ change: AccessChange) -> KeyAccess? {
        let caps = KeyCaps(
            openTasks: change.openTasks.map(\.value) ?? caps.openTasks,
            dailySpend: change.dailySpend.map(\.value) ?? caps.dailySpend)
        guard let caps else { return nil }
        var after = KeyAccess(addresses: addresses, caps: caps)
        switch change.addresses {
        case nil: break
        case .allow(let more):
            for range in more where !after.addresses.contains(range) { after.addresses.append(range) }
        case .remove(let fewer): after.addresses.removeAll { fewer.contains($0) }
        case .clear: after.addresses = []
        }
        return after
    }
}
