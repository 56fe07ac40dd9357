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

/// Runs the engine: takes up what a former process left open, keeps time, and drains at the end.
struct EngineService: Service {
    let engine: TaskEngine
    let logger: Logger

    func run() async throws {
        let timer = TimerThread(name: "wakes", now: WallClock.now) { [engine] in engine.advance() }
        engine.onEarlierWake { timer.poke() }
        let taken = try await engine.recover()
        if taken > 0 { logger.info("Took up \(taken) open tasks of a former run.") }
        try? await gracefulShutdown()
        engine.stop()
        await drain()
        timer.stop()
    }

    /// Waits for the calls under way, a bounded time; then they are cancelled and their tasks left for the next start.
    private func drain() async {
        let drained = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let answered = Atomic(false)
            let answer: @Sendable (Bool) -> Void = { drained in
                let first = answered.withLock { answered in
                    defer { answered = true }
                    return !answered
                }
                if first { continuation.resume(returning: drained) }
            }
            engine.whenIdle { answer(true) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Limits.drainSeconds) { answer(false) }
        }
        guard !drained else { return }
        engine.cancelCalls()
        logger.warning("Calls to adapters were under way at the stop; their tasks go on at the next start.")
    }
}
