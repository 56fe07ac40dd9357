import Domain
import Glibc

/// The right to write a database file, which one process has at a time: a lock on a file beside it, held for life. The
/// system gives it back when the process ends, however it ends.
final class DatabaseLock: Sendable {
    private let descriptor: Int32

    /// - Parameter path: of the database; the lock is taken on `path` with `.lock` behind it.
    /// - Throws: `StoreFailure`, of the kind `inUse` when another process has it.
    init(for path: String) throws(StoreFailure) {
        let lockPath = path + ".lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreFailure(
                .other,
                "The lock file \(lockPath) cannot be opened: \(String(cString: strerror(errno))). Let the host's user "
                    + "write the directory.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = DatabaseLock.holder(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw StoreFailure(
                    .other, "The lock file \(lockPath) cannot be locked: \(String(cString: strerror(reason))).")
            }
            throw StoreFailure(
                .inUse,
                "The database \(path) is in use by another ucaptcha\(holder.map { " (\($0))" } ?? ""). Only one "
                    + "may have it open: stop that one, or give this one another database.path.")
        }
        ftruncate(descriptor, 0)
        // For the message above alone: nothing is decided by it, so that a failed write does no harm.
        let text = Array("process \(getpid())".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// What the holder of the lock wrote about itself.
    private static func holder(_ descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
