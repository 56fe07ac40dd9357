import Domain
import NIOConcurrencyHelpers

// MARK: - What clients are told of open tasks

extension TaskEngine {
    /// An open task and its account; nil for one that is unknown or has ended. A task that was taken up after a start
    /// is not known well enough to tell of it: the store knows it.
    func openTask(_ id: TaskID) -> (task: ClientTask?, account: AccountID)? {
        state.withLockedValue { state in
            guard let running = state.running[id] else { return nil }
            return (running.clientTask, running.machine.account)
        }
    }

    /// How many tasks of the account are open.
    func openTasks(of account: AccountID) -> Int {
        state.withLockedValue { $0.openTasks(of: account) }
    }
}

extension TaskMachine.Event {
    /// Whether an adapter answered with a fault, or not at all.
    var isFault: Bool {
        switch self {
        case .submitted(.fault), .polled(.fault), .submitted(.crashed), .polled(.crashed): true
        default: false
        }
    }
}
