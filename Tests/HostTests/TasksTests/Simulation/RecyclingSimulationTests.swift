import Domain
import FoundationEssentials
import ProviderKit
import Storage
import TestTraits
import Testing

private let soak = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] != nil
/// A number above 1 in the variable is how many tasks the long run has.
private let soakTasks =
    ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"].flatMap { Int($0) }.flatMap { $0 > 1 ? $0 : nil } ?? 1_000_000

@Suite("Money and recycled keys in a virtual world", .computesLong)
struct RecyclingSimulationTests {
    @Test(
        "Every attempt that a provider was paid for is its key's owner's credit, whatever fails and crashes",
        arguments: [soak ? soakTasks : 50_000])
    func creditsEqualCosts(tasks: Int) throws {
        var plan = RecyclingSimulation.Plan()
        plan.tasks = tasks
        plan.crashes = tasks / 2_500
        plan.margin = try #require(Margin(decimal: "0.1"))
        let simulation = try RecyclingSimulation(seed: 1, plan)
        try simulation.run()
        try settled(simulation)
        try paidAttemptsAreCredited(simulation)
        let states = Set(try simulation.store.recycledKeys(of: nil).map(\.life.state))
        #expect(states.isSuperset(of: [.active, .depleted, .removed]), "the keys' lives were too tame: \(states)")
        #expect(simulation.refunds > 10 && simulation.repeated > 100)
        #expect(simulation.refundRefusals.isSuperset(of: [.solvedByOwnKey, .alreadyRefunded, .notCharged]))
        for provider in simulation.providers { wrongKeysAreFew(at: provider) }
        let refusals = simulation.providers.flatMap(\.refusals)
        #expect(refusals.contains { $0.isTask } && refusals.contains { !$0.isTask })
        #expect(simulation.providers.contains { !$0.givenBack.isEmpty })
    }

    /// Within ten minutes three answers that a key is wrong at most, and a fourth to one trial of a key that somebody
    /// vouches for; those about keys that had tasks shortly before and turned wrong under the host's hands, aside. A
    /// host that dies forgets what it had not stored, which is what was under way at most.
    private func wrongKeysAreFew(at provider: FundedProvider) {
        let refusals = provider.refusals.filter(\.isUnproven)
        for (place, first) in refusals.enumerated() {
            let window = refusals[place...].prefix { $0.at.seconds(since: first.at) < Limits.wrongKeySeconds }
            let forgotten = window.count(where: \.isForgotten)
            #expect(window.count - forgotten <= Limits.wrongKeyAnswers + 1, "\(provider.name): \(window)")
        }
        #expect(provider.sentAfterRefusal == 0, "nothing is sent with a key that is known to be refused")
    }

    @Test(
        "Providers hear of few wrong keys, and only what was under way is forgotten when the host dies",
        arguments: soak ? Array(1...40) : [2] as [UInt64], [0, 12])
    func wrongKeys(seed: UInt64, crashes: Int) throws {
        var plan = RecyclingSimulation.Plan()
        (plan.accounts, plan.keys, plan.tasks, plan.crashes, plan.wrong) = (60, 300, 6_000, crashes, 0.15)
        let simulation = try RecyclingSimulation(seed: seed, plan)
        try simulation.run()
        for provider in simulation.providers {
            wrongKeysAreFew(at: provider)
            let forgotten = provider.refusals.filter(\.isForgotten)
            // With an attempt that is not proven, or a check, for each place.
            #expect(forgotten.count(where: \.isUnproven) <= crashes * (Limits.wrongKeyAnswers + 1))
            #expect(crashes > 0 || forgotten.isEmpty)
        }
    }

    @Test("What happens is the same whenever the seed is the same")
    func repeats() throws {
        let digests = try (0..<2).map { _ in
            var plan = RecyclingSimulation.Plan()
            (plan.tasks, plan.crashes) = (3_000, 5)
            let simulation = try RecyclingSimulation(seed: 1, plan)
            try simulation.run()
            return simulation.world.digest
        }
        #expect(digests[0] == digests[1])
    }

    @Test("No sequence of own-key solves, failures and bad reports makes money", arguments: [1, 2, 3] as [UInt64])
    func nothingIsMade(seed: UInt64) throws {
        var plan = RecyclingSimulation.Plan()
        (plan.accounts, plan.keys, plan.tasks, plan.crashes) = (20, 60, soak ? 100_000 : 6_000, 0)
        (plan.failingCommits, plan.isWild) = (0, false)
        // Every answer arrives in time and says what was taken: what remains are solves, failures and reports.
        let manner = FundedProvider.Manner(
            reporting: 1, takesAtSubmit: true, losing: 0, costs: 0.7...1.2, late: 0, seconds: 1...6)
        plan.manners = ["a": manner, "b": manner, "c": manner]
        let simulation = try RecyclingSimulation(seed: seed, plan)
        try simulation.run()
        try settled(simulation)
        try paidAttemptsAreCredited(simulation)
        #expect(simulation.refunds > 10 && simulation.refundRefusals.contains(.solvedByOwnKey))
        var before: [AccountID: Int64] = [:], after: [AccountID: Int64] = [:]
        for account in simulation.store.accounts() {
            before[account.id, default: 0] += simulation.deposit.nanos
            after[account.id, default: 0] += account.balance.nanos
        }
        for owned in simulation.owners.values {
            before[owned.account, default: 0] += simulation.worth[owned.text] ?? 0
            after[owned.account, default: 0] += owned.provider.keys[owned.text]?.balance ?? 0
        }
        for (account, nanos) in after { #expect(nanos <= before[account] ?? 0, "account \(account)") }
        #expect(try simulation.store.recycledKeys(of: nil).contains { $0.funds.credited > .zero })
    }

    @Test("Nothing is credited for tasks that waited for their keys when the host died")
    func crowded() throws {
        var plan = RecyclingSimulation.Plan()
        (plan.accounts, plan.keys, plan.tasks, plan.crashes, plan.isWild) = (20, 20, 600, 5, false)
        (plan.tasksPerSecond, plan.tasksPerKey) = (2, 1)
        let simulation = try RecyclingSimulation(seed: 1, plan)
        try simulation.run()
        #expect(simulation.waitingAtCrashes > 30, "\(simulation.waitingAtCrashes)")
        try settled(simulation)
        try paidAttemptsAreCredited(simulation)
    }

    @Test(
        "What keys are credited beyond what providers took is bounded for each, whatever is lost, fails and crashes",
        arguments: [1, 2, 3] as [UInt64])
    func expenseIsBounded(seed: UInt64) throws {
        var plan = RecyclingSimulation.Plan()
        (plan.accounts, plan.keys, plan.tasks, plan.crashes) = (20, soak ? 240 : 60, soak ? 60_000 : 6_000, 8)
        (plan.tasksPerSecond, plan.drift, plan.wrong) = (3, .usd("0.002"), 0.1)
        let simulation = try RecyclingSimulation(seed: seed, plan)
        try simulation.run()
        try settled(simulation)
        try paidAttemptsAreCredited(simulation)
        #expect(simulation.pasted.again > 0 && simulation.pasted.claimed > 0, "\(simulation.pasted)")
        #expect(!simulation.watch.suspended.isEmpty, "no key came to its bound")
        var credited: [String: Int64] = [:], bound: [String: Int64] = [:]
        for key in try simulation.store.recycledKeys(of: nil) {
            let text = try #require(simulation.owners[key.id.recycledCredential]).text
            credited[text, default: 0] += key.funds.credited.nanos
            bound[text, default: 0] += simulation.watch.bound(key, threshold: plan.drift)
        }
        let providers = Dictionary(simulation.owners.values.map { ($0.text, $0.provider) }) { first, _ in first }
        var households: [Int: (before: Int64, after: Int64)] = [:]
        var isAtBound = false
        for (text, provider) in providers {
            let expense = (credited[text] ?? 0) - provider.taken(from: text)
            // What is used elsewhere looks as if it had been taken for tasks: no balance tells the two apart.
            let shown = expense - (provider.usedElsewhere[text] ?? 0)
            #expect(shown <= bound[text] ?? 0, "\(text): \(shown) beyond \(bound[text] ?? 0)")
            if shown > plan.drift.nanos / 2 { isAtBound = true }
            let home = try household(of: text, simulation)
            households[home, default: (0, 0)].before += (simulation.worth[text] ?? 0) + expense
            households[home, default: (0, 0)].before += provider.givenBack[text] ?? 0
            households[home, default: (0, 0)].after += provider.keys[text]?.balance ?? 0
        }
        #expect(isAtBound, "nothing was lost that mattered")
        for (place, id) in simulation.accounts.enumerated() {
            let account = try #require(simulation.store.account(id))
            households[place / 2, default: (0, 0)].before += simulation.deposit.nanos
            households[place / 2, default: (0, 0)].after += account.balance.nanos
        }
        // Nothing but that is anybody's gain.
        for (home, money) in households { #expect(money.after <= money.before, "\(home): \(money)") }
    }

    /// The two accounts that may know a key.
    private func household(of text: String, _ simulation: RecyclingSimulation) throws -> Int {
        let owned = try #require(simulation.owners.values.first { $0.text == text })
        return try #require(simulation.accounts.firstIndex(of: owned.account)) / 2
    }

    private func settled(_ simulation: RecyclingSimulation) throws {
        let report = try simulation.store.verifyLedger()
        #expect(report.problems == [])
        #expect(report.openReservations == 0)
        for account in simulation.store.accounts() {
            #expect(account.held == .zero && account.balance >= .zero)
        }
        for (id, account) in simulation.acknowledged {
            let task = try #require(simulation.store.task(id), "a task whose ID was handed out is there")
            #expect(task.end != nil && task.account == account)
        }
    }

    /// Compares what providers took from recycled keys with what their owners were credited, attempt by attempt.
    private func paidAttemptsAreCredited(_ simulation: RecyclingSimulation) throws {
        let store = simulation.store
        var credits: [String: Int64] = [:]
        for account in simulation.accounts {
            let query = TransactionQuery(account: account, kinds: [.recycleCredit], limit: .max)
            for credit in (store as any Store).page(query) {
                let task = try #require(credit.task), key = try #require(credit.recycledKey)
                credits["\(task) \(key.recycledCredential)", default: 0] += credit.amount.nanos
            }
        }
        let paid = Dictionary(
            grouping: simulation.providers.flatMap { $0.work.values }.filter {
                $0.isPaid && simulation.worth[$0.credential] != nil
            }, by: { "\($0.host) \($0.credential)" })
        let told = Dictionary(
            grouping: simulation.providers.flatMap { $0.work.values }, by: { "\($0.host) \($0.credential)" }
        ).mapValues { works in works.map { $0.isTold ? $0.cost : nil } }
        var attempts: [String: Int] = [:]
        // Some were stored, and the host died before it could say so.
        let last = (simulation.acknowledged.keys.map(\.number).max() ?? 0) + 1_000
        for number in 1...last {
            guard let id = TaskID(number), let route = store.route(of: id) else { continue }
            let payload = try JSONValue(parsing: store.payload(of: id) ?? [])
            let name = payload["n"]?.string ?? ""
            var byKey: [String: Int64] = [:]
            for record in route.attempts {
                guard let credential = record.attempt.candidate.credential,
                    let text = simulation.owners[credential]?.text,
                    record.attempt.state == .solved || record.attempt.state == .lost
                else { continue }
                let reported = record.reportedCost?.nanos
                if record.attempt.state == .solved {
                    #expect(told["\(name) \(text)"]?.contains(reported) == true, "\(id): \(reported ?? -1)")
                } else {
                    #expect(reported == nil, "\(id)")
                }
                let cost = reported ?? record.attempt.candidate.cost.nanos
                byKey[credential, default: 0] += cost
                attempts["\(name) \(text)", default: 0] += 1
            }
            for (credential, expected) in byKey {
                #expect(credits.removeValue(forKey: "\(id) \(credential)") == expected, "\(id) \(credential)")
            }
        }
        #expect(credits.isEmpty, "credits without an attempt: \(credits.count)")
        #expect(attempts.count > 100)
        // Nothing is credited of which the provider has not heard, but for the few that were on their way to it, or to
        // the store, when the host died, or whose commit took effect although it was said to have failed.
        let unheard = attempts.reduce(0) { $0 + max($1.value - (told[$1.key]?.count ?? 0), 0) }
        let few = simulation.plan.crashes * 3 + simulation.plan.tasks / 1_000
        #expect(unheard <= few, "\(unheard) attempts")
        for (place, taken) in paid { #expect(attempts[place] ?? 0 >= taken.count, "task and key \(place)") }
    }
}

extension Store {
    fileprivate func page(_ query: TransactionQuery) -> [TransactionRecord] { (try? transactions(query)) ?? [] }
}
