public import ProviderKit

/// Speaks the createTask dialect with one vendor for one instance of an adapter.
public struct VendorClient: Sendable {
    let vendor: Vendor
    /// Where the vendor is, without a slash at the end.
    let endpoint: String
    private let mappings: [TaskFamily: FamilyMapping]

    /// - Throws: an error that says so when the configured endpoint is no HTTP address.
    public init(_ vendor: Vendor, settings: AdapterSettings) throws {
        self.vendor = vendor
        let endpoint = settings.endpoint ?? vendor.baseURL
        guard endpoint.hasPrefix("https://") || endpoint.hasPrefix("http://") else {
            throw UnusableEndpoint(vendor: vendor)
        }
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        mappings = Dictionary(vendor.families.map { ($0.family, $0) }) { first, _ in first }
    }

    // MARK: Operations

    func balance(of credential: Credential, call: any Call) async throws -> Balance {
        let answer = try await ask("/getBalance", ["clientKey": .string(credential.placeholder)], call)
        if let error = answer.error { throw fault(error, nil, call, unknown: .protocolError) }
        guard let amount = Lenient.amount(answer.members["balance"]) else {
            throw Fault(.protocolError, "\(vendor.displayName) told no balance.")
        }
        let now = call.unixMilliseconds / 1000
        return Balance(amount: amount, otherMeans: vendor.hasOtherMeans(.object(answer.members), now))
    }

    func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        guard let mapping = mappings[task.family] else {
            throw Fault(.unsupportedTask, "\(vendor.displayName) is not asked for \(task.family).")
        }
        var body: JSONObject = ["clientKey": .string(try placeholder(task.credential))]
        for member in try TaskWriter(vendor: vendor, mapping: mapping).body(task.fields).members {
            body[member.name] = member.value
        }
        let seconds = max(vendor.submitSeconds - CreateTaskLimits.submitMarginSeconds, 1)
        let answer = try await ask("/createTask", body, call, seconds: seconds)
        // A refused task was not accepted and costs nothing. That is all that a code which nobody knows says.
        if let error = answer.error { throw fault(error, mapping, call, unknown: .unsupportedTask) }
        if answer.status == "failed" { throw failed(mapping) }
        if answer.status == "ready", answer.members.said("solution") != nil {
            return .solved(try solution(answer, mapping, call))
        }
        guard let id = Lenient.word(answer.members["taskId"]), id != "0" else {
            throw Fault(.protocolError, "\(vendor.displayName) accepted the task without naming its ID.")
        }
        return .pending(id: id)
    }

    func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        let response = try await send("/getTaskResult", try naming(ticket), call)
        if vendor.pollStatusesThatMeanPending.contains(response.status) { return .pending }
        let answer = try Answer(response, vendor: vendor.displayName)
        let mapping = mappings[ticket.family]
        if let error = answer.error {
            if vendor.faults.verdict(code: error.code, number: error.number) == .pending { return .pending }
            throw fault(error, mapping, call, unknown: .unsolvable(charged: nil))
        }
        if answer.isPending { return .pending }
        if answer.status == "failed" { throw failed(mapping) }
        guard answer.status == "ready" || (answer.status == nil && answer.members.said("solution") != nil) else {
            throw Fault(.protocolError, "\(vendor.displayName) told a status of the task that is not of its API.")
        }
        return .solved(try solution(answer, mapping, call))
    }

    func report(_ ticket: Ticket, accepted: Bool, call: any Call) async throws {
        guard let report = vendor.reports.first(where: { $0.isFor(ticket.family, accepted: accepted) }) else {
            let word = accepted ? "accepted" : "refused"
            throw Fault(
                .unsupportedTask, "\(vendor.displayName) takes no report of \(word) solutions of \(ticket.family).")
        }
        var body = try naming(ticket)
        for member in report.members(accepted).members { body[member.name] = member.value }
        let answer = try await ask(report.path, body, call)
        if let error = answer.error { throw fault(error, nil, call, unknown: .protocolError) }
    }

    // MARK: Requests

    private func send(
        _ path: String, _ body: JSONObject, _ call: any Call, seconds: Double = CreateTaskLimits.exchangeSeconds
    ) async throws -> HTTPResponse {
        try await call.http(.post(endpoint + path, json: .object(body), timeoutSeconds: seconds))
    }

    private func ask(
        _ path: String, _ body: JSONObject, _ call: any Call, seconds: Double = CreateTaskLimits.exchangeSeconds
    ) async throws -> Answer {
        try Answer(try await send(path, body, call, seconds: seconds), vendor: vendor.displayName)
    }

    private func placeholder(_ credential: Credential?) throws(Fault) -> String {
        guard let credential else { throw Fault(.protocolError, "\(vendor.displayName) needs a key; none was given.") }
        return credential.placeholder
    }

    /// The key and the task's id, in the vendor's type.
    private func naming(_ ticket: Ticket) throws(Fault) -> JSONObject {
        var id: JSONValue = .string(ticket.id)
        if vendor.taskID == .number {
            guard let number = Lenient.number(id), number.text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
                throw Fault(.taskNotFound, "\(vendor.displayName) numbers its tasks; this ID is no number.")
            }
            id = .number(number)
        }
        return ["clientKey": .string(try placeholder(ticket.credential)), "taskId": id]
    }

    // MARK: Results

    private func solution(_ answer: Answer, _ mapping: FamilyMapping?, _ call: any Call) throws(Fault) -> Solution {
        guard let given = answer.members["solution"]?.object else {
            throw Fault(.protocolError, "\(vendor.displayName) called the task ready without a solution.")
        }
        let shape = mapping.map { $0.solution ?? .usual($0.family) } ?? .asItIs
        let fields = try shape.read(given, vendor: vendor.displayName)
        return Solution(fields, cost: CostReader.cost(in: answer.members, vendor: vendor.displayName, call: call))
    }

    private func failed(_ mapping: FamilyMapping?) -> Fault {
        Fault(.unsolvable(charged: vendor.chargesUnsolvable), "\(vendor.displayName) gave the task up.")
    }

    private func fault(
        _ error: VendorError, _ mapping: FamilyMapping?, _ call: any Call, unknown: Fault.Kind
    ) -> Fault {
        let kind: Fault.Kind
        switch vendor.faults.verdict(code: error.code, number: error.number) {
        case .fault(let known): kind = FaultFields(mapping: mapping).resolve(known, words: error.description)
        case .banned(let scope, let seconds):
            kind = .banned(scope, untilUnixSeconds: seconds.map { call.unixMilliseconds / 1000 + $0 })
        case .pending: kind = .protocolError
        case nil: kind = unknown
        }
        return Fault(kind, error.words)
    }
}

/// The configured endpoint is no HTTP address.
struct UnusableEndpoint: Error, CustomStringConvertible {
    let vendor: Vendor

    var description: String {
        "The endpoint of \(vendor.displayName) has to begin with https:// or http://, as \(vendor.baseURL) does."
    }
}
