import Domain
import Routing

/// One day with one contestant and one slider: tasks come, are tried, fail over and end, on a virtual clock.
struct MarketRun {
    private let day: Day
    private var chooser: Chooser
    private var breaker: any Breaker
    private var statistics: [RouteStatistics]
    private var tasks: [Work] = []
    private var events = EventQueue()
    private(set) var outcome = MarketOutcome()

    /// A task between its arrival and its end.
    private struct Work {
        let arrival: Double
        let solvable: Bool
        /// Providers that were tried, as bits, and those that said it is unsolvable.
        var tried = 0
        var refused = 0
        var attempts = 0
        var spent = 0.0
    }

    enum Event {
        case tryNext(task: Int)
        case ended(MarketAttempt, TryEnd)
    }

    enum TryEnd {
        case solved(price: Double)
        case unsolvable(charged: Double)
        /// An error, or nothing within the attempt's budget.
        case unwell
    }

    /// Seconds from a task's arrival to its failure.
    static let deadline = Double(Limits.taskDeadlineSeconds)
    /// Seconds until a task that found nobody to go to looks again.
    static let pause = 2.0

    init(_ contestant: Contestant, _ preference: RoutingPreference, _ day: Day, breaker: any Breaker) {
        self.day = day
        self.breaker = breaker
        chooser = Chooser(contestant, preference, day)
        statistics = day.traders.map { _ in RouteStatistics(at: MarketRun.instant(0)) }
    }

    static func instant(_ seconds: Double) -> Timestamp { Timestamp(milliseconds: Int64(seconds * 1000)) }

    mutating func run() -> MarketOutcome {
        for (task, arrival) in day.arrivals.enumerated() {
            while let time = events.nextTime, time <= arrival { step() }
            var chance = Chance(day.seed, task)
            tasks.append(Work(arrival: arrival, solvable: chance.share() >= day.unsolvableShare))
            tryNext(task, at: arrival)
        }
        while events.nextTime != nil { step() }
        return outcome
    }

    private mutating func step() {
        guard let (time, event) = events.pop() else { return }
        switch event {
        case .tryNext(let task): tryNext(task, at: time)
        case .ended(let attempt, let end): ended(attempt, end, at: time)
        }
    }

    private mutating func tryNext(_ task: Int, at time: Double) {
        let work = tasks[task]
        let left = work.arrival + MarketRun.deadline - time
        guard left > MarketRun.pause, work.attempts < Limits.attemptsPerTask else { return fail(task, at: time) }
        let allowed = day.traders.indices.filter { work.refused & (1 << $0) == 0 && breaker.allows($0, at: time) }
        var open = allowed.filter { work.tried & (1 << $0) == 0 }
        // Who was unwell gets another chance when everyone had one.
        if open.isEmpty { open = allowed }
        guard !open.isEmpty else { return events.push(.tryNext(task: task), at: time + MarketRun.pause) }
        let provider = chooser.choose(of: open, statistics, at: time, task: task, isFirst: work.attempts == 0)
        let start = breaker.began(provider, at: time)
        tasks[task].tried |= 1 << provider
        tasks[task].attempts += 1
        let budget = min(AttemptBudget.seconds(statistics[provider]), left, open.count > 1 ? left / 2 : left)
        var chance = Chance(day.seed, task, provider, work.attempts)
        let truth = day.traders[provider].outcome(at: time, solvable: work.solvable, &chance)
        let (seconds, end) = MarketRun.end(of: truth, within: budget)
        events.push(
            .ended(MarketAttempt(task: task, provider: provider, began: time, start: start), end),
            at: time + seconds)
    }

    private static func end(of outcome: TryOutcome, within budget: Double) -> (Double, TryEnd) {
        switch outcome {
        case .solved(let seconds, let price) where seconds <= budget: (seconds, .solved(price: price))
        case .unsolvable(let seconds, let charged) where seconds <= budget: (seconds, .unsolvable(charged: charged))
        case .error(let seconds) where seconds <= budget: (seconds, .unwell)
        default: (budget, .unwell)
        }
    }

    private mutating func ended(_ attempt: MarketAttempt, _ end: TryEnd, at time: Double) {
        let (task, provider, began) = (attempt.task, attempt.provider, attempt.began)
        var isWell = true
        if case .unwell = end { isWell = false }
        // As the host does it.
        let counts = breaker.isClosed(provider) && attempt.start?.isTrial != true
        breaker.ended(provider, healthy: isWell, attempt.start, at: time)
        let now = MarketRun.instant(time)
        switch end {
        case .solved(let price):
            if counts { statistics[provider].recordSolved(seconds: time - began, cost: price, at: now) }
            tasks[task].spent += price
            outcome.solve(seconds: time - tasks[task].arrival, cost: tasks[task].spent)
        case .unsolvable(let charged):
            if counts { statistics[provider].recordFailed(seconds: time - began, cost: charged, at: now) }
            tasks[task].spent += charged
            tasks[task].refused |= 1 << provider
            // When two agree, the task goes back.
            if tasks[task].refused.nonzeroBitCount >= 2 { fail(task, at: time) } else { tryNext(task, at: time) }
        case .unwell:
            if counts { statistics[provider].recordFailed(seconds: time - began, at: now) }
            tryNext(task, at: time)
        }
    }

    private mutating func fail(_ task: Int, at time: Double) {
        let work = tasks[task]
        // What nobody could solve counts nowhere.
        guard work.solvable else { return }
        outcome.fail(seconds: time - work.arrival, cost: work.spent, couldBeSolved: isSolvableBySomeone(task))
    }

    /// Whether some provider that lived when the task came would have solved it within the deadline at the first try.
    private func isSolvableBySomeone(_ task: Int) -> Bool {
        day.traders.indices.contains { provider in
            var chance = Chance(day.seed, task, provider, 0)
            let truth = day.traders[provider].outcome(at: tasks[task].arrival, solvable: true, &chance)
            guard case .solved(let seconds, _) = truth else { return false }
            return seconds <= MarketRun.deadline
        }
    }
}

/// How long one try may take before the next provider gets the task.
enum AttemptBudget {
    /// From the solve times that were observed: far beyond what is usual, between 20 and 120 seconds.
    static func seconds(_ statistics: RouteStatistics) -> Double {
        let window = statistics.recent.solved > 5 ? statistics.recent : statistics.lasting
        guard window.solved > 2, let mean = window.meanSeconds, let variance = window.secondsVariance else { return 90 }
        return min(max(mean + 4 * variance.squareRoot(), 2 * mean, 20), 120)
    }
}

/// A task at a provider.
struct MarketAttempt {
    let task: Int
    let provider: Int
    let began: Double
    let start: CircuitBreaker.Start?
}
