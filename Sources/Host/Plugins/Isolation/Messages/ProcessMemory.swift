import Glibc

/// How much memory a process has, as the system tells it.
enum ProcessMemory {
    /// Bytes that it has now; 0 when that cannot be told.
    static func bytes(of process: pid_t) -> Int {
        let descriptor = open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = max(read(descriptor, &bytes, bytes.count), 0)
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
