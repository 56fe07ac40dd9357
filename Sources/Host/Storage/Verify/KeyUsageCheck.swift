import Domain

/// Compares what is kept of keys with caps with their open tasks: a difference would let a key have more than its caps
/// say, or less. Memory grows with these keys alone.
struct KeyUsageCheck {
    private var kept: [Int64: StoredKeyUsage] = [:]
    private var counted: [Int64: (openTasks: Int64, held: Int128)] = [:]

    mutating func add(_ usage: StoredKeyUsage) {
        kept[usage.key] = usage
    }

    /// Counts a task that is open. All keys are known by then.
    mutating func take(_ task: StoredTask) {
        guard kept[task.key] != nil else { return }
        let before = counted[task.key] ?? (0, 0)
        counted[task.key] = (before.openTasks + 1, before.held + Int128(task.ceiling))
    }

    /// A sentence for each key whose usage does not fit, by number.
    var problems: [String] {
        kept.values.sorted { $0.key < $1.key }.compactMap { usage in
            let (openTasks, held) = counted[usage.key] ?? (0, 0)
            if usage.openTasks == openTasks, Int128(usage.held) == held { return nil }
            return "API key \(usage.key) is said to have \(usage.openTasks) open tasks with "
                + "\(LedgerVerifier.usd(Int128(usage.held))) reserved, and has \(openTasks) with "
                + "\(LedgerVerifier.usd(held))."
        }
    }
}
