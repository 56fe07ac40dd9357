internal import CChildProcess
import Domain
import Glibc

/// The process of an isolated adapter, from the inside.
///
/// It has no keys, no configuration and no database: one plug-in, and one connection on which the host tells it what to
/// do. When the connection ends, so does it.
public enum AdapterProcess {
    /// The descriptors that the host hands to the process.
    static let connection: Int32 = 3
    static let pluginFile: Int32 = 4
    /// Bytes of one message of the host: a response of 4 MiB may grow to six times its size as JSON.
    static let messageBytes = 64 * 1024 * 1024
    /// Bytes that wait for the host to read before whoever sends more waits too.
    static let outboxBytes = 16 * 1024 * 1024

    /// Serves the host until it is gone, and ends the process. Returns only when no host is there to be served: the
    /// program was started by somebody else.
    public static func run() {
        guard isConnected else { return }
        enter()
        // A program that the plug-in starts gets neither.
        for descriptor in [connection, pluginFile] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        // A stop of the host is announced to all its processes at once; the calls under way are still to be answered.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
        let reader = FrameReader(descriptor: connection, most: messageBytes)
        let host = RemoteHost(FrameChannel(descriptor: connection, patientAbove: outboxBytes))
        while (try? reader.read { host.handle($0, $1) }) == true {}
        _exit(0)
    }

    /// Whether a host has started this process.
    static var isConnected: Bool {
        var status = stat()
        return fstat(connection, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Leaves the folder that the host was started in.
    static func enter() {
        _ = chdir("/")
    }

    /// Gives up what the process will not need.
    ///
    /// - Returns: false when the system does not allow it, or the host is gone.
    static func confine(_ order: ChildOrder) -> Bool {
        let memory = UInt64(max(order.memoryBytes, 1)) * 2
        guard
            linux_confine(
                memory, memory + UInt64(Limits.isolatedAddressBytes), UInt64(Limits.isolatedOpenFiles),
                Int32(Limits.isolatedNiceness)) == 0
        else { return false }
        // It may have died before the system was told to end this process with it.
        return getppid() == order.hostProcess
    }
}
