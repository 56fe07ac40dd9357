public import ProviderKit

/// What a task's machine asks of the world around it. Answers are immediate and have no effect.
public protocol TaskSurroundings {
    var now: Timestamp { get }
    /// Whether an adapter of this name is there.
    func knows(_ provider: String) -> Bool
    /// Polls of one attempt, at most.
    func mostPolls(_ provider: String, _ family: TaskFamily) -> Int
    /// When to ask for a result next, in seconds after the provider took the task; infinite for never.
    ///
    /// - Parameters:
    ///   - elapsed: seconds since it took the task, at the last poll; nil before the first.
    ///   - dither: a number in 0..<1 that is the attempt's own.
    func nextPoll(_ provider: String, _ family: TaskFamily, after elapsed: Double?, dither: Double) -> Double
    /// Seconds that an attempt may take before others are tried, when there are others.
    ///
    /// - Parameters:
    ///   - left: seconds to the task's deadline.
    ///   - choice: what is allowed besides this attempt.
    func budget(_ provider: String, _ choice: CandidateChoice, left: Double) -> Double?
    /// Seconds that the provider generously needs for a task, from what is known of it.
    func patience(_ provider: String, _ family: TaskFamily) -> Double
    /// Whether tasks stand in line for a place at the provider's adapter.
    func hasLine(_ provider: String) -> Bool
    /// Who waits for a place that a task of the family could have with the candidate, and comes before this turn.
    func first(before turn: Turn, for candidate: Candidate, _ family: TaskFamily) -> TaskID?
    /// A time at or after this one at which a task may ask again, of which not many others have been told.
    func spread(_ time: Timestamp) -> Timestamp
    /// Whether the provider has solved a task that began after that time, as far as it is known.
    func hasSolved(_ provider: String, _ family: TaskFamily, begunAfter time: Timestamp) -> Bool
    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket
    /// The best candidate that the choice allows now.
    func next(_ choice: CandidateChoice) -> NextCandidate
    /// What a provider's own report of a cost is worth; nil when it makes no sense.
    func cost(_ reported: String, reportedBy provider: String) -> Money?
    /// What a client pays for what a provider takes so much for.
    func price(of cost: Money) -> Money
}

/// Where a task may go.
public enum NextCandidate: Sendable, Hashable {
    case now(Candidate)
    /// All that are allowed rest or are shut; ask again then.
    case later(Timestamp)
    /// None is allowed at all.
    case never
}
