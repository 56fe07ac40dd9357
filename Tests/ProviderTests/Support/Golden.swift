@testable public import CreateTaskAPI
public import ProviderKit

/// A task of one family as the host hands it over, what the vendor is to be sent for it, the vendor's documented answer
/// and what the host is to be told of it. JSON as text.
public struct Golden: Sendable, CustomStringConvertible {
    /// What happens to a client's proxy.
    public enum Proxy: Sendable {
        /// The type changes to this one.
        case changesType(String)
        /// The type stays and the proxy is sent.
        case sent
        /// The task is solved without it.
        case leftOut
        /// The task is refused as unsupported.
        case refused
        /// A task without one is refused; `task` has none.
        case needed
    }

    public let family: TaskFamily
    public let task: String
    public let sends: String
    public let beside: String
    public let answer: String
    public let solution: String
    public let proxy: Proxy
    /// The proxy as this family is sent it, where it is not the vendor's way.
    public let proxyFields: String?

    /// - Parameters:
    ///   - sends: the vendor's task, without the proxy.
    ///   - beside: what goes beside the task.
    ///   - solution: nil when it is the vendor's answer as it is.
    public init(
        _ family: TaskFamily, _ task: String, sends: String, beside: String = "{}", answer: String,
        solution: String? = nil, proxy: Proxy, proxyFields: String? = nil
    ) {
        self.family = family
        self.task = task
        self.sends = sends
        self.beside = beside
        self.answer = answer
        self.solution = solution ?? answer
        self.proxy = proxy
        self.proxyFields = proxyFields
    }

    public var description: String { family.rawValue }

    /// Whether it is no task without a proxy.
    public var needsProxy: Bool { if case .needed = proxy { true } else { false } }

    /// The proxy that the client brings.
    public var proxyText: String { proxyFields == nil ? Golden.canonicalProxy : Golden.httpProxy }

    /// The proxy that `withProxy` adds, in canonical fields.
    public static let canonicalProxy = """
        {"proxyType":"socks5","proxyAddress":"192.0.2.7","proxyPort":1080,"proxyLogin":"me","proxyPassword":"secret"}
        """
    /// The same for tasks that take HTTP proxies only.
    public static let httpProxy = """
        {"proxyType":"http","proxyAddress":"192.0.2.7","proxyPort":1080,"proxyLogin":"me","proxyPassword":"secret"}
        """
}

/// Runs goldens against an adapter.
public struct GoldenRun {
    private let adapter: any CreateTaskAdapter
    private let taskID: String
    private let proxyFields: String

    /// - Parameters:
    ///   - taskID: a task ID as the vendor writes it in JSON.
    ///   - proxyFields: the canonical proxy as the vendor is sent it.
    public init(_ adapter: any CreateTaskAdapter, taskID: String, proxyFields: String) {
        self.adapter = adapter
        self.taskID = taskID
        self.proxyFields = proxyFields
    }

    public static let credential = Credential(placeholder: "ucred_000102030405060708090a0b0c0d0e0f")

    /// An object of JSON text.
    public static func object(_ texts: String...) throws -> JSONObject {
        var result = JSONObject()
        for text in texts {
            for member in try JSONValue(parsing: text).object?.members ?? [] { result[member.name] = member.value }
        }
        return result
    }

    public func request(_ family: TaskFamily, _ fields: JSONObject) -> TaskRequest {
        TaskRequest(family: family, fields: fields, credential: GoldenRun.credential, secondsLeft: 120)
    }

    /// What was sent for the golden, and what was to be sent.
    public func submitted(_ golden: Golden, withProxy: Bool) async throws -> (sent: JSONValue?, expected: JSONValue) {
        let addsProxy = withProxy || golden.needsProxy
        let fields = try GoldenRun.object(golden.task, addsProxy ? golden.proxyText : "{}")
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":\#(taskID)}"#))
        _ = try await adapter.submit(request(golden.family, fields), call: call)
        var task = try GoldenRun.object(golden.sends)
        if addsProxy {
            switch golden.proxy {
            case .changesType(let type): task["type"] = .string(type)
            case .leftOut: return (call.requests.first?.json, try body(task, golden))
            default: break
            }
            for member in try GoldenRun.object(golden.proxyFields ?? proxyFields).members {
                task[member.name] = member.value
            }
        }
        return (call.requests.first?.json, try body(task, golden))
    }

    private func body(_ task: JSONObject, _ golden: Golden) throws -> JSONValue {
        var body: JSONObject = ["clientKey": .string(GoldenRun.credential.placeholder), "task": .object(task)]
        for member in try GoldenRun.object(golden.beside).members { body[member.name] = member.value }
        return JSONValue.object(body).sorted
    }

    /// What the host is told of the vendor's answer, and what it was to be told.
    public func polled(_ golden: Golden) async throws -> (solution: JSONValue?, expected: JSONValue) {
        let call = ScriptedCall(.json(#"{"errorId":0,"status":"ready","solution":\#(golden.answer)}"#))
        let id = taskID.filter { $0 != "\"" }
        let ticket = Ticket(id: id, family: golden.family, credential: GoldenRun.credential)
        guard case .solved(let solution) = try await adapter.poll(ticket, call: call) else { return (nil, .null) }
        return (JSONValue.object(solution.fields).sorted, try JSONValue(parsing: golden.solution).sorted)
    }

    /// What becomes of a task.
    public enum Outcome: Sendable, Hashable {
        case sent(JSONValue?)
        /// Refused before anything was sent; nil when it was not.
        case refused(Fault.Kind?)
    }

    /// What becomes of the golden's task when its client has a proxy, or lacks one that is needed, and what has to.
    public func proxied(_ golden: Golden) async throws -> (outcome: Outcome, expected: Outcome) {
        switch golden.proxy {
        case .refused:
            let fields = try GoldenRun.object(golden.task, Golden.canonicalProxy)
            return (.refused(await refusal(golden.family, fields)?.kind), .refused(.unsupportedTask))
        case .needed:
            let fields = try GoldenRun.object(golden.task)
            return (.refused(await refusal(golden.family, fields)?.kind), .refused(.badTask(field: "proxyAddress")))
        default:
            let (sent, expected) = try await submitted(golden, withProxy: true)
            return (.sent(sent), .sent(expected))
        }
    }

    /// The required fields without which the golden's task is not refused as it has to be.
    public func unmissed(_ mapping: FamilyMapping, _ golden: Golden) async throws -> [String] {
        var unmissed: [String] = []
        for field in mapping.requiredFields {
            var fields = try GoldenRun.object(golden.task, golden.needsProxy ? golden.proxyText : "{}")
            guard fields[field] != nil else { continue }
            fields[field] = nil
            if await refusal(mapping.family, fields)?.kind != .badTask(field: field) { unmissed.append(field) }
        }
        return unmissed
    }

    /// The fault of a submit with these fields.
    public func refusal(_ family: TaskFamily, _ fields: JSONObject) async -> Fault? {
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":\#(taskID)}"#))
        do {
            _ = try await adapter.submit(request(family, fields), call: call)
            return nil
        } catch {
            return call.requests.isEmpty ? error as? Fault : nil
        }
    }
}
