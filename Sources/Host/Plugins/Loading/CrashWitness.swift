import Glibc
import Synchronization

/// Adds to the note of the plug-in that is being loaded what ends the process: a fatal signal or a call of `exit`.
///
/// Only while something is being loaded are its signal handlers installed; afterwards the ones before are back. The
/// handlers do nothing but write a few bytes, and hand the signal on.
enum CrashWitness {
    private static let signals: [Int32] = [SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS]
    /// Where to write; negative while nothing is being loaded.
    private static let descriptor = Atomic<Int32>(-1)
    /// The handlers before, by signal number. Written before `descriptor` is set, read by the handlers.
    private nonisolated(unsafe) static let former = {
        let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        actions.initialize(repeating: sigaction(), count: 65)
        return actions
    }()
    private static let watchesExit: Bool = {
        atexit { CrashWitness.note(exitText) }
        return true
    }()

    private static let exitText: StaticString = "exit\n"

    /// Begins to watch. One load at a time: callers hold the loader's lock.
    static func begin(_ note: Int32) {
        _ = watchesExit
        for signal in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { CrashWitness.caught($0) }
            action.sa_flags = Int32(SA_ONSTACK)
            sigaction(signal, &action, former + Int(signal))
        }
        descriptor.store(note, ordering: .releasing)
    }

    static func end() {
        descriptor.store(-1, ordering: .releasing)
        for signal in signals { sigaction(signal, former + Int(signal), nil) }
    }

    /// Writes the signal's number and lets the handler before have it: the signal is blocked until this returns.
    private static func caught(_ signal: Int32) {
        switch signal {
        case SIGABRT: note("signal 6, abort\n")
        case SIGSEGV: note("signal 11, bad memory access\n")
        case SIGBUS: note("signal 7, bad memory access\n")
        case SIGILL: note("signal 4, illegal instruction\n")
        case SIGFPE: note("signal 8, arithmetic error\n")
        case SIGTRAP: note("signal 5, trap\n")
        default: note("signal 31, bad system call\n")
        }
        sigaction(signal, former + Int(signal), nil)
        raise(signal)
    }

    private static func note(_ text: StaticString) {
        let descriptor = descriptor.load(ordering: .acquiring)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, text.utf8Start, text.utf8CodeUnitCount)
    }
}
