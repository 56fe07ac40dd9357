/// Sums over what was observed of one provider, in which each observation counts for half after a half-life.
///
/// Sums of different hosts, at the same instant and of the same half-life, may be added up.
public struct DecayingSums: Sendable, Hashable {
    /// Tries that ended, well or not.
    public internal(set) var tries = 0.0
    /// Tries that were solved.
    public internal(set) var solved = 0.0
    /// Of the solved tries: their seconds, and the squares of them.
    public internal(set) var seconds = 0.0
    public internal(set) var secondsSquared = 0.0
    /// Of the tries that failed: their seconds, and what they cost in USD.
    public internal(set) var failedSeconds = 0.0
    public internal(set) var failedCost = 0.0
    /// Solved tries of which a price is known, and the sum of those prices in USD.
    public internal(set) var priced = 0.0
    public internal(set) var cost = 0.0

    init() {}

    /// Tries that failed.
    public var failed: Double { tries - solved }

    /// The mean of the solved tries' seconds; nil when nothing was solved.
    public var meanSeconds: Double? { solved > DecayingSums.nothing ? seconds / solved : nil }

    /// The variance of the solved tries' seconds; nil when nothing was solved.
    public var secondsVariance: Double? {
        meanSeconds.map { max(0, secondsSquared / solved - $0 * $0) }
    }

    /// The share of tries that were solved, 0...1; nil without tries.
    public var solvedShare: Double? { tries > DecayingSums.nothing ? min(1, solved / tries) : nil }

    /// A sum so small that what it was made of has been forgotten.
    static let nothing = 1e-9

    mutating func scale(by factor: Double) {
        tries *= factor
        solved *= factor
        seconds *= factor
        secondsSquared *= factor
        failedSeconds *= factor
        failedCost *= factor
        priced *= factor
        cost *= factor
    }

    /// Takes this much of a solved try for a failed one: with the mean time of those that were solved, and their mean
    /// price, which was paid all the same.
    mutating func refuse(_ weight: Double) {
        guard solved > DecayingSums.nothing else { return }
        let share = min(1, weight / solved)
        failedSeconds += seconds * share
        failedCost += cost * share
        solved *= 1 - share
        seconds *= 1 - share
        secondsSquared *= 1 - share
        priced *= 1 - share
        cost *= 1 - share
    }

    mutating func add(_ other: DecayingSums) {
        tries += other.tries
        solved += other.solved
        seconds += other.seconds
        secondsSquared += other.secondsSquared
        failedSeconds += other.failedSeconds
        failedCost += other.failedCost
        priced += other.priced
        cost += other.cost
    }

    /// Every sum, in the order in which they are stored.
    static var fields: [WritableKeyPath<DecayingSums, Double>] {
        [
            \.tries, \.solved, \.seconds, \.secondsSquared, \.failedSeconds, \.failedCost, \.priced, \.cost,
        ]
    }

    /// Whether these sums can come of observations: finite, none negative, no more solved than tried, and so on.
    var isPlausible: Bool {
        let slack = 1 + 1e-6
        let values = DecayingSums.fields.map { self[keyPath: $0] }
        return values.allSatisfy { $0 >= 0 && $0 <= DecayingSums.largest } && solved <= tries * slack
            && priced <= solved * slack && seconds * seconds <= secondsSquared * solved * slack + 1e-6
    }

    /// No sum is larger than this, however long observations are added up.
    static let largest = 1e15
}
