import Glibc

/// A lock that threads can also wait under, with `Signal`s. Swift's own `Mutex` has no way to wait.
final class Monitor: @unchecked Sendable {
    fileprivate let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }

    func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body()
    }
}

/// Something that threads which hold a monitor wait for. A wait may also end for no reason: look again.
final class Signal: @unchecked Sendable {
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
    }

    func wait(_ monitor: Monitor) {
        pthread_cond_wait(condition, monitor.mutex)
    }

    /// Waits at most until this reading of the monotonic clock, in nanoseconds.
    func wait(_ monitor: Monitor, until nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        pthread_cond_timedwait(condition, monitor.mutex, &time)
    }

    func wake() { pthread_cond_signal(condition) }
    func wakeAll() { pthread_cond_broadcast(condition) }
}

/// Readings of the system's clocks.
enum Clocks {
    /// Nanoseconds of a clock that never goes back.
    static var monotonicNanoseconds: UInt64 {
        let time = reading(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Wall time in milliseconds since 1970.
    static var unixMilliseconds: Int64 {
        let time = reading(CLOCK_REALTIME)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec / 1_000_000)
    }

    private static func reading(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}

extension UInt64 {
    /// A duration in nanoseconds; what is no sensible number becomes the nearest that is.
    init(nanosecondsIn seconds: Double) {
        self = seconds > 0 ? UInt64(Swift.min(seconds, 1e9) * 1e9) : 0
    }
}
