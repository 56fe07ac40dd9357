/// What a vendor allows, in seconds, bytes and counts. The values are the documented ones where there are any.
public struct VendorLimits: Sendable, Hashable {
    /// Requests with a wrong key until the caller's address is banned, and for how long.
    public var wrongKeys = 5
    public var banSeconds = 600.0
    /// Polls of one task; nil for no limit.
    public var pollsPerTask: Int?
    /// Polls of one task within two seconds; nil for no limit.
    public var pollsInTwoSeconds: Int?
    /// Refused tasks of one key within a minute until it is blocked, and for how long; nil for no limit.
    public var refusalsPerMinute: Int?
    public var blockSeconds = 300.0
    /// Tasks of one key in three seconds; nil for no limit. Breaking it bans for ten seconds.
    public var tasksInThreeSeconds: Int?
    /// Whether polls are counted against tasks, as 2Captcha does for res.php: at most 20 a task and 1200 beyond.
    public var budgetsPolls = false
    /// How long a result is kept, from the task's creation or from its completion.
    public var keptAfterCreation: Double?
    public var keptAfterCompletion: Double?
    /// How long a task may be reported, from its creation or from its completion.
    public var reportsAfterCreation: Double?
    public var reportsAfterCompletion: Double?
    /// The longest that the vendor works on a task.
    public var givesUpAfter: Double?
    public var smallestPicture = 100
    public var largestPicture = 600_000

    /// The limits of a vendor.
    public init(of vendor: Vendor) {
        switch vendor {
        case .twoCaptcha:
            banSeconds = 300
            tasksInThreeSeconds = 60
            budgetsPolls = true
            keptAfterCreation = 900
            reportsAfterCreation = 900
            givesUpAfter = 90
            largestPicture = 100_000
        case .capSolver:
            pollsPerTask = 120
            refusalsPerMinute = 60
            keptAfterCreation = 300
            givesUpAfter = 120
            reportsAfterCreation = 300
            smallestPicture = 1
        case .antiCaptcha:
            keptAfterCompletion = 60
            reportsAfterCompletion = 60
            largestPicture = 500_000
        case .capMonster:
            pollsPerTask = 120
            pollsInTwoSeconds = 20
            refusalsPerMinute = 60
            blockSeconds = 600
            keptAfterCompletion = 300
            reportsAfterCompletion = 300
            largestPicture = 50_000
        case .multibot:
            wrongKeys = .max
            keptAfterCreation = 900
            smallestPicture = 1
        }
    }

    /// Without what counts requests, for measurements: bans, rates and poll budgets.
    public var withoutRates: VendorLimits {
        var limits = self
        limits.wrongKeys = .max
        limits.pollsInTwoSeconds = nil
        limits.refusalsPerMinute = nil
        limits.tasksInThreeSeconds = nil
        limits.budgetsPolls = false
        return limits
    }
}
