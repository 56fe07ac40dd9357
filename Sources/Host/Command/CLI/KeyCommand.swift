import ArgumentParser
import Domain
import ProviderKit
import Tasks

/// `ucaptcha key ...`
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract:
            "The API keys of accounts, where each may be used from, how much it may do, and how its tasks are routed.",
        subcommands: [List.self, Create.self, Rename.self, Revoke.self, AllowIP.self, Settings.self])

    static let columns = [
        "id", "account", "name", "scopes", "mode", "preset", "slider", "keyPool", "dialect", "addresses", "openTasks",
        "dailySpend", "revoked", "created",
    ]

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the keys of all accounts, or of one.",
            discussion: "The text of a key is shown when it is made and kept nowhere.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The number of an account.") var account: Int64?

        func run() async throws {
            let keys = try await OperatorClient(common).perform(.keys(.list(account.map(AccountID.init))))
            output.show(keys) { keys in
                guard let rows = keys.array, !rows.isEmpty else {
                    return ["No keys. Make one with `ucaptcha key create ACCOUNT`."]
                }
                return table(KeyCommand.columns, rows.map { row in KeyCommand.columns.map(row.shown) })
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make another key of an account, shown once.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The account's number.") var account: Int64
        @Option(help: "A name for people.") var name = ""
        @Option(help: "What the key is for: solve tasks, manage the account's keys and history, or both.")
        private var scope = AnyCase(KeyScope.solve)

        func run() async throws {
            let request = KeyRequest.create(AccountID(account), name: name, scopes: scope.value.scopes)
            output.show(try await OperatorClient(common).perform(.keys(request))) { made in
                [
                    "Key \(made.shown("id")) of account \(account), for: \(made.shown("scopes")).",
                    "API key, shown this once: \(made.shown("apiKey"))",
                ]
            }
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a key another name.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The key's number.") var id: Int64
        @Argument(help: "The name, for people.") var name: String

        func run() async throws {
            output.show(try await OperatorClient(common).perform(.keys(.rename(id, name: name)))) { key in
                ["Key \(id) is now called \(key.shown("name"))."]
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a key from now on, for good.",
            discussion: "Tasks that were created with it go on; another key of the account can fetch their results.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The key's number.") var id: Int64

        func run() async throws {
            output.show(try await OperatorClient(common).perform(.keys(.revoke(id)))) { _ in ["Key \(id) is revoked."] }
        }
    }

    struct Settings: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show or change how a key's tasks are routed, how its clients are answered, how much it may do.",
            discussion: """
                They take effect with the next task. What no option names stays as it is. The presets cheapest and \
                fastest are the ends of the slider, 0 and 100; reliable looks at the success rate first; custom does \
                what the slider says, and giving the slider selects it. A request's `selectionMode` and `keyPoolMode` \
                come before all of this. Tasks that carry the user or password of a proxy, or cookies, go through the \
                platform's keys and the account's own alone, whatever is set. The dialect counts where the request's \
                path names none; auto leaves it to each task. A cap is taken away with the word none.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The key's number.") var id: Int64
        @Option(help: "Choose a provider for each task, or take a token that was solved ahead where there is one.")
        private var mode: AnyCase<RoutingSettings.Mode>?
        @Option(help: "What counts in the choice.") private var preset: AnyCase<RoutingSettings.Preset>?
        @Option(
            // Unconditional, so that a negative number is refused for what it is.
            parsing: .unconditional, help: "Price against speed, from 0, cheapest, to 100, fastest.",
            transform: RoutingArguments.slider) var slider: Int?
        @Option(
            help:
                "Whose keys at providers its tasks may go through: all, or the platform's and the account's own."
        )
        private var keyPool: AnyCase<KeyPoolMode>?

        @Option(help: "What the key's clients were written for.") private var dialect: AnyCase<DialectSetting>?
        @Option(
            help: "Tasks that may be open with the key at once, or none for any number.",
            transform: AccessArguments.openTasks) var openTasks: AccessChange.Cap<Int>?
        @Option(
            help: "USD that may be charged to the key in a day of UTC, open tasks included, or none for any amount.",
            transform: AccessArguments.dailySpend) var dailySpend: AccessChange.Cap<Money>?

        func validate() throws { _ = try change }

        private var change: RoutingChange {
            get throws {
                do {
                    return try RoutingChange(
                        mode: mode?.value, preset: preset?.value, slider: slider, keyPool: keyPool?.value)
                } catch {
                    throw ValidationError("\(error)")
                }
            }
        }

        func run() async throws {
            let access = AccessChange(openTasks: openTasks, dailySpend: dailySpend)
            let client = OperatorClient(common)
            if let dialect { _ = try await client.perform(.keys(.dialect(id, dialect.value))) }
            output.show(try await client.perform(.keys(.settings(id, try change, access)))) { key in
                let isCustom = key["preset"]?.string == RoutingSettings.Preset.custom.rawValue
                let slider = isCustom ? "slider \(key.shown("slider"))" : "slider \(key.shown("slider")) (not used)"
                let isLightning = key["mode"]?.string == RoutingSettings.Mode.lightning.rawValue
                return [
                    "Key \(id): mode \(key.shown("mode")), preset \(key.shown("preset")), \(slider), "
                        + "key pool \(key.shown("keyPool")), dialect \(key.shown("dialect"))."
                ] + AccessArguments.caps(of: key)
                    + (isLightning ? ["No tokens are solved ahead yet: its tasks are routed as with NORMAL."] : [])
            }
        }
    }
}

/// What a key is for, on the command line.
private enum KeyScope: String, CaseIterable, Sendable {
    case solve, manage, both

    var scopes: Set<APIKey.Scope> {
        switch self {
        case .solve: [.solve]
        case .manage: [.manage]
        case .both: [.solve, .manage]
        }
    }
}
