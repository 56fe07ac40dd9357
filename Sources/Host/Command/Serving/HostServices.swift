import Domain
import Logging
import OutboundHTTP
import ServiceLifecycle
import Storage
import Tasks

/// Stops the store after everything that uses it has stopped, and gives the database free last.
struct StorageService: Service {
    let threads: StoreThreads
    let lock: DatabaseLock

    func run() async throws {
        try? await gracefulShutdown()
        threads.stop()
        withExtendedLifetime(lock) {}
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
        let drained = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [engine] in
                await withCheckedContinuation { continuation in engine.whenIdle { continuation.resume() } }
                return true
            }
            group.addTask {
                (try? await ContinuousClock().sleep(for: .seconds(Limits.drainSeconds))) == nil
            }
            let first = await group.next() ?? true
            if !first { engine.cancelCalls() }
            group.cancelAll()
            return first
        }
        if !drained { logger.warning("Calls to adapters were under way at the stop; their tasks go on at the next start.") }
    }
}
