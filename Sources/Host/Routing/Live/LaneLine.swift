import Domain

/// Those that wait for a place at one provider with tasks of one family.
struct LaneLine: Sendable {
    /// Those for whom any key there will do, and those for whom only some will, each with what it may have.
    private var forAnyKey = WaitingLine()
    private var forSomeKeys = WaitingLine()
    private var choices: [TaskID: CandidateChoice] = [:]

    var isEmpty: Bool { forAnyKey.isEmpty && forSomeKeys.isEmpty }

    /// - Parameter choice: what the task may have; nil where any key will do.
    mutating func enter(_ turn: Turn, for choice: CandidateChoice?) {
        guard let choice else {
            if choices.removeValue(forKey: turn.task) != nil { forSomeKeys.leave(turn.task) }
            return forAnyKey.enter(turn)
        }
        if choices.updateValue(choice, forKey: turn.task) == nil { forAnyKey.leave(turn.task) }
        forSomeKeys.enter(turn)
    }

    mutating func leave(_ task: TaskID) {
        if choices.removeValue(forKey: task) != nil { forSomeKeys.leave(task) } else { forAnyKey.leave(task) }
    }

    /// The first turn before this one of those that may have a key.
    ///
    /// - Parameter allows: whether the key will do for one that may not have any.
    mutating func first(before turn: Turn, _ allows: (CandidateChoice) -> Bool) -> Turn? {
        let any = forAnyKey.first(before: turn)
        guard !choices.isEmpty else { return any }
        let choices = choices
        return forSomeKeys.first(before: any ?? turn, of: Limits.waitingLookedAt) { choices[$0].map(allows) ?? false }
            ?? any
    }
}
