import Domain

/// How many tasks a provider has in a second, while it is not shut.
struct TaskFlow: Sendable, Hashable {
    /// Tasks of the last `Limits.flowSeconds`, later ones with more weight.
    private var tasks = 0.0
    private var asOf: Timestamp?

    var perSecond: Double { tasks / Limits.flowSeconds }

    mutating func began(at now: Timestamp) {
        let passed = asOf.map { max(now.seconds(since: $0), 0) } ?? 0
        tasks = tasks * max(1 - passed / Limits.flowSeconds, 0) + 1
        asOf = now
    }

    /// The time since the last task does not count: the provider was shut.
    mutating func resume(at now: Timestamp) { asOf = now }
}
