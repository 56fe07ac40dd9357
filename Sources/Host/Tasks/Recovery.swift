public import Domain

extension TaskEngine {
    /// Takes up every task that a former process left open, a page at a time.
    ///
    /// An attempt that a provider has accepted is asked for again; one of which nothing is known counts as lost, and
    /// the task gets another. The first steps are spread, so that a start with many tasks does not ask for all at once.
    ///
    /// - Parameter completion: gets how many tasks were taken up, on a thread of the store.
    public func recover(completion: @escaping @Sendable (Result<Int, StoreFailure>) -> Void) {
        recover(after: nil, taken: 0, completion)
    }

    private func recover(
        after last: TaskID?, taken: Int, _ completion: @escaping @Sendable (Result<Int, StoreFailure>) -> Void
    ) {
        store.read { store throws(StoreFailure) in
            try store.openTasks(after: last, limit: Limits.recoveryPage)
        } completion: { [self] page in
            switch page {
            case .failure(let failure): completion(.failure(failure))
            case .success(let tasks):
                for (index, task) in tasks.enumerated() {
                    let delay = Double(taken + index) / Limits.recoveriesPerSecond
                    insert(TaskMachine(recovered: task, at: now().adding(seconds: delay)), fields: nil)
                }
                guard let last = tasks.last?.id else { return completion(.success(taken)) }
                recover(after: last, taken: taken + tasks.count, completion)
            }
        }
    }

    /// - Throws: `StoreFailure`.
    public func recover() async throws(StoreFailure) -> Int {
        try await withCheckedContinuation { continuation in
            recover { continuation.resume(returning: $0) }
        }.get()
    }
}
