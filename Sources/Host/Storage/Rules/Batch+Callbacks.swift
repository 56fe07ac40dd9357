import Domain

/// Callbacks: stored with their tasks, due when these end, and forgotten when they were delivered or given up.
extension Batch {
    func apply(_ operation: CallbackOperation) throws -> Result<StoreReply, StoreRefusal> {
        switch operation {
        case .forget(let task): try rows.forgetCallback(of: task)
        case .postpone(let task, let attempts, let time):
            try rows.postponeCallback(of: task, attempts: attempts, until: time)
        }
        return .success(.done)
    }
}

/// What the rules of callbacks write.
protocol CallbackRows: AnyObject {
    /// Writes the callback of a task that was just accepted.
    func insert(_ callback: CallbackTarget, of task: TaskID) throws
    /// Makes the callback of a task that ends now due; false when it has none.
    func makeCallbackDue(of task: TaskID, at now: Timestamp) throws -> Bool
    func forgetCallback(of task: TaskID) throws
    /// Writes when a callback that is due is tried again.
    func postponeCallback(of task: TaskID, attempts: Int, until time: Timestamp) throws
}
