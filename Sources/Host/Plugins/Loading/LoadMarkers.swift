import Glibc

/// What is known of a plug-in that took a process down.
public struct Quarantine: Sendable, Hashable {
    /// The plug-in's name in the configuration, and for `release`.
    public let plugin: String
    /// When its loading began, in milliseconds since 1970; nil when it was not noted.
    public let sinceUnixMilliseconds: Int64?
    /// What ended the process or the wait: `signal 6`, `exit`, `hang`; nil when nobody could note it.
    public let cause: String?

    /// A clause that tells it.
    var clause: String {
        let time = sinceUnixMilliseconds.map { "at \(LogText.utc($0)) " } ?? ""
        return switch cause {
        case "hang": "\(time)it did not return while it was being loaded"
        case let cause?: "\(time)it took the process down while it was being loaded (\(cause))"
        case nil: "\(time)it took the process down while it was being loaded"
        }
    }
}

/// Notes of what is being loaded, in files that outlive the process: `<plugin>.loading`.
///
/// A note is made durable before any code of the plug-in runs and removed when the plug-in has been loaded or refused.
/// What ends the process meanwhile is added to it where that can be noticed: a fatal signal, a call of `exit`, a hang.
/// Such a plug-in is quarantined. A note without a cause may also stem from a power cut or a `kill -9` at that instant,
/// so that the plug-in gets a second try; the second such note in a row quarantines it too.
public struct LoadMarkers: Sendable {
    private let directory: String
    private static let suffix = ".loading"
    /// Loads in a row that ended the process without a trace before the plug-in counts as the culprit.
    private static let triesWithoutTrace = 2

    /// - Parameter directory: where the notes are; it is made when it is missing, its parent has to exist.
    public init(directory: String) {
        self.directory = directory
    }

    /// The note of one load, open for adding how it ended.
    struct Marker: Sendable {
        let plugin: String
        let path: String
        let descriptor: Int32
    }

    /// Why a note could not be made: a clause.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// All plug-ins that are quarantined, by name.
    public func quarantined() -> [Quarantine] {
        (try? Directory.names(in: directory))?
            .filter { $0.hasSuffix(LoadMarkers.suffix) }
            .compactMap { quarantine(of: String($0.dropLast(LoadMarkers.suffix.utf8.count))) }
            .sorted { $0.plugin < $1.plugin } ?? []
    }

    /// Why this plug-in is not to be loaded; nil when it may be.
    public func quarantine(of plugin: String) -> Quarantine? {
        guard let note = note(of: plugin) else { return nil }
        if note.cause == nil, let tries = note.tries, tries < LoadMarkers.triesWithoutTrace { return nil }
        return Quarantine(plugin: plugin, sinceUnixMilliseconds: note.since, cause: note.cause)
    }

    /// Lets a quarantined plug-in be loaded again.
    ///
    /// - Returns: false when there was nothing to release.
    /// - Throws: `Failure`.
    public func release(_ plugin: String) throws(Failure) -> Bool {
        guard PluginName.isValid(plugin) else { return false }
        if unlink(path(plugin)) == 0 { return true }
        guard errno == ENOENT else { throw Failure(description: "\(path(plugin)): \(SystemError.text(errno))") }
        return false
    }

    func begin(_ plugin: String) throws(Failure) -> Marker {
        let tries = (note(of: plugin)?.tries ?? 0) + 1
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw Failure(description: "\(directory): \(SystemError.text(errno))")
        }
        let path = path(plugin)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(description: "\(path): \(SystemError.text(errno))") }
        let line = Array("loading \(Clocks.unixMilliseconds) \(tries)\n".utf8)
        guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0, Directory.sync(directory)
        else {
            let failure = Failure(description: "\(path): \(SystemError.text(errno))")
            close(descriptor)
            unlink(path)
            throw failure
        }
        return Marker(plugin: plugin, path: path, descriptor: descriptor)
    }

    /// The plug-in has been loaded or refused: nobody died.
    func end(_ marker: Marker) {
        unlink(marker.path)
        close(marker.descriptor)
    }

    /// The plug-in hangs: its note stays.
    func hang(_ marker: Marker) {
        let line = Array("hang\n".utf8)
        _ = write(marker.descriptor, line, line.count)
        fsync(marker.descriptor)
        close(marker.descriptor)
    }

    // MARK: Reading

    private struct Note {
        var since: Int64?
        var tries: Int?
        var cause: String?
    }

    private func path(_ plugin: String) -> String { "\(directory)/\(plugin)\(LoadMarkers.suffix)" }

    /// A note that cannot be read counts as one that quarantines: it is there for a reason.
    private func note(of plugin: String) -> Note? {
        guard PluginName.isValid(plugin) else { return nil }
        let descriptor = open(path(plugin), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return errno == ENOENT ? nil : Note() }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = max(read(descriptor, &bytes, bytes.count), 0)
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3, words[0] == "loading" else {
            var status = stat()
            return Note(since: fstat(descriptor, &status) == 0 ? Int64(status.st_mtim.tv_sec) * 1000 : nil)
        }
        return Note(
            since: Int64(words[1]), tries: Int(words[2]), cause: lines.count > 1 ? String(lines[1].prefix(40)) : nil)
    }
}

/// The names by which the configuration calls plug-ins: a file's name without its ending.
enum PluginName {
    static func isValid(_ name: String) -> Bool {
        let utf8 = name.utf8
        return (1...64).contains(utf8.count)
            && utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
                    || $0 == 0x5F
            }
    }
}
