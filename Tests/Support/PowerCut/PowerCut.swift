public import Foundation

/// A disk that forgets what was not synced: the environment that preloads it, and the cut itself.
public struct PowerCut {
    private let library: URL
    private let logs: URL
    private let database: URL

    /// Compiles the library beside the database.
    public init(database: URL) throws {
        self.database = database
        library = database.deletingLastPathComponent().appending(path: "powercut.so")
        logs = database.deletingLastPathComponent().appending(path: "powercut")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
        let source = Repository.root.appending(path: "Tests/Support/PowerCut/powercut.c")
        let compiled = try run(
            URL(filePath: "/usr/bin/cc"), ["-shared", "-fPIC", "-O1", "-o", library.path, source.path, "-ldl"])
        guard compiled.status == 0 else { throw TestFailure("powercut.c: \(compiled.errors)") }
    }

    /// For the process whose disk it is.
    public var environment: [String: String] {
        ["LD_PRELOAD": library.path, "POWERCUT_PREFIX": database.path, "POWERCUT_LOG": logs.path]
    }

    /// Leaves the files with what was synced and nothing else. The process has to be dead.
    ///
    /// - Returns: how many writes were forgotten.
    @discardableResult
    public func cut() throws -> Int {
        var forgotten = 0
        for log in try FileManager.default.contentsOfDirectory(at: logs, includingPropertiesForKeys: nil) {
            let name = log.deletingPathExtension().lastPathComponent
            let file = database.deletingLastPathComponent().appending(path: name)
            forgotten += try PowerCut.undo(try Data(contentsOf: log), of: file)
            try Data().write(to: log)
        }
        try? FileManager.default.removeItem(atPath: database.path + "-shm")
        return forgotten
    }

    private static func undo(_ log: Data, of file: URL) throws -> Int {
        var records: [(offset: UInt64, size: UInt64, saved: Data)] = []
        var position = 0
        func word(_ index: Int) -> UInt64 {
            (0..<8).reversed().reduce(0) { $0 << 8 | UInt64(log[log.startIndex + position + index * 8 + $1]) }
        }
        while position + 24 <= log.count {
            let (offset, size, count) = (word(0), word(1), Int(word(2)))
            guard position + 24 + count <= log.count else { break }
            let start = log.startIndex + position + 24
            records.append((offset, size, log[start..<start + count]))
            position += 24 + count
        }
        guard !records.isEmpty, FileManager.default.fileExists(atPath: file.path) else { return 0 }
        let handle = try FileHandle(forUpdating: file)
        for record in records.reversed() {
            try handle.seek(toOffset: record.offset)
            try handle.write(contentsOf: record.saved)
            try handle.truncate(atOffset: record.size)
        }
        try handle.close()
        return records.count
    }
}
