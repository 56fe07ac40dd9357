import Domain
import Synchronization

/// Those who wait for the ends of tasks. A task that nobody waits for costs nothing here.
final class TaskEnds: Sendable {
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct State {
        var waiters: [TaskID: [UInt64: Waiter]] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Tells those who wait that the task has ended.
    func ended(_ task: TaskID) {
        let waiters = state.withLock { $0.waiters.removeValue(forKey: task) }
        for waiter in (waiters ?? [:]).values { waiter.resume() }
    }

    /// Returns when the task has ended, or after so many seconds.
    ///
    /// - Parameter hasEnded: asked once the waiting has begun, so that an end in between is not missed.
    func wait(for task: TaskID, seconds: Double, hasEnded: @Sendable () -> Bool) async {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        var clock: Task<Void, Never>?
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiters[task, default: [:]][number] = continuation }
            if hasEnded() { return leave(task, number) }
            // After the waiter is in its place, so that it cannot ring too early.
            clock = Task {
                try? await Task.sleep(for: .seconds(seconds))
                self.leave(task, number)
            }
        }
        clock?.cancel()
    }

    /// Ends one wait, if it has not ended.
    private func leave(_ task: TaskID, _ number: UInt64) {
        let waiter = state.withLock { state in
            let waiter = state.waiters[task]?.removeValue(forKey: number)
            if state.waiters[task]?.isEmpty == true { state.waiters[task] = nil }
            return waiter
        }
        waiter?.resume()
    }
}
