public import ProviderKit

/// Multibot, a vendor that speaks the in.php style of API and counts in units of its own.
///
/// It publishes no reference that could be found: what is here follows from what its clients do. Prices and the worth
/// of its unit are not known, so that nothing is offered until the operator says what a task costs. Tasks can be
/// submitted and asked for, keys checked by their balance; there is no way to report what became of a solution.
public struct MultibotAdapter: TaskSolving, KeyValidating, BalanceReading {
    public static let manifest = Manifest(
        id: "multibot", displayName: "Multibot", version: "1.0",
        key: Manifest.KeyFormat(description: "letters and digits, usually 30 to 32 of them", length: 16...64),
        offers: [.recaptchaV2, .hcaptcha, .turnstile, .authkong, .imageToText].map { Manifest.Offer($0) },
        balanceUnit: "multibot-token", pollPlan: Manifest.PollPlan(first: 5, interval: 5, most: 54),
        origins: [usualEndpoint])

    private static let usualEndpoint = "https://api.multibot.cloud"

    private let client: InPHPClient

    /// Makes an instance for the vendor's usual place or the configured endpoint.
    public init(settings: AdapterSettings) {
        client = InPHPClient(
            vendor: "Multibot", endpoint: settings.endpoint ?? MultibotAdapter.usualEndpoint, words: .multibot)
    }

    /// The key is good when the vendor tells its balance.
    public func validate(_ credential: Credential, call: any Call) async throws -> ValidKey {
        ValidKey(balance: try await balance(of: credential, call: call))
    }

    /// The balance in the vendor's own unit.
    public func balance(of credential: Credential, call: any Call) async throws -> Balance {
        Balance(amount: try await client.balance(of: credential, call: call))
    }

    /// Hands the task to the vendor. See `MultibotTask` for what it takes.
    public func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        let credential = try MultibotAdapter.required(task.credential)
        let order = try MultibotTask(task)
        let id = try await client.submit(method: order.method, order.fields, credential: credential, call: call)
        return .pending(id: id)
    }

    /// Asks once for the answer.
    public func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        let credential = try MultibotAdapter.required(ticket.credential)
        guard let field = MultibotTask.answer(of: ticket.family) else {
            throw Fault(.unsupportedTask, "Multibot does not take \(ticket.family) tasks.")
        }
        switch try await client.result(of: ticket.id, credential: credential, call: call) {
        case .pending: return .pending
        case .answer(let answer, let members):
            var solution: JSONObject = [field: .string(answer)]
            if ticket.family == .hcaptcha {
                // Others who speak this style send them along; Multibot's clients have not looked.
                if let agent = (members["useragent"] ?? members["userAgent"])?.string, !agent.isEmpty {
                    solution["userAgent"] = .string(agent)
                }
                if let key = members["respKey"]?.string, !key.isEmpty { solution["respKey"] = .string(key) }
            }
            return .solved(Solution(solution))
        }
    }

    private static func required(_ credential: Credential?) throws(Fault) -> Credential {
        guard let credential else { throw Fault(.invalidKey, "Multibot needs a key, and the task has none.") }
        return credential
    }
}
