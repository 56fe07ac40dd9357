import Config
import Dispatch
import Domain
import Logging
import Observability
import Plugins
import ProviderKit
import ServiceLifecycle
import Synchronization
import Tasks

extension RecycledKeyKeeper {
    /// The keeper of a host: it asks providers through their adapters, and hands keys to the book.
    convenience init(
        _ configuration: Configuration, engine: TaskEngine, adapters: AdapterRegistry, book: CredentialBook,
        store: any StoreAccess, metrics: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        let inquiries = RecycledKeyKeeper.inquiries(configuration, adapters, now)
        let surroundings = KeeperSurroundings(
            engine: engine, take: { book.addRecycled($0) },
            release: { id, provider in
                book.removeRecycled(id, of: provider)
            }, isConfigured: { book.isConfigured($0) },
            check: { provider, identity, completion in
                guard let inquiry = inquiries[provider], let credential = book.credential(identity, of: provider)
                else { return completion(RecycledKeyFinding(.unclear(.unavailable))) }
                inquiry.ask(about: credential, completion: completion)
            })
        self.init(
            store: store, surroundings: surroundings, bounds: configuration.recycling.bounds,
            tasksPerKey: configuration.recycling.tasksPerKey, observer: RecyclingMetrics(metrics), logger: logger,
            now: now)
        engine.onKeyFault { [self] provider, credential, fault in
            attemptFailed(at: provider, with: credential, fault)
        }
    }

    private static func inquiries(
        _ configuration: Configuration, _ adapters: AdapterRegistry, _ now: @escaping @Sendable () -> Timestamp
    ) -> [String: KeyInquiry] {
        let enabled = configuration.enabledAdapters.compactMap { adapter in
            adapters.instances[adapter.name].map { (adapter, $0) }
        }
        return Dictionary(
            enabled.map { adapter, instance in
                let unit = UnitValue(ofUnit: instance.manifest.balanceUnit, configured: adapter.unitValue)
                let inquiry = KeyInquiry(
                    caller: PluginCaller(instance: instance), unit: unit, serves: { instance.serves($0) }, now: now)
                return (adapter.name, inquiry)
            }, uniquingKeysWith: { first, _ in first })
    }
}

/// Keeps time for the keeper of recycled keys. It stops before everything that its checks need.
struct RecycledKeyTimekeeper: Service {
    let keeper: RecycledKeyKeeper
    let clock: SteadyClock
    let logger: Logger

    func run() async throws {
        let timer = TimerThread(name: "keychecks", now: clock.now) { [keeper] in keeper.advance() }
        keeper.onEarlierWake { timer.poke() }
        // For a wake that was scheduled before anybody could tell the thread.
        timer.poke()
        try? await gracefulShutdown()
        keeper.stop()
        let isDone = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let answer = FirstAnswer(continuation)
            keeper.whenIdle { answer.give(true) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Limits.keyDrainSeconds) { answer.give(false) }
        }
        if !isDone { logger.warning("Checks of recycled keys were under way at the stop; they are made anew.") }
        timer.stop()
    }
}

/// Counts what happens to recycled keys.
struct RecyclingMetrics: RecyclingObserver {
    private let checks: MetricFamily<Counter>
    private let keys: MetricFamily<Gauge>
    private let suspended: MetricFamily<Gauge>
    private let drift: MetricFamily<Gauge>

    init(_ registry: MetricsRegistry) {
        let provider = MetricLabel("provider")
        let reasons = RecycledKeyLife.Reason.allCases.map(\.rawValue)
        checks = registry.counters(
            "ucaptcha_recycled_key_checks_total", "Checks of recycled keys, by provider and result.",
            labels: [provider, MetricLabel("result", values: reasons + ["good"])])
        keys = registry.gauges(
            "ucaptcha_recycled_keys", "Recycled keys that are not erased, by provider and state.",
            labels: [provider, MetricLabel("state", values: RecycledKeyLife.State.allCases.map(\.rawValue))])
        suspended = registry.gauges(
            "ucaptcha_recycled_keys_suspended", "Recycled keys that take no tasks until they are resumed, by provider.",
            labels: [provider])
        drift = registry.gauges(
            "ucaptcha_recycled_key_drift_nanousd",
            "What providers deducted from recycled keys beyond what was recorded, in 10^-9 USD, by provider.",
            labels: [provider])
    }

    func checked(_ provider: String, _ result: String) {
        checks.with(provider, result).increment()
    }

    func counted(_ provider: String, _ tally: RecycledKeyTally) {
        for state in RecycledKeyLife.State.allCases {
            keys.with(provider, state.rawValue).set(Int64(tally.states[state] ?? 0))
        }
        suspended.with(provider).set(Int64(tally.suspended))
        drift.with(provider).set(Int64(clamping: tally.driftNanos))
    }
}
