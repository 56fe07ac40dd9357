import ArgumentParser
import CLinux
import Config
import Domain
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
        do {
            let host = try await Host(try Configuration(file: common.config), logger: logger)
            if linux_forbid_dump() != 0 { logger.warning("The system allows the process to be dumped.") }
            let group = ServiceGroup(
                configuration: .init(
                    services: host.services.map { .init(service: $0) },
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    cancellationSignals: [],
                    logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }))
            try await group.run()
            logger.info("Stopped.")
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
