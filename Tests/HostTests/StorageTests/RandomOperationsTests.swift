import Domain
import ProviderKit
import Storage
import TestSupport
import Testing

/// Makes operations that are sometimes right and sometimes refused.
struct OperationGenerator {
    var random: SeededGenerator
    let accounts: [(id: AccountID, key: Int64)]
    let explanations = (0..<5).map { RouteExplanation([UInt8](repeating: $0, count: Int($0))) }
    let preferences: [RoutingPreference] = [
        .balanced, RoutingSettings(mode: .normal, preset: .cheapest).preference,
        RoutingSettings(mode: .normal, preset: .reliable).preference,
    ]
    var highestTask: Int64 = 0

    mutating func next() throws -> StoreOperation {
        let account = accounts.randomElement(using: &random) ?? (AccountID(1), 1)
        let attempt = Int.random(in: 1...3, using: &random)
        let end = AttemptEnd(
            [.solved, .failed, .lost].randomElement(using: &random) ?? .lost,
            fault: Bool.random(using: &random) ? "overloaded" : nil,
            reportedCost: Bool.random(using: &random) ? amount(50) : nil)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<8:
            let reference = Bool.random(using: &random) ? "r\(Int.random(in: 0..<20, using: &random))" : nil
            return .deposit(account.id, money(Int64.random(in: 0...3, using: &random) * 100), reference: reference)
        case 8..<10: return .setSuspended(account.id, Int.random(in: 0..<4, using: &random) == 0)
        case 10..<12:
            let hash = [UInt8](repeating: UInt8.random(in: 0..<20, using: &random), count: 32)
            return .createKey(
                AccountID(Int64.random(in: 1...6, using: &random)), NewKey(name: "k", hash: hash, scopes: [.solve]))
        case 12..<16: return try keyOperation()
        case 16..<18:
            return .storeStatistics(
                host: "h\(Int.random(in: 0..<3, using: &random))",
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in statistics() })
        case 18..<54:
            highestTask += 1
            return .accept(
                NewTask(
                    account: account.id, key: account.key, family: .altcha,
                    payload: [UInt8](repeating: 1, count: Int.random(in: 0..<3_000, using: &random)),
                    candidates: (0..<Int.random(in: 0..<4, using: &random)).map { _ in candidate() },
                    preference: preferences.randomElement(using: &random) ?? .balanced,
                    explanation: explanations.randomElement(using: &random), deadline: StoreFixture.start))
        case 54..<65: return .attemptPending(try task(), attempt: attempt, providerTask: "p")
        case 65..<75: return .nextAttempt(try task(), ended: attempt, end, next: candidate())
        case 75..<90:
            let price = amount(120), cost = amount(60)
            return .settle(try task(), attempt: attempt, end, .solved(solution: [1, 2], price: price, cost: cost))
        default: return .settle(try task(), attempt: attempt, end, .failed(code: .unsolvable, detail: "no"))
        }
    }

    private mutating func keyOperation() throws -> StoreOperation {
        let owner = [nil, accounts.first?.id].randomElement(using: &random) ?? nil
        let key = Int64.random(in: 0...12, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .renameKey(owner, key: key, name: "n\(Int.random(in: 0..<9, using: &random))")
        case 1: return .revokeKey(owner, key: key)
        default:
            let preset = RoutingSettings.Preset.allCases.randomElement(using: &random)
            let slider = preset == .custom ? Int.random(in: 0...100, using: &random) : nil
            return .setRouting(
                owner, key: key,
                try RoutingChange(
                    mode: RoutingSettings.Mode.allCases.randomElement(using: &random), preset: preset, slider: slider))
        }
    }

    private mutating func statistics() -> StoredStatistics {
        StoredStatistics(
            provider: "p\(Int.random(in: 0..<3, using: &random))",
            family: [TaskFamily.altcha, .turnstile].randomElement(using: &random) ?? .altcha,
            asOf: StoreFixture.start.adding(seconds: Double.random(in: 0...9, using: &random)),
            value: [UInt8](repeating: UInt8.random(in: 0...9, using: &random), count: 3))
    }

    private mutating func amount(_ bound: Int64) -> Money {
        money(Int64.random(in: 0..<bound, using: &random))
    }

    private mutating func candidate() -> Candidate {
        let provider = Int.random(in: 0..<3, using: &random)
        return Candidate(
            provider: "p\(provider)", credential: provider == 0 ? nil : "c\(provider)", price: amount(100),
            cost: amount(60))
    }

    private mutating func task() throws -> TaskID {
        // Mostly a recent one, which is still open.
        let lowest = max(1, highestTask - 30)
        return try #require(TaskID(Int64.random(in: lowest...max(lowest, highestTask), using: &random)))
    }
}

/// What the replies say of each account's money: kept apart from the stores, to compare with them.
struct RepliedMoney {
    private(set) var balance: [AccountID: Int64] = [:]
    private(set) var held: [AccountID: Int64] = [:]
    private var ceilings: [TaskID: (account: AccountID, ceiling: Int64)] = [:]

    mutating func take(_ operation: StoreOperation, _ result: Result<StoreReply, StoreRefusal>) {
        switch (operation, result) {
        case (.deposit(let account, let amount, _), .success(.deposited(posted: true))):
            balance[account, default: 0] += amount.nanos
        case (.accept(let task), .success(.accepted(let accepted))):
            held[task.account, default: 0] += accepted.ceiling.nanos
            ceilings[accepted.id] = (task.account, accepted.ceiling.nanos)
        case (.settle(let task, _, _, _), .success(.settled(let charged))):
            guard let reserved = ceilings.removeValue(forKey: task) else { return }
            held[reserved.account, default: 0] -= reserved.ceiling
            balance[reserved.account, default: 0] -= charged.nanos
        default: return
        }
    }
}

@Suite("Random operations")
struct RandomOperationsTests {
    @Test("Both stores answer alike, hold the same, and every ledger is sound", arguments: [1, 2, 3, 4] as [UInt64])
    func alike(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store.db"
        var sqlite = try SQLiteStore(path: path, durability: .off)
        let memory = MemoryStore()
        let single = MemoryStore()
        let setUp: [StoreOperation] = (1...4).flatMap { number -> [StoreOperation] in
            let hash = [UInt8](repeating: UInt8(100 + number), count: 32)
            return [
                .createAccount(name: "a\(number)"),
                .createKey(AccountID(Int64(number)), NewKey(name: "", hash: hash, scopes: [.solve])),
            ]
        }
        for store in [sqlite, memory, single] as [any Store] { _ = try store.commit(setUp, at: StoreFixture.start) }
        var generator = OperationGenerator(
            random: SeededGenerator(seed: seed), accounts: (1...4).map { (AccountID($0), $0) })
        var replied = RepliedMoney()
        var refusals: Set<StoreRefusal> = []
        for round in 0..<200 {
            let count = Int.random(in: 1...30, using: &generator.random)
            let operations = try (0..<count).map { _ in try generator.next() }
            let now = StoreFixture.start.adding(seconds: Double(round))
            let results = try memory.commit(operations, at: now)
            #expect(try sqlite.commit(operations, at: now) == results)
            // However operations fall into batches, the same comes of them.
            #expect(try operations.flatMap { try single.commit([$0], at: now) } == results)
            for (operation, result) in zip(operations, results) {
                replied.take(operation, result)
                if case .failure(let refusal) = result { refusals.insert(refusal) }
            }
            if round == 75 {
                sqlite.close()
                sqlite = try SQLiteStore(path: path, durability: .off)
            }
        }
        #expect(refusals.count >= 7, "the operations were too tame: \(refusals)")
        try compare([sqlite, memory, single], tasks: generator.highestTask)
        for account in memory.accounts() {
            #expect(account.balance.nanos == replied.balance[account.id] ?? 0)
            #expect(account.held.nanos == replied.held[account.id] ?? 0)
        }
    }

    private func compare(_ stores: [any Store], tasks: Int64) throws {
        let first = try #require(stores.first)
        let report = try first.verifyLedger()
        #expect(report.problems == [])
        #expect(report.transactions > 100)
        for store in stores.dropFirst() {
            #expect(try store.verifyLedger() == report)
            #expect(try store.accounts() == first.accounts())
            #expect(try store.keys(of: nil) == first.keys(of: nil))
            #expect(try store.statistics() == first.statistics())
            #expect(try store.openTasks(after: nil, limit: 10_000) == first.openTasks(after: nil, limit: 10_000))
            for id in (1...tasks).compactMap(TaskID.init) {
                #expect(try store.task(id) == first.task(id))
                #expect(try store.payload(of: id) == first.payload(of: id))
                #expect(try store.route(of: id) == first.route(of: id))
            }
        }
    }

    @Test("A snapshot of a store in memory goes its own way")
    func snapshot() throws {
        let fixture = try StoreFixture(.memory)
        let memory = try #require(fixture.store as? MemoryStore)
        _ = try fixture.accept([100])
        let crashed = memory.snapshot()
        _ = try fixture.accept([100])
        #expect(try fixture.amounts() == [1_000, 200])
        #expect(crashed.account(fixture.account)?.held == money(100))
        #expect(crashed.openTasks(after: nil, limit: 9).count == 1)
        #expect(try crashed.verifyLedger().problems == [])
    }
}
