import ArgumentParser
import Domain
import ProviderKit
import Tasks

/// `ucaptcha route ...`
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "How tasks are routed now, and how providers are doing.",
        subcommands: [Explain.self, Status.self])

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show where a task would go now, and why.",
            discussion: """
                Asks the running host, by what it has seen of providers, and changes nothing. Without options a task \
                is routed as one of a new key. Another policy than the configured one is applied to the same figures.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The task's type as a client writes it, or a family.") var type: String
        @Option(
            // Unconditional, so that a negative number is refused for what it is.
            parsing: .unconditional, help: "Price against speed, from 0, cheapest, to 100, fastest.",
            transform: RoutingArguments.slider) var slider: Int?
        @Option(help: "The preset of the task's key.") private var preset: AnyCase<RoutingSettings.Preset>?
        @Option(help: "What the request says, in the place of slider and preset.")
        private var selectionMode: AnyCase<SelectionMode>?
        @Option(help: "The only provider that may solve the task.") var provider: String?
        @Option(help: "How to choose, if not as configured.") private var policy: AnyCase<RoutingAlgorithm>?
        @Option(help: "The number of the task's account, whose own recycled keys count then.") var account: Int64?
        @Option(help: "Whose keys at providers the task may go through.")
        private var keyPool = AnyCase(KeyPoolMode.all)

        func validate() throws { _ = try preference }

        private var preference: RoutingPreference {
            get throws {
                if let selectionMode {
                    guard slider == nil, preset == nil else {
                        throw ValidationError(
                            "Give either --selection-mode or a key's settings, --slider and --preset.")
                    }
                    return selectionMode.value.preference
                }
                do {
                    let change = try RoutingChange(preset: preset?.value, slider: slider)
                    return RoutingSettings.standard.applying(change).preference
                } catch {
                    throw ValidationError("\(error)")
                }
            }
        }

        func run() async throws {
            let question = RouteQuestion(
                type: type, preference: try preference, provider: provider, policy: policy?.value,
                account: account.map(AccountID.init), keyPool: keyPool.value)
            output.show(try await OperatorClient(common).perform(.routes(.explain(question))), RouteText.explanation)
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how providers and their keys are doing, as the running host sees them.",
            discussion: """
                Providers are shown with each family of tasks that was tried there or that gets no tasks now. A figure \
                that nothing was observed of is a dash.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.show(try await OperatorClient(common).perform(.routes(.status)), RouteText.status)
        }
    }
}
