import Foundation
import Synchronization

/// Compiles the test plug-ins of `Tests/Support/Plugins`, each at most once in a process, into one directory.
public enum PluginBuilder {
    /// Where the compiled plug-ins are: a temporary directory that goes when the process exits.
    public static let directory: String = {
        let path = FileManager.default.temporaryDirectory.appending(path: "ucaptcha-plugins-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = owner
        atexit {
            // A forked child exits too, and the directory is not its own.
            if getpid() == PluginBuilder.owner { try? FileManager.default.removeItem(atPath: PluginBuilder.directory) }
        }
        return path
    }()
    private static let owner = getpid()

    /// Why a plug-in could not be compiled: what the compiler said.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private static let built = Mutex<Set<String>>([])
    private static let support = URL(filePath: #filePath).deletingLastPathComponent()

    /// Compiles `names`, those that were not before, and returns `directory`.
    @discardableResult
    public static func build(_ names: String...) throws -> String {
        try build(names)
    }

    @discardableResult
    public static func build(_ names: [String]) throws -> String {
        try built.withLock { built in
            for name in names where !built.contains(name) {
                try compile(name)
                built.insert(name)
            }
        }
        return directory
    }

    /// A new directory with copies of these plug-ins, which a process can load beside the others.
    public static func copies(of names: String...) throws -> String {
        try build(names)
        let copy = "\(directory)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in names {
            try FileManager.default.copyItem(atPath: "\(directory)/\(name).so", toPath: "\(copy)/\(name).so")
        }
        return copy
    }

    private static func compile(_ name: String) throws {
        let include = support.appending(path: "../../Sources/ProviderKit/ABI/include").standardizedFileURL.path
        var arguments = ["-shared", "-fPIC", "-pthread", "-I", include]
        arguments += [support.appending(path: "Plugins/\(name).c").path, "-o", "\(directory)/\(name).so"]
        if name == "foreign_toolchain" { arguments += try foreignRuntime() }
        try run(arguments)
    }

    /// An empty library that bears the name of the Swift runtime's.
    private static func foreignRuntime() throws -> [String] {
        let place = "\(directory)/runtime"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let file = "\(place)/libswiftCore.so"
        try run(["-shared", "-Wl,-soname,libswiftCore.so", "-x", "c", "/dev/null", "-o", file])
        return ["-Wl,--no-as-needed", "-L\(place)", "-lswiftCore"]
    }

    private static func run(_ arguments: [String]) throws {
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/cc")
        compiler.arguments = arguments
        let words = Pipe()
        compiler.standardError = words
        try compiler.run()
        let said = words.fileHandleForReading.everything()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw Failure(description: String(decoding: said, as: UTF8.self))
        }
    }
}
