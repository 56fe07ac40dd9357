public import ProviderKit
public import Routing

/// A vendor's bounds and the true solve times of one of its families.
public struct PollingScenario: Sendable, CustomStringConvertible {
    public var description: String
    public var law: SolveTimeLaw
    public var bounds: PollBounds

    /// Seconds until the deadline of every task.
    static let deadline = 300.0

    public init(_ name: String, _ law: SolveTimeLaw, _ plan: Manifest.PollPlan, lifetime: Double? = nil) {
        description = name
        self.law = law
        bounds = PollBounds(plan, resultLifetimeSeconds: lifetime, horizon: PollingScenario.deadline)
    }

    /// Asking every five seconds, and no more often than the vendor allows.
    public var everyFiveSeconds: [Double] {
        let gap = max(5, bounds.interval)
        return Array(stride(from: max(5, bounds.first), to: PollingScenario.deadline, by: gap))
    }

    /// The vendor's own plan.
    public var vendorPlan: [Double] {
        Array(stride(from: bounds.first, to: PollingScenario.deadline, by: bounds.interval).prefix(bounds.most))
    }

    private static let tokens = SolveTimeLaw.lognormal(median: 22, spread: 0.5)
    private static let quick = SolveTimeLaw.lognormal(median: 7, spread: 0.35)
    private static let steady = SolveTimeLaw.lognormal(median: 12, spread: 0.08)
    /// Machines solve most, people the rest.
    private static let twoPeaks = SolveTimeLaw([
        SolveTimeLaw.Peak(0.7, median: 9, spread: 0.12), SolveTimeLaw.Peak(0.3, median: 38, spread: 0.2),
    ])
    /// Solved before or at once, or by somebody.
    private static let farPeaks = SolveTimeLaw([
        SolveTimeLaw.Peak(0.5, median: 3.2, spread: 0.25), SolveTimeLaw.Peak(0.5, median: 24, spread: 0.35),
    ])

    /// Bounds as vendors document them, and solve times of either form.
    public static let all: [PollingScenario] = {
        let vendors: [(name: String, plan: Manifest.PollPlan, lifetime: Double?)] = [
            ("first 1, gap 1", Manifest.PollPlan(first: 1, interval: 1, most: 300), nil),
            ("first 2, gap 2", Manifest.PollPlan(first: 2, interval: 2, most: 120), 300),
            ("first 3, gap 3", Manifest.PollPlan(first: 3, interval: 3, most: 90), 300),
            ("first 5, gap 5", Manifest.PollPlan(first: 5, interval: 5, most: 120), nil),
        ]
        let laws = [
            ("lognormal 22 s", tokens), ("lognormal 7 s", quick), ("lognormal 12 s, narrow", steady),
            ("peaks at 9 and 38 s", twoPeaks), ("peaks at 3 and 24 s", farPeaks),
        ]
        return vendors.flatMap { vendor in
            laws.map { PollingScenario("\($0.0); \(vendor.name)", $0.1, vendor.plan, lifetime: vendor.lifetime) }
        } + [
            PollingScenario(
                "lognormal 55 s; first 20, gap 5", .lognormal(median: 55, spread: 0.4),
                Manifest.PollPlan(first: 20, interval: 5, most: 120)),
            PollingScenario(
                "lognormal 0.8 s; first 0.5, gap 0.5", .lognormal(median: 0.8, spread: 0.6),
                Manifest.PollPlan(first: 0.5, interval: 0.5, most: 1_200)),
        ]
    }()
}
