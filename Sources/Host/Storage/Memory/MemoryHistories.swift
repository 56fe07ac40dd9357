import Domain
import ProviderKit

/// The histories of a store in memory.
struct MemoryHistories: Sendable {
    var idempotent: [Place: IdempotentTask] = [:]
    /// What was stored when, in that order: those with the numbers `firstInOrder..<nextInOrder`.
    var order: [Int64: Stored] = [:]
    var firstInOrder: Int64 = 0
    var nextInOrder: Int64 = 0
    /// The numbers of the refunds of each account, in their order.
    var refunds: [AccountID: [Int64]] = [:]
    var usage: [UsagePlace: UsageFigures] = [:]

    struct Place: Sendable, Hashable {
        let account: AccountID
        let text: String
    }

    struct Stored: Sendable, Hashable {
        let place: Place
        let at: Timestamp
    }
}

extension MemoryRows: HistoryRows {
    func idempotent(_ text: String, of account: AccountID) -> IdempotentTask? {
        state.histories.idempotent[MemoryHistories.Place(account: account, text: text)]
    }

    func save(_ key: IdempotencyKey, of account: AccountID, for task: TaskID, at now: Timestamp) {
        let place = MemoryHistories.Place(account: account, text: key.text)
        let before = state.histories.idempotent[place]
        let number = state.histories.nextInOrder
        change(
            {
                $0.histories.idempotent[place] = IdempotentTask(task: task, request: key.request, storedAt: now)
                $0.histories.order[number] = MemoryHistories.Stored(place: place, at: now)
                $0.histories.nextInOrder = number + 1
            },
            undo: {
                $0.histories.idempotent[place] = before
                $0.histories.order[number] = nil
                $0.histories.nextInOrder = number
            })
    }

    func eraseIdempotencyKeys(storedUntil time: Timestamp, atMost count: Int) {
        for _ in 0..<count {
            let first = state.histories.firstInOrder
            guard let stored = state.histories.order[first], stored.at <= time else { return }
            let before = state.histories.idempotent[stored.place]
            change(
                {
                    $0.histories.order[first] = nil
                    $0.histories.firstInOrder = first + 1
                    // What was stored there later stays.
                    if before?.storedAt == stored.at { $0.histories.idempotent[stored.place] = nil }
                },
                undo: {
                    $0.histories.order[first] = stored
                    $0.histories.firstInOrder = first
                    $0.histories.idempotent[stored.place] = before
                })
        }
    }

    func refundStanding(of task: TaskID) -> RefundStanding? {
        guard let stored = state.tasks[task], let last = stored.attempts.last?.attempt.candidate else { return nil }
        var solved: RefundStanding.Solved?
        if let end = stored.end, case .solved(_, let price, _) = end.outcome {
            solved = RefundStanding.Solved(at: end.at, price: price)
        }
        return RefundStanding(
            account: stored.account, key: stored.key, family: stored.family.rawValue, solved: solved,
            isRefunded: stored.refund != nil, provider: last.provider, credential: last.credential)
    }

    func refunded(to account: AccountID, from: Timestamp, until: Timestamp) throws -> Money {
        let refunds = (state.histories.refunds[account] ?? []).map { state.transactions[Int($0) - 1] }
        let amounts = refunds.filter { $0.time >= from && $0.time < until }.map { $0.amount(for: account) }
        return try MemoryState.sum(amounts)
    }

    func setRefund(_ transaction: Int64, of task: TaskID) {
        guard let account = state.tasks[task]?.account else { return }
        change(
            {
                $0.tasks[task]?.refund = transaction
                $0.histories.refunds[account, default: []].append(transaction)
            },
            undo: {
                $0.tasks[task]?.refund = nil
                $0.histories.refunds[account]?.removeLast()
            })
    }

    func add(_ figures: UsageFigures, at place: UsagePlace) throws {
        let before = state.histories.usage[place]
        let after = try (before ?? UsageFigures()).adding(figures)
        change({ $0.histories.usage[place] = after }, undo: { $0.histories.usage[place] = before })
    }
}

extension MemoryTransaction {
    /// What it changes the account's balance by.
    func amount(for account: AccountID) -> Money {
        transaction.entries.first { $0.account == .client(account) }?.amount ?? .zero
    }
}

extension MemoryState {
    static func sum(_ amounts: [Money]) throws(StoreFailure) -> Money {
        guard let sum = Money.sum(amounts) else {
            throw StoreFailure(.other, "The amounts of an account sum to more than can be counted.")
        }
        return sum
    }

    func transactions(_ query: TransactionQuery) -> [TransactionRecord] {
        let wanted = transactions.indices.map { Int64($0) + 1 }.filter { number in
            let stored = transactions[Int(number) - 1]
            return stored.account == query.account
                && (query.kinds.isEmpty || query.kinds.contains(stored.transaction.kind))
                && stored.time >= query.from ?? stored.time && stored.time < query.until ?? .distantFuture
                && isBehind(number, query.before ?? .max)
        }
        return wanted.sorted { isBehind($1, $0) }.prefix(max(query.limit, 0)).map(record)
    }

    /// Whether a transaction comes behind another in the order of a history. One that is not there yet comes before
    /// all, and one that cannot be behind all.
    private func isBehind(_ number: Int64, _ other: Int64) -> Bool {
        guard other > 0 else { return false }
        guard other <= Int64(transactions.count) else { return true }
        return (transactions[Int(number) - 1].time, number) < (transactions[Int(other) - 1].time, other)
    }

    private func record(_ number: Int64) -> TransactionRecord {
        let stored = transactions[Int(number) - 1]
        let transaction = stored.transaction
        let attempts = transaction.task.flatMap { tasks[$0]?.attempts } ?? []
        let attempt = (transaction.attempt.map { attempts[$0 - 1] } ?? attempts.last)?.attempt
        var key: ProviderKeyID?
        if transaction.kind == .recycleCredit {
            key = (attempt?.candidate.credential).flatMap(ProviderKeyID.init(recycledCredential:))
        }
        return TransactionRecord(
            number: number, kind: transaction.kind, time: stored.time, amount: stored.amount(for: stored.account),
            task: transaction.task, provider: attempt?.candidate.provider, recycledKey: key,
            reference: transaction.reference)
    }

    func usage(_ query: UsageQuery) -> [UsageRow] {
        let places = histories.usage.keys.filter { $0.account == query.account && query.days.contains($0.day) }
        let sorted = places.sorted {
            ($0.day, $0.key, $0.family, $0.provider) < ($1.day, $1.key, $1.family, $1.provider)
        }
        return sorted.compactMap { place in
            guard let figures = histories.usage[place], let family = TaskFamily(rawValue: place.family) else {
                return nil
            }
            return UsageRow(
                day: place.day, key: place.key, provider: place.provider, family: family, solved: figures.solved,
                failed: figures.failed, charged: figures.charged, refunded: figures.refunded)
        }
    }

    func totals(of id: AccountID) throws(StoreFailure) -> AccountTotals? {
        guard let account = accounts[id] else { return nil }
        let own = transactions.filter { $0.account == id }
        var kinds: [AccountTotals.KindTotal] = []
        for kind in LedgerTransaction.Kind.allCases {
            let amounts = own.filter { $0.transaction.kind == kind }.map { $0.amount(for: id) }
            guard !amounts.isEmpty else { continue }
            kinds.append(.init(kind, count: Int64(amounts.count), amount: try MemoryState.sum(amounts)))
        }
        let reservations = openTasks.compactMap { tasks[$0] }.filter { $0.account == id }.map(\.ceiling)
        return AccountTotals(
            account: account, kinds: kinds, openTasks: Int64(reservations.count),
            reserved: try MemoryState.sum(reservations))
    }
}
