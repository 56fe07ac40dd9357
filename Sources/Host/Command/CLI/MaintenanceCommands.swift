import ArgumentParser
import Domain
import FoundationEssentials
import ProviderKit
import Tasks

/// `ucaptcha ledger ...`
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The ledger behind all balances.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Derive every balance again from the entries and compare.",
            discussion: "Exits with 1 when something does not fit.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let report = try await OperatorClient(common).perform(.verifyLedger)
            let problems = report["problems"]?.array ?? []
            output.show(report) { report in
                problems.isEmpty
                    ? [
                        "The ledger fits: \(report.shown("accounts")) accounts, \(report.shown("transactions"))"
                            + " transactions, \(report.shown("openReservations")) open reservations."
                    ]
                    : ["The ledger does NOT fit:"] + problems.map { "- \($0.string ?? "")" }
            }
            if !problems.isEmpty { throw ExitCode(1) }
        }
    }
}

/// `ucaptcha adapter ...`
struct AdapterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapter", abstract: "The adapters and their plug-ins.",
        subcommands: [List.self, AdapterCheck.self, AdapterNew.self, Release.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the configured adapters and the plug-ins' files.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(try await OperatorClient(common).perform(.listAdapters)) { adapters in
                guard let rows = adapters.array, !rows.isEmpty else { return ["No adapters and no plug-ins."] }
                let columns = ["adapter", "plugin", "version", "abi", "isolation", "families", "state"]
                return table(columns, rows.map { row in columns.map(row.shown) })
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have a plug-in loaded again that was set aside because it took the process down.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The plug-in's name.") var name: String

        func run() async throws {
            output.show(try await OperatorClient(common).perform(.releasePlugin(name))) { [$0.shown("message")] }
        }
    }
}

/// `ucaptcha backup FILE`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of the database, also while a host runs.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file to write. It must not exist.", completion: .file()) var file: String

    func run() async throws {
        // The running host may work in another folder than this command.
        let path = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        output.show(try await OperatorClient(common).perform(.backup(path: path))) { _ in ["Written: \(path)"] }
    }
}
