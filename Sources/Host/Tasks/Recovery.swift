public import Domain
import Logging

extension TaskEngine {
    /// Takes up every task that a former process left open, a page at a time.
    ///
    /// An attempt that a provider has accepted is asked for again; one of which nothing is known counts as lost, and
    /// the task gets another. The first steps are spread, so that a start with many tasks does not ask for all at once.
    /// Comes before the first `begin`: it takes every open task for one of a former process.
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

    /// Goes on with a task as the store has it, because that is not what its machine took for granted, such as after a
    /// failed commit that took effect all the same.
    func takeUpAgain(_ id: TaskID) {
        logger.warning(
            "The store knows another state of the task; it goes on from there.", metadata: ["task": "\(id)"])
        store.read { store throws(StoreFailure) in
            try store.openTasks(after: TaskID(id.number - 1), limit: 1)
        } completion: { [self] page in
            switch page {
            case .success(let tasks):
                guard let task = tasks.first, task.id == id else { return forget(id) }
                let machine = TaskMachine(recovered: task, at: now().adding(seconds: Limits.storeRetrySeconds))
                insert(machine, fields: nil)
            case .failure(let failure):
                logger.error(
                    "The task cannot be read and is taken up at the next start: \(failure)", metadata: ["task": "\(id)"]
                )
                forget(id)
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
