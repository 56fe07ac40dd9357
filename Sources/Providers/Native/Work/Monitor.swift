import Glibc

/// A value behind a lock on which threads can also wait for a change; `Mutex` cannot do that. Lives as long as the
/// process or until nobody refers to it.
final class Monitor<Value>: Sendable {
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let change: UnsafeMutablePointer<pthread_cond_t>
    private nonisolated(unsafe) let value: UnsafeMutablePointer<Value>

    init(_ initial: sending Value) {
        lock = .allocate(capacity: 1)
        change = .allocate(capacity: 1)
        value = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
        value.initialize(to: initial)
    }

    deinit {
        pthread_mutex_destroy(lock)
        pthread_cond_destroy(change)
        value.deinitialize(count: 1)
        lock.deallocate()
        change.deallocate()
        value.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&value.pointee)
    }

    /// Wakes every waiting thread.
    func notifyAll() {
        pthread_cond_broadcast(change)
    }

    /// Waits until `body` has a result.
    func wait<Result>(for body: (inout Value) -> Result?) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let result = body(&value.pointee) { return result }
            pthread_cond_wait(change, lock)
        }
    }
}
