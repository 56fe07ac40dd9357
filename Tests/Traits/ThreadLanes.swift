import Dispatch
import Synchronization

/// Threads of their own for tests that keep one busy for long, so that the threads which all other tests share go on
/// meanwhile: those wait for each other, and none of their waits is meant to be for a processor.
final class ThreadLanes: Sendable {
    /// For tests that compute: one at a time, since more would only take turns.
    static let computing = ThreadLanes(count: 1, label: "tests that compute")
    /// For tests that wait for other programs.
    static let waiting = ThreadLanes(count: 4, label: "tests that wait for programs")

    private let lanes: [Lane]
    private let busy: Mutex<[Int]>

    init(count: Int, label: String) {
        lanes = (0..<count).map { _ in Lane(label: label) }
        busy = Mutex(Array(repeating: 0, count: count))
    }

    /// Runs the body on the lane with the fewest others.
    func run(_ body: @Sendable () async throws -> Void) async throws {
        let place = busy.withLock { busy in
            let place = busy.indices.min { busy[$0] < busy[$1] } ?? 0
            busy[place] += 1
            return place
        }
        defer { busy.withLock { $0[place] -= 1 } }
        try await withTaskExecutorPreference(lanes[place]) { try await body() }
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
