/// A provider's key as an adapter sees it: a placeholder for `HTTPRequest`s, never the key.
public struct Credential: Sendable, Hashable {
    /// The text to write where the key belongs. Letters, digits and underscores only, so that it survives any encoding.
    public let placeholder: String

    public init(placeholder: String) {
        self.placeholder = placeholder
    }
}

/// A task as it is handed to a provider.
public struct TaskRequest: Sendable, Hashable {
    public var family: TaskFamily
    /// The task's fields by their canonical names; the host has checked those that it knows.
    public var fields: JSONObject
    /// The key to solve it with; nil for a provider without keys.
    public var credential: Credential?
    /// Seconds until nobody waits for the solution any more.
    public var secondsLeft: Double

    public init(family: TaskFamily, fields: JSONObject, credential: Credential?, secondsLeft: Double) {
        self.family = family
        self.fields = fields
        self.credential = credential
        self.secondsLeft = secondsLeft
    }
}

/// A task that a provider has accepted.
public struct Ticket: Sendable, Hashable {
    /// The provider's own ID of the task.
    public var id: String
    public var family: TaskFamily
    public var credential: Credential?

    public init(id: String, family: TaskFamily, credential: Credential?) {
        self.id = id
        self.family = family
        self.credential = credential
    }
}

/// A solved task.
public struct Solution: Sendable, Hashable {
    /// The solution's fields by their canonical names.
    public var fields: JSONObject
    /// What the provider says it took for the task, in its balance's unit, as decimal text; nil when it doesn't say.
    public var cost: String?

    public init(_ fields: JSONObject, cost: String? = nil) {
        self.fields = fields
        self.cost = cost
    }
}

/// The answer to a submit.
public enum SubmitResult: Sendable, Hashable {
    /// The provider works on it under this ID of its own.
    case pending(id: String)
    /// The provider answered at once.
    case solved(Solution)
}

/// The answer to a poll.
public enum PollResult: Sendable, Hashable {
    case pending
    case solved(Solution)
}

/// What is left on a key.
public struct Balance: Sendable, Hashable {
    /// Decimal text in the unit that the manifest names.
    public var amount: String
    /// Whether the key can pay although the amount is zero: a package, credits.
    public var otherMeans: Bool

    public init(amount: String, otherMeans: Bool = false) {
        self.amount = amount
        self.otherMeans = otherMeans
    }
}

/// The answer to a key's validation. Everything else, "we could not find out" included, is a thrown `Fault`.
public struct ValidKey: Sendable, Hashable {
    /// The balance, where the provider tells it in the same answer.
    public var balance: Balance?

    public init(balance: Balance? = nil) {
        self.balance = balance
    }
}
