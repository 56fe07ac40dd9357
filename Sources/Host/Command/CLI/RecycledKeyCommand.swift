import ArgumentParser
import Domain
import ProviderKit
import Tasks

/// `ucaptcha recycled-key ...`
struct RecycledKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recycled-key", abstract: "The keys at providers that accounts have handed over.",
        subcommands: [List.self, Show.self, Add.self, Check.self, Remove.self, Resume.self])

    static let columns = [
        "id", "account", "provider", "key", "state", "reason", "suspended", "balance", "credited", "drift", "givenBack",
        "unseen", "checked", "label",
    ]

    /// What has become of a key, in a line.
    static func line(_ key: JSONValue) -> String {
        let reason = key["reason"]?.string.map { " (\($0))" } ?? ""
        let suspended = key["suspended"]?.bool == true ? ", suspended" : ""
        let balance = key["balance"]?.string.map { ", balance \($0) USD" } ?? ""
        return "Recycled key \(key.shown("id")) of \(key.shown("provider")), \(key.shown("key")): "
            + "\(key.shown("state"))\(reason)\(suspended)\(balance)."
    }

    /// The number of a key on the command line.
    struct KeyArgument: ParsableArguments {
        @Argument(help: "The recycled key's number.") var id: Int64

        var key: ProviderKeyID {
            get throws {
                guard let key = ProviderKeyID(id) else { throw ValidationError("Numbers begin at 1.") }
                return key
            }
        }

        func validate() throws { _ = try key }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the recycled keys of all accounts, or of one, masked.",
            discussion: """
                Amounts are in USD. `credited` is what the owner was credited for tasks through the key; `drift` how \
                much more its provider has deducted than was recorded; `givenBack` what was credited in times at \
                whose end the balance had risen; `unseen` what was credited while the key paid from a package.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The number of an account.") var account: Int64?

        func run() async throws {
            output.show(.array(try await keys())) { keys in
                guard let rows = keys.array, !rows.isEmpty else {
                    return ["No recycled keys. Accounts hand them over through the API."]
                }
                return table(
                    RecycledKeyCommand.columns, rows.map { row in RecycledKeyCommand.columns.map(row.shown) })
            }
        }

        /// All of them, a page after the other: there may be more than one answer holds.
        private func keys() async throws -> [JSONValue] {
            var (keys, last): ([JSONValue], ProviderKeyID?) = ([], nil)
            while true {
                let request = RecycledKeyRequest.list(account.map(AccountID.init), after: last)
                let page = try await OperatorClient(common).perform(.recycledKeys(request)).array ?? []
                keys += page
                last = page.last?["id"]?.integer.flatMap { ProviderKeyID($0) }
                if page.count < Limits.keysPerPage || last == nil { return keys }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one recycled key, masked, with what it has been through.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var argument: KeyArgument

        func run() async throws {
            let request = RecycledKeyRequest.show(try argument.key)
            output.show(try await OperatorClient(common).perform(.recycledKeys(request))) { key in
                let members = RecycledKeyCommand.columns + ["suspendedBy", "otherMeans", "added", "erased"]
                let columns = ["at", "state", "reason", "suspended", "erased"]
                let width = members.map(\.count).max() ?? 0
                return members.map { $0 + String(repeating: " ", count: width + 2 - $0.count) + key.shown($0) } + [""]
                    + table(columns, (key["history"]?.array ?? []).map { row in columns.map(row.shown) })
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hand a key over for an account, through the running host.",
            discussion: """
                The key is read from standard input, or asked for without showing it when that is a terminal. It is \
                never an argument: those are seen by every user of the machine. Its provider is asked about it at once.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The number of the account that is credited.") var account: Int64
        @Option(help: "The provider: an adapter's name, or the name that its plug-in shows.") var provider: String
        @Option(help: "A name for people.") var label = ""
        @Option(help: "Where the key is instead: env:NAME or file:PATH.") var from: String?

        func run() async throws {
            MemoryPrivacy.begin()
            let key = try SecretInput.read(from: from, prompt: "Key of \(provider): ")
            let request = RecycledKeyRequest.add(AccountID(account), provider: provider, label: label, key: key)
            output.show(try await OperatorClient(common).perform(.recycledKeys(request))) { added in
                let again = added["new"]?.bool == false ? ["The account has handed it over before."] : []
                return again + [RecycledKeyCommand.line(added)]
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the provider about a recycled key, through the running host.",
            discussion: """
                Exits with 3 when the provider has not answered, or is not asked now: the key is shown as it was last \
                known. Else it exits with 1 unless the key is ACTIVE then.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var argument: KeyArgument

        func run() async throws {
            let request = RecycledKeyRequest.check(try argument.key)
            let key = try await OperatorClient(common).perform(.recycledKeys(request))
            let isAnswered = key["answered"]?.bool == true
            let note = "The provider did not answer, or is not asked now: this is what was last known of the key."
            output.show(key) { isAnswered ? [RecycledKeyCommand.line($0)] : [note, RecycledKeyCommand.line($0)] }
            guard isAnswered else { throw ExitCode(3) }
            if key["state"]?.string != RecycledKeyLife.State.active.rawValue { throw ExitCode(1) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a recycled key out of use for good.",
            discussion: """
                No further task goes through it. Tasks that are open with it go on, and then it is erased. Its owner \
                may hand it over again.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var argument: KeyArgument

        func run() async throws {
            let request = RecycledKeyRequest.remove(try argument.key)
            output.show(try await OperatorClient(common).perform(.recycledKeys(request))) {
                [RecycledKeyCommand.line($0)]
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a suspended recycled key take tasks again.",
            discussion: """
                A key is suspended when what its provider deducted differs by more than recycling.driftThreshold from \
                what was recorded, such as when it is also used elsewhere; when as much may have been given back to \
                it; and when it was credited more than recycling.packageThreshold from a package. All of it begins \
                anew.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var argument: KeyArgument

        func run() async throws {
            let request = RecycledKeyRequest.resume(try argument.key)
            output.show(try await OperatorClient(common).perform(.recycledKeys(request))) {
                [RecycledKeyCommand.line($0)]
            }
        }
    }
}
