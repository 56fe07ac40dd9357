import Domain
import Logging
import ProviderKit
import Routing
import Storage
@testable import Tasks
import TestTraits
import Testing

/// The engine between clients that come steadily and providers that have their bad days, in virtual time.
final class MoodyMarket: @unchecked Sendable {
    let world: VirtualWorld
    let start: Timestamp
    let providers: [MoodyProvider]
    private let store = MemoryStore()
    private let access: VirtualStore
    private let engine: TaskEngine
    private let account: AccountID
    private(set) var accepted: [(id: TaskID, at: Timestamp)] = []

    /// Chooses by the one policy for even seeds and by the other for odd ones.
    ///
    /// - Parameter providers: name, price, and the seconds that a solution takes.
    init(
        seed: UInt64, _ providers: [(name: String, price: String, seconds: ClosedRange<Double>)],
        tasksPerKey: Int? = nil
    ) throws {
        let world = VirtualWorld(seed: seed)
        self.world = world
        start = world.now
        self.providers = providers.map { MoodyProvider($0.name, seconds: $0.seconds, world: world) }
        access = VirtualStore(store, world: world)
        let manifest = Manifest(
            id: "m", displayName: "M", version: "1", key: nil, offers: [.init(.altcha)], concurrentSubmits: 64)
        let instances = self.providers.map {
            Provider(
                name: $0.name, manifest: manifest, credentials: ["1": Credential(placeholder: "k")], caller: $0)
        }
        let offers = try providers.map { provider in
            let price = try #require(Money(decimal: provider.price))
            return ProviderOffer(
                provider: provider.name, family: .altcha, price: price, cost: price, credentials: ["1"],
                tasksPerKey: tasksPerKey, pollPlan: Manifest.PollPlan(first: 3, interval: 3, most: 100))
        }
        engine = TaskEngine(
            market: Market(
                providers: instances,
                board: RouteBoard(
                    offers: OfferTable(offers), algorithm: seed.isMultiple(of: 2) ? .adaptive : .published)),
            store: access, observer: NoObserver(), logger: Logger(label: "market") { _ in SwiftLogNoOpLogHandler() },
            now: { world.now })
        guard case .account(let account) = try store.commit([.createAccount(name: "")], at: world.now)[0].get()
        else { throw MarketError.unexpectedReply }
        self.account = account.id
        let key = StoreOperation.createKey(
            account.id, NewKey(name: "", hash: Array(repeating: 7, count: 32), scopes: [.solve]))
        _ = try store.commit([key], at: world.now)[0].get()
        _ = try store.commit([.deposit(account.id, try #require(Money(decimal: "1000")), reference: nil)], at: start)[0]
            .get()
        engine.onEarlierWake { [weak self] in self?.world.after(0, host: true) { self?.tick() } }
    }

    enum MarketError: Error { case unexpectedReply, neverEnds }

    func after(_ seconds: Double) -> Timestamp { start.adding(seconds: seconds) }
    subscript(name: String) -> MoodyProvider? { providers.first { $0.name == name } }

    private func tick() {
        guard let next = engine.advance() else { return }
        world.after(max(next.seconds(since: world.now), 0.001), host: true) { self.tick() }
    }

    private func arrive(_ preference: RoutingPreference, deadline: Double) {
        let now = world.now
        let choice = CandidateChoice(family: .altcha, ceiling: .most, preference: preference)
        let draw = Double.random(in: 0..<1, using: &world.random)
        let new = NewTask(
            account: account, key: 1, family: .altcha, payload: Array("{}".utf8),
            candidates: engine.market.withBoard { $0.ranking(choice, draw: draw, at: now) }.candidates,
            deadline: now.adding(seconds: deadline))
        access.perform(.accept(new)) { [self] result in
            guard case .success(.accepted(let task)) = result else { return }
            accepted.append((task.id, now))
            engine.begin(
                TaskMachine(
                    accepted: task, account: account, family: .altcha, preference: preference, deadline: new.deadline,
                    engine.surroundings()),
                fields: [:])
        }
    }

    /// Has tasks come for `seconds`, `rate` in each, and goes on until all have ended.
    func run(seconds: Double, rate: Double, _ preference: RoutingPreference, deadline: Double = 300) throws {
        for index in 0..<Int(seconds * rate) {
            world.after(Double(index) / rate + world.seconds(0...0.1), host: false) {
                self.arrive(preference, deadline: deadline)
            }
        }
        var steps = 0
        while world.step() {
            steps += 1
            guard steps < 5_000_000 else { throw MarketError.neverEnds }
        }
    }

    /// The tasks that were not solved.
    var failures: Int {
        accepted.count { task in
            if case .solved? = store.task(task.id)?.end?.outcome { false } else { true }
        }
    }

    /// Seconds from acceptance to the end of the tasks that came in a span, the longest.
    func longest(in span: Range<Timestamp>) -> Double {
        accepted.filter { span.contains($0.at) }.compactMap { task in
            store.task(task.id)?.end?.at.seconds(since: task.at)
        }.max() ?? 0
    }

    func check() throws {
        let report = try store.verifyLedger()
        #expect(report.problems == [] && report.openReservations == 0)
    }
}

@Suite("Providers that fail while others work", .computesLong)
struct OutageTests {
    private let cheapest = RoutingPreference(speedWeight: 0) ?? .balanced

    private func market(_ seed: UInt64) throws -> MoodyMarket {
        try MoodyMarket(seed: seed, [("a", "0.001", 5...15), ("b", "0.002", 5...15), ("c", "0.003", 8...30)])
    }

    @Test(
        "No client sees an outage: tasks leave within ten seconds and are back soon after it",
        arguments: [MoodyProvider.Mood.dead, .silent], [1, 2] as [UInt64])
    func outage(mood: MoodyProvider.Mood, seed: UInt64) throws {
        let market = try market(seed)
        let a = try #require(market["a"])
        a.turns(mood, at: market.after(100))
        a.turns(.well, at: market.after(700))
        try market.run(seconds: 900, rate: 4, cheapest)
        #expect(market.failures == 0)
        try market.check()
        let before = a.submits(in: market.after(50)..<market.after(100))
        #expect(before > 190)
        // Of the silent one this is long before the first calls to it have had their time; those alone would be 64.
        let during = a.submits(in: market.after(110)..<market.after(700))
        #expect(during < (mood == .silent ? 30 : 80), "trials alone: \(during) of 2,400")
        let after = a.submits(in: market.after(760)..<market.after(810))
        #expect(Double(after) > 0.9 * Double(before), "\(after) of \(before)")
    }

    @Test("Tasks that stand in line at a provider which falls silent leave it when the first have found out")
    func standingInLine() throws {
        let market = try market(5)
        let a = try #require(market["a"])
        a.turns(.silent, at: market.after(20))
        try market.run(seconds: 60, rate: 20, cheapest)
        #expect(market.failures == 0)
        let asked = a.submits(in: market.after(20)..<market.after(400))
        #expect(asked < 100, "\(asked): those in its 64 places, and trials")
        #expect(market.longest(in: market.after(20)..<market.after(60)) < 70)
        try market.check()
    }

    @Test("A provider that takes tasks and solves none is left alone after a while", arguments: [1, 2] as [UInt64])
    func liar(seed: UInt64) throws {
        let market = try market(seed)
        let a = try #require(market["a"])
        a.turns(.lying, at: market.after(200))
        try market.run(seconds: 800, rate: 4, cheapest)
        #expect(market.failures == 0)
        let late = a.submits(in: market.after(400)..<market.after(800))
        #expect(late < 160, "\(late) of 1,600")
        #expect(market.longest(in: market.after(400)..<market.after(800)) < 150)
        try market.check()
    }

    @Test("Of two that fail nobody notices, while a third works, and when only that one is left", arguments: [1, 2])
    func twoOutages(seed: UInt64) throws {
        let market = try market(seed)
        market["a"]?.turns(.dead, at: market.after(100))
        market["b"]?.turns(.halfFull, at: market.after(50))
        market["b"]?.turns(.dead, at: market.after(300))
        try market.run(seconds: 600, rate: 4, cheapest)
        #expect(market.failures == 0)
        try market.check()
    }

    @Test("Tasks wait for the only provider and are solved when it comes back, not all at once")
    func onlyProvider() throws {
        let market = try MoodyMarket(seed: 3, [("a", "0.001", 5...15)])
        let a = try #require(market["a"])
        a.turns(.dead, at: market.after(60))
        a.turns(.well, at: market.after(180))
        try market.run(seconds: 200, rate: 4, cheapest)
        #expect(market.failures == 0)
        let during = a.submits(in: market.after(70)..<market.after(180))
        #expect(during < 40, "it is tried now and then: \(during)")
        try market.check()
    }

    @Test("A key never has more tasks than it may; what does not fit goes elsewhere, or waits")
    func caps() throws {
        let market = try MoodyMarket(seed: 4, [("a", "0.001", 5...15), ("b", "0.002", 5...15)], tasksPerKey: 20)
        try market.run(seconds: 120, rate: 6, cheapest)
        #expect(market.failures == 0)
        for provider in market.providers {
            #expect(provider.mostOpen <= 20, "\(provider.name)")
            #expect(provider.submits.count > 100, "\(provider.name)")
        }
        try market.check()
    }
}
