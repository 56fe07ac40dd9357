import Foundation

/// The project's own files, as tests see them.
public enum ProjectTree {
    /// The folder of the package, without a slash at its end.
    public static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    /// The text of a file; `path` is relative to the package.
    ///
    /// - Throws: when there is no such file, or it is no UTF-8 text.
    public static func text(of path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }
}

/// A committed text, or a part of one, that is made from the source: it has to be what the source makes of it.
public struct TidyDocument: Sendable {
    /// Relative to the package.
    public let path: String
    /// The lines around the part that is made; nil when it is the whole file.
    public let markers: (begin: String, end: String)?

    public init(_ path: String, markers: (begin: String, end: String)? = nil) {
        self.path = path
        self.markers = markers
    }

    /// Compares the file with what it has to hold; nil when they are equal, otherwise a sentence that says what to do.
    ///
    /// - Parameter writing: whether the file is written instead; by default with `UCAPTCHA_WRITE_DOCS=1` in the
    ///   environment, which is what `make docs` sets.
    public func difference(from rendered: String, writing: Bool = TidyDocument.isWriting) throws -> String? {
        let committed = try? ProjectTree.text(of: path)
        guard let wanted = replacing(in: committed ?? "", with: rendered) else {
            return "\(path) lacks the lines `\(markers?.begin ?? "")` and `\(markers?.end ?? "")`. Put them back."
        }
        if wanted == committed { return nil }
        if writing {
            try wanted.write(toFile: "\(ProjectTree.root)/\(path)", atomically: true, encoding: .utf8)
            return nil
        }
        return "\(path) is not what the source says. Run `make docs` and commit the file."
    }

    /// Whether this run was asked to write documents.
    public static var isWriting: Bool { ProcessInfo.processInfo.environment["UCAPTCHA_WRITE_DOCS"] == "1" }

    /// The text with its made part replaced; nil when the markers are not there.
    func replacing(in text: String, with rendered: String) -> String? {
        guard let markers else { return rendered }
        guard let begin = text.range(of: markers.begin + "\n"),
            let end = text.range(of: markers.end, range: begin.upperBound..<text.endIndex)
        else { return nil }
        return text[..<begin.upperBound] + rendered + text[end.lowerBound...]
    }
}
