/// When an adapter's process that ended is started again: at once the first time, then after pauses that double.
struct RestartPlan {
    let first: Double
    let longest: Double
    /// Seconds of life that make good for the ends before.
    let steady: Double
    private var ends = 0

    init(first: Double, longest: Double, steady: Double) {
        self.first = first
        self.longest = longest
        self.steady = steady
    }

    init(_ limits: PluginLimits) {
        self.init(first: limits.restartSeconds, longest: limits.longestRestartSeconds, steady: limits.steadySeconds)
    }

    /// Takes note of an end and returns the seconds until the next start.
    mutating func ended(afterSeconds life: Double) -> Double {
        if life >= steady { ends = 0 }
        defer { ends += 1 }
        return ends == 0 ? 0 : min(first * Double(UInt64(1) << UInt64(min(ends - 1, 32))), longest)
    }
}
