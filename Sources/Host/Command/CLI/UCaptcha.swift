import ArgumentParser

/// The command line: `ucaptcha SUBCOMMAND --config FILE`.
@main
struct UCaptcha: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ucaptcha",
        abstract: "A self-hosted gateway in front of CAPTCHA-solving providers.",
        subcommands: [
            Serve.self, AccountCommand.self, KeyCommand.self, DepositCommand.self, LedgerCommand.self,
            AdapterCommand.self,
            BackupCommand.self, VaultCommand.self, ProviderKeyCommand.self, RecycledKeyCommand.self,
            RouteCommand.self, TLSCommand.self,
            AdapterProcessCommand.self, AdapterCheckProcessCommand.self,
        ])
}

/// The options that every subcommand has.
struct CommonOptions: ParsableArguments {
    @Option(help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config = "ucaptcha.yaml"
}

/// The option of the subcommands that have something to show.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of text.")
    var json = false
}
