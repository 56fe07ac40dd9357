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
    /// Of the tasks that were accepted.
    var highestTask: Int64 = 0
    /// Numbers of keys that were handed out, and the first of them without a key. The first few have keys from the
    /// beginning.
    var reservedKeys = RandomOperationsTests.recycledKeys
    var nextKey = RandomOperationsTests.recycledKeys + 1
    /// Whose the tasks are that were accepted.
    var owners: [TaskID: AccountID] = [:]

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
        case 18..<53:
            return .accept(
                NewTask(
                    account: account.id, key: account.key, family: .altcha,
                    payload: [UInt8](repeating: 1, count: Int.random(in: 0..<3_000, using: &random)),
                    candidates: (0..<Int.random(in: 0..<4, using: &random)).map { _ in candidate() },
                    preference: preferences.randomElement(using: &random) ?? .balanced,
                    keyPool: KeyPoolMode.allCases.randomElement(using: &random) ?? .all,
                    idempotencyKey: idempotencyKey(),
                    explanation: explanations.randomElement(using: &random), callback: callback(),
                    deadline: StoreFixture.start))
        case 53:
            let age = Double.random(in: 0..<60_000, using: &random)
            return .eraseContent(
                endedUntil: StoreFixture.start.adding(seconds: age), atMost: Int.random(in: 0..<9, using: &random))
        case 54..<56: return .callback(try callbackOperation())
        case 56..<60: return try recyclingOperation()
        case 60..<65: return .attemptPending(try task(), attempt: attempt, providerTask: "p")
        case 65..<75: return .nextAttempt(try task(), ended: attempt, end, next: candidate())
        case 75..<83:
            let limit = [Money.most, money(60), money(20)].randomElement(using: &random) ?? .most
            let task = try task()
            let owner = Int.random(in: 0..<8, using: &random) == 0 ? account.id : owners[task]
            if Int.random(in: 0..<4, using: &random) == 0 {
                return .report(task, of: owner ?? account.id, isGood: Bool.random(using: &random))
            }
            return .refund(task, of: owner ?? account.id, dailyLimit: limit)
        case 83..<93:
            let price = amount(120), cost = amount(60)
            return .settle(try task(), attempt: attempt, end, .solved(solution: [1, 2], price: price, cost: cost))
        default: return .settle(try task(), attempt: attempt, end, .failed(code: .unsolvable, detail: "no"))
        }
    }

    private mutating func keyOperation() throws -> StoreOperation {
        let owner = [nil, accounts.first?.id].randomElement(using: &random) ?? nil
        let key = Int64.random(in: 0...12, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 4, 5: return .setAccess(owner, key: key, accessChange())
        case 0: return .renameKey(owner, key: key, name: "n\(Int.random(in: 0..<9, using: &random))")
        case 1: return .revokeKey(owner, key: key)
        default:
            let preset = RoutingSettings.Preset.allCases.randomElement(using: &random)
            let slider = preset == .custom ? Int.random(in: 0...100, using: &random) : nil
            return .setRouting(
                owner, key: key,
                try RoutingChange(
                    mode: RoutingSettings.Mode.allCases.randomElement(using: &random), preset: preset, slider: slider,
                    keyPool: KeyPoolMode.allCases.randomElement(using: &random)))
        }
    }

    /// Numbers are handed out in order, and those of keys are as many as there were operations that hand one out.
    private mutating func recyclingOperation() throws -> StoreOperation {
        let account = accounts.randomElement(using: &random)?.id ?? AccountID(1)
        let id = try #require(ProviderKeyID(Int64.random(in: 1...max(reservedKeys, 1), using: &random)))
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            reservedKeys += 1
            return .vault(.reserveProviderKey)
        case 1..<3 where nextKey <= reservedKeys:
            let next = try #require(ProviderKeyID(nextKey))
            nextKey += 1
            return .recycling(
                .submit(
                    SealedProviderKey(
                        id: next, provider: "p\(Int.random(in: 1..<3, using: &random))",
                        owner: AccountID(Int64.random(in: 1...5, using: &random)), label: "", dataKey: 1,
                        sealed: [UInt8.random(in: 0...9, using: &random)],
                        fingerprint: [UInt8](repeating: UInt8.random(in: 0..<4, using: &random), count: 32)),
                    masked: "m"))
        case 3..<8:
            let events: [RecycledKeyLife.Event] = [
                .submitted, .emptied, .drifted, .resumed, .removed, .drained, .found(.good), .found(.poor(.noFunds)),
            ]
            return .recycling(
                .event(
                    id, of: Bool.random(using: &random) ? account : nil,
                    events.randomElement(using: &random) ?? .drained))
        default:
            let findings: [RecycledKeyLife.Finding] = [
                .good, .good, .good, .poor(.lowBalance), .refused(.wrongKey), .unclear(.banned),
            ]
            let check = RecycledKeyCheck(
                findings.randomElement(using: &random) ?? .good,
                balance: Bool.random(using: &random) ? amount(500) : nil,
                otherMeans: Int.random(in: 0..<9, using: &random) == 0, open: amount(20))
            return .recycling(.checked(id, check, .init(drift: money(200))))
        }
    }

    /// Mostly none, as with most requests; few texts and requests, so that they meet.
    private mutating func idempotencyKey() -> IdempotencyKey? {
        guard Int.random(in: 0..<3, using: &random) == 0 else { return nil }
        let request = UInt8.random(in: 0..<8, using: &random) == 0 ? UInt8(1) : 2
        return IdempotencyKey(
            text: "i\(Int.random(in: 0..<60, using: &random))", request: [UInt8](repeating: request, count: 32))
    }

    private mutating func accessChange() -> AccessChange {
        var change = AccessChange()
        switch Int.random(in: 0..<5, using: &random) {
        case 0: change.openTasks = .lift
        case 1: change.dailySpend = .lift
        case 2: change.dailySpend = .set(amount(400))
        case 3: change.addresses = .allow([IPRange(.v4(UInt32.random(in: 0..<14, using: &random)))])
        default: change.openTasks = .set(Int.random(in: 0...9, using: &random))
        }
        return change
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
        let recycled = Int64.random(in: 1...RandomOperationsTests.recycledKeys, using: &random)
        let credential = Bool.random(using: &random) ? "recycled-\(recycled)" : "c\(provider)"
        return Candidate(
            provider: "p\(provider)", credential: provider == 0 ? nil : credential, price: amount(100),
            cost: amount(60))
    }

    mutating func task() throws -> TaskID {
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
    /// Whose the recycled keys are that are there from the beginning, and what was credited for each.
    private(set) var credited: [String: Int64] = [:]
    let owners: [String: AccountID]
    private var attempts: [TaskID: Candidate] = [:]

    init(owners: [String: AccountID]) {
        self.owners = owners
    }

    mutating func take(_ operation: StoreOperation, _ result: Result<StoreReply, StoreRefusal>) {
        switch (operation, result) {
        case (.deposit(let account, let amount, _), .success(.deposited(posted: true))):
            balance[account, default: 0] += amount.nanos
        case (.accept(let task), .success(.accepted(let accepted))):
            held[task.account, default: 0] += accepted.ceiling.nanos
            ceilings[accepted.id] = (task.account, accepted.ceiling.nanos)
            attempts[accepted.id] = accepted.attempt.candidate
        case (.nextAttempt(let task, _, let end, let next), .success(.attempt)):
            credit(task, end)
            attempts[task] = next
        case (.settle(let task, _, let end, _), .success(.settled(let charged, _))):
            credit(task, end)
            guard let reserved = ceilings.removeValue(forKey: task) else { return }
            held[reserved.account, default: 0] -= reserved.ceiling
            balance[reserved.account, default: 0] -= charged.nanos
        case (.refund(_, let account, _), .success(.refunded(let amount))): balance[account, default: 0] += amount.nanos
        default: return
        }
    }

    private mutating func credit(_ task: TaskID, _ end: AttemptEnd) {
        guard end.state != .failed, let attempt = attempts[task], let credential = attempt.credential,
            let owner = owners[credential]
        else { return }
        let cost = (end.reportedCost ?? attempt.cost).nanos
        credited[credential, default: 0] += cost
        balance[owner, default: 0] += cost
    }
}

@Suite("Random operations")
struct RandomOperationsTests {
    /// Recycled keys that are there from the beginning, of accounts 1, 2, ... in turn.
    static let recycledKeys: Int64 = 6

    private func recycledKeys() throws -> [StoreOperation] {
        let dataKey = WrappedDataKey(version: 1, wrapped: [1])
        return try [.vault(.replaceDataKeys(expecting: [], with: [dataKey]))]
            + (1...RandomOperationsTests.recycledKeys).flatMap { number -> [StoreOperation] in
                let id = try #require(ProviderKeyID(number))
                let sealed = SealedProviderKey(
                    id: id, provider: "p\(1 + number % 2)", owner: AccountID(1 + (number - 1) % 4), label: "",
                    dataKey: 1,
                    sealed: [1], fingerprint: [UInt8](repeating: UInt8(100 + number), count: 32))
                return [.vault(.reserveProviderKey), .recycling(.submit(sealed, masked: "m"))]
            }
    }

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
        for store in [sqlite, memory, single] as [any Store] {
            _ = try store.commit(setUp + recycledKeys(), at: StoreFixture.start)
        }
        var generator = OperationGenerator(
            random: SeededGenerator(seed: seed), accounts: (1...4).map { (AccountID($0), $0) })
        var replied = RepliedMoney(
            owners: Dictionary(
                uniqueKeysWithValues: try memory.recycledKeys(of: nil).map { ($0.id.recycledCredential, $0.account) }))
        var refusals: Set<StoreRefusal> = []
        var states: Set<RecycledKeyLife.State> = []
        var lastTask: Int64 = 0
        for round in 0..<200 {
            let count = Int.random(in: 1...30, using: &generator.random)
            let operations = try (0..<count).map { _ in try generator.next() }
            // Some weeks, so that idempotency keys end, days do, and not all keys are handed over too often.
            let now = StoreFixture.start.adding(seconds: Double(round) * 3_000)
            let results = try memory.commit(operations, at: now)
            #expect(try sqlite.commit(operations, at: now) == results)
            // However operations fall into batches, the same comes of them.
            #expect(try operations.flatMap { try single.commit([$0], at: now) } == results)
            for (operation, result) in zip(operations, results) {
                replied.take(operation, result)
                if case .success(.accepted(let task)) = result { generator.highestTask = task.id.number }
                if case .failure(let refusal) = result { refusals.insert(refusal) }
                if case .accept(let new) = operation, case .success(.accepted(let task)) = result {
                    generator.owners[task.id] = new.account
                    lastTask = task.id.number
                }
            }
            generator.highestTask = lastTask
            states.formUnion(try memory.recycledKeys(of: nil).map(\.life.state))
            if round == 75 {
                sqlite.close()
                sqlite = try SQLiteStore(path: path, durability: .off)
            }
        }
        let tame = Set([.idempotencyKeyReused, .alreadyRefunded, .notCharged, .refundLimit]).subtracting(refusals)
        #expect(tame.count <= 1, "\(tame)")
        #expect(refusals.count >= 11, "the operations were too tame: \(refusals)")
        try compare([sqlite, memory, single], tasks: generator.highestTask)
        for account in memory.accounts() {
            #expect(account.balance.nanos == replied.balance[account.id] ?? 0)
            #expect(account.held.nanos == replied.held[account.id] ?? 0)
        }
        for (credential, credited) in replied.credited {
            let id = try #require(ProviderKeyID(recycledCredential: credential))
            #expect(memory.recycledKey(id)?.funds.credited.nanos == credited)
        }
        #expect(states.count >= 4, "the keys' lives were too tame: \(states)")
        #expect(replied.credited.count >= 4)
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
            try compareRecycledKeys(store, first)
            for (hours, after, hosts, perHost) in [(0, nil, 9, 9_999), (80, "h1", 2, 5), (80, nil, 1, 9_999)] {
                let query = CallbackQuery(
                    now: StoreFixture.start.adding(seconds: Double(hours) * 3_600), afterHost: after, hosts: hosts,
                    perHost: perHost)
                let page = try first.dueCallbacks(query)
                #expect(try store.dueCallbacks(query) == page)
                #expect(hours == 0 || !page.due.isEmpty)
            }
            #expect(try store.openTasks(after: nil, limit: 10_000) == first.openTasks(after: nil, limit: 10_000))
            for account in try first.accounts().map(\.id) {
                let query = TransactionQuery(account: account, limit: 10_000)
                #expect(try store.transactions(query) == first.transactions(query))
                let usage = UsageQuery(account: account, days: 0...Int64.max)
                #expect(try store.usage(usage) == first.usage(usage))
                #expect(try store.totals(of: account) == first.totals(of: account))
                #expect(try store.totals(of: account)?.addsUp == true)
            }
            for id in (1...tasks).compactMap(TaskID.init) {
                #expect(try store.task(id) == first.task(id))
                #expect(try store.payload(of: id) == first.payload(of: id))
                #expect(try store.route(of: id) == first.route(of: id))
                #expect(try store.callbackMessage(of: id) == first.callbackMessage(of: id))
            }
        }
    }

    private func compareRecycledKeys(_ store: any Store, _ first: any Store) throws {
        let keys = try first.recycledKeys(of: nil)
        #expect(try store.recycledKeys(of: nil) == keys)
        #expect(try store.sealedRecycledKeys() == first.sealedRecycledKeys())
        let since = StoreFixture.start
        #expect(try store.refusedRecycledKeys(since: since) == first.refusedRecycledKeys(since: since))
        for key in keys {
            #expect(try store.recycledKey(key.id) == key)
            #expect(try store.history(ofRecycledKey: key.id) == first.history(ofRecycledKey: key.id))
        }
        for account in 1...5 as ClosedRange<Int64> {
            for print in 0..<4 as Range<UInt8> {
                let print = [UInt8](repeating: print, count: 32), account = AccountID(account)
                #expect(
                    try store.recycledKey(of: account, fingerprint: print)
                        == first.recycledKey(of: account, fingerprint: print))
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
