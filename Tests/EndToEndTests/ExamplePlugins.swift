import Foundation
import TestSupport

/// The plug-ins of plugins/examples, built as an integrator builds them.
enum ExamplePlugins {
    static let names = ["example", "example-c"]

    /// Builds what has changed, once in a process.
    private static let built = Result {
        let script = Repository.root.appending(path: "scripts/examples.sh")
        let made = try run(URL(filePath: "/usr/bin/env"), ["bash", script.path])
        guard made.status == 0 else { throw TestFailure("\(made.output)\n\(made.errors)") }
        return Repository.root.appending(path: ".build/examples")
    }

    /// The file of a plug-in.
    static func file(_ name: String) throws -> URL { try built.get().appending(path: "\(name).so") }
}

/// A program of the system, run to its end; its output.
func tool(_ words: String...) throws -> String {
    let ended = try run(URL(filePath: "/usr/bin/env"), words)
    guard ended.status == 0 else { throw TestFailure("\(words): \(ended.output)\(ended.errors)") }
    return ended.output
}
