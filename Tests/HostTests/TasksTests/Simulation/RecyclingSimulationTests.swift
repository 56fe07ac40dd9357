import Domain
import FoundationEssentials
import ProviderKit
import Storage
import TestTraits
import Testing

private let soak = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] != nil

@Suite("Money and recycled keys in a virtual world", .computesLong)
struct RecyclingSimulationTests {
    @Test(
        "Every attempt that a provider was paid for is its key's owner's credit, whatever fails and crashes",
        arguments: [soak ? 1_000_000 : 50_000])
    func creditsEqualCosts(tasks: Int) throws {
        var plan = RecyclingSimulation.Plan()
        plan.tasks = tasks
        plan.crashes = tasks / 2_500
        plan.margin = try #require(Margin(decimal: "0.1"))
        let simulation = try RecyclingSimulation(seed: 1, plan)
        try simulation.run()
        try settled(simulation)
        try paidAttemptsAreCredited(simulation)
        let states = Set(simulation.store.recycledKeys(of: nil).map(\.life.state))
        #expect(states.isSuperset(of: [.active, .depleted, .removed]), "the keys' lives were too tame: \(states)")
        #expect(simulation.refunds > 10 && simulation.repeated > 100)
        #expect(simulation.refundRefusals.isSuperset(of: [.solvedByOwnKey, .alreadyRefunded, .notCharged]))
        for provider in simulation.providers {
            #expect(provider.refusals.contains { $0.isTask } && provider.refusals.contains { !$0.isTask })
            #expect(!provider.givenBack.isEmpty)
            wrongKeysAreFew(at: provider)
        }
    }

    /// Within ten minutes three answers that a key is wrong at most, and a fourth to one trial of a key that somebody
    /// vouches for; those about keys that had tasks shortly before and turned wrong under the host's hands, aside.
    private func wrongKeysAreFew(at provider: FundedProvider) {
        let refusals = provider.refusals
        for (place, first) in refusals.enumerated() {
            let window = refusals[place...].prefix { $0.at.seconds(since: first.at) < Limits.wrongKeySeconds }
            let unproven = window.filter { refusal in
                refusal.tookAt.map { refusal.at.seconds(since: $0) > Limits.provenKeySeconds } ?? true
            }
            #expect(unproven.count <= Limits.wrongKeyAnswers + 1, "\(provider.name): \(unproven)")
            #expect(window.count <= 8, "\(provider.name): \(window)")
        }
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
        for (credential, owner) in simulation.owners {
            before[owner.account, default: 0] += simulation.worth[credential] ?? 0
            after[owner.account, default: 0] += owner.provider.keys[credential]?.balance ?? 0
        }
        for (account, nanos) in after { #expect(nanos <= before[account] ?? 0, "account \(account)") }
        #expect(simulation.store.recycledKeys(of: nil).contains { $0.funds.credited > .zero })
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
                $0.isPaid && simulation.owners[$0.credential] != nil
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
                guard let credential = record.attempt.candidate.credential, simulation.owners[credential] != nil,
                    record.attempt.state == .solved || record.attempt.state == .lost
                else { continue }
                let reported = record.reportedCost?.nanos
                if record.attempt.state == .solved {
                    #expect(told["\(name) \(credential)"]?.contains(reported) == true, "\(id): \(reported ?? -1)")
                } else {
                    #expect(reported == nil, "\(id)")
                }
                let cost = reported ?? record.attempt.candidate.cost.nanos
                byKey[credential, default: 0] += cost
                attempts["\(name) \(credential)", default: 0] += 1
            }
            for (credential, expected) in byKey {
                #expect(credits.removeValue(forKey: "\(id) \(credential)") == expected, "\(id) \(credential)")
            }
        }
        #expect(credits.isEmpty, "credits without an attempt: \(credits.count)")
        #expect(attempts.count > 100)
        for (place, taken) in paid { #expect(attempts[place] ?? 0 >= taken.count, "task and key \(place)") }
    }
}

extension Store {
    fileprivate func page(_ query: TransactionQuery) -> [TransactionRecord] { (try? transactions(query)) ?? [] }
}
