public import ProviderKit

/// A task as a client hands it in, checked and ready to be stored.
public struct NewTask: Sendable {
    public var account: AccountID
    public var key: Int64
    public var family: TaskFamily
    /// The task's fields by canonical names, as JSON.
    public var payload: [UInt8]
    /// In order of preference. With none the task is not accepted; an idempotency key still finds an earlier one.
    public var candidates: [Candidate]
    /// The provider that the client insists on, `adapters.<name>`: the task never goes to another. Nil: any.
    public var forcedProvider: String?
    /// What the client, or the key's settings, want of the choice.
    public var preference: RoutingPreference
    /// Whose keys it may go through.
    public var keyPool: KeyPoolMode
    /// Under which a client may send the same task again; nil: none.
    public var idempotencyKey: IdempotencyKey?
    /// Why the candidates come in this order; nil when nobody will ask.
    public var explanation: RouteExplanation?
    /// In which the client is told of the task when it asks without saying; nil: not known.
    public var dialect: ClientDialect?
    /// Where the client is told of the end; nil: nowhere.
    public var callback: CallbackTarget?
    public var deadline: Timestamp

    public init(
        account: AccountID, key: Int64, family: TaskFamily, payload: [UInt8], candidates: [Candidate],
        forcedProvider: String? = nil, preference: RoutingPreference = .balanced, keyPool: KeyPoolMode = .all,
        idempotencyKey: IdempotencyKey? = nil, explanation: RouteExplanation? = nil,
        dialect: ClientDialect? = nil, callback: CallbackTarget? = nil, deadline: Timestamp
    ) {
        self.account = account
        self.key = key
        self.family = family
        self.payload = payload
        self.candidates = candidates
        self.forcedProvider = forcedProvider
        self.preference = preference
        self.keyPool = keyPool
        self.idempotencyKey = idempotencyKey
        self.explanation = explanation
        self.dialect = dialect
        self.callback = callback
        self.deadline = deadline
    }
}

/// A task that was stored, with its first attempt.
public struct AcceptedTask: Sendable, Hashable {
    public let id: TaskID
    public let ceiling: Money
    public let attempt: Attempt

    public init(id: TaskID, ceiling: Money, attempt: Attempt) {
        self.id = id
        self.ceiling = ceiling
        self.attempt = attempt
    }
}

/// One try to have a task solved. It is stored before anything is sent.
public struct Attempt: Sendable, Hashable {
    /// 1, 2, ... within the task.
    public let number: Int
    public let candidate: Candidate
    public var state: State
    /// The provider's own ID of the task, once it is known.
    public var providerTask: String?
    /// Whether it is stored that nothing of it was sent, or that the provider refused it and took nothing.
    public var isUnsent: Bool

    public enum State: Int, Sendable, Hashable, CaseIterable {
        /// Decided; the provider may or may not have heard of it.
        case sending = 0
        /// The provider works on it.
        case pending = 1
        case solved = 2
        case failed = 3
        /// No answer came, or none was waited for; the provider may have taken money for it.
        case lost = 4
    }

    public init(
        number: Int, candidate: Candidate, state: State = .sending, providerTask: String? = nil, isUnsent: Bool = false
    ) {
        self.isUnsent = isUnsent
        self.number = number
        self.candidate = candidate
        self.state = state
        self.providerTask = providerTask
    }
}

/// How an attempt ended.
public struct AttemptEnd: Sendable, Hashable {
    public let state: Attempt.State
    /// The fault's label, for attempts that failed or were lost.
    public let fault: String?
    /// What the provider says it took; nil when it doesn't say.
    public let reportedCost: Money?

    public init(_ state: Attempt.State, fault: String? = nil, reportedCost: Money? = nil) {
        self.state = state
        self.fault = fault
        self.reportedCost = reportedCost
    }

    /// What the attempt counts as having cost: what the provider says, or the price that was snapshotted with the
    /// attempt where it says nothing, or something that cannot be.
    public func cost(snapshot: Money) -> Money {
        guard let reportedCost, reportedCost >= .zero, reportedCost.nanos <= Limits.reportedCostNanos else {
            return snapshot
        }
        return reportedCost
    }

    /// What the owner of a recycled key is credited for such an end of an attempt with it: nothing unless it was solved
    /// or lost.
    public func credit(snapshot: Money) -> Money {
        state == .solved || state == .lost ? cost(snapshot: snapshot) : .zero
    }

    /// Of an attempt that was stored and never left the host.
    static let notSent = AttemptEnd(.failed, fault: "notSent")
}

/// A task that is not settled, as a host finds it when it starts.
public struct OpenTask: Sendable, Hashable {
    public let id: TaskID
    public let account: AccountID
    public let family: TaskFamily
    public let ceiling: Money
    /// The provider that the client insists on; nil: any.
    public let forcedProvider: String?
    /// What the client, or the key's settings, wanted when the task was accepted.
    public let preference: RoutingPreference
    /// Whose keys it may go through.
    public let keyPool: KeyPoolMode
    public let deadline: Timestamp
    /// The last attempt.
    public let attempt: Attempt
    /// The candidates of those before it that were lost, in their order; one as often as it lost the task.
    public let lost: [Candidate]

    public init(
        id: TaskID, account: AccountID, family: TaskFamily, ceiling: Money, forcedProvider: String? = nil,
        preference: RoutingPreference = .balanced, keyPool: KeyPoolMode = .all, deadline: Timestamp,
        attempt: Attempt, lost: [Candidate] = []
    ) {
        self.id = id
        self.account = account
        self.family = family
        self.ceiling = ceiling
        self.forcedProvider = forcedProvider
        self.preference = preference
        self.keyPool = keyPool
        self.deadline = deadline
        self.attempt = attempt
        self.lost = lost
    }
}

/// How a task ended: visible to the client only once it is stored.
public enum TaskOutcome: Sendable, Hashable {
    /// Solved and charged. `cost` is what the provider took; `solution` is JSON, and empty when it was erased.
    case solved(solution: [UInt8], price: Money, cost: Money)
    /// Not solved; the reservation is released. `code` is of the error catalogue, `detail` a sentence or empty.
    case failed(code: ErrorCode, detail: String)
}

/// A task as its owner may see it.
public struct TaskRecord: Sendable, Hashable {
    public let id: TaskID
    public let account: AccountID
    public let family: TaskFamily
    /// In which the client is told of it when it asks without saying; nil: not known.
    public let dialect: ClientDialect?
    public let createdAt: Timestamp
    /// Nil while the task is open.
    public let end: End?

    public struct End: Sendable, Hashable {
        public let at: Timestamp
        public let outcome: TaskOutcome

        public init(at: Timestamp, outcome: TaskOutcome) {
            self.at = at
            self.outcome = outcome
        }
    }

    public init(
        id: TaskID, account: AccountID, family: TaskFamily, dialect: ClientDialect? = nil, createdAt: Timestamp,
        end: End?
    ) {
        self.dialect = dialect
        self.id = id
        self.account = account
        self.family = family
        self.createdAt = createdAt
        self.end = end
    }
}
