import Domain

extension MemoryRows: ReportRows {
    func reportStanding(of task: TaskID) -> ReportStanding? {
        guard let stored = state.tasks[task], let attempt = stored.attempts.last else { return nil }
        let last = attempt.attempt
        var solved: ReportedTask?
        if let end = stored.end, case .solved = end.outcome {
            solved = ReportedTask(
                family: stored.family, provider: last.candidate.provider, credential: last.candidate.credential,
                providerTask: last.providerTask, submittedAt: attempt.startedAt, solvedAt: end.at)
        }
        return ReportStanding(account: stored.account, isGood: stored.isAccepted, solved: solved)
    }

    func setReport(_ isGood: Bool, of task: TaskID) {
        change({ $0.tasks[task]?.isAccepted = isGood }, undo: { $0.tasks[task]?.isAccepted = nil })
    }
}
