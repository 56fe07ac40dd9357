import Domain
import ProviderKit

/// Who waits for a place, at whichever provider and with a task of whichever family.
struct PlaceLines: Sendable {
    /// By family, then by provider, where anybody waits: a task waits with one family, so that it is looked for at
    /// as many lines as there are providers.
    private var lines: [TaskFamily: [String: LaneLine]] = [:]
    /// The families of all that wait.
    private var families: [TaskID: TaskFamily] = [:]

    var isEmpty: Bool { families.isEmpty }
    /// The families of which tasks wait.
    var awaitedFamilies: [TaskFamily] { Array(lines.keys) }

    subscript(lane: RouteLane) -> LaneLine? { lines[lane.family]?[lane.provider] }

    /// - Parameter choice: what the task may have there; nil where any key will do.
    mutating func enter(_ turn: Turn, at lane: RouteLane, for choice: CandidateChoice?) {
        families[turn.task] = lane.family
        lines[lane.family, default: [:]][lane.provider, default: LaneLine()].enter(turn, for: choice)
    }

    mutating func leave(_ task: TaskID) {
        guard let family = families.removeValue(forKey: task) else { return }
        // An array: the keys alone would hold the lines as they were, and each would be copied to be changed.
        for provider in lines[family].map({ Array($0.keys) }) ?? [] {
            lines[family]?[provider]?.leave(task)
            if lines[family]?[provider]?.isEmpty ?? false { lines[family]?[provider] = nil }
        }
        if lines[family]?.isEmpty ?? false { lines[family] = nil }
    }

    /// The first turn before this one of those that may have a key in the lane.
    ///
    /// - Parameter allows: whether the key will do for one that may not have any.
    mutating func first(before turn: Turn, at lane: RouteLane, _ allows: (CandidateChoice) -> Bool) -> Turn? {
        lines[lane.family]?[lane.provider]?.first(before: turn, allows)
    }
}
