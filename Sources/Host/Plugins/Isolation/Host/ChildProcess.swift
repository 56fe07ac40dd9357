internal import CChildProcess
import Glibc

/// A running process of an isolated adapter, seen from the thread that started it. It ends when that thread does.
struct ChildProcess {
    let pid: pid_t
    /// The host's end of the connection.
    let socket: Int32
    /// What the process prints, to be read without waiting.
    let words: Int32
    /// Can be read from once the process has ended; -1 where the system has no such thing.
    let end: Int32
    /// The most memory that the host had had when it started the process, in KiB. The kernel counts the process's own
    /// from there, so that up to it nothing is known.
    private let hostPeak: Int

    struct Failure: Error {
        let reason: String
    }

    /// Starts the program for `adapter` with the opened plug-in as its descriptor 4.
    ///
    /// - Throws: `Failure`.
    static func start(_ program: AdapterProgram, adapter: String, file: Int32) throws(Failure) -> ChildProcess {
        var sockets: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else {
            throw Failure(reason: "no connection could be made: \(SystemError.text(errno))")
        }
        var pipes: [Int32] = [-1, -1]
        guard linux_pipe(&pipes) == 0 else {
            let reason = SystemError.text(errno)
            close(sockets)
            throw Failure(reason: "no pipe could be made: \(reason)")
        }
        // Above the numbers that they get in the process, so that none takes the place of another.
        let inherited = [sockets[1], file, pipes[1]].map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        defer { close(inherited + [sockets[1], pipes[1]]) }
        var pid: pid_t = 0
        let failure =
            inherited.contains { $0 < 0 }
            ? EMFILE
            : withCStrings(program.arguments(for: adapter)) { arguments in
                withCStrings(AdapterProgram.environment { getenv($0).map { String(cString: $0) } }) { environment in
                    linux_spawn_child(
                        &pid, program.path, arguments, environment, inherited[0], inherited[1], inherited[2])
                }
            }
        guard failure == 0 else {
            close([sockets[0], pipes[0]])
            throw Failure(reason: "its process could not be started: \(SystemError.text(failure))")
        }
        return ChildProcess(
            pid: pid, socket: sockets[0], words: pipes[0], end: linux_process_descriptor(pid),
            hostPeak: linux_peak_kilobytes())
    }

    /// Ends the process, and with it those that it has started and that stayed in its group.
    func kill() {
        Glibc.kill(-pid, SIGKILL)
    }

    /// Bytes of memory that the process has now; 0 when that cannot be told.
    var memory: Int { ProcessMemory.bytes(of: pid) }

    /// Nanoseconds of a processor that it has used.
    var processorNanoseconds: UInt64 { linux_cpu_nanoseconds(pid) }

    /// Ends the process, if it has not ended, and tells how it did.
    ///
    /// - Parameter seenBytes: the most memory that it was seen to have.
    func reap(seenBytes: Int = 0) -> ChildEnd {
        kill()
        var status: Int32 = 0
        var peak = 0
        let isReaped = linux_reap(pid, &status, &peak) == 0
        return ChildEnd(status: isReaped ? status : nil, peakBytes: max(seenBytes, peak > hostPeak ? peak * 1024 : 0))
    }

    /// What the process has printed since the last time, at most 64 KiB.
    func printed() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = max(read(words, &bytes, bytes.count), 0)
        return Array(bytes[..<count])
    }
}

/// How a process ended.
struct ChildEnd: Equatable {
    /// As the system reports it; nil when somebody else has taken the report.
    let status: Int32?
    /// The most memory that it is known to have had, in bytes.
    let peakBytes: Int

    /// A clause: `signal 11 (bad memory access)`.
    var clause: String {
        guard let status else { return "its process is gone" }
        let signal = status & 0x7F
        guard signal != 0 else { return "its process exited with status \((status >> 8) & 0xFF)" }
        let name: String? =
            switch signal {
            case SIGSEGV, SIGBUS: "bad memory access"
            case SIGABRT: "abort"
            case SIGILL, SIGTRAP: "trap"
            case SIGFPE: "arithmetic error"
            case SIGKILL: "killed"
            case SIGSYS: "bad system call"
            default: nil
            }
        return "its process ended by signal \(signal)" + (name.map { " (\($0))" } ?? "")
    }
}

private func close(_ descriptors: [Int32]) {
    for descriptor in descriptors where descriptor >= 0 { Glibc.close(descriptor) }
}

/// Lends texts as a C array that ends with NULL.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
) -> Result {
    var copies = texts.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeMutableBufferPointer { body(UnsafePointer($0.baseAddress)) }
}
