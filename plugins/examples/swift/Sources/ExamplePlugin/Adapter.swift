import ProviderKit

/// Example, a vendor that takes a task with `createTask` and tells its solution with `getTaskResult`.
///
/// An adapter translates: the host's task into the vendor's request, the vendor's answer into a solution or a
/// `Fault`. It keeps no state, tries nothing twice and never sees a key. Many of its operations run at once.
struct ExampleAdapter: TaskSolving, KeyValidating, BalanceReading {
    /// Where the vendor is, without a slash at the end.
    private let endpoint: String

    init(settings: AdapterSettings) {
        endpoint = settings.endpoint ?? Self.usualEndpoint
    }

    // MARK: Keys

    /// The vendor has no call that only looks at a key. Asking for the balance costs nothing and tells as much.
    func validate(_ credential: Credential, call: any Call) async throws -> ValidKey {
        ValidKey(balance: try await balance(of: credential, call: call))
    }

    func balance(of credential: Credential, call: any Call) async throws -> Balance {
        let answer = try await ask("getBalance", credential, call: call)
        guard let amount = answer["balance"]?.decimal else {
            throw Fault(.protocolError, "The answer to getBalance has no balance.")
        }
        return Balance(amount: amount)
    }

    // MARK: Tasks

    /// Hands the task over, once. Whether and when to try again is the host's to decide.
    func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        let order = try order(for: task)
        let answer = try await ask("createTask", task.credential, ["task": .object(order)], call: call)
        // Vendors write an ID as text or as a number. It stays text here: a long number would lose digits.
        guard let id = answer["taskId"]?.string ?? answer["taskId"]?.numberText, !id.isEmpty else {
            throw Fault(.protocolError, "The answer to createTask has no taskId.")
        }
        return .pending(id: id)
    }

    /// Asks for the solution, once.
    func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        let kind = try TaskKind.of(ticket.family)
        let answer = try await ask(
            "getTaskResult", ticket.credential, ["taskId": .string(ticket.id)], call: call)
        switch answer["status"]?.string {
        case "processing": return .pending
        case "ready":
            guard let text = answer["solution"]?[kind.answer]?.string, !text.isEmpty else {
                throw Fault(.protocolError, "The solution has no \(kind.answer).")
            }
            return .solved(Solution([kind.answer: .string(text)], cost: answer["cost"]?.decimal))
        default: throw Fault(.protocolError, "The answer to getTaskResult has no status that is known.")
        }
    }

    /// The task in the vendor's words. What would be solved in vain is refused here, before it costs anything.
    private func order(for task: TaskRequest) throws(Fault) -> JSONObject {
        let kind = try TaskKind.of(task.family)
        if task.fields["proxyAddress"]?.string != nil {
            throw Fault(.unsupportedTask, "Example does not use a client's proxy.")
        }
        var order: JSONObject = ["type": .string(kind.type)]
        for name in kind.required {
            guard let text = task.fields[name]?.string, !text.isEmpty else {
                throw Fault(.badTask(field: name), "\(name) has to be a text that is not empty.")
            }
            order[name] = .string(text)
        }
        for name in kind.optional {
            if let value = task.fields[name], !value.isNull { order[name] = value }
        }
        return order
    }

    // MARK: The vendor's API

    /// One question to the vendor. The host puts the key where the placeholder is when it sends the request.
    ///
    /// - Throws: `Fault` for what is no good answer; `HTTPFailure` when none came, which the host understands.
    private func ask(
        _ method: String, _ credential: Credential?, _ members: JSONObject = [:], call: any Call
    ) async throws -> JSONObject {
        guard let credential else { throw Fault(.invalidKey, "Example needs a key.") }
        var body: JSONObject = ["clientKey": .string(credential.placeholder)]
        for member in members.members { body[member.name] = member.value }
        let response = try await call.http(.post("\(endpoint)/\(method)", json: .object(body)))
        return try Fault.check(response)
    }
}

extension JSONValue {
    /// An amount of money as the vendor wrote it, digit by digit: a number or a text with one.
    var decimal: String? { numberText ?? string }
}
