import Dispatch
import Domain
import Logging
import OutboundHTTP
import ServiceLifecycle
import Storage
import Synchronization
import Tasks

/// Stops the store after everything that uses it has stopped, and gives the database free last.
struct StorageService: Service {
    let threads: StoreThreads
    let store: SQLiteStore

    func run() async throws {
        try? await gracefulShutdown()
        threads.stop()
        store.close()
    }
}

/// Ends what is still under way outwards when the engine has stopped.
struct TransportService: Service {
    let transports: [any OutboundTransport]

    func run() async throws {
        try? await gracefulShutdown()
        for transport in transports { transport.shutdown() }
    }
}

/// Runs the engine: keeps time, and drains at the end.
struct EngineService: Service {
    let engine: TaskEngine
    /// For how long the content of a task is kept after its end.
    let resultSeconds: Double
    let clock: SteadyClock
    let logger: Logger

    /// Takes up what a former process left open. Before anything listens: a task that comes in meanwhile would be taken
    /// for one that was left open.
    static func recover(_ engine: TaskEngine, logger: Logger) async throws(StoreFailure) {
        try await engine.restoreStatistics()
        let taken = try await engine.recover()
        if taken > 0 { logger.info("Took up \(taken) open tasks of a former run.") }
    }

    func run() async throws {
        let timer = TimerThread(name: "wakes", now: clock.now) { [engine] in engine.advance() }
        engine.onEarlierWake { timer.poke() }
        // For a wake that was scheduled before anybody could tell the thread.
        timer.poke()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keepStatistics() }
            group.addTask { await eraseContent() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        engine.stop()
        await drain()
        timer.stop()
        await engine.storeStatistics()
    }

    /// Stores now and then what was learnt of providers. What comes in between is lost when the host dies, and learnt
    /// again.
    private func keepStatistics() async {
        while (try? await Task.sleep(for: .seconds(Limits.statisticsSeconds))) != nil { await engine.storeStatistics() }
    }

    private func eraseContent() async {
        repeat {
            await engine.eraseContent(olderThan: resultSeconds)
        } while (try? await Task.sleep(for: .seconds(Limits.contentErasureSeconds))) != nil
    }

    /// Waits for the calls under way, a bounded time; then they are cancelled and their tasks left for the next start.
    private func drain() async {
        let drained = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let answer = FirstAnswer(continuation)
            engine.whenIdle { answer.give(true) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Limits.drainSeconds) { answer.give(false) }
        }
        guard !drained else { return }
        engine.cancelCalls()
        logger.warning("Calls to adapters were under way at the stop; their tasks go on at the next start.")
    }
}

/// Resumes a continuation with the first of several answers.
final class FirstAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<Bool, Never>?>

    init(_ continuation: CheckedContinuation<Bool, Never>) {
        self.continuation = Mutex(continuation)
    }

    func give(_ answer: Bool) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: answer)
    }
}
