import Dispatch
import Synchronization

/// Threads of their own for tests that keep one busy for long, so that the threads which all other tests share go on
/// meanwhile: those wait for each other, and none of their waits is meant to be for a processor.
final class ThreadLanes: Sendable {
    /// For tests that compute: one at a time, since more would only take turns.
    static let computing = ThreadLanes(count: 1, label: "tests that compute")
    /// For tests that wait for other programs.
    static let waiting = ThreadLanes(count: 4, label: "tests that wait for programs")

    private let free: Mutex<Free>

    private struct Free {
        var lanes: [Lane]
        var waiting: [CheckedContinuation<Lane, Never>] = []
    }

    init(count: Int, label: String) {
        free = Mutex(Free(lanes: (0..<count).map { _ in Lane(label: label) }))
    }

    /// Runs the body on a lane that no other test has meanwhile: one that keeps the thread would hold up the others.
    func run(_ body: @Sendable () async throws -> Void) async throws {
        let lane = await withCheckedContinuation { continuation in
            let lane = free.withLock { free in
                let lane = free.lanes.popLast()
                if lane == nil { free.waiting.append(continuation) }
                return lane
            }
            if let lane { continuation.resume(returning: lane) }
        }
        defer {
            let next = free.withLock { free in
                if free.waiting.isEmpty { free.lanes.append(lane) }
                return free.waiting.isEmpty ? nil : free.waiting.removeFirst()
            }
            next?.resume(returning: lane)
        }
        try await withTaskExecutorPreference(lane) { try await body() }
    }
}

private final class Lane: TaskExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
