import Domain
import Logging
import Observability
import Synchronization

/// A store whose last commit is remembered, so that `/readyz` can tell that nothing can be stored, and counted.
final class WatchedStore: StoreAccess {
    private let store: any StoreAccess
    private let lastFailure = Mutex<(failure: StoreFailure, at: Timestamp, logged: Timestamp)?>(nil)
    private let operations: MetricFamily<Counter>
    /// Of the operations that were carried out, which nearly all are.
    private let done: Counter
    private let logger: Logger

    init(_ store: any StoreAccess, metrics: MetricsRegistry, logger: Logger) {
        self.store = store
        self.logger = logger
        operations = metrics.counters(
            "ucaptcha_store_operations_total", "Operations handed to the store, by result.",
            labels: [MetricLabel("result")])
        done = operations.with("done")
    }

    /// Why the last commit failed; nil when it didn't, or when it is time to try again: a host to which nobody sends
    /// anything because it is not ready would never find out that it is.
    var failure: StoreFailure? {
        let now = WallClock.now()
        return lastFailure.withLock { last in
            last.flatMap { now.seconds(since: $0.at) < Limits.storageDoubtSeconds ? $0.failure : nil }
        }
    }

    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        store.perform(operation) { [self] result in
            switch result {
            case .success, .failure(.refused):
                done.increment()
                lastFailure.withLock { if $0 != nil { $0 = nil } }
            case .failure(.failed(let failure)):
                operations.with(failure.kind.rawValue).increment()
                // A full queue passes by itself and is no reason to send clients elsewhere.
                if failure.kind != .overloaded { remember(failure) }
            }
            completion(result)
        }
    }

    /// One line a second says it for all operations.
    private func remember(_ failure: StoreFailure) {
        let now = WallClock.now()
        let isNew = lastFailure.withLock { last in
            let isNew = last.map { abs(now.seconds(since: $0.logged)) >= 1 } ?? true
            last = (failure, now, isNew ? now : last?.logged ?? now)
            return isNew
        }
        if isNew, failure.kind != .stopped { logger.error("Nothing can be stored: \(failure)") }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        store.read(body, completion: completion)
    }

    func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        store.readLong(body, completion: completion)
    }
}
