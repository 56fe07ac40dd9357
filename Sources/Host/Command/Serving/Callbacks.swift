import Config
import Dispatch
import Domain
import Logging
import Observability
import OutboundHTTP
import ProviderKit
import ServiceLifecycle
import Tasks
import Vault

/// The callbacks of a host: who decides where they may go, who sends them, and over what.
struct HostCallbacks: Sendable {
    let rules: CallbackRules
    /// A transport of their own: what the operator allows them is nobody else's to reach.
    let transport: ClientAddressTransport
    /// Stops before the transport.
    let service: CallbackService

    init(
        _ configuration: Configuration.Callbacks, engine: TaskEngine, store: any StoreAccess, ids: any TaskIDCipher,
        metrics: MetricsRegistry, logger: Logger
    ) throws {
        let policy = AddressPolicy.publicOr(configuration.allowAddresses)
        rules = CallbackRules(
            isEnabled: configuration.enabled,
            host: { url throws(HTTPFailure) in try Origin(of: url).host }, allows: policy.allows)
        let transport = try ClientAddressTransport(policy: policy, limits: .callbacks)
        self.transport = transport
        let dispatcher = CallbackDispatcher(
            store: store,
            surroundings: CallbackSurroundings(
                send: { request, completion in
                    let handle = transport.send(OutboundRequest(request), completion: completion)
                    return { handle.cancel() }
                }, uuid: ids.uuid, sign: { MessageCode.of($0, key: $1) }),
            observer: CallbackMetrics(metrics), logger: logger, now: WallClock.now)
        service = CallbackService(dispatcher: dispatcher, isEnabled: configuration.enabled, logger: logger)
        metrics.gauge("ucaptcha_waiting_requests", "Requests that wait for the end of a task.") {
            Double(engine.waitingRequests)
        }
        guard configuration.enabled else { return }
        engine.onCallbackDue { dispatcher.callbackIsDue() }
        metrics.gauge("ucaptcha_callbacks_under_way", "Callbacks that have a place, by now.") {
            Double(dispatcher.underWay)
        }
    }
}

/// Keeps time for callbacks, and drains at the end. Does nothing in a host without callbacks.
struct CallbackService: Service {
    let dispatcher: CallbackDispatcher
    let isEnabled: Bool
    let logger: Logger

    func run() async throws {
        guard isEnabled else {
            try? await gracefulShutdown()
            return
        }
        let timer = TimerThread(name: "callbacks", now: WallClock.now) { [dispatcher] in dispatcher.advance() }
        dispatcher.onEarlierWake { timer.poke() }
        timer.poke()
        try? await gracefulShutdown()
        dispatcher.stop()
        let drained = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let answer = FirstAnswer(continuation)
            dispatcher.whenIdle { answer.give(true) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Limits.callbackDrainSeconds) { answer.give(false) }
        }
        if !drained {
            dispatcher.cancelAttempts()
            logger.info("Callbacks were under way at the stop; they are sent again after the next start.")
        }
        timer.stop()
    }
}

/// Counts what becomes of callbacks.
struct CallbackMetrics: CallbackObserver {
    private let attempts: MetricFamily<Counter>
    private let seconds: Histogram
    private let callbacks: MetricFamily<Counter>

    init(_ registry: MetricsRegistry) {
        let results = (1...5).map { "\($0)xx" } + HTTPFailure.Kind.allCases.map(\.rawValue)
        attempts = registry.counters(
            "ucaptcha_callback_attempts_total", "Requests to clients' servers that tell of a task's end, by result.",
            labels: [MetricLabel("result", values: results)])
        seconds = registry.histogram(
            "ucaptcha_callback_attempt_seconds", "Seconds that such a request took.")
        callbacks = registry.counters(
            "ucaptcha_callbacks_total", "Callbacks that nothing more is done for, by how they ended.",
            labels: [MetricLabel("end", values: CallbackEnd.allCases.map(\.rawValue))])
    }

    func attempted(_ result: String, seconds: Double) {
        attempts.with(result).increment()
        self.seconds.observe(seconds)
    }

    func ended(_ end: CallbackEnd) {
        callbacks.with(end.rawValue).increment()
    }
}
