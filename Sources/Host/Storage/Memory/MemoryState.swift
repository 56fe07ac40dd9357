import Domain
import ProviderKit

/// Everything that a store in memory keeps.
struct MemoryState: Sendable {
    var accounts: [AccountID: Account] = [:]
    /// By hash.
    var keys: [[UInt8]: APIKey] = [:]
    /// The hashes by the keys' numbers, beginning with 1.
    var keyHashes: [[UInt8]] = []
    /// The caps of the keys that have any, and what those keys use.
    var cappedKeys: [Int64: KeyCaps] = [:]
    var keyUsage: [Int64: KeyUsage] = [:]
    var transactions: [MemoryTransaction] = []
    var deposits: [DepositReference: Money] = [:]
    var tasks: [TaskID: MemoryTask] = [:]
    var openTasks: Set<TaskID> = []
    var lastTask: Int64 = 0
    /// By host, then by provider and family.
    var statistics: [String: [StoredStatistics]] = [:]
    var routes = MemoryRoutes()
    var vault = MemoryVault()
    var recycling = MemoryRecycling()
    var histories = MemoryHistories()
    var callbacks: [TaskID: MemoryCallback] = [:]

    struct DepositReference: Sendable, Hashable {
        let account: AccountID
        let reference: String
    }
}

struct MemoryTransaction: Sendable, Hashable {
    let account: AccountID
    let time: Timestamp
    var transaction: LedgerTransaction
}

struct MemoryTask: Sendable {
    let id: TaskID
    let account: AccountID
    let key: Int64
    let family: TaskFamily
    /// Nil when it was erased.
    var payload: [UInt8]?
    let ceiling: Money
    let forcedProvider: String?
    let preference: RoutingPreference
    let keyPool: KeyPoolMode
    /// The number of its explanation.
    let route: Int?
    let dialect: ClientDialect?
    let createdAt: Timestamp
    let deadline: Timestamp
    var attempts: [MemoryAttempt] = []
    var end: TaskRecord.End?
    var charge: Int64?
    /// The transaction that gives back what was charged.
    var refund: Int64?
    /// Whether the site accepted the solution; nil when nothing was said of it.
    var isAccepted: Bool?

    var record: TaskRecord {
        TaskRecord(id: id, account: account, family: family, dialect: dialect, createdAt: createdAt, end: end)
    }

    /// Nil for a task that has ended.
    var open: OpenTask? {
        guard end == nil, let attempt = attempts.last?.attempt else { return nil }
        return OpenTask(
            id: id, account: account, family: family, ceiling: ceiling, forcedProvider: forcedProvider,
            preference: preference, keyPool: keyPool, deadline: deadline, attempt: attempt,
            lost: attempts.filter { $0.attempt.state == .lost }.map(\.attempt.candidate))
    }

    func route(_ routes: MemoryRoutes) -> TaskRoute {
        TaskRoute(
            task: record, ceiling: ceiling, forcedProvider: forcedProvider, preference: preference,
            explanation: route.map { routes.bytes($0, forTaskOf: createdAt) }, attempts: attempts.map(\.record))
    }
}

struct MemoryAttempt: Sendable {
    var attempt: Attempt
    let startedAt: Timestamp
    var end: AttemptEnd?
    var endedAt: Timestamp?
    /// The number of the transaction that credits the owner of the recycled key for it.
    var credit: Int64?

    var record: AttemptRecord {
        AttemptRecord(
            attempt: attempt, startedAt: startedAt, endedAt: endedAt, fault: end?.fault,
            reportedCost: end?.reportedCost)
    }
}

/// The explanations of tasks, each once. One that is new takes the place of the oldest, if that is old enough.
struct MemoryRoutes: Sendable {
    private var rows: [(explanation: RouteExplanation, createdAt: Timestamp)] = []
    private var numbers: [ObjectIdentifier: Int] = [:]
    private var oldest = 0

    func number(of explanation: RouteExplanation) -> Int? { numbers[ObjectIdentifier(explanation)] }

    mutating func add(_ explanation: RouteExplanation, at now: Timestamp) -> Int {
        var number = rows.count
        if let row = rows.dropFirst(oldest).first,
            row.createdAt < now.adding(seconds: -Limits.keptExplanationSeconds)
        {
            number = oldest
            oldest = (oldest + 1) % rows.count
            numbers[ObjectIdentifier(row.explanation)] = nil
            rows[number] = (explanation, now)
        } else {
            rows.append((explanation, now))
        }
        numbers[ObjectIdentifier(explanation)] = number
        return number
    }

    /// None when another has taken the place since the task came.
    func bytes(_ number: Int, forTaskOf time: Timestamp) -> [UInt8] {
        rows[number].createdAt > time ? [] : rows[number].explanation.bytes
    }
}
