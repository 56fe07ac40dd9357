extension Limits {
    // MARK: Routing

    /// Seconds that a key rests after a limit on calls whose end the provider does not tell.
    public static let rateLimitRestSeconds = 5.0
    /// Doubled with each time in a row, up to this.
    public static let longestRateLimitRestSeconds = 60.0
    /// After a rest one task tries whether it is over, and has so many seconds for that. Then tasks in a second: at
    /// first, the fewest and the most.
    public static let keyTrialSeconds = 20.0
    public static let keyFirstPace = 2.0
    public static let keyLeastPace = 0.5
    public static let keyMostPace = 64.0
    /// Limits in a row, of those that slow a key down, that have it rest again; and the seconds without one after which
    /// its tasks are no longer paced.
    public static let limitsPerRest = 5
    public static let keyPaceSeconds = 60.0
    /// Seconds that a key rests after it, or our address, was locked out without a word about the end.
    public static let banRestSeconds = 300.0
    /// Seconds that a key rests which the provider does not know or has switched off.
    public static let badKeyRestSeconds = 600.0
    /// Seconds that a key rests which has nothing left to pay with.
    public static let emptyKeyRestSeconds = 300.0
    /// These double with each time in a row, up to this.
    public static let longestKeyRestSeconds = 6.0 * 3600
    /// Failures in a row after which a provider gets no task of a family for a while: the fewest, and the most for one
    /// that usually fails many. In between so many that it would show them by chance once in so many times.
    public static let breakerFailures = 3
    public static let breakerMostFailures = 24
    public static let breakerSurprise = 2_000.0
    /// Over how many tasks it is told how many it usually fails, and how many failures in a row count for that.
    public static let breakerRememberedTasks = 10.0
    public static let breakerRememberedFailures = 6
    /// Seconds of that while the first time, doubled with each try that fails, and at most.
    public static let breakerSeconds = 2.5
    public static let breakerLongestSeconds = 10.0
    /// Seconds after which one that tries and has no answer does not keep the next from trying.
    public static let breakerStalledSeconds = 20.0
    /// Tasks under way at once, of those that try whether it works again, at which it counts as working.
    public static let breakerTrials = 16
    /// Tasks in a second that are let through when it works again: at first, and so many that it no longer doubles with
    /// each that is taken. From there on it grows with each by the one as long as it had more before, and then by the
    /// other; and at most, when it is of no use any more.
    public static let recoveryFirstPace = 8.0
    public static let recoveryQuickPace = 64.0
    public static let recoveryUsualGrowth = 1.0 / 4
    public static let recoveryGrowth = 1.0 / 32
    public static let recoveryMostPace = 5_000.0
    /// The tasks of so many seconds may come at once.
    public static let recoveryBurstSeconds = 0.1
    /// Over how many seconds it is told how many tasks a provider has.
    public static let flowSeconds = 30.0
    /// Seconds without anybody who had to wait after which tasks are let through as they come.
    public static let recoveryQuietSeconds = 1.0
    /// Seconds after which a task asks again whether a place has become free, and how many ask in a second.
    public static let askAgainSeconds = 0.5
    public static let askingPerSecond = 2_000.0
    /// Tasks that wait for longer which one that asks has let go first, at most.
    public static let letGoFirst = 32
    /// Of those that wait and may not have every key, how many are looked at for one that may have a certain key.
    public static let waitingLookedAt = 32
    /// Seconds that a provider is taken to need for a task of which nothing was seen there.
    public static let unknownSolveSeconds = 45.0
    /// How many times what a provider usually takes it gets, and the fewest seconds, before others are tried.
    public static let patienceFactor = 1.5
    public static let leastBudgetSeconds = 15.0
    /// Seconds between two looks, at least, whether another can have a task whose attempt's time is over.
    public static let slowLookSeconds = 5.0
    /// Seconds for which an attempt whose time is over still waits for the answer to a poll that began then or before.
    public static let lastPollSeconds = 2.0
    /// Seconds without an answer after which a submit is suspicious at the earliest, and how many times what 95 of 100
    /// submits take there at most.
    public static let silenceSeconds = 5.0
    public static let silenceFactor = 4.0
    /// Seconds for which tasks avoid a provider that is found silent; then the next one finds out again.
    public static let silentSeconds = 10.0
    /// Answered submits that are remembered for it, and how many have to be for them to tell something.
    public static let rememberedSubmits = 64
    public static let fewestSubmits = 8
    /// Choices whose candidates are remembered, and for how many seconds.
    public static let rememberedRankings = 4_096
    public static let rememberedRankingSeconds = 0.25
    /// Seconds for which a stored explanation serves further tasks whose choice comes out the same way.
    public static let explanationSeconds = 30.0
    /// Ways in which a choice may come out within that time, with an explanation for each.
    public static let explanationsPerChoice = 16
    /// Seconds for which a stored explanation is kept at least, before a new one may take its place: 30 days.
    public static let keptExplanationSeconds = 30.0 * 24 * 3600
    /// Seconds between two times that what was learnt of providers is stored.
    public static let statisticsSeconds = 10.0
    /// Seconds for which stored statistics to which nothing was added are kept: 30 days.
    public static let keptStatisticsSeconds = 30.0 * 24 * 3600
    /// Seconds after which an observation of a provider counts for half, in each of the three windows that are kept:
    /// the one that notices a change first, the recent one, and the one that remembers.
    public static let momentHalfLifeSeconds = 120.0
    public static let recentHalfLifeSeconds = 1_200.0
    public static let lastingHalfLifeSeconds = 21_600.0
    /// The most of a hundred tasks that a policy sends somewhere else than to the provider it takes for the best, to
    /// learn how the others are.
    public static let exploredTasksPercent = 5.0

    // MARK: Polling

    /// Different observations that are kept of the solve times of one provider and family; beyond it the lightest half
    /// is forgotten.
    public static let solveTimeCells = 1_024
    /// Seconds after which an observed solve time counts half. A change of a provider's speed prevails after an hour or
    /// two, and one that solves ten tasks an hour still has about thirty observations that count.
    public static let solveTimeHalfLifeSeconds = 7_200.0
    /// Seconds for which a schedule of polls holds before it is made anew from what was seen since.
    public static let pollScheduleSeconds = 30.0
    /// Seconds between two polls at most at a provider that keeps results for a time that nobody knows.
    public static let longestPollGapSeconds = 120.0
}
