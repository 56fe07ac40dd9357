public import Domain
public import Logging
import NIOConcurrencyHelpers
import ProviderKit

/// Tells clients of the ends of their tasks, at least once each.
///
/// What has to be told is in the store: a callback becomes due in the commit that ends its task, and is forgotten when
/// it was delivered or given up, so that a crash between any two steps costs at most a second delivery. Nothing here
/// waits: time comes in through `advance`.
public final class CallbackDispatcher: Sendable {
    private struct State {
        var queue: CallbackQueue
        /// The exchanges under way; what ends one.
        var exchanges: [TaskID: @Sendable () -> Void] = [:]
        /// What the store did not take or tell, and when it is asked again.
        var retries: [TaskID: (at: Timestamp, step: Step)] = [:]
        var stopping = false
        var promised: Timestamp?
        /// When it was last logged that callbacks are given up.
        var lastLine = Timestamp(milliseconds: .min)
    }

    /// What is to be done for a callback that has a place.
    private enum Step: Sendable {
        case look(DueCallback)
        /// What became of an attempt.
        case postpone(DueCallback, until: Timestamp)
        /// Nothing more is done for it.
        case end(DueCallback, CallbackEnd)
    }

    private let store: any StoreAccess
    private let surroundings: CallbackSurroundings
    private let observer: any CallbackObserver
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state: NIOLockedValueBox<State>
    private let earlierWake = NIOLockedValueBox<@Sendable () -> Void>({})
    private let idle = NIOLockedValueBox<[@Sendable () -> Void]>([])

    /// - Parameter now: wall time, since what is stored outlives the process.
    public init(
        store: any StoreAccess, surroundings: CallbackSurroundings,
        observer: any CallbackObserver = NoCallbackObserver(), logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.surroundings = surroundings
        self.observer = observer
        self.logger = logger
        self.now = now
        state = NIOLockedValueBox(State(queue: CallbackQueue()))
    }

    /// Attempts and what belongs to them that are under way.
    public var underWay: Int { state.withLockedValue { $0.queue.underWay.count } }

    // MARK: Time

    /// Sets what to call when `advance` has to come earlier than its last answer said.
    public func onEarlierWake(_ body: @escaping @Sendable () -> Void) {
        earlierWake.withLockedValue { $0 = body }
    }

    /// A callback may have become due.
    public func callbackIsDue() {
        updating { $0.queue.want() }
    }

    /// Does what is due.
    ///
    /// - Returns: when to call again, at the latest; nil when nothing waits.
    public func advance() -> Timestamp? {
        let now = now()
        let (query, steps) = state.withLockedValue { state -> (CallbackQuery?, [Step]) in
            guard !state.stopping else { return (nil, []) }
            let due = state.retries.filter { $0.value.at <= now }
            for task in due.keys { state.retries[task] = nil }
            return (state.queue.page(at: now), due.values.map(\.step))
        }
        for step in steps { perform(step) }
        if let query { read(query) }
        return state.withLockedValue { state in
            state.promised = CallbackDispatcher.next(state)
            return state.promised
        }
    }

    private static func next(_ state: State) -> Timestamp? {
        guard !state.stopping else { return nil }
        return ([state.queue.wake] + state.retries.values.map(\.at)).compactMap(\.self).min()
    }

    private func updating<Result>(_ body: (inout State) -> sending Result) -> Result {
        let (result, isEarlier) = state.withLockedValue { state in
            let result = body(&state)
            let next = CallbackDispatcher.next(state) ?? .distantFuture
            let isEarlier = next < state.promised ?? .distantFuture
            if isEarlier { state.promised = next }
            return (result, isEarlier)
        }
        if isEarlier { earlierWake.withLockedValue { $0 }() }
        return result
    }

    // MARK: Stop

    /// Begins no attempt any more. What was not delivered is due at the next start.
    public func stop() {
        state.withLockedValue { state in
            state.stopping = true
            state.retries = [:]
        }
    }

    /// Calls `body` when no exchange is under way.
    public func whenIdle(_ body: @escaping @Sendable () -> Void) {
        idle.withLockedValue { $0.append(body) }
        reportIdle()
    }

    /// Gives up the exchanges under way.
    public func cancelAttempts() {
        for cancel in state.withLockedValue({ Array($0.exchanges.values) }) { cancel() }
    }

    private func reportIdle() {
        guard state.withLockedValue(\.exchanges.isEmpty) else { return }
        let waiting = idle.withLockedValue { waiting in
            defer { waiting = [] }
            return waiting
        }
        for body in waiting { body() }
    }

    // MARK: Turns

    private func read(_ query: CallbackQuery) {
        store.read { store throws(StoreFailure) in
            try store.dueCallbacks(query)
        } completion: { [self] result in
            let now = now()
            let begun = updating { state -> [DueCallback] in
                switch result {
                case .success(let page) where !state.stopping: return state.queue.begin(page, at: now)
                case .success: return []
                case .failure:
                    state.queue.readFailed(at: now)
                    return []
                }
            }
            for due in begun { look(at: due) }
        }
    }

    private func look(at due: DueCallback) {
        store.read { store throws(StoreFailure) in
            try store.callbackMessage(of: due.task)
        } completion: { [self] result in
            switch result {
            case .failure: later(.look(due), for: due.task)
            case .success(nil): release(due.task)
            case .success(let message?):
                guard let request = surroundings.request(message, of: due.task, at: now()) else {
                    return perform(.end(due, .erased))
                }
                send(request, for: due)
            }
        }
    }

    // MARK: Attempts

    private func send(_ request: HTTPRequest, for due: DueCallback) {
        // The exchange may end before `send` returns, on this thread.
        let isStopping = state.withLockedValue { state in
            if !state.stopping { state.exchanges[due.task] = {} }
            return state.stopping
        }
        guard !isStopping else { return }
        let start = now()
        let cancel = surroundings.send(request) { [self] result in answered(result, due, since: start) }
        state.withLockedValue { state in
            if state.exchanges[due.task] != nil { state.exchanges[due.task] = cancel }
        }
    }

    private func answered(_ result: Result<HTTPResponse, HTTPFailure>, _ due: DueCallback, since start: Timestamp) {
        let now = now()
        let isStopping = state.withLockedValue { state in
            state.exchanges[due.task] = nil
            return state.stopping
        }
        defer { reportIdle() }
        let isTaken: Bool
        switch result {
        case .success(let response):
            isTaken = (200..<300).contains(response.status)
            observer.attempted("\(response.status / 100)xx", seconds: now.seconds(since: start))
        case .failure(let failure):
            // Nobody's failure but the stop's own.
            if isStopping, failure.kind == .cancelled { return }
            isTaken = false
            observer.attempted(failure.kind.rawValue, seconds: now.seconds(since: start))
        }
        guard !isTaken else { return perform(.end(due, .delivered)) }
        failed(due, at: now, CallbackDispatcher.reason(result))
    }

    private func failed(_ due: DueCallback, at now: Timestamp, _ reason: String) {
        let attempts = due.attempts + 1
        // The host's name is all that is told of the address: the rest may hold what only the client is to know.
        let metadata: Logger.Metadata = [
            "task": "\(due.task)", "host": "\(due.host)", "attempts": "\(attempts)", "reason": "\(reason)",
        ]
        let next = CallbackPlan.next(
            afterAttempts: attempts, of: due.endedAt, at: now, dither: surroundings.dither())
        guard let next else {
            let isDue = state.withLockedValue { state in
                guard now >= state.lastLine.adding(seconds: 1) else { return false }
                state.lastLine = now
                return true
            }
            // One line a second says it for all: clients choose where callbacks go.
            if isDue { logger.notice("A callback is given up.", metadata: metadata) }
            return perform(.end(due, .givenUp))
        }
        logger.debug("A callback failed and is tried again.", metadata: metadata)
        perform(.postpone(due, until: next))
    }

    private static func reason(_ result: Result<HTTPResponse, HTTPFailure>) -> String {
        switch result {
        case .success(let response): "status \(response.status)"
        case .failure(let failure): failure.kind.rawValue
        }
    }

    // MARK: Store

    /// Looks at a callback, or stores what became of an attempt. Until that is stored the callback keeps its place: it
    /// would be sent again. So it is not counted as ended before.
    private func perform(_ step: Step) {
        let (due, operation, end): (DueCallback, CallbackOperation, CallbackEnd?)
        switch step {
        case .look(let callback): return look(at: callback)
        case .postpone(let callback, let time):
            let failed = CallbackOperation.postpone(callback.task, attempts: callback.attempts + 1, until: time)
            (due, operation, end) = (callback, failed, nil)
        case .end(let callback, let how): (due, operation, end) = (callback, .forget(callback.task), how)
        }
        store.perform(.callback(operation)) { [self] result in
            if case .failure(.failed) = result { return later(step, for: due.task) }
            updating { state in
                state.queue.ended(due.task)
                if case .postpone(_, let time) = step { state.queue.due(at: time) }
            }
            end.map(observer.ended)
        }
    }

    private func release(_ task: TaskID) {
        updating { $0.queue.ended(task) }
    }

    private func later(_ step: Step, for task: TaskID) {
        let at = now().adding(seconds: Limits.storeRetrySeconds)
        updating { state in
            if !state.stopping { state.retries[task] = (at, step) }
        }
    }
}
