/// What an adapter says of itself before it is asked anything; the same at every call.
public struct Manifest: Sendable, Hashable {
    /// The plug-in's name: lower-case letters, digits and hyphens, 32 characters at most. No two plug-ins of a host
    /// share one.
    public var id: String
    /// The provider's name as people write it.
    public var displayName: String
    /// The adapter's own version, for people.
    public var version: String
    /// What the provider's keys look like, or nil for a provider that needs none. See `keyFormat(withEndpoint:)`.
    public var key: KeyFormat?
    /// The kinds of task that the adapter can have solved. At least one.
    public var offers: [Offer]
    /// The unit of the provider's balance: `USD`, or a name of its own whose worth the operator sets.
    public var balanceUnit: String
    /// When to ask for a result, but for the families that have a plan of their own. See `pollPlan(for:)`.
    public var pollPlan: PollPlan
    /// How long the provider keeps a finished result, in seconds: 0...10^9; nil when it is not known.
    public var resultLifetimeSeconds: Double?
    /// Until when the provider takes reports on a solution; nil: as long as it keeps the result.
    public var reportWindow: ReportWindow?
    /// Whether the provider tells what a task has cost.
    public var reportsCost: Bool
    /// Whether the provider takes money for tasks that it could not solve.
    public var chargesUnsolvable: Bool
    /// The origins (`https://host[:port]`) that the adapter's HTTP requests may go to, beside a configured endpoint's.
    public var origins: [String]
    /// Fields of a task whose value is an address that a client chose and that the adapter has to fetch. Such a request
    /// carries no credential and reaches public addresses only.
    public var addressFields: [String]
    /// How many submits may be under way at once in one instance: 1...4096.
    public var concurrentSubmits: Int
    /// How long one submit may take, in seconds: 1...600.
    public var submitSeconds: Double

    public init(
        id: String, displayName: String, version: String, key: KeyFormat?, offers: [Offer], balanceUnit: String = "USD",
        pollPlan: PollPlan = PollPlan(), resultLifetimeSeconds: Double? = nil, reportWindow: ReportWindow? = nil,
        reportsCost: Bool = false, chargesUnsolvable: Bool = false, origins: [String] = [],
        addressFields: [String] = [], concurrentSubmits: Int = 64, submitSeconds: Double = 30
    ) {
        self.id = id
        self.displayName = displayName
        self.version = version
        self.key = key
        self.offers = offers
        self.balanceUnit = balanceUnit
        self.pollPlan = pollPlan
        self.resultLifetimeSeconds = resultLifetimeSeconds
        self.reportWindow = reportWindow
        self.reportsCost = reportsCost
        self.chargesUnsolvable = chargesUnsolvable
        self.origins = origins
        self.addressFields = addressFields
        self.concurrentSubmits = concurrentSubmits
        self.submitSeconds = submitSeconds
    }

    /// What the keys of one instance look like, or nil when it needs none.
    ///
    /// - Parameter hasEndpoint: whether the operator has configured an endpoint for the instance.
    public func keyFormat(withEndpoint hasEndpoint: Bool) -> KeyFormat? {
        key.flatMap { $0.onlyWithEndpoint && !hasEndpoint ? nil : $0 }
    }

    /// When to ask for a result of a family: its own plan, or the one for all.
    public func pollPlan(for family: TaskFamily) -> PollPlan {
        offers.first { $0.family == family }?.pollPlan ?? pollPlan
    }

    /// A kind of task that is sold.
    public struct Offer: Sendable, Hashable {
        public var family: TaskFamily
        /// The provider's list price of one task in `balanceUnit`, as decimal text (`0.00145`); nil when it is not
        /// known, and then the operator's configuration has to say it.
        public var listPrice: String?
        /// When to ask for a result of this family, where that is another time than the manifest's; nil: as there.
        public var pollPlan: PollPlan?

        public init(_ family: TaskFamily, listPrice: String? = nil, pollPlan: PollPlan? = nil) {
            self.family = family
            self.listPrice = listPrice
            self.pollPlan = pollPlan
        }
    }

    /// For how long a provider takes reports on a solution.
    public struct ReportWindow: Sendable, Hashable {
        /// Seconds: 0...10^9.
        public var seconds: Double
        /// From when on they count.
        public var start: Start

        /// A moment of a task.
        public enum Start: String, Sendable, Hashable, CaseIterable {
            /// The provider was given the task.
            case submit
            /// It was solved.
            case solution
        }

        public init(seconds: Double, from start: Start) {
            self.seconds = seconds
            self.start = start
        }
    }

    /// What a provider's key looks like, to refuse a mistyped one before it is sent anywhere.
    public struct KeyFormat: Sendable, Hashable {
        /// For people: `32 hexadecimal digits`.
        public var description: String
        /// A key starts with one of these; empty when there is no fixed start.
        public var prefixes: [String]
        /// The number of characters, prefix included: lowest and highest, at most 4096.
        public var length: ClosedRange<Int>
        /// Whether everything after the prefix is hexadecimal digits.
        public var hexadecimal: Bool
        /// Whether only instances with a configured endpoint need keys, and the others none.
        public var onlyWithEndpoint: Bool

        public init(
            description: String, prefixes: [String] = [], length: ClosedRange<Int>, hexadecimal: Bool = false,
            onlyWithEndpoint: Bool = false
        ) {
            self.description = description
            self.prefixes = prefixes
            self.length = length
            self.hexadecimal = hexadecimal
            self.onlyWithEndpoint = onlyWithEndpoint
        }
    }

    /// The vendor's documented bounds for asking for a result, in seconds after the submit was answered. The host asks
    /// within them when a result is likely, and by the plan itself as long as it does not know.
    public struct PollPlan: Sendable, Hashable {
        /// Seconds before the first poll, at least: 0...3600.
        public var first: Double
        /// Seconds between polls, at least: 0.05...3600.
        public var interval: Double
        /// How often a result may be asked for: 1...100000.
        public var most: Int

        public init(first: Double = 5, interval: Double = 5, most: Int = 110) {
            self.first = first
            self.interval = interval
            self.most = most
        }
    }
}
