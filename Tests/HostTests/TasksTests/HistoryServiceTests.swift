import Domain
import ProviderKit
import Storage
import Tasks
import Testing

/// A store in memory with an account that has paid in 1 USD, and the use cases of its past.
private final class Past: Sendable {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)
    static let account = AccountID(1)

    let store = MemoryStore()
    let threads: StoreThreads
    let histories: HistoryService
    let holder: KeyHolder

    init() throws {
        threads = try StoreThreads(store, now: { Past.start })
        histories = HistoryService(store: threads)
        let key = NewKey(name: "", hash: [UInt8](repeating: 1, count: 32), scopes: [.manage])
        let made = StoreOperation.createAccount(name: "", key: key, deposit: Money(decimal: "1"))
        _ = try store.commit([made], at: Past.start)[0].get()
        holder = try #require(store.key(hash: [UInt8](repeating: 1, count: 32)))
    }

    deinit { threads.stop() }

    /// A task that ended so many days after the start, charged with 0.1 USD or failed.
    func end(after days: Double = 0, isSolved: Bool = true, price: String = "0.1") throws -> TaskID {
        let now = Past.start.adding(seconds: days * 86_400)
        let price = try #require(Money(decimal: price))
        let task = NewTask(
            account: Past.account, key: holder.key.id, family: .altcha, payload: [],
            candidates: [Candidate(provider: "a", credential: nil, price: price, cost: .zero)], deadline: now)
        guard case .accepted(let accepted) = try store.commit([.accept(task)], at: now)[0].get() else {
            throw ClientError(.internalError)
        }
        let outcome: TaskOutcome =
            isSolved
            ? .solved(solution: [], price: price, cost: .zero) : .failed(code: .unsolvable, detail: "")
        let end = AttemptEnd(isSolved ? .solved : .failed)
        _ = try store.commit([.settle(accepted.id, attempt: 1, end, outcome)], at: now)[0].get()
        return accepted.id
    }
}

@Suite("What owners of accounts read of their past", .timeLimit(.minutes(1)))
struct HistoryServiceTests {
    @Test("A page has as many transactions as are asked for, within the bounds")
    func page() async throws {
        let past = try Past()
        let deposit = StoreOperation.deposit(Past.account, try #require(Money(decimal: "0.5")), reference: nil)
        for _ in 0..<Limits.transactionsPerPage { _ = try past.store.commit([deposit], at: Past.start) }
        for (limit, count) in [(-1, 1), (0, 1), (1, 1), (7, 7), (1_000, 1_000), (1_001, 1_000), (.max, 1_000)] {
            let query = TransactionQuery(account: Past.account, limit: limit)
            #expect(try await past.histories.transactions(query).count == count, "\(limit)")
        }
        let rest = TransactionQuery(account: Past.account, before: 2, limit: 1_000)
        #expect(try await past.histories.transactions(rest).map(\.number) == [1])
    }

    @Test("Usage is of the last days of those that are asked for")
    func days() async throws {
        let past = try Past()
        for day in [0, 1, 366] as [Double] { _ = try past.end(after: day) }
        let first = UTCDay(of: Past.start).number
        func days(_ range: ClosedRange<Int64>) async throws -> [Int64] {
            try await past.histories.usage(UsageQuery(account: Past.account, days: range)).map { $0.day - first }
        }
        #expect(try await days(first...first + 366) == [1, 366])
        #expect(try await days(first...first + 365) == [0, 1])
        #expect(try await days(0...first + 367) == [366])
        #expect(try await days(.min...first) == [0])
        #expect(try await days(.min...(.min + 5)) == [])
    }

    @Test("What the store cannot say is a client's error")
    func failures() async throws {
        let past = try Past()
        past.threads.stop()
        await #expect(throws: ClientError(.stopping)) {
            try await past.histories.transactions(TransactionQuery(account: Past.account, limit: 1))
        }
        await #expect(throws: ClientError(.stopping)) {
            try await past.histories.usage(UsageQuery(account: Past.account, days: 0...1))
        }
    }
}

@Suite("What owners of accounts have given back", .timeLimit(.minutes(1)))
struct RefundServiceTests {
    private func service(_ past: Past, limit: String = "10") throws -> RefundService {
        RefundService(store: past.threads, dailyLimit: try #require(Money(decimal: limit)))
    }

    @Test("A solved task is given back once")
    func once() async throws {
        let past = try Past()
        let task = try past.end()
        let refunds = try service(past)
        #expect(try await refunds.refund(task, by: past.holder) == .given(try #require(Money(decimal: "0.1"))))
        #expect(past.store.account(Past.account)?.balance.description == "1")
        #expect(try await refunds.refund(task, by: past.holder) == .refused(.alreadyRefunded))
    }

    @Test("Each reason against it is told, and a stranger is told nothing")
    func refusals() async throws {
        let past = try Past()
        let solved = try past.end(), failed = try past.end(isSolved: false), free = try past.end(price: "0")
        let refunds = try service(past, limit: "0.099999999")
        for task in [failed, free] {
            #expect(try await refunds.refund(task, by: past.holder) == .refused(.notCharged))
        }
        #expect(try await refunds.refund(solved, by: past.holder) == .refused(.dailyLimit))
        let unknown = try #require(TaskID(99))
        await #expect(throws: ClientError(.wrongTaskID)) { try await refunds.refund(unknown, by: past.holder) }
        let stranger = KeyHolder(
            key: APIKey(id: 9, account: AccountID(9), name: "", scopes: [], revoked: false, createdAt: Past.start),
            accountSuspended: false)
        await #expect(throws: ClientError(.wrongTaskID)) { try await refunds.refund(solved, by: stranger) }
        past.threads.stop()
        await #expect(throws: ClientError(.stopping)) { try await refunds.refund(solved, by: past.holder) }
    }
}
