import ArgumentParser
import Domain
import ProviderKit
import Tasks

/// `ucaptcha provider-key ...`
struct ProviderKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider-key", abstract: "The platform's keys at providers, kept in the vault.",
        subcommands: [Add.self, List.self, Check.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a key of a provider to the vault.",
            discussion: """
                The key is read from standard input, or asked for without showing it when that is a terminal. It is \
                never an argument: those are seen by every user of the machine. A running host uses it at once.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The adapter's name in the configuration.") var provider: String
        @Option(help: "A name for people.") var label = ""
        @Option(help: "Where the key is instead: env:NAME or file:PATH.") var from: String?

        func run() async throws {
            MemoryPrivacy.begin()
            let key = try SecretInput.read(from: from, prompt: "Key of \(provider): ")
            let request = CredentialRequest.addKey(provider: provider, label: label, key: key)
            output.show(try await OperatorClient(common).perform(.credentials(request))) { added in
                let unchecked =
                    added["formatChecked"]?.bool == false
                    ? [
                        "Its form was not checked, since the adapter is not loaded. "
                            + "`ucaptcha provider-key check \(added.shown("id"))` asks the provider."
                    ] : []
                return ["Key \(added.shown("id")) of \(provider): \(added.shown("key"))"] + unchecked
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all keys, masked, those that the configuration refers to included.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            MemoryPrivacy.begin()
            output.show(try await OperatorClient(common).perform(.credentials(.listKeys))) { keys in
                guard let rows = keys.array, !rows.isEmpty else {
                    return ["No keys yet. Add one with `ucaptcha provider-key add PROVIDER`."]
                }
                let columns = ["id", "provider", "key", "label", "from", "added", "state"]
                return table(columns, rows.map { row in columns.map(row.shown) })
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask providers about their keys, through the running host.",
            discussion: "Exits with 1 unless every key that was asked about is valid.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The key's number.") var id: Int64?
        @Flag(help: "Check all keys, those that the configuration refers to included.") var all = false

        func validate() throws {
            guard (id == nil) == all else { throw ValidationError("Name the number of one key, or --all.") }
            guard id.map({ ProviderKeyID($0) != nil }) ?? true else { throw ValidationError("Numbers begin at 1.") }
        }

        func run() async throws {
            let request = CredentialRequest.checkKeys(id.flatMap { ProviderKeyID($0) })
            let answer = try await OperatorClient(common).perform(.credentials(request))
            let rows = answer.array ?? []
            output.show(answer) { _ in
                if rows.isEmpty { return ["There are no keys to check."] }
                let columns = ["id", "provider", "state", "balance", "reason"]
                return table(columns, rows.map { row in columns.map(row.shown) })
            }
            if !rows.allSatisfy({ $0["state"]?.string == "valid" }) { throw ExitCode(1) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a key from the vault.",
            discussion: """
                A running host stops using it at once. Tasks that are at the provider with it are tried with another \
                key or provider.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The key's number.") var id: Int64

        func validate() throws {
            guard ProviderKeyID(id) != nil else { throw ValidationError("Numbers begin at 1.") }
        }

        func run() async throws {
            guard let key = ProviderKeyID(id) else { return }
            output.show(try await OperatorClient(common).perform(.credentials(.removeKey(key)))) { _ in
                ["Key \(id) is removed. It is still good at the provider: replace it there if it became known."]
            }
        }
    }
}
