import CLinux
import Glibc

/// Threads of the operating system: what runs code of a plug-in never runs on Swift's cooperative pool.
enum OSThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts a thread that nobody joins. Returns false when the system has no more of them.
    static func start(named name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let context = Unmanaged.passRetained(
            Body {
                linux_name_thread(name)
                body()
            })
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        guard failure == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Runs `body` on a thread of its own and waits for its result.
    ///
    /// - Returns: nil when it has not returned within `seconds`; the thread is left behind.
    static func run<Result: Sendable>(
        named name: String, seconds: Double, _ body: @escaping @Sendable () -> Result
    ) -> Result? {
        let outcome = Outcome<Result>()
        guard start(named: name, { outcome.set(body()) }) else { return nil }
        return outcome.wait(seconds: seconds)
    }
}

/// A value that one thread makes and another waits for.
final class Outcome<Value: Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private let made = Signal()
    /// Guarded by `monitor`.
    private var value: Value?

    func set(_ value: Value) {
        monitor.locked { self.value = value }
        made.wakeAll()
    }

    /// Whether there is a value.
    var isSet: Bool { monitor.locked { value != nil } }

    /// - Returns: nil when there is no value after so many seconds.
    func wait(seconds: Double) -> Value? {
        let end = Clocks.monotonicNanoseconds &+ UInt64(nanosecondsIn: seconds)
        return monitor.locked {
            while value == nil, Clocks.monotonicNanoseconds < end { made.wait(monitor, until: end) }
            return value
        }
    }
}
