public import ProviderKit

/// Everything that one vendor of the createTask dialect has of its own, as data.
///
/// The dialect: JSON by POST; `createTask` takes `{clientKey, task: {type, ...}}` and answers with a `taskId`;
/// `getTaskResult` takes `{clientKey, taskId}` and answers `processing` or `ready` with a `solution`; `getBalance`
/// takes the key alone; an error is `{errorId: above 0, errorCode, errorDescription}`. `VendorClient` speaks it for any
/// value of this type. A further vendor is such a value, the list of its `FamilyMapping`s, its `FaultTable`, and the
/// few lines of a `CreateTaskAdapter`.
public struct Vendor: Sendable {
    /// The plug-in's name, as in `Manifest.id`.
    public var id: String
    /// The vendor's name as people write it.
    public var displayName: String
    /// The adapter's own version.
    public var version: String
    /// Where the vendor is, without a slash at the end: `https://api.example.com`.
    public var baseURL: String
    /// What the vendor's keys look like.
    public var key: Manifest.KeyFormat
    /// The vendor's JSON type of task ids.
    public var taskID: TaskIDForm
    /// When to ask for a result, but for the families whose mapping says it.
    public var pollPlan: Manifest.PollPlan
    /// Seconds for which a finished result is kept; nil when it is not documented.
    public var resultLifetimeSeconds: Double?
    /// Until when reports are taken; nil: as long as a result is kept.
    public var reportWindow: Manifest.ReportWindow?
    /// Whether `getTaskResult` tells what a task has cost.
    public var reportsCost: Bool
    /// Whether tasks that could not be solved are charged.
    public var chargesUnsolvable: Bool
    /// Seconds that `createTask` may take: 1...120. More where it answers with the solution.
    public var submitSeconds: Double
    /// How the vendor is told of a client's proxy.
    public var proxy: ProxyRules
    /// What the vendor's error codes mean.
    public var faults: FaultTable
    /// What the vendor sells and how it is asked for.
    public var families: [FamilyMapping]
    /// The calls that tell the vendor what became of a solution; empty when it takes no reports.
    public var reports: [ReportCall]
    /// HTTP statuses of `getTaskResult` that mean no more than that the task is still worked on.
    public var pollStatusesThatMeanPending: Set<Int>
    /// Whether a key can pay although its balance is zero, by the answer of `getBalance` and the time in seconds since
    /// 1970.
    public var hasOtherMeans: @Sendable (JSONValue, Int64) -> Bool

    public init(
        id: String, displayName: String, version: String, baseURL: String, key: Manifest.KeyFormat,
        taskID: TaskIDForm, pollPlan: Manifest.PollPlan, resultLifetimeSeconds: Double? = nil,
        reportWindow: Manifest.ReportWindow? = nil, reportsCost: Bool = false, chargesUnsolvable: Bool = false,
        submitSeconds: Double = 30, proxy: ProxyRules = ProxyRules(), faults: FaultTable, families: [FamilyMapping],
        reports: [ReportCall] = [],
        pollStatusesThatMeanPending: Set<Int> = [],
        hasOtherMeans: @escaping @Sendable (JSONValue, Int64) -> Bool = { _, _ in false }
    ) {
        self.id = id
        self.displayName = displayName
        self.version = version
        self.baseURL = baseURL
        self.key = key
        self.taskID = taskID
        self.pollPlan = pollPlan
        self.resultLifetimeSeconds = resultLifetimeSeconds
        self.reportWindow = reportWindow
        self.reportsCost = reportsCost
        self.chargesUnsolvable = chargesUnsolvable
        self.submitSeconds = submitSeconds
        self.proxy = proxy
        self.faults = faults
        self.families = families
        self.reports = reports
        self.pollStatusesThatMeanPending = pollStatusesThatMeanPending
        self.hasOtherMeans = hasOtherMeans
    }

    /// How a task id is sent back to the vendor. Inside it is always text, so that no digit is lost.
    public enum TaskIDForm: Sendable, Hashable {
        /// A JSON number of any length.
        case number
        /// A JSON string.
        case text
    }

    /// What the adapter says of itself, as it follows from the data. Prices are in USD.
    public var manifest: Manifest {
        Manifest(
            id: id, displayName: displayName, version: version, key: key,
            offers: families.map { Manifest.Offer($0.family, listPrice: $0.listPrice, pollPlan: $0.pollPlan) },
            pollPlan: pollPlan,
            resultLifetimeSeconds: resultLifetimeSeconds, reportWindow: reportWindow,
            reportsCost: reportsCost, chargesUnsolvable: chargesUnsolvable, origins: [baseURL],
            submitSeconds: submitSeconds)
    }
}

/// A call that tells the vendor what became of a solution.
public struct ReportCall: Sendable {
    /// The call's path: `/reportCorrect`.
    public var path: String
    /// Whether it is for solutions that were accepted, or for those that were not; nil for both.
    public var accepted: Bool?
    /// The families that it is for; nil for all.
    public var families: Set<TaskFamily>?
    /// What the body has beside `clientKey` and `taskId`, by whether the solution was accepted.
    public var members: @Sendable (Bool) -> JSONObject

    public init(
        _ path: String, accepted: Bool? = nil, families: Set<TaskFamily>? = nil,
        members: @escaping @Sendable (Bool) -> JSONObject = { _ in [:] }
    ) {
        self.path = path
        self.accepted = accepted
        self.families = families
        self.members = members
    }

    func isFor(_ family: TaskFamily, accepted: Bool) -> Bool {
        (self.accepted ?? accepted) == accepted && families?.contains(family) != false
    }
}
