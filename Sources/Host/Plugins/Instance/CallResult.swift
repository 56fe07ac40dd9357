public import Domain
public import ProviderKit

/// The number of one call of an adapter. A process never uses one twice.
public struct CallID: Sendable, Hashable {
    public let number: UInt64

    public init(number: UInt64) {
        self.number = number
    }
}

/// What the host knows of a call and the adapter does not: for the log.
public struct CallContext: Sendable, Hashable {
    /// The task that the call is about, if it is about one.
    public var task: TaskID?

    public init(task: TaskID? = nil) {
        self.task = task
    }
}

/// How a call ended, for the host.
public struct CallResult: Sendable, Hashable {
    public let outcome: Outcome
    /// `.no` only when surely no request left the host in this call: none was begun, or all failed before they were
    /// sent.
    public let sent: HTTPFailure.Sent

    public init(outcome: Outcome, sent: HTTPFailure.Sent) {
        self.outcome = outcome
        self.sent = sent
    }

    public enum Outcome: Sendable, Hashable {
        /// The adapter's own answer. One that breaks the contract is a fault of kind `protocolError`.
        case reply(OperationReply)
        /// There is no answer.
        case failure(CallFailure)
    }
}

/// Why an adapter gave no answer.
public enum CallFailure: String, Error, Sendable, Hashable, CaseIterable {
    /// It did not answer in time.
    case overdue
    /// The host gave the call up.
    case abandoned
    /// The adapter has blocked as many threads as it may; the call was not begun.
    case blocked
    /// The adapter has as many calls as it may; the call was not begun.
    case overloaded
    /// The adapter's process ended while it had the call.
    case crashed
    /// The adapter's process has ended too often and is not started again yet; the call was not begun.
    case restarting

    /// A sentence for the operator.
    public var sentence: String {
        switch self {
        case .overdue: "The adapter did not answer in time."
        case .abandoned: "The call was given up."
        case .blocked:
            "The adapter is blocked: its calls do not return. Restart the host when the plug-in has been repaired."
        case .overloaded: "The adapter has as many calls under way as it may have. Try again later."
        case .crashed: "The adapter's process ended during the call."
        case .restarting: "The adapter's process has ended and is started again after a pause."
        }
    }
}

/// What is counted of adapters.
public enum PluginEvent: String, Sendable, Hashable, CaseIterable {
    /// A call ended for the host before the adapter had answered.
    case abandonedCall
    /// The answer to an abandoned call came after all.
    case lateCompletion
    /// A second completion of a call, or one of a call that never was.
    case strayCompletion
    /// A reply that is too large or not of the contract.
    case malformedReply
    /// A function of the plug-in did not return in time.
    case blockedThread
    /// An HTTP request that the host does not send: undeclared origin, foreign placeholder, too many.
    case refusedExchange
    /// A line that was one too many for the log.
    case droppedLogLine
    /// A call that was refused because the adapter is blocked or has too many calls.
    case refusedCall
    /// The process of an isolated adapter ended.
    case crashedProcess
    /// It was ended because it did not answer, return or come to an end.
    case hungProcess
    /// It was ended because it had too much memory.
    case greedyProcess
}
