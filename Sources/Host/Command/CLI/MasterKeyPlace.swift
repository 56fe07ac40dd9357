import Config
import Domain
import FoundationEssentials
import Glibc
import Vault

/// Where a master key is, or is to be.
struct MasterKeyPlace {
    let reference: SecretReference

    enum Found {
        case there(Secret)
        /// A new one, in a file that was not there before.
        case made(Secret)
        /// A new one that is to be put into the environment first; it is stored nowhere.
        case shown(Secret)
    }

    /// The master key of this place; a new one when there is none. Nothing that is there is ever overwritten.
    ///
    /// - Throws: a sentence when what is there cannot be read, or the file cannot be made.
    func find() throws -> Found {
        let environment = ProcessInfo.processInfo.environment
        if let path = reference.path {
            var info = stat()
            if lstat(path, &info) != 0, errno == ENOENT {
                let key = try MasterKey.random()
                try write(key, to: path)
                return .made(key)
            }
        } else if environment[variable] == nil {
            return .shown(try MasterKey.random())
        }
        return .there(Secret(try reference.resolve(environment: environment)))
    }

    /// The name of the variable, when the place is one.
    var variable: String { String(reference.description.dropFirst("env:".count)) }

    /// Writes the file for its owner alone, whole or not at all: a power cut leaves no half of a master key.
    private func write(_ key: Secret, to path: String) throws {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let partial = "\(path).partial-\(getpid())"
        func failure(_ what: String) -> CommandFailure {
            CommandFailure("\(what) cannot be made: \(String(cString: strerror(errno))). Check the folder.")
        }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure(folder) }
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(partial) }
        defer { unlink(partial) }
        let line = key.bytes + [UInt8(ascii: "\n")]
        let isWritten = Glibc.write(file, line, line.count) == line.count && fsync(file) == 0
        guard close(file) == 0, isWritten else { throw failure(partial) }
        // Unlike rename, this never replaces a file that has appeared meanwhile.
        guard link(partial, path) == 0 else { throw failure(path) }
        let directory = open(folder, O_RDONLY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        guard directory >= 0, fsync(directory) == 0 else { throw failure(path) }
    }
}
