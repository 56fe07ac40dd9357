public import ProviderKit

/// What one host has learnt of one provider and family, as bytes that whoever keeps the statistics understands.
public struct StoredStatistics: Sendable, Hashable {
    /// `adapters.<name>`.
    public let provider: String
    public let family: TaskFamily
    /// The time that the figures are of.
    public let asOf: Timestamp
    public let value: [UInt8]

    public init(provider: String, family: TaskFamily, asOf: Timestamp, value: [UInt8]) {
        self.provider = provider
        self.family = family
        self.asOf = asOf
        self.value = value
    }
}

/// How a task was routed: what was asked for, why the choice came out as it did, and every attempt.
public struct TaskRoute: Sendable, Hashable {
    public let task: TaskRecord
    /// What was reserved for the task: the most that a candidate may cost.
    public let ceiling: Money
    /// The provider that the client insisted on; nil: any.
    public let forcedProvider: String?
    public let preference: RoutingPreference
    /// The bytes of the task's `RouteExplanation`; none once they were erased, nil for a task that was accepted
    /// without one.
    public let explanation: [UInt8]?
    /// By number.
    public var attempts: [AttemptRecord]

    public init(
        task: TaskRecord, ceiling: Money, forcedProvider: String?, preference: RoutingPreference,
        explanation: [UInt8]?, attempts: [AttemptRecord]
    ) {
        self.task = task
        self.ceiling = ceiling
        self.forcedProvider = forcedProvider
        self.preference = preference
        self.explanation = explanation
        self.attempts = attempts
    }
}

/// An attempt as it is stored, with its times and its end.
public struct AttemptRecord: Sendable, Hashable {
    public let attempt: Attempt
    public let startedAt: Timestamp
    /// Nil while the attempt is under way.
    public let endedAt: Timestamp?
    /// The fault's label, for attempts that failed or were lost.
    public let fault: String?
    /// What the provider says it took; nil when it doesn't say.
    public let reportedCost: Money?

    public init(attempt: Attempt, startedAt: Timestamp, endedAt: Timestamp?, fault: String?, reportedCost: Money?) {
        self.attempt = attempt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.fault = fault
        self.reportedCost = reportedCost
    }
}
