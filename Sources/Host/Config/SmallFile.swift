import Glibc

/// Reading of small files as a whole, and the paths that lead to them.
enum SmallFile {
    /// Why a file was not read.
    struct Problem: Error {
        /// What is wrong and what to do, without the path.
        let sentence: String
    }

    /// The bytes of a regular file that has at most `most` of them.
    static func read(_ path: String, most: Int) -> Result<[UInt8], Problem> {
        // Without O_NONBLOCK a named pipe that nobody writes to would hold up the start for ever.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return .failure(Problem(sentence: sentence(for: errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .failure(Problem(sentence: sentence(for: errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .failure(Problem(sentence: "It is no regular file. Name one."))
        }
        var bytes: [UInt8] = []
        while bytes.count <= most {
            var got = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                got = Glibc.read(file, buffer.baseAddress, buffer.count)
                count = max(got, 0)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return .failure(Problem(sentence: sentence(for: errno))) }
            if got == 0 { return .success(bytes) }
            bytes += chunk
        }
        return .failure(Problem(sentence: "It is larger than \(most) bytes. Name the right file or shorten it."))
    }

    /// The absolute path of the folder that a file is in.
    static func folder(of path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : join(workingFolder, path)
        guard let slash = absolute.utf8.lastIndex(of: UInt8(ascii: "/")), slash != absolute.startIndex else {
            return "/"
        }
        return String(absolute[..<slash])
    }

    /// A path that may be relative to a folder, made absolute.
    static func join(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }

    private static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    private static func sentence(for code: Int32) -> String {
        switch code {
        case ENOENT, ENOTDIR: "There is no such file."
        case EACCES: "The file may not be read by this user. Change its owner or mode."
        case EISDIR: "It is a folder. Name a file."
        default: "The file cannot be read: \(String(cString: strerror(code)))."
        }
    }
}
