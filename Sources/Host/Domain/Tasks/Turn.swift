/// A task's turn among those that wait for a place at a provider: first come, first served.
public struct Turn: Sendable, Hashable, Comparable {
    /// Since when it waits. A task that was sent and has failed comes last again: one that fails each time would else
    /// have every place.
    public let since: Timestamp
    public let task: TaskID

    public init(since: Timestamp, task: TaskID) {
        self.since = since
        self.task = task
    }

    public static func < (left: Turn, right: Turn) -> Bool { (left.since, left.task) < (right.since, right.task) }
}
