import ArgumentParser
import Domain
import ProviderKit
import Tasks
import Vault

/// `ucaptcha account ...`
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Accounts of those who may have tasks solved.",
        subcommands: [Create.self, List.self, Show.self, Suspend.self, Resume.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account and its first API key, shown once.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "A name for people.") var name = ""
        @Option(help: "A first deposit in USD, such as 12.50.") var deposit: USD?

        func run() async throws {
            let made = try await OperatorClient(common).perform(.createAccount(name: name, deposit: deposit?.amount))
            output.show(made) { made in
                [
                    "Account \(made.shown("account")) with \(made.shown("balance")) USD.",
                    "API key, shown this once: \(made.shown("apiKey"))",
                ]
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all accounts with their balances in USD.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let accounts = try await OperatorClient(common).perform(.listAccounts)
            output.show(accounts) { accounts in
                guard let rows = accounts.array, !rows.isEmpty else {
                    return ["No accounts yet. Make one with `ucaptcha account create`."]
                }
                let columns = ["account", "name", "balance", "held", "available", "suspended"]
                return table(columns, rows.map { row in columns.map(row.shown) })
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what the balance of an account is made of, in USD.",
            discussion: """
                The amounts of its transactions sum to the balance, and what its open tasks have reserved to what is \
                held. Where they don't, the exit status is 1.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The account's number.") var account: Int64

        func run() async throws {
            let shown = try await OperatorClient(common).perform(.showAccount(AccountID(account)))
            output.show(shown) { shown in
                let name = shown["name"]?.string ?? ""
                let title =
                    "Account \(account)" + (name.isEmpty ? "" : " (\(name))")
                    + (shown["suspended"]?.bool == true ? ", suspended" : "")
                let rows = (shown["transactions"]?.array ?? []).map { row in
                    ["kind", "count", "amount"].map(row.shown)
                }
                let openTasks = "reserved by \(shown.shown("openTasks")) open tasks"
                return [title]
                    + table(
                        ["transactions", "count", "usd"],
                        rows + [
                            ["balance", "", shown.shown("balance")], [openTasks, "", shown.shown("reserved")],
                            ["available", "", shown.shown("available")],
                        ])
            }
            guard shown["addsUp"]?.bool == true else {
                throw CommandFailure(
                    "This does not add up: the balance is \(shown.shown("balance")) USD, with \(shown.shown("held")) "
                        + "held. Run `ucaptcha ledger verify`.")
            }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse further calls of an account.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The account's number.") var account: Int64

        func run() async throws {
            let answer = try await OperatorClient(common).perform(.setSuspended(AccountID(account), true))
            output.show(answer) { _ in ["Account \(account) is suspended. Its open tasks go on."] }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take calls of a suspended account again.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The account's number.") var account: Int64

        func run() async throws {
            let answer = try await OperatorClient(common).perform(.setSuspended(AccountID(account), false))
            output.show(answer) { _ in ["Account \(account) is no longer suspended."] }
        }
    }
}

/// `ucaptcha deposit ACCOUNT USD`
struct DepositCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deposit", abstract: "Book money that an account has paid in.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The account's number.") var account: Int64
    @Argument(help: "The amount in USD, such as 12.50.") var amount: USD
    @Option(
        help: """
            Your own reference. A deposit with a reference that the account has used is not booked again. Without one \
            the command makes one up and shows it: the same command given once more is another deposit.
            """)
    var reference: String?

    func run() async throws {
        let given = reference
        let reference =
            try given ?? "deposit-" + String(SecureRandom.bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) })
        let request = OperatorRequest.deposit(AccountID(account), amount.amount, reference: reference)
        do {
            output.show(try await OperatorClient(common).perform(request)) { answer in
                answer["posted"]?.bool == false
                    ? ["This deposit was booked before. The balance is \(answer.shown("balance")) USD."]
                    : ["Booked as \(reference). The balance is \(answer.shown("balance")) USD."]
            }
        } catch {
            guard given == nil else { throw error }
            throw CommandFailure("\(error) To try again without booking it twice, add --reference \(reference)")
        }
    }
}

/// An amount on the command line.
struct USD: ExpressibleByArgument {
    let amount: Money

    init?(argument: String) {
        guard let amount = Money(decimal: argument) else { return nil }
        self.amount = amount
    }
}
