internal import CLibcurl
internal import Glibc
internal import Synchronization

/// A thread of the host's own, which can be waited for.
final class LoopThread: Sendable {
    private let id: pthread_t
    private let isJoined = Mutex(false)

    /// Runs `body` on a new thread of this name (15 characters at most); nil when the system has none to give.
    init?(name: String, _ body: @escaping @Sendable () -> Void) {
        var id = pthread_t()
        let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
        let status = pthread_create(
            &id, nil,
            { context in
                guard let context else { return nil }
                let start = Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
                start.run()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            return nil
        }
        self.id = id
    }

    deinit {
        if !isJoined.withLock({ $0 }) { pthread_detach(id) }
    }

    /// Waits until the body has returned. From the thread itself it returns at once.
    func join() {
        guard pthread_equal(pthread_self(), id) == 0 else { return }
        isJoined.withLock { isJoined in
            if !isJoined { pthread_join(id, nil) }
            isJoined = true
        }
    }
}

private final class ThreadStart: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        // Signals are for other threads; and a write to a connection that the peer has closed must be an error here and
        // not a SIGPIPE, which TLS would cause.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        curl_name_thread(name)
        body()
    }
}
