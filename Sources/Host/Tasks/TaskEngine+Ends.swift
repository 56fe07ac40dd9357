import Domain
import Synchronization

// MARK: - Who is told of the ends of tasks

extension TaskEngine {
    /// Sets what is called when a task has ended that may have a callback, which is due then and stored. On a thread of
    /// the store; has to be quick.
    public func onCallbackDue(_ body: @escaping @Sendable () -> Void) {
        callbackDue.withLock { $0 = body }
    }

    /// How many wait for the end of a task.
    public var waitingRequests: Int { ends.count }

    /// Tells that a task is no longer open here.
    ///
    /// - Parameter result: what the store said of its end; nil when it is not known to have ended.
    func noteEnd(of task: TaskID, _ result: Result<StoreReply, StoreError>?) {
        ends.ended(task)
        if case .success(.settled(_, hasCallback: false)) = result { return }
        callbackDue.withLock { $0 }()
    }

    /// Returns when the task is no longer open here, or after so many seconds, at most `Limits.resultWaitSeconds`; at
    /// once when the host stops, when too many wait, and when the caller's Swift task is cancelled.
    func wait(for id: TaskID, seconds: Double) async {
        let deadline = now().adding(seconds: min(seconds, Limits.resultWaitSeconds))
        await ends.wait(for: id, until: deadline) {
            earlierWake.withLock { $0 }()
        } hasEnded: {
            openTask(id) == nil
        }
    }
}
