import CLinux
import Glibc

/// A thread of the system with a name, for work that blocks.
final class NamedThread: Sendable {
    private let thread: pthread_t?

    /// Starts it. The name is cut after 15 characters, which is what the system keeps.
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                linux_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        if code != 0 { start.release() }
        self.thread = code == 0 ? thread : nil
    }

    /// False when the system has no thread left to give.
    var isRunning: Bool { thread != nil }

    /// Waits until it has ended. Once only, and by another thread; the thread itself lets go of itself instead.
    func join() {
        guard let thread else { return }
        if pthread_equal(thread, pthread_self()) != 0 { pthread_detach(thread) } else { pthread_join(thread, nil) }
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
