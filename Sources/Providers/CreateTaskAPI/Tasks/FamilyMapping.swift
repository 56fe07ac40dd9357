public import ProviderKit

/// How a vendor is asked for tasks of one family, and what it answers.
public struct FamilyMapping: Sendable, CustomStringConvertible {
    /// The family.
    public var family: TaskFamily
    /// The vendor's `type`.
    public var type: TaskType
    /// The list price of one task in USD as decimal text; nil when it is not known.
    public var listPrice: String?
    /// When to ask for a result where that is documented to be another time than for the vendor's other families; nil:
    /// as `Vendor.pollPlan` says.
    public var pollPlan: Manifest.PollPlan?
    /// The fields that differ from what a client's task has, and those that are required. A field that no rule names
    /// goes to the vendor as it is.
    public var fields: [FieldRule]
    /// How the vendor is told of a proxy where this family is an exception; nil for the vendor's own way.
    public var proxy: ProxyRules?
    /// What cannot be said by rules: changes the task's canonical fields before the rules read them.
    public var prepare: (@Sendable (inout JSONObject) throws(Fault) -> Void)?
    /// Where the answer's parts are; nil for the places that are usual for the family.
    public var solution: SolutionShape?

    /// - Parameter requires: fields that have to be there and that the vendor calls by their canonical names.
    public init(
        _ family: TaskFamily, _ type: TaskType, price listPrice: String? = nil,
        pollPlan: Manifest.PollPlan? = nil, requires: [String] = [], fields: [FieldRule] = [], proxy: ProxyRules? = nil,
        prepare: (@Sendable (inout JSONObject) throws(Fault) -> Void)? = nil, solution: SolutionShape? = nil
    ) {
        self.family = family
        self.type = type
        self.listPrice = listPrice
        self.pollPlan = pollPlan
        self.fields = requires.map { .required($0) } + fields
        self.proxy = proxy
        self.prepare = prepare
        self.solution = solution
    }

    public var description: String { family.rawValue }

    /// Every field that such a task may have, as far as we know, as we and the vendor call it: those that a rule names,
    /// the proxy's, and those that go through untouched with every page or picture.
    var fieldNames: [(canonical: String, vendor: String)] {
        let ruled = fields.compactMap { rule in rule.field.map { (canonical: $0, vendor: rule.path.last ?? $0) } }
        var others = ProxyRules.fieldNames
        if ruled.contains(where: { $0.canonical == "websiteURL" }) { others += FamilyMapping.pageFields }
        if ruled.contains(where: { $0.canonical == "body" }) { others += FamilyMapping.pictureFields }
        return ruled + others.map { ($0, $0) }
    }

    /// The fields without which no task is sent.
    var requiredFields: [String] {
        fields.compactMap { rule in if case .required = rule.presence { rule.field } else { nil } }
    }

    private static let pageFields = ["userAgent", "cookies", "isInvisible", "pageAction", "apiDomain"]
    private static let pictureFields = ["comment", "imgInstructions"]
}

/// The `type` of a task, and what becomes of a client's proxy.
public enum TaskType: Sendable, Hashable {
    /// Two names, the second for tasks without a proxy.
    case pair(String, proxyless: String)
    /// One name for tasks with and without a proxy.
    case one(String)
    /// Tasks of this type need a proxy.
    case proxied(String)
    /// The vendor documents that it uses no proxy here: a client's one is left out.
    case unproxied(String)
    /// The vendor has no variant with a proxy: a task that brings one is refused as unsupported.
    case proxylessOnly(String)

    /// `name`, and for tasks without a proxy the same with `suffix`.
    public static func pair(_ name: String, suffix: String = "Proxyless") -> TaskType {
        .pair(name, proxyless: name + suffix)
    }

    /// The name for a task with or without a proxy, and whether the proxy is sent.
    func chosen(hasProxy: Bool, vendor: String) throws(Fault) -> (name: String, sendsProxy: Bool) {
        switch self {
        case .pair(let name, let proxyless): return (hasProxy ? name : proxyless, hasProxy)
        case .one(let name): return (name, hasProxy)
        case .unproxied(let name): return (name, false)
        case .proxied(let name):
            guard hasProxy else {
                throw Fault(.badTask(field: "proxyAddress"), "\(vendor) needs a proxy for this kind of task.")
            }
            return (name, true)
        case .proxylessOnly(let name):
            guard !hasProxy else {
                throw Fault(.unsupportedTask, "\(vendor) does not solve this kind of task through a proxy.")
            }
            return (name, false)
        }
    }
}
