import ProviderKit

/// Another host of this software, by its JSON API in its own dialect: whatever that host and its key are set to speak.
struct RemoteHost: Sendable {
    /// Without a slash at its end.
    let endpoint: String

    /// Hands a task to the other host.
    ///
    /// - Throws: `Fault`, `HTTPFailure`.
    func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        guard let type = Self.type(of: task) else {
            throw Fault(.unsupportedTask, "The native adapter solves altcha and imageToText, nothing else.")
        }
        var fields = task.fields
        fields["type"] = .string(type)
        let answer = try await ask(
            "createTask", ["task": .object(fields)], task.credential, secondsLeft: task.secondsLeft, call)
        if let solution = try Self.solution(in: answer) { return .solved(solution) }
        guard let id = answer["taskId"].flatMap({ $0.string ?? $0.numberText }), !id.isEmpty else {
            throw Fault(.protocolError, "The other host accepted the task and gave no taskId.")
        }
        return .pending(id: id)
    }

    /// Asks once for the result of a task.
    ///
    /// - Throws: `Fault`, `HTTPFailure`.
    func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        let answer = try await ask("getTaskResult", ["taskId": .string(ticket.id)], ticket.credential, call)
        if let solution = try Self.solution(in: answer) { return .solved(solution) }
        guard answer["status"]?.string == "processing" else {
            throw Fault(.protocolError, "The other host gave a task's status as something unknown.")
        }
        return .pending
    }

    /// What is left on the account of a key.
    ///
    /// - Throws: `Fault`, `HTTPFailure`.
    func balance(of credential: Credential, call: any Call) async throws -> Balance {
        let answer = try await ask("getBalance", [:], credential, call)
        guard let amount = answer["balance"].flatMap({ $0.numberText ?? $0.string }) else {
            throw Fault(.protocolError, "The other host told no balance.")
        }
        return Balance(amount: amount)
    }

    /// What the family is called in the other host's API.
    private static func type(of task: TaskRequest) -> String? {
        switch task.family {
        case .altcha: task.fields["proxyAddress"] == nil ? "AltchaTaskProxyless" : "AltchaTask"
        case .imageToText: "ImageToTextTask"
        default: nil
        }
    }

    /// The solution, where the task is done. What the other host charged is what it costs.
    private static func solution(in answer: JSONObject) throws(Fault) -> Solution? {
        guard answer["status"]?.string == "ready" else { return nil }
        guard let fields = answer["solution"]?.object else {
            throw Fault(.protocolError, "The other host calls the task ready and gave no solution.")
        }
        return Solution(fields, cost: answer["cost"].flatMap { $0.numberText ?? $0.string })
    }

    private func ask(
        _ path: String, _ members: JSONObject, _ credential: Credential?, secondsLeft: Double = .infinity,
        _ call: any Call
    ) async throws -> JSONObject {
        guard let credential else {
            throw Fault(.invalidKey, "Another host asks for a key. Name one in the adapter's keys.")
        }
        var body: JSONObject = ["clientKey": .string(credential.placeholder)]
        for member in members.members { body[member.name] = member.value }
        let response = try await call.http(
            .post(
                "\(endpoint)/ucaptcha/\(path)", json: .object(body),
                timeoutSeconds: min(max(secondsLeft, 0.1), NativeLimits.fetchSeconds)))
        guard let answer = (try? JSONValue(parsing: response.body, maximumDepth: NativeLimits.answerDepth))?.object
        else {
            guard response.status == 200 else {
                throw Fault(.transport, "The other host answers with status \(response.status).")
            }
            throw Fault(.protocolError, "The other host's answer is no JSON object.")
        }
        let isFailed = answer["status"]?.string == "failed"
        switch answer["errorId"]?.integer {
        case 0 where !isFailed: return answer
        case nil where response.status != 200:
            throw Fault(.transport, "The other host answers with status \(response.status).")
        case nil: throw Fault(.protocolError, "The other host's answer has no errorId.")
        case .some:
            throw RemoteErrors.fault(
                answer["errorCode"]?.string ?? "", answer["errorDescription"]?.string ?? "", members["task"]?.object)
        }
    }
}
