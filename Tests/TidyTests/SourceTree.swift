import Foundation
import TestSupport

/// A file of the project: its path, relative to the package, and its text.
struct SourceFile: Sendable {
    let path: String
    let text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isC: Bool { path.hasSuffix(".c") || path.hasSuffix(".h") }

    func isUnder(_ folders: String...) -> Bool { folders.contains { path.hasPrefix($0 + "/") } }

    /// The lines that match a pattern, as `PATH:LINE: SENTENCE`.
    func findings(_ pattern: String, in text: String? = nil, _ sentence: String) throws -> [String] {
        let regex = try NSRegularExpression(pattern: pattern)
        return (text ?? self.text).split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            let line = String($0.element)
            let whole = NSRange(line.startIndex..., in: line)
            return regex.firstMatch(in: line, range: whole) == nil ? nil : "\(path):\($0.offset + 1): \(sentence)"
        }
    }
}

/// The files of the project as git knows them: what is committed, and what is new and not ignored.
struct SourceTree: Sendable {
    /// Text files.
    let files: [SourceFile]
    /// The paths of files that are no text.
    let binaries: [String]
    /// Every path that git has under control or would take.
    let paths: [String]

    static let shared = Result { try SourceTree() }

    private init() throws {
        let listing = try Tool.output(
            "git", "-c", "safe.directory=*", "-C", ProjectTree.root, "ls-files", "--cached", "--others",
            "--exclude-standard", "-z")
        var paths: [String] = []
        var files: [SourceFile] = []
        var binaries: [String] = []
        for path in Set(listing.split(separator: "\0").map(String.init)).sorted() {
            // A file that was removed and is still in git's index is none.
            guard let bytes = FileManager.default.contents(atPath: "\(ProjectTree.root)/\(path)") else { continue }
            paths.append(path)
            if !bytes.contains(0), let text = String(data: bytes, encoding: .utf8) {
                files.append(SourceFile(path: path, text: text))
            } else {
                binaries.append(path)
            }
        }
        self.paths = paths
        self.files = files
        self.binaries = binaries
    }
}

/// Runs a tool and gives what it prints.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func output(_ command: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "`\(command.joined(separator: " "))` ended with \(process.terminationStatus).")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
