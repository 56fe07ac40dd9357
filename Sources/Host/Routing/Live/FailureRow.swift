import Domain

/// The failures of one kind that a provider has shown in a row, and how usual such failures are of it.
struct FailureRow: Sendable, Hashable {
    /// Since a task last went well.
    private(set) var count = 0
    /// The share of the tasks that end so, later ones with more weight.
    private var share = 0.0

    mutating func add() { count += 1 }

    /// The row is over. An outage is not how the provider usually is: of many failures in a row few count.
    mutating func end() {
        for _ in 0..<min(count, Limits.breakerRememberedFailures) {
            share += (1 - share) / Limits.breakerRememberedTasks
        }
        count = 0
    }

    /// A task has gone well.
    mutating func fade() { share -= share / Limits.breakerRememberedTasks }

    /// How likely a row as long as this is by mere chance, 0 to 1.
    var chance: Double { chance(of: count) }

    private func chance(of failures: Int) -> Double {
        (0..<min(failures, Limits.breakerMostFailures)).reduce(1) { chance, _ in chance * share }
    }

    /// The fewest failures in a row that the provider does not show by mere chance.
    var surprisingCount: Int {
        (Limits.breakerFailures..<Limits.breakerMostFailures).first { chance(of: $0) * Limits.breakerSurprise <= 1 }
            ?? Limits.breakerMostFailures
    }

    /// Whether the provider fails so often that it takes more of them to surprise.
    var isUsual: Bool { surprisingCount > Limits.breakerFailures }
}
