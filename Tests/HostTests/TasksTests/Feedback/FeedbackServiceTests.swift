import Domain
import Logging
import ProviderKit
import Routing
import Storage
import Synchronization
import Testing

@testable import Tasks

/// What changes under the hands of the use cases, and what the provider was told.
private final class Told: ProviderCalling {
    private let words = Mutex<[String]>([])
    private let waiting = Mutex<[@Sendable (CallAnswer) -> Void]>([])
    private let state = Mutex((seconds: 0.0, isRemoved: false))
    let answers: Bool

    init(answers: Bool) { self.answers = answers }

    var now: Timestamp { Timestamp(milliseconds: 1_700_000_000_000).adding(seconds: state.withLock(\.seconds)) }
    /// Reports as `task key accepted`.
    var reports: [String] { words.withLock { $0 } }

    func pass(_ seconds: Double) { state.withLock { $0.seconds += seconds } }
    func removeKey() { state.withLock { $0.isRemoved = true } }
    func credential(_ identity: String) -> Credential? {
        state.withLock(\.isRemoved) ? nil : Credential(placeholder: "<\(identity)>")
    }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        guard case .report(let ticket, let accepted) = request else { return 0 }
        words.withLock { $0.append("\(ticket.id) \(ticket.credential?.placeholder ?? "-") \(accepted)") }
        if answers {
            completion(CallAnswer(.fault(Fault(.protocolError)), sent: .maybe))
        } else {
            waiting.withLock { $0.append(completion) }
        }
        return 1
    }

    func cancel(_ call: UInt64) {}

    func answerAll() {
        for completion in waiting.withLock({ $0 }) { completion(CallAnswer(.reported, sent: .maybe)) }
    }
}

/// An account that has paid in 100 USD, before a provider `a` that solves for 0.1.
private struct Desk {
    let store = MemoryStore()
    let threads: StoreThreads
    let market: Market
    let feedback: FeedbackService
    let holder: KeyHolder
    let told: Told

    init(
        limit: String = "10", lifetime: Double? = nil, window: Manifest.ReportWindow? = nil, answers: Bool = true,
        resultSeconds: Double = 3600
    ) throws {
        let told = Told(answers: answers)
        self.told = told
        let price = try #require(Money(decimal: "0.1"))
        let manifest = Manifest(id: "a", displayName: "A", version: "1", key: nil, offers: [.init(.altcha)])
        let offer = ProviderOffer(
            provider: "a", family: .altcha, price: price, cost: price, credentials: ["k"],
            resultLifetimeSeconds: lifetime, reportWindow: window)
        market = Market(
            providers: [Provider(name: "a", manifest: manifest, credential: { told.credential($0) }, caller: told)],
            board: RouteBoard(offers: OfferTable([offer]), algorithm: .published))
        threads = try StoreThreads(store, now: { told.now })
        feedback = FeedbackService(
            store: threads, market: market,
            refunds: RefundService(store: threads, dailyLimit: try #require(Money(decimal: limit))),
            resultSeconds: resultSeconds, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { told.now })
        let key = NewKey(name: "", hash: [UInt8](repeating: 1, count: 32), scopes: [.solve])
        let made = StoreOperation.createAccount(name: "", key: key, deposit: Money(decimal: "100"))
        _ = try store.commit([made], at: told.now)[0].get()
        holder = try #require(store.key(hash: [UInt8](repeating: 1, count: 32)))
    }

    /// A task that ends now; the provider calls it `v` and its number, unless it has no name there.
    func end(isSolved: Bool = true, isNamed: Bool = true, after seconds: Double = 0) throws -> TaskID {
        let price = try #require(Money(decimal: "0.1"))
        let task = NewTask(
            account: holder.key.account, key: holder.key.id, family: .altcha, payload: [],
            candidates: [Candidate(provider: "a", credential: "k", price: price, cost: price)],
            deadline: told.now.adding(seconds: 99))
        guard case .accepted(let accepted) = try store.commit([.accept(task)], at: told.now)[0].get() else {
            throw ClientError(.internalError)
        }
        let id = accepted.id
        if isNamed {
            let pending = StoreOperation.attemptPending(id, attempt: 1, providerTask: "v\(id)")
            _ = try store.commit([pending], at: told.now)[0].get()
        }
        told.pass(seconds)
        let outcome: TaskOutcome =
            isSolved
            ? .solved(solution: [], price: price, cost: price) : .failed(code: .unsolvable, detail: "")
        let settle = StoreOperation.settle(id, attempt: 1, AttemptEnd(isSolved ? .solved : .failed), outcome)
        _ = try store.commit([settle], at: told.now)[0].get()
        let candidate = Candidate(provider: "a", credential: "k", price: price, cost: price)
        if case (_, .granted(let slot)?) = market.admit(candidate, .altcha, at: told.now) {
            market.ended(slot, AttemptVerdict(.solved(cost: price, polled: nil), seconds: 1), at: told.now)
        }
        return id
    }

    var balance: String? { store.account(holder.key.account)?.balance.description }

    func successRate() throws -> Double {
        let choice = CandidateChoice(family: .altcha, ceiling: .most)
        let route = market.withBoard { $0.explain(choice, at: told.now) }
        return try #require(route.candidates.first?.figures.successRate)
    }

    func code(_ task: TaskID, isGood: Bool, refunding: Bool = false) async -> ErrorCode? {
        await #expect(throws: ClientError.self) {
            try await feedback.report(task, isGood: isGood, refunding: refunding, by: holder)
        }?.code
    }
}

@Suite("What clients say of solutions", .timeLimit(.minutes(1)))
struct FeedbackServiceTests {
    @Test("is taken once: it counts for the provider's reliability, and the provider is told")
    func once() async throws {
        let desk = try Desk()
        defer { desk.threads.stop() }
        let tasks = try (0..<20).map { _ in try desk.end() }
        let before = try desk.successRate()
        try await desk.feedback.report(tasks[0], isGood: true, by: desk.holder)
        #expect(try desk.successRate() == before, "it was counted as solved already")
        for task in tasks[1..<10] { try await desk.feedback.report(task, isGood: false, by: desk.holder) }
        let after = try desk.successRate()
        #expect(after < before - 20, "\(before), then \(after)")
        #expect(desk.told.reports == ["v1 <k> true"] + (2...10).map { "v\($0) <k> false" })
        for isGood in [true, false] { #expect(await desk.code(tasks[1], isGood: isGood) == .duplicateReport) }
        #expect(try desk.successRate() == after)
        #expect(desk.told.reports.count == 10)
        #expect(desk.balance == "98", "nothing is given back")
    }

    @Test("is nothing for a task whose result is gone, and nothing is given back for it")
    func late() async throws {
        let desk = try Desk()
        defer { desk.threads.stop() }
        let early = try desk.end(), late = try desk.end()
        desk.told.pass(3599)
        try await desk.feedback.report(early, isGood: false, refunding: true, by: desk.holder)
        desk.told.pass(1)
        #expect(await desk.code(late, isGood: false, refunding: true) == .wrongTaskID)
        #expect(await desk.code(early, isGood: false, refunding: true) == .wrongTaskID)
        #expect(desk.balance == "99.9")
    }

    @Test("is nothing for a task that failed, is unknown or somebody else's")
    func refusals() async throws {
        let desk = try Desk()
        let failed = try desk.end(isSolved: false), solved = try desk.end()
        #expect(await desk.code(failed, isGood: false) == .reportNotRecorded)
        #expect(await desk.code(try #require(TaskID(99)), isGood: false) == .wrongTaskID)
        let stranger = KeyHolder(
            key: APIKey(
                id: 9, account: AccountID(9), name: "", scopes: [.solve], revoked: false, createdAt: desk.told.now),
            accountSuspended: false)
        await #expect(throws: ClientError(.wrongTaskID)) {
            try await desk.feedback.report(solved, isGood: false, refunding: true, by: stranger)
        }
        #expect(desk.told.reports.isEmpty && desk.balance == "99.9")
        desk.threads.stop()
        #expect(await desk.code(solved, isGood: false) == .stopping)
    }

    @Test("gives the charge back where that is asked for and nothing speaks against it, once")
    func refunds() async throws {
        let desk = try Desk(limit: "0.1", resultSeconds: 100_000)
        defer { desk.threads.stop() }
        let first = try desk.end(), second = try desk.end(), good = try desk.end()
        #expect(desk.balance == "99.7")
        try await desk.feedback.report(good, isGood: true, refunding: true, by: desk.holder)
        #expect(desk.balance == "99.7")
        for _ in 0..<2 {
            // A client that got no answer asks again, and is told the same.
            try await desk.feedback.report(first, isGood: false, refunding: true, by: desk.holder)
            #expect(desk.balance == "99.8")
        }
        // Beyond the day's limit the report counts all the same.
        try await desk.feedback.report(second, isGood: false, refunding: true, by: desk.holder)
        #expect(desk.balance == "99.8")
        #expect(desk.told.reports.count == 3)
        #expect(await desk.code(good, isGood: false, refunding: true) == .duplicateReport)
        #expect(desk.balance == "99.8")
        // What was not given back by then is given back another day.
        desk.told.pass(86_400)
        try await desk.feedback.report(second, isGood: false, refunding: true, by: desk.holder)
        #expect(desk.balance == "99.9")
        #expect(try desk.store.verifyLedger().problems == [])
    }

    @Test("is told to the provider only as long as that keeps the task", arguments: [nil, 60, 5_000] as [Double?])
    func window(lifetime: Double?) async throws {
        let desk = try Desk(lifetime: lifetime)
        defer { desk.threads.stop() }
        let window = min(lifetime ?? Limits.vendorReportSeconds, Limits.vendorReportSeconds)
        let inTime = try desk.end(), late = try desk.end()
        desk.told.pass(window)
        try await desk.feedback.report(inTime, isGood: false, by: desk.holder)
        desk.told.pass(0.1)
        try await desk.feedback.report(late, isGood: false, by: desk.holder)
        #expect(desk.told.reports == ["v1 <k> false"])
    }

    @Test(
        "is told as long as the provider takes reports, counted from the submit or from the solution",
        arguments: Manifest.ReportWindow.Start.allCases)
    func start(_ start: Manifest.ReportWindow.Start) async throws {
        let desk = try Desk(lifetime: 60, window: Manifest.ReportWindow(seconds: 100, from: start))
        defer { desk.threads.stop() }
        let inTime = try desk.end(after: 30)
        desk.told.pass(start == .submit ? 70 : 100)
        try await desk.feedback.report(inTime, isGood: false, by: desk.holder)
        let late = try desk.end(after: 30)
        desk.told.pass(start == .submit ? 70.1 : 100.1)
        try await desk.feedback.report(late, isGood: true, by: desk.holder)
        #expect(desk.told.reports == ["v1 <k> false"])
    }

    @Test("is not told to a provider that has no name for the task, or whose key was removed")
    func untold() async throws {
        let desk = try Desk()
        defer { desk.threads.stop() }
        let unnamed = try desk.end(isNamed: false), keyless = try desk.end()
        try await desk.feedback.report(unnamed, isGood: false, by: desk.holder)
        desk.told.removeKey()
        try await desk.feedback.report(keyless, isGood: false, by: desk.holder)
        #expect(desk.told.reports.isEmpty)
    }

    @Test("waits for no provider; of those that leave reports unanswered only so many are told")
    func bounded() async throws {
        let desk = try Desk(answers: false)
        defer { desk.threads.stop() }
        for _ in 0..<Limits.vendorReportsAtOnce + 5 {
            try await desk.feedback.report(try desk.end(), isGood: true, by: desk.holder)
        }
        #expect(desk.told.reports.count == Limits.vendorReportsAtOnce)
        desk.told.answerAll()
        try await desk.feedback.report(try desk.end(), isGood: true, by: desk.holder)
        #expect(desk.told.reports.count == Limits.vendorReportsAtOnce + 1)
    }
}
