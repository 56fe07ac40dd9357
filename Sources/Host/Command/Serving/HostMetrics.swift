import Domain
import NIOConcurrencyHelpers
import Observability
import ProviderKit
import Tasks

/// Counts what happens in the engine.
struct HostMetrics: EngineObserver {
    private let acceptedTasks: MetricFamily<Counter>
    private let endedTasks: MetricFamily<Counter>
    private let taskSeconds: MetricFamily<Histogram>
    private let attempts: MetricFamily<Counter>
    private let calls: MetricFamily<Counter>
    private let callSeconds: MetricFamily<Histogram>
    /// What is counted with nearly every task, found without its labels.
    private let acceptedOf = KnownSeries<TaskFamily, Counter>()
    private let answeredBy = KnownSeries<String, (calls: Counter, seconds: Histogram)>()

    init(_ registry: MetricsRegistry) {
        let family = MetricLabel("family")
        let provider = MetricLabel("provider")
        let taskBuckets = [0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320]
        acceptedTasks = registry.counters(
            "ucaptcha_tasks_accepted_total", "Tasks accepted, by family.", labels: [family])
        endedTasks = registry.counters(
            "ucaptcha_tasks_ended_total", "Tasks ended, by family and by result.",
            labels: [family, MetricLabel("result", values: ErrorCode.allCases.map(\.label) + ["solved"])])
        taskSeconds = registry.histograms(
            "ucaptcha_task_seconds", "Seconds from acceptance to the end, by family.", labels: [family],
            bounds: taskBuckets)
        attempts = registry.counters(
            "ucaptcha_attempts_ended_total", "Attempts ended, by state and fault.",
            labels: [MetricLabel("state"), MetricLabel("fault")])
        calls = registry.counters(
            "ucaptcha_adapter_calls_total", "Answers of adapters, by provider and by result.",
            labels: [provider, MetricLabel("result")])
        callSeconds = registry.histograms(
            "ucaptcha_adapter_call_seconds", "Seconds that a call to an adapter took, by provider.", labels: [provider])
    }

    func accepted(_ family: TaskFamily) {
        acceptedOf.series(family) { acceptedTasks.with(family.rawValue) }.increment()
    }

    func ended(_ family: TaskFamily, _ outcome: TaskOutcome, seconds: Double) {
        switch outcome {
        case .solved: endedTasks.with(family.rawValue, "solved").increment()
        case .failed(let code, _): endedTasks.with(family.rawValue, code.label).increment()
        }
        taskSeconds.with(family.rawValue).observe(seconds)
    }

    func attemptEnded(_ end: AttemptEnd) {
        attempts.with("\(end.state)", end.fault ?? "none").increment()
    }

    func called(_ provider: String, _ reply: OperationReply, seconds: Double) {
        if case .fault(let fault) = reply {
            calls.with(provider, fault.label).increment()
            callSeconds.with(provider).observe(seconds)
        } else {
            let answered = answeredBy.series(provider) { (calls.with(provider, "ok"), callSeconds.with(provider)) }
            answered.calls.increment()
            answered.seconds.observe(seconds)
        }
    }
}

/// Series by what their labels stand for: families and providers, of which there are few.
private struct KnownSeries<Key: Hashable & Sendable, Series: Sendable>: Sendable {
    private let known = NIOLockedValueBox<[Key: Series]>([:])

    func series(_ key: Key, _ find: () -> Series) -> Series {
        known.withLockedValue { known in
            if let series = known[key] { return series }
            let series = find()
            known[key] = series
            return series
        }
    }
}
