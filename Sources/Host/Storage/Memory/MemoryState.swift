import Domain
import ProviderKit

/// Everything that a store in memory keeps.
struct MemoryState: Sendable {
    var accounts: [AccountID: Account] = [:]
    /// By hash.
    var keys: [[UInt8]: APIKey] = [:]
    /// The hashes by the keys' numbers, beginning with 1.
    var keyHashes: [[UInt8]] = []
    var transactions: [MemoryTransaction] = []
    var deposits: [DepositReference: Money] = [:]
    var tasks: [TaskID: MemoryTask] = [:]
    var openTasks: Set<TaskID> = []
    var lastTask: Int64 = 0
    /// By host, then by provider and family.
    var statistics: [String: [StoredStatistics]] = [:]
    var vault = MemoryVault()

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
    let family: TaskFamily
    let payload: [UInt8]
    let ceiling: Money
    let forcedProvider: String?
    let preference: RoutingPreference
    let explanation: RouteExplanation?
    let createdAt: Timestamp
    let deadline: Timestamp
    var attempts: [MemoryAttempt] = []
    var end: TaskRecord.End?
    var charge: Int64?

    var record: TaskRecord {
        TaskRecord(id: id, account: account, family: family, createdAt: createdAt, end: end)
    }

    /// Nil for a task that has ended.
    var open: OpenTask? {
        guard end == nil, let attempt = attempts.last?.attempt else { return nil }
        return OpenTask(
            id: id, account: account, family: family, ceiling: ceiling, forcedProvider: forcedProvider,
            preference: preference, deadline: deadline, attempt: attempt,
            lost: attempts.count { $0.attempt.state == .lost })
    }

    var route: TaskRoute {
        TaskRoute(
            task: record, ceiling: ceiling, forcedProvider: forcedProvider, preference: preference,
            explanation: explanation?.bytes, attempts: attempts.map(\.record))
    }
}

struct MemoryAttempt: Sendable {
    var attempt: Attempt
    let startedAt: Timestamp
    var end: AttemptEnd?
    var endedAt: Timestamp?

    var record: AttemptRecord {
        AttemptRecord(
            attempt: attempt, startedAt: startedAt, endedAt: endedAt, fault: end?.fault,
            reportedCost: end?.reportedCost)
    }
}
