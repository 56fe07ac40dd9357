public import Domain

extension TaskEngine {
    /// Takes up every task that a former process left open, a page at a time.
    ///
    /// An attempt that a provider has accepted is asked for again; one of which nothing is known counts as lost, and the
    /// task gets another. The first steps are spread, so that a start with many tasks does not ask for all at once.
    ///
    /// - Returns: how many tasks were taken up.
    /// - Throws: `StoreFailure`.
    public func recover() async throws(StoreFailure) -> Int {
        var last: TaskID?
        var count = 0
        while true {
            let after = last
            let page = try await store.read { store throws(StoreFailure) in
                try store.openTasks(after: after, limit: 1000)
            }
            for task in page {
                insert(TaskMachine(recovered: task, at: now().adding(seconds: Double(count) / 2000)), fields: nil)
                count += 1
            }
            guard let end = page.last else { return count }
            last = end.id
        }
    }
}
