import Domain
import Glibc

/// The file of a database, apart from what is in it.
enum DatabaseFile {
    /// The one path of a file that can be reached by several, so that all of them lead to the same lock.
    ///
    /// - Throws: `StoreFailure` when the directory does not exist or the path is no file.
    static func resolve(_ path: String) throws(StoreFailure) -> String {
        var info = stat()
        if stat(path, &info) == 0 {
            guard info.st_mode & S_IFMT == S_IFREG else {
                throw StoreFailure(.other, "\(path) is not a file. Name a file in database.path of the configuration.")
            }
            guard info.st_nlink == 1 else {
                throw StoreFailure(
                    .other,
                    "The file \(path) has \(info.st_nlink) names (hard links), by which two processes could open it at "
                        + "once. Remove the others, or make a copy with `ucaptcha backup`.")
            }
            return real(path) ?? path
        }
        let (directory, name) = split(path)
        guard !name.isEmpty else {
            throw StoreFailure(.other, "The database path \(path) names no file. Correct database.path.")
        }
        guard let directory = real(directory) else {
            throw StoreFailure(
                .other,
                "The directory \(directory) of the database cannot be reached: \(String(cString: strerror(errno))). "
                    + "Create it, or change database.path in the configuration.")
        }
        return directory == "/" ? "/" + name : directory + "/" + name
    }

    /// The directory and the name within it.
    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// Sees to it that the file exists and that its owner alone can read it and the files that SQLite puts beside it.
    static func prepare(_ path: String) throws(StoreFailure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
            return
        }
        guard errno == EEXIST else {
            let kind: StoreFailure.Kind = errno == ENOSPC || errno == EDQUOT ? .diskFull : .other
            throw StoreFailure(
                kind,
                "The database \(path) cannot be made: \(String(cString: strerror(errno))). Let the host's user write "
                    + "its directory.")
        }
        for file in [path, path + "-wal", path + "-shm"] where access(file, F_OK) == 0 {
            guard chmod(file, 0o600) == 0 else {
                throw StoreFailure(
                    .other,
                    "The file \(file) cannot be made private to its owner: \(String(cString: strerror(errno))). Let it "
                        + "belong to the host's user.")
            }
        }
    }

    /// Makes what was written to a file, or the names in a directory, survive a power cut.
    static func sync(_ path: String) throws(StoreFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StoreFailure(
                .other, "\(path) could not be written to the disk: \(String(cString: strerror(errno))). Check the disk."
            )
        }
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
