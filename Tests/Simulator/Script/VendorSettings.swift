public import Domain
public import ProviderKit

/// How a vendor behaves at a moment.
public struct VendorSettings: Sendable, Hashable {
    /// Seconds from a task to its solution.
    public var latency = Latency.fixed(0)
    /// Prices are multiplied with it, as decimal text.
    public var priceFactor = Money(decimal: "1") ?? .zero
    /// Prices of families, instead of the list prices.
    public var prices: [String: Money] = [:]
    /// The part of the tasks that is solved, 0 to 1.
    public var successRate = 1.0
    /// What a task that is not solved ends with; nil for the vendor's usual code.
    public var failure: String?
    /// What goes wrong, in the order of precedence.
    public var faults: [ScriptedFault] = []
    /// Added to every balance that is told, so that it is wrong.
    public var balanceOffset = Money.zero
    /// Told instead of a balance.
    public var toldBalance: JSONValue?
    /// Solution fields by family, written over what the simulator makes.
    public var solutions: [String: JSONObject] = [:]
    /// Settings of their own for families.
    public var families: [String: FamilySettings] = [:]

    /// What a family may have of its own.
    public struct FamilySettings: Sendable, Hashable {
        public var latency: Latency?
        public var successRate: Double?
    }

    public init() {}

    func latency(of family: String) -> Latency { families[family]?.latency ?? latency }

    func successRate(of family: String) -> Double { families[family]?.successRate ?? successRate }
}

/// A distribution of seconds.
public enum Latency: Sendable, Hashable {
    case fixed(Double)
    case uniform(Double, Double)
    /// Exponential beyond a least time.
    case exponential(mean: Double, atLeast: Double)

    func draw(using random: inout some RandomNumberGenerator) -> Double {
        switch self {
        case .fixed(let seconds): return seconds
        case .uniform(let low, let high): return Double.random(in: min(low, high)...max(low, high), using: &random)
        case .exponential(let mean, let least):
            return least + mean * Latency.unitExponential(Double.random(in: 0..<1, using: &random))
        }
    }
}

/// Something that goes wrong with requests.
public struct ScriptedFault: Sendable, Hashable {
    public var kind: Kind
    /// The calls that it hits; nil for all.
    public var call: Call?
    public var probability = 1.0
    /// How many requests it hits at most; nil for no limit.
    public var times: Int?
    /// Of the kind `status`.
    public var status = 503
    /// Of the kind `error`: the vendor's code.
    public var code = ""
    /// Of the kind `slow`: real seconds.
    public var seconds = 1.0
    /// Whether the request takes effect all the same; nil for what the kind is about.
    public var takesEffect: Bool?

    /// What goes wrong.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The vendor's own error.
        case error
        /// An HTTP status with a short text.
        case status
        /// Bytes that mean nothing, with status 200.
        case garbage
        /// A page for people, with status 200.
        case html
        /// Half of the answer, and the end of the connection. The request took effect.
        case cut
        /// No answer at all, on an open connection.
        case stall
        /// The connection is reset at once.
        case reset
        /// The connection is reset after the request took effect.
        case lost
        /// The answer comes late. The request took effect.
        case slow
        /// HTTP 200 and an empty body.
        case empty
        /// A JSON object that has nothing of what was asked for.
        case nonsense

        var takesEffect: Bool { [.cut, .lost, .slow].contains(self) }
    }

    public init(
        _ kind: Kind, on call: Call? = nil, probability: Double = 1, times: Int? = nil, status: Int = 503,
        code: String = "", seconds: Double = 1, takesEffect: Bool? = nil
    ) {
        self.kind = kind
        self.call = call
        self.probability = probability
        self.times = times
        self.status = status
        self.code = code
        self.seconds = seconds
        self.takesEffect = takesEffect
    }
}

/// What a request asks a vendor for.
public enum Call: String, Sendable, Hashable, CaseIterable {
    case submit, poll, balance, report
    /// Everything else: statistics, callbacks' addresses, unknown paths.
    case other
}
