import CLinux
public import Domain
import Glibc
import Synchronization

/// A thread that calls a body when the time comes that the body itself named.
public final class TimerThread: Sendable {
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let changed: UnsafeMutablePointer<pthread_cond_t>
    private let poked = Atomic<Bool>(true)
    private let stopped = Atomic<Bool>(false)
    private let name: String
    private let body: @Sendable () -> Timestamp?
    private let now: @Sendable () -> Timestamp

    /// - Parameter body: does what is due and says when it wants to be called again; nil: only after a poke.
    public init(name: String, now: @escaping @Sendable () -> Timestamp, body: @escaping @Sendable () -> Timestamp?) {
        self.name = name
        self.body = body
        self.now = now
        lock = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
        var thread = pthread_t()
        let itself = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { itself in
                if let itself { Unmanaged<TimerThread>.fromOpaque(itself).takeRetainedValue().run() }
                return nil
            }, itself)
        pthread_detach(thread)
    }

    /// Has the body called soon.
    public func poke() {
        pthread_mutex_lock(lock)
        poked.store(true, ordering: .relaxed)
        pthread_mutex_unlock(lock)
        pthread_cond_signal(changed)
    }

    /// Ends the thread after the call under way.
    public func stop() {
        stopped.store(true, ordering: .relaxed)
        poke()
    }

    private func run() {
        linux_name_thread(name)
        while !stopped.load(ordering: .relaxed) {
            poked.store(false, ordering: .relaxed)
            wait(until: body())
        }
    }

    private func wait(until next: Timestamp?) {
        let wait = next.map { max($0.milliseconds - now().milliseconds, 0) }
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        var end = timespec()
        if let wait {
            clock_gettime(CLOCK_MONOTONIC, &end)
            let nanoseconds = end.tv_nsec + Int(min(wait, 3_600_000) % 1000) * 1_000_000
            end.tv_sec += Int(min(wait, 3_600_000) / 1000) + nanoseconds / 1_000_000_000
            end.tv_nsec = nanoseconds % 1_000_000_000
        }
        while !poked.load(ordering: .relaxed) {
            if wait == nil {
                pthread_cond_wait(changed, lock)
            } else if pthread_cond_timedwait(changed, lock, &end) == ETIMEDOUT {
                return
            }
        }
    }
}
