import ArgumentParser
import CLinux
import Config
import Domain
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// `ucaptcha serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the host until SIGTERM or SIGINT.",
        discussion: "Tasks under way at a stop are taken up again at the next start.")
    @OptionGroup var common: CommonOptions
    @Option(
        help: "How much to log: trace, debug, info, notice, warning, error.",
        transform: { text in
            guard let level = Logger.Level(rawValue: text) else { throw ValidationError("There is no level \(text).") }
            return level
        }) var logLevel = Logger.Level.info

    func run() async throws {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = logLevel
            return handler
        }
        let logger = Logger(label: "ucaptcha")
        // Whatever the host makes, its control socket included, is its owner's alone.
        umask(0o077)
        // Before the first key is in memory.
        if MemoryPrivacy.begin() {
            logger.info("The process cannot be dumped and writes no core file.")
        } else {
            logger.warning("The system allows the process to be dumped.")
        }
        if linux_raise_open_files() != 0 { logger.warning("The limit of open files could not be raised.") }
        do {
            let host = try await Host(try Configuration(file: common.config), logger: logger)
            try await ServiceGroup(configuration: groupConfiguration(host)).run()
            logger.info("Stopped.")
        } catch is NewProcessNeeded {
            logger.warning("Starting again without the plug-in that hangs.")
            // What is open closes with it: the database's lock is free for the new process.
            execv("/proc/self/exe", CommandLine.unsafeArgv)
            throw CommandFailure("The host could not start itself again. Start it once more.")
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    /// A stop that takes longer than the drain and a margin is cut short.
    private func groupConfiguration(_ host: Host) -> ServiceGroupConfiguration {
        var configuration = ServiceGroupConfiguration(
            services: host.services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
            cancellationSignals: [], logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(Limits.drainSeconds + Limits.stopMarginSeconds)
        return configuration
    }
}
