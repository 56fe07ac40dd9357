import Domain
import FoundationEssentials
import Logging
import ProviderKit
import Routing
import Storage
@testable import Tasks
import TestTraits
import Testing

/// The engine in a virtual world: clients, providers that fail in every way, a disk that fills up, and crashes between
/// any two steps.
final class Simulation: @unchecked Sendable {
    let world: VirtualWorld
    let store = MemoryStore()
    let providers: [VirtualProvider]
    private let offers: OfferTable
    private let algorithm: RoutingAlgorithm
    private var engine: TaskEngine?
    private var access: VirtualStore?
    private var accounts: [AccountID] = []
    /// Tasks whose acceptance a client was told of.
    private(set) var acknowledged: Set<TaskID> = []
    private(set) var crashes = 0
    private let deposit: Money

    /// Chooses by the one policy for even seeds and by the other for odd ones.
    init(seed: UInt64, accounts count: Int, deposit: Money) throws {
        algorithm = seed.isMultiple(of: 2) ? .adaptive : .published
        world = VirtualWorld(seed: seed)
        self.deposit = deposit
        let prices = ["a": "0.001", "b": "0.0015", "c": "0.0029"]
        let world = world
        providers = try prices.sorted { $0.key < $1.key }.map { name, price in
            VirtualProvider(name, price: try #require(Money(decimal: price)), world: world)
        }
        offers = OfferTable(
            try prices.map { name, price in
                let price = try #require(Money(decimal: price))
                return ProviderOffer(
                    provider: name, family: .altcha, price: price, cost: price, credentials: ["1", "2"])
            })
        for _ in 0..<count {
            guard case .account(let account) = try store.commit([.createAccount(name: "")], at: world.now)[0].get()
            else { throw SimulationError.unexpectedReply }
            let key = StoreOperation.createKey(
                account.id,
                NewKey(
                    name: "", hash: (0..<32).map { _ in UInt8.random(in: 0...255, using: &world.random) },
                    scopes: [.solve]))
            _ = try store.commit([key], at: world.now)[0].get()
            _ = try store.commit([.deposit(account.id, deposit, reference: nil)], at: world.now)[0].get()
            accounts.append(account.id)
        }
        start()
    }

    enum SimulationError: Error { case unexpectedReply, neverEnds }

    private func start() {
        let access = VirtualStore(store, world: world)
        access.failing = 0.02
        access.deceiving = 0.02
        let world = world
        let manifest = Manifest(
            id: "v", displayName: "V", version: "1", key: nil, offers: [.init(.altcha)],
            pollPlan: .init(first: 2, interval: 3, most: 30), concurrentSubmits: 8)
        let instances = providers.map { provider in
            Provider(
                name: provider.name, manifest: manifest,
                credentials: ["1": Credential(placeholder: "k"), "2": Credential(placeholder: "l")],
                caller: provider)
        }
        let engine = TaskEngine(
            market: Market(providers: instances, board: RouteBoard(offers: offers, algorithm: algorithm)),
            store: access, observer: NoObserver(),
            logger: Logger(label: "simulation") { _ in
                SwiftLogNoOpLogHandler()
            }, now: { world.now })
        engine.onEarlierWake { [weak self] in self?.advance(engine) }
        self.access = access
        self.engine = engine
        engine.recover { _ in }
    }

    private func advance(_ engine: TaskEngine) {
        world.after(0, host: true) { self.tick(engine) }
    }

    private func tick(_ engine: TaskEngine) {
        guard let next = engine.advance() else { return }
        world.after(max(next.seconds(since: world.now), 0.001), host: true) { self.tick(engine) }
    }

    private func arrive() {
        guard let engine, let access, let account = accounts.randomElement(using: &world.random) else { return }
        let now = world.now
        // Some clients insist on a provider, and say so to the provider too, which then notices a task that strays.
        let forced = world.chance(0.3) ? "b" : nil
        let fields: JSONObject = forced.map { ["only": .string($0)] } ?? [:]
        let choice = CandidateChoice(family: .altcha, ceiling: .most, forcedProvider: forced)
        let draw = Double.random(in: 0..<1, using: &world.random)
        let ranking = engine.market.withBoard { $0.ranking(choice, draw: draw, at: now) }
        let new = NewTask(
            account: account, key: 1, family: .altcha, payload: JSONValue.object(fields).bytes,
            candidates: ranking.candidates, forcedProvider: forced, explanation: ranking.explanation,
            deadline: now.adding(seconds: 120))
        access.perform(.accept(new)) { [self] result in
            guard case .success(.accepted(let accepted)) = result else { return }
            acknowledged.insert(accepted.id)
            engine.begin(
                TaskMachine(
                    accepted: accepted, account: account, family: .altcha, forcedProvider: forced,
                    deadline: new.deadline, engine.surroundings()),
                fields: world.chance(0.5) ? fields : nil)
        }
    }

    /// Lets `tasks` clients come, with crashes in between, and goes on until every task has ended.
    func run(tasks: Int, crashes: Int) throws {
        let span = Double(tasks) / 50
        for _ in 0..<tasks { world.after(world.seconds(0...span), host: false) { self.arrive() } }
        for _ in 0..<crashes {
            world.after(world.seconds(0...span * 1.2), host: false) {
                self.world.crash()
                self.crashes += 1
                self.start()
            }
        }
        var steps = 0
        while world.step() {
            steps += 1
            guard steps < 10_000 * (tasks + 100) else { throw SimulationError.neverEnds }
        }
    }

    /// What has to hold when every task has ended.
    func check() throws {
        let report = try store.verifyLedger()
        #expect(report.problems == [])
        #expect(report.openReservations == 0)
        #expect(store.openTasks(after: nil, limit: 10).isEmpty)
        var charged: [AccountID: Int64] = [:]
        for id in acknowledged {
            let task = try #require(store.task(id), "a task whose ID was handed out is there")
            let end = try #require(task.end, "and has ended")
            if case .solved(_, let price, _) = end.outcome { charged[task.account, default: 0] += price.nanos }
        }
        let explained = try #require(acknowledged.first.flatMap(store.route)?.explanation)
        #expect(try JSONValue(parsing: explained)["policy"] == .string(algorithm.rawValue))
        for provider in providers {
            #expect(provider.strayed == 0, "a task that is forced to one provider goes to no other")
        }
        #expect(providers.contains { $0.forced > 0 })
        for account in store.accounts() {
            #expect(account.held == .zero)
            #expect(account.balance >= .zero)
            // Tasks that were stored but never acknowledged may have been charged too; never less than the others.
            #expect(deposit.nanos - account.balance.nanos >= charged[account.id] ?? 0)
        }
    }
}

private let soak = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] != nil

@Suite("The engine in a virtual world with crashes between any two steps", .computesLong)
struct SimulationTests {
    @Test(
        "loses no task, settles each once and keeps the ledger whole",
        arguments: 1...(soak ? 2000 : 12) as ClosedRange<UInt64>)
    func conserves(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed, accounts: 5, deposit: try #require(Money(decimal: "100")))
        try simulation.run(tasks: 400, crashes: 12)
        #expect(simulation.acknowledged.count > 250)
        #expect(simulation.crashes == 12)
        try simulation.check()
    }

    @Test(
        "never lets an account with little money go below nothing",
        arguments: 1...(soak ? 500 : 4) as ClosedRange<UInt64>)
    func poorAccounts(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed, accounts: 3, deposit: try #require(Money(decimal: "0.05")))
        try simulation.run(tasks: 400, crashes: 6)
        #expect(simulation.acknowledged.count < 200, "most tasks find no balance")
        try simulation.check()
    }

    @Test("comes out the same whenever the seed is the same")
    func repeats() throws {
        let digests = try (0..<2).map { _ in
            let simulation = try Simulation(seed: 1, accounts: 5, deposit: try #require(Money(decimal: "100")))
            try simulation.run(tasks: 2_000, crashes: 12)
            return simulation.world.digest
        }
        #expect(digests[0] == digests[1])
    }
}
