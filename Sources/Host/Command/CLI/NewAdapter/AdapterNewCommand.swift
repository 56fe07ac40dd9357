import ArgumentParser
import Config
import FoundationEssentials
import ProviderKit

/// `ucaptcha adapter new NAME [FOLDER]`
struct AdapterNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a new adapter: a Swift package that builds a plug-in.",
        discussion: """
            The package has a small adapter of a vendor that does not exist, with its tests, to be made into one of a \
            vendor that does. It needs this project's folder Sources/ProviderKit and nothing else.
            """)
    @OptionGroup var output: OutputOptions
    @Argument(help: "The plug-in's name: 1 to 32 lower-case letters, digits and hyphens.") var name: String
    @Argument(
        help: "The folder to write. It must not exist. The plug-in's name, unless given.", completion: .directory)
    var folder: String?
    @Option(
        help: "The folder Sources/ProviderKit of a checkout. Found by itself when this program lies in a checkout.",
        completion: .directory)
    var kit: String?

    func run() throws {
        let name = try NewAdapterName(name, taken: Configuration.knownAdapters)
        let folder = FolderPath(folder ?? name.id)
        let kit = try KitFolder(kit.map { FolderPath($0) })
        let template = AdapterTemplate(name: name, kit: kit.path(from: folder))
        do {
            // Fails when it is there, whatever it is.
            try FileManager.default.createDirectory(atPath: folder.text, withIntermediateDirectories: false)
            for file in template.files { try write(file.text, to: "\(folder.text)/\(file.path)") }
        } catch {
            throw CommandFailure(problem(with: folder, error))
        }
        let answer: JSONValue = [
            "folder": .string(folder.text), "plugin": .string(name.id), "kit": .string(kit.folder.text),
            "files": .array(template.files.map { .string($0.path) }),
        ]
        output.show(answer) { _ in
            [
                "Written: \(folder.text), with ProviderKit from \(kit.folder.text).", "", "Next:",
                "  cd \(folder.text)", "  make test     # its tests, without network",
                "  make          # builds \(name.id).so",
                "  make check    # puts it through everything that a plug-in may meet", "",
                "README.md there says what to change. docs/write-an-adapter.md is the guide.",
            ]
        }
    }

    private func write(_ text: String, to path: String) throws {
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
    }

    private func problem(with folder: FolderPath, _ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteFileExists:
            "\(folder.text) is there already, and nothing in it was changed. Name a folder that does not exist."
        case .fileNoSuchFile, .fileReadNoSuchFile:
            "The folder around \(folder.text) does not exist. Make it first, or name another."
        case .fileWriteNoPermission: "\(folder.text) cannot be written: permission is missing."
        case .fileWriteOutOfSpace: "\(folder.text) cannot be written: the disk is full."
        default: "\(folder.text) cannot be written: \(error)"
        }
    }
}

/// An absolute path without `.`, `..` and doubled slashes.
struct FolderPath: Hashable {
    let parts: [Substring]

    init(_ path: String) {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.init(parts: absolute.split(separator: "/"))
    }

    private init(parts: [Substring]) {
        var kept: [Substring] = []
        for part in parts where part != "." {
            if part == ".." { _ = kept.popLast() } else { kept.append(part) }
        }
        self.parts = kept
    }

    var text: String { "/" + parts.joined(separator: "/") }

    var parent: FolderPath { FolderPath(parts: Array(parts.dropLast())) }

    func appending(_ path: String) -> FolderPath { FolderPath(parts: parts + path.split(separator: "/")) }

    /// Whether this is `folder` or lies in it.
    func isIn(_ folder: FolderPath) -> Bool { parts.starts(with: folder.parts) }

    /// The way from `folder` to this one.
    func relative(to folder: FolderPath) -> String {
        let common = zip(parts, folder.parts).prefix { $0 == $1 }.count
        let up = Array(repeating: Substring(".."), count: folder.parts.count - common)
        return (up + parts[common...]).joined(separator: "/")
    }
}

/// The folder of ProviderKit, which a new plug-in is built with.
struct KitFolder {
    let folder: FolderPath

    /// - Parameter given: where the operator says that it is; nil to look for it around this program and around the
    ///   current folder.
    /// - Throws: a sentence that says how to name it.
    init(_ given: FolderPath?) throws(CommandFailure) {
        if let given {
            guard KitFolder.isKit(given) else {
                throw CommandFailure(
                    "\(given.text) is not the folder of ProviderKit: it has no Package.swift and no ABI/include.")
            }
            folder = given
            return
        }
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let starts = [program.map { FolderPath($0) }, FolderPath(".")].compactMap { $0 }
        guard let found = starts.lazy.compactMap(KitFolder.above).first else {
            throw CommandFailure(
                """
                ProviderKit was not found. Name it with --kit FOLDER: it is the folder Sources/ProviderKit of a \
                checkout of ucaptcha.
                """
            )
        }
        folder = found
    }

    /// How Package.swift in `place` names it: a relative path within one checkout, which may be moved, else the
    /// absolute one.
    func path(from place: FolderPath) -> String {
        place.isIn(folder.parent.parent) ? folder.relative(to: place) : folder.text
    }

    /// The kit of the checkout that a path lies in.
    private static func above(_ path: FolderPath) -> FolderPath? {
        var place = path
        while !place.parts.isEmpty {
            let kit = place.appending("Sources/ProviderKit")
            if isKit(kit) { return kit }
            place = place.parent
        }
        return nil
    }

    private static func isKit(_ folder: FolderPath) -> Bool {
        ["Package.swift", "ABI/include/ucaptcha_provider.h"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending($0).text)
        }
    }
}
