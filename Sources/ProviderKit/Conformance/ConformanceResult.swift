public import ProviderKit

/// What every plug-in has to do, as checks with names that stay.
public enum ConformanceCheck: String, Sendable, Hashable, CaseIterable {
    case manifest, abilities, creation, faults, junk, size, tasks, requests, cancellation, concurrency, memory, once
    case returning

    /// What a plug-in that passes does: a sentence.
    public var sentence: String {
        switch self {
        case .manifest: "The manifest is complete, and the same whenever it is asked for."
        case .abilities: "The abilities are the same whenever they are asked for, and submit is among them."
        case .creation: "Instances are made, side by side, without a request being sent."
        case .faults: "Every kind of failure and of HTTP status ends in a fault that fits it."
        case .junk: "What makes no sense, in any operation, is a fault that blames neither key nor task."
        case .size: "Responses of 4 MiB are taken, and no reply is larger than 8 MiB."
        case .tasks: "Tasks with missing, wrong and strange fields are answered, for every family."
        case .requests: "Requests go to declared places, are well formed, and keys stay where they belong."
        case .cancellation: "A call is completed after a cancel, at whatever step it comes."
        case .concurrency: "Many calls at once are each answered once."
        case .memory: "Thousands of calls leave no memory behind."
        case .once: "No call is completed twice, and none that was never begun."
        case .returning: "Functions return at once: none blocks the host's thread."
        }
    }
}

/// What came of one check.
public struct ConformanceResult: Sendable, Hashable {
    public let check: ConformanceCheck
    /// What went wrong, in sentences; empty when the plug-in passed.
    public let problems: [String]
    /// Why the check does not apply to this plug-in; nil when it was made.
    public let skipped: String?

    public init(_ check: ConformanceCheck, problems: [String] = [], skipped: String? = nil) {
        self.check = check
        self.problems = problems
        self.skipped = skipped
    }

    /// Whether the plug-in did what the check asks for.
    public var passed: Bool { problems.isEmpty }
}

/// What a run of the checks tells while it goes on, as one line of JSON each.
public enum ConformanceEvent: Sendable, Hashable {
    /// The plug-in's name and version.
    case plugin(id: String, version: String)
    case began(ConformanceCheck)
    /// What is being done now: should the process end, this is what ended it.
    case step(String)
    case ended(ConformanceResult)
    case finished

    public var json: JSONValue {
        switch self {
        case .plugin(let id, let version): ["plugin": .string(id), "version": .string(version)]
        case .began(let check): ["began": .string(check.rawValue)]
        case .step(let step): ["step": .string(step)]
        case .ended(let result): ["ended": result.json]
        case .finished: ["finished": true]
        }
    }

    /// Nil for what is no event.
    public init?(json: JSONValue) {
        if let id = json["plugin"]?.string, let version = json["version"]?.string {
            self = .plugin(id: id, version: version)
        } else if let check = json["began"]?.string.flatMap(ConformanceCheck.init(rawValue:)) {
            self = .began(check)
        } else if let step = json["step"]?.string {
            self = .step(step)
        } else if let result = json["ended"].flatMap(ConformanceResult.init(json:)) {
            self = .ended(result)
        } else if json["finished"]?.bool == true {
            self = .finished
        } else {
            return nil
        }
    }
}

extension ConformanceResult {
    public var json: JSONValue {
        var object: JSONObject = [
            "check": .string(check.rawValue), "passed": .bool(passed),
            "problems": .array(problems.map { .string($0) }),
        ]
        object["skipped"] = skipped.map { .string($0) }
        return .object(object)
    }

    init?(json: JSONValue) {
        guard let check = json["check"]?.string.flatMap(ConformanceCheck.init(rawValue:)) else { return nil }
        self.init(
            check, problems: json["problems"]?.array?.compactMap(\.string) ?? [], skipped: json["skipped"]?.string)
    }
}
