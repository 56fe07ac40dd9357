import Domain
import Synchronization
import Tasks

/// What an account can do and read, as a test has set it up: one recycled key, and some of the past.
final class FakeAccount: RecycledKeyUseCases, HistoryUseCases {
    /// 2023-11-14T22:13:20Z.
    static let now = Timestamp(milliseconds: 1_700_000_000_000)

    struct Submission: Sendable, Equatable {
        let key: String?
        let provider: String
        let label: String
    }

    private struct State {
        var submissions: [Submission] = []
        var checked: [ProviderKeyID] = []
        var removed: [ProviderKeyID] = []
        var accounts: [AccountID] = []
        var pages: [[Int64]] = []
        var transactionQueries: [TransactionQuery] = []
        var usageQueries: [UsageQuery] = []
    }

    private let state = Mutex(State())
    private let key: RecycledKey?
    private let changes: [RecycledKeyChange]
    private let isNew: Bool
    private let isAnswered: Bool
    private let failure: ClientError?
    private let records: [TransactionRecord]
    private let rows: [UsageRow]

    /// - Parameters:
    ///   - failure: what every call of the recycled keys' and of the history ends with.
    ///   - records: what there is of transactions, the newest first.
    init(
        key: RecycledKey? = nil, changes: [RecycledKeyChange] = [], isNew: Bool = true, isAnswered: Bool = true,
        failing failure: ClientError? = nil,
        records: [TransactionRecord] = [], rows: [UsageRow] = []
    ) {
        self.key = key
        self.changes = changes
        self.isNew = isNew
        self.isAnswered = isAnswered
        self.failure = failure
        self.records = records
        self.rows = rows
    }

    var submissions: [Submission] { state.withLock(\.submissions) }
    var checked: [ProviderKeyID] { state.withLock(\.checked) }
    var removed: [ProviderKeyID] { state.withLock(\.removed) }
    /// Behind which number each page was asked for, and how much of it.
    var pages: [[Int64]] { state.withLock(\.pages) }
    /// Whose account each call was about.
    var accounts: [AccountID] { state.withLock(\.accounts) }
    var transactionQueries: [TransactionQuery] { state.withLock(\.transactionQueries) }
    var usageQueries: [UsageQuery] { state.withLock(\.usageQueries) }

    func submit(
        _ key: Secret, at provider: String, label: String, by holder: KeyHolder
    ) async throws(ClientError) -> SubmittedKey {
        state.withLock { $0.submissions.append(Submission(key: key.text, provider: provider, label: label)) }
        return SubmittedKey(try found(nil, holder), isNew: isNew)
    }

    func recycledKeys(
        of holder: KeyHolder, after: ProviderKeyID?, limit: Int
    ) async throws(ClientError) -> (keys: [RecycledKey], hasMore: Bool) {
        state.withLock { $0.pages.append([after?.number ?? 0, Int64(limit)]) }
        return ([try found(nil, holder)], limit == 1)
    }

    func recycledKey(
        _ id: ProviderKeyID, of holder: KeyHolder, historyAfter number: Int64, limit: Int
    ) async throws(ClientError) -> (key: RecycledKey, history: [RecycledKeyChange], hasMore: Bool) {
        state.withLock { $0.pages.append([number, Int64(limit)]) }
        let rest = changes.filter { $0.number > number }
        return (try found(id, holder), Array(rest.prefix(limit)), rest.count > limit)
    }

    func check(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> CheckedKey {
        let key = try found(id, holder)
        state.withLock { $0.checked.append(id) }
        return CheckedKey(key, isAnswered: isAnswered)
    }

    func remove(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> RecycledKey {
        let key = try found(id, holder)
        state.withLock { $0.removed.append(id) }
        return key
    }

    private func found(_ id: ProviderKeyID?, _ holder: KeyHolder) throws(ClientError) -> RecycledKey {
        state.withLock { $0.accounts.append(holder.key.account) }
        if let failure { throw failure }
        guard let key, id == nil || id == key.id else { throw ClientError(.noSuchRecycledKey) }
        return key
    }

    func transactions(_ query: TransactionQuery) async throws(ClientError) -> [TransactionRecord] {
        state.withLock { $0.transactionQueries.append(query) }
        if let failure { throw failure }
        let wanted = records.filter { record in
            (query.kinds.isEmpty || query.kinds.contains(record.kind)) && query.from.map { record.time >= $0 } ?? true
                && query.until.map { record.time < $0 } ?? true && query.before.map { record.number < $0 } ?? true
        }
        return Array(wanted.prefix(query.limit))
    }

    func usage(_ query: UsageQuery) async throws(ClientError) -> [UsageRow] {
        state.withLock { $0.usageQueries.append(query) }
        if let failure { throw failure }
        return rows.filter { query.days.contains($0.day) }
    }
}
