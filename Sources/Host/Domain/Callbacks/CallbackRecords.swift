public import ProviderKit

/// What the store is told of the callbacks of tasks that have ended.
public enum CallbackOperation: Sendable, Hashable {
    /// The callback was delivered or given up: it is forgotten. So is one that is forgotten already.
    case forget(TaskID)
    /// So many attempts have failed; the next one is due then. Nothing happens to a callback that is forgotten.
    case postpone(TaskID, attempts: Int, until: Timestamp)
}

/// A callback of a task that has ended, with what decides about its turn.
public struct DueCallback: Sendable, Hashable {
    public let task: TaskID
    public let account: AccountID
    /// The host of its address.
    public let host: String
    /// Attempts that have failed.
    public let attempts: Int
    /// When the task ended.
    public let endedAt: Timestamp

    public init(task: TaskID, account: AccountID, host: String, attempts: Int, endedAt: Timestamp) {
        self.task = task
        self.account = account
        self.host = host
        self.attempts = attempts
        self.endedAt = endedAt
    }
}

/// Which callbacks to read: those that are due, host by host, so that one host with many hides nobody else's.
public struct CallbackQuery: Sendable, Hashable {
    public var now: Timestamp
    /// Begins with the host behind this one, in the order of their names' bytes; nil: with the first.
    public var afterHost: String?
    /// Hosts that are looked at, and callbacks of each that are returned, at most.
    public var hosts: Int
    public var perHost: Int

    public init(now: Timestamp, afterHost: String?, hosts: Int, perHost: Int) {
        self.now = now
        self.afterHost = afterHost
        self.hosts = hosts
        self.perHost = perHost
    }
}

/// Callbacks that are due.
public struct CallbackPage: Sendable, Hashable {
    /// By host, those of a host in the order in which they became due.
    public let due: [DueCallback]
    /// The last host that was looked at; nil when there are no further ones.
    public let lastHost: String?
    /// When the first of all callbacks becomes due that is not due yet; nil when there is none.
    public let nextAt: Timestamp?

    public init(due: [DueCallback], lastHost: String?, nextAt: Timestamp?) {
        self.due = due
        self.lastHost = lastHost
        self.nextAt = nextAt
    }
}

/// What a callback tells, and to whom.
public struct CallbackMessage: Sendable, Hashable {
    /// The URL is empty once the task's content is erased.
    public let target: CallbackTarget
    public let family: TaskFamily
    public let outcome: TaskOutcome
    /// The SHA-256 of the API key that the task was created with.
    public let keyHash: [UInt8]

    public init(target: CallbackTarget, family: TaskFamily, outcome: TaskOutcome, keyHash: [UInt8]) {
        self.target = target
        self.family = family
        self.outcome = outcome
        self.keyHash = keyHash
    }
}
