import Glibc
import Synchronization

/// The threads that a plug-in's Swift code runs on. An adapter that blocks one hurts itself alone: never the host's
/// task pool, which a plug-in that shares the host's Swift runtime would otherwise use.
final class PluginExecutor: TaskExecutor {
    static let shared = PluginExecutor(threads: 2)

    private struct Queue {
        var jobs: [UnownedJob] = []
        var taken = 0
    }

    /// Guards `queue`; a condition variable, because a thread without work has to sleep.
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let work: UnsafeMutablePointer<pthread_cond_t>
    private nonisolated(unsafe) let queue: UnsafeMutablePointer<Queue>

    init(threads: Int) {
        lock = .allocate(capacity: 1)
        work = .allocate(capacity: 1)
        queue = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        pthread_cond_init(work, nil)
        queue.initialize(to: Queue())
        for _ in 0..<threads {
            var thread = pthread_t()
            let executor = Unmanaged.passRetained(self).toOpaque()
            pthread_create(
                &thread, nil,
                { executor in
                    if let executor { Unmanaged<PluginExecutor>.fromOpaque(executor).takeUnretainedValue().run() }
                    return nil
                }, executor)
            pthread_detach(thread)
        }
    }

    func enqueue(_ job: UnownedJob) {
        pthread_mutex_lock(lock)
        queue.pointee.jobs.append(job)
        pthread_mutex_unlock(lock)
        pthread_cond_signal(work)
    }

    private func next() -> UnownedJob {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while queue.pointee.taken == queue.pointee.jobs.count { pthread_cond_wait(work, lock) }
        let job = queue.pointee.jobs[queue.pointee.taken]
        queue.pointee.taken += 1
        if queue.pointee.taken == queue.pointee.jobs.count {
            queue.pointee.jobs.removeAll(keepingCapacity: true)
            queue.pointee.taken = 0
        }
        return job
    }

    private func run() {
        while true { next().runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
