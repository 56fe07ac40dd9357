import Domain

/// What clients say of solutions.
extension Batch {
    func report(_ task: TaskID, _ account: AccountID, isGood: Bool) throws -> Result<StoreReply, StoreRefusal> {
        guard let standing = try rows.reportStanding(of: task), standing.account == account else {
            return .failure(.unknownTask)
        }
        guard let solved = standing.solved else { return .failure(.notSolved) }
        if let before = standing.isGood { return .failure(.alreadyReported(isGood: before)) }
        try rows.setReport(isGood, of: task)
        return .success(.reported(solved))
    }
}

/// What the rules of reports read and write.
protocol ReportRows: AnyObject {
    func reportStanding(of task: TaskID) throws -> ReportStanding?
    /// Notes whether the site accepted the task's solution.
    func setReport(_ isGood: Bool, of task: TaskID) throws
}

/// What the rules have to know of a task that is reported on.
struct ReportStanding: Sendable, Hashable {
    let account: AccountID
    /// What was said of it before; nil when nothing was.
    let isGood: Bool?
    /// Nil for a task that is open or has failed.
    let solved: ReportedTask?
}
