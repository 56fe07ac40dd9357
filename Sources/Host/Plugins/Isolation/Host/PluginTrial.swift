public import CProviderABI
import Domain
import Glibc
import ProviderKit

/// One plug-in in a process of its own, to be put through its paces: nothing that it does harms whoever looks.
public struct PluginTrial: Sendable {
    /// How the process of a trial ended.
    public enum End: Sendable, Hashable {
        /// By itself, in order.
        case finished
        /// In any other way: a clause.
        case died(String)
    }

    /// What makes the program be a trial's process.
    public static let program = AdapterProgram(path: "/proc/self/exe", subcommand: "adapter-check-process")

    private let file: VerifiedFile
    private let program: AdapterProgram

    /// Opens a plug-in's file and checks it as a host would, without running any code of it.
    ///
    /// - Throws: `PluginRefusal`.
    public init(path: String, program: AdapterProgram = PluginTrial.program) throws(PluginRefusal) {
        let file = try VerifiedFile.open(path)
        self.file = file
        self.program = program
        do throws(PluginRefusal) {
            let differences = try file.differences(pin: nil) { _ in [] }
            guard differences.isEmpty else { throw PluginRefusal.mismatch(file: path, differences) }
        } catch {
            file.close()
            throw error
        }
    }

    /// Runs the trial and waits for its end. Blocks.
    ///
    /// - Parameters:
    ///   - quietSeconds: the process is ended when it says nothing for so long.
    ///   - line: gets each line that the trial's own code writes, `words` what the plug-in prints.
    public func run(
        quietSeconds: Double, line: (String) -> Void, words: (String) -> Void
    ) -> End {
        defer { file.close() }
        let process: ChildProcess
        do {
            process = try ChildProcess.start(program, adapter: "check", file: file.descriptor)
        } catch {
            return .died(error.reason)
        }
        defer {
            close(process.socket)
            close(process.words)
            if process.end >= 0 { close(process.end) }
        }
        let order = ChildOrder(file: file.path, limits: PluginLimits(), hostProcess: getpid())
        let bytes = order.bytes + [0x0A]
        _ = send(process.socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var lines = LineBuffer()
        var isQuiet = false
        while !isQuiet {
            var sources = [process.socket, process.end].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            isQuiet = poll(&sources, 2, Int32(quietSeconds * 1000)) == 0
            // What it has said is read first. Its connection may stay open: something that it has started has that too.
            guard !isQuiet, sources[0].revents != 0, lines.read(process.socket, line) else { break }
        }
        let end = process.reap()
        let printed = String(decoding: process.printed(), as: UTF8.self)
        for text in printed.split(separator: "\n") { words(LogText.plain(String(text), limit: 500)) }
        if isQuiet { return .died("it made no progress for \(Int(quietSeconds)) seconds") }
        return lines.isFinished ? .finished : .died(end.clause)
    }

    /// The trial's process from the inside: loads the plug-in, has `body` look at it, and ends the process. Returns
    /// only when nobody started it as one.
    ///
    /// - Parameter body: gets the plug-in's table, or why there is none, and what writes a line to whoever looks.
    public static func serve(
        _ body: (Result<UnsafePointer<ucaptcha_plugin>, PluginRefusal>, @escaping (String) -> Void) -> Void
    ) {
        guard AdapterProcess.isConnected else { return }
        AdapterProcess.enter()
        var first = LineBuffer()
        var order: ChildOrder?
        while order == nil, first.read(AdapterProcess.connection, { order = ChildOrder(reading: Array($0.utf8)) }) {}
        guard let order, AdapterProcess.confine(order) else { _exit(1) }
        let table = Result { () throws(PluginRefusal) in
            let file = try VerifiedFile.inherited(AdapterProcess.pluginFile, path: order.file)
            return try PluginLoader.table(of: file)
        }
        body(table) { LineBuffer.write($0, to: AdapterProcess.connection) }
        LineBuffer.write(LineBuffer.end, to: AdapterProcess.connection)
        _exit(0)
    }
}

/// Lines over a socket.
private struct LineBuffer {
    /// The line that says that all is said.
    static let end = "end"
    private var bytes: [UInt8] = []
    private(set) var isFinished = false

    /// Reads once and hands over what is complete.
    ///
    /// - Returns: false at the end.
    mutating func read(_ descriptor: Int32, _ line: (String) -> Void) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == EINTR { return true }
        guard count > 0 else { return false }
        bytes += chunk[..<count]
        while let end = bytes.firstIndex(of: 0x0A) {
            let text = String(decoding: bytes[..<end], as: UTF8.self)
            bytes.removeFirst(end + 1)
            if text == LineBuffer.end { isFinished = true } else { line(text) }
        }
        return !isFinished
    }

    static func write(_ line: String, to descriptor: Int32) {
        let bytes = Array(line.utf8) + [0x0A]
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
