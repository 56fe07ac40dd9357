public import Domain

/// What clients say of solutions they were given.
public protocol FeedbackUseCases: Sendable {
    /// Takes note, once for each task, of whether the site accepted its solution. It counts for the provider's
    /// reliability, and the provider is told where it wants to know.
    ///
    /// - Parameter refunding: whether what was charged for a solution that was not accepted is given back, where
    ///   nothing speaks against it. Asked again, what was not given back by then is tried anew.
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's, `reportNotRecorded` for one that is open
    ///   or has failed, `duplicateReport`.
    func report(_ task: TaskID, isGood: Bool, refunding: Bool, by holder: KeyHolder) async throws(ClientError)
}

extension FeedbackUseCases {
    /// Takes note of a report that gives nothing back.
    public func report(_ task: TaskID, isGood: Bool, by holder: KeyHolder) async throws(ClientError) {
        try await report(task, isGood: isGood, refunding: false, by: holder)
    }
}
