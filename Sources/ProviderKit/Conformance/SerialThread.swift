import Glibc

/// A lock with a condition that threads wait for.
final class Gate: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    /// Runs `body` alone, and lets those who wait look again.
    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return body()
    }

    /// Waits until `condition` holds. It is asked alone.
    ///
    /// - Returns: false when it does not hold after so many seconds.
    func wait(seconds: Double, until condition: () -> Bool) -> Bool {
        let end = Gate.nanoseconds + UInt64(seconds * 1e9)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !condition() {
            guard Gate.nanoseconds < end else { return false }
            var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
            pthread_cond_timedwait(changed, mutex, &time)
        }
        return true
    }

    /// A clock that never goes back.
    static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// A thread that runs jobs one after the other, as the host's threads do for one instance.
final class SerialThread: @unchecked Sendable {
    private let gate = Gate()
    // Guarded by `gate`.
    private var jobs: [(name: String, due: UInt64, body: @Sendable () -> Void)] = []
    private var current: (name: String, since: UInt64)?
    private var slowest: (name: String, seconds: Double)?

    init() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<SerialThread>.fromOpaque(context).takeRetainedValue().serve() }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    /// - Parameter name: what is called, for `blocked`.
    func run(_ name: String, afterSeconds delay: Double = 0, _ body: @escaping @Sendable () -> Void) {
        let due = Gate.nanoseconds + UInt64(max(delay, 0) * 1e9)
        gate.locked {
            let place = jobs.firstIndex { $0.due > due } ?? jobs.count
            jobs.insert((name, due, body), at: place)
        }
    }

    /// The function that has run for more than so many seconds, now or before.
    func blocked(seconds: Double) -> String? {
        gate.locked {
            if let current, Double(Gate.nanoseconds - current.since) / 1e9 > seconds { return current.name }
            return slowest.flatMap { $0.seconds > seconds ? $0.name : nil }
        }
    }

    private func serve() {
        while true {
            _ = gate.wait(seconds: 0.05) { jobs.first.map { $0.due <= Gate.nanoseconds } ?? false }
            guard let job = next() else { continue }
            job.body()
            gate.locked {
                if let current {
                    let seconds = Double(Gate.nanoseconds - current.since) / 1e9
                    if seconds > slowest?.seconds ?? 0 { slowest = (current.name, seconds) }
                }
                current = nil
            }
        }
    }

    private func next() -> (name: String, due: UInt64, body: @Sendable () -> Void)? {
        gate.locked {
            guard let first = jobs.first, first.due <= Gate.nanoseconds else { return nil }
            current = (first.name, Gate.nanoseconds)
            return jobs.removeFirst()
        }
    }
}
