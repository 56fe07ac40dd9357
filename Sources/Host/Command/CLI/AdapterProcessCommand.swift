import ArgumentParser
import Plugins

/// `ucaptcha adapter-process NAME`: what the host starts for an isolated adapter.
struct AdapterProcessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: AdapterProgram.own.subcommand, abstract: "Run one adapter for the host that started this process.",
        shouldDisplay: false)
    /// For whoever looks at the list of processes.
    @Argument(help: "The adapter's name.") var adapter: String

    func run() throws {
        // Comes back only when there is no host.
        AdapterProcess.run()
        throw CommandFailure(
            "A host starts this command by itself for adapters with `isolation: process`. There is nothing to do here.")
    }
}
