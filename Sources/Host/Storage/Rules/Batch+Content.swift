import Domain

/// What the rules of tasks' content read and write: what was to be solved, the solution and the callback's address.
protocol ContentRows {
    /// Of the first `count` tasks whose content is kept, by number, those that have ended by then.
    func contentToErase(endedUntil time: Timestamp, atMost count: Int) throws -> [TaskID]
    /// Erases payloads, solutions and the addresses of callbacks. A callback that is not over has an empty one then.
    func eraseContent(of tasks: [TaskID]) throws
}

extension Batch {
    func eraseContent(endedUntil time: Timestamp, atMost count: Int) throws -> Result<StoreReply, StoreRefusal> {
        let tasks = try rows.contentToErase(endedUntil: time, atMost: max(count, 0))
        if !tasks.isEmpty { try rows.eraseContent(of: tasks) }
        return .success(.erased(tasks.count))
    }
}
