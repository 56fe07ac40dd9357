import Domain
import Logging
import ProviderKit
import Routing
import Storage
@testable import Tasks
import Testing

/// The engine between clients that come steadily and providers that have their bad days, in virtual time.
final class MoodyMarket: @unchecked Sendable {
    let world: VirtualWorld
    let start: Timestamp
    let providers: [MoodyProvider]
    private let store = MemoryStore()
    private let account: AccountID
    private let makeMarket: () -> Market
    /// What is stored of the statistics.
    private var statistics: [RouteLane: StoredStatistics] = [:]
    /// The host of the moment.
    private var access: VirtualStore
    private var engine: TaskEngine
    private(set) var accepted: [(id: TaskID, at: Timestamp, deadline: Timestamp)] = []

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
        makeMarket = {
            Market(
                providers: instances,
                board: RouteBoard(
                    offers: OfferTable(offers), algorithm: seed.isMultiple(of: 2) ? .adaptive : .published))
        }
        (access, engine) = MoodyMarket.host(store, makeMarket(), world)
        guard case .account(let account) = try store.commit([.createAccount(name: "")], at: world.now)[0].get()
        else { throw MarketError.unexpectedReply }
        self.account = account.id
        let key = StoreOperation.createKey(
            account.id, NewKey(name: "", hash: Array(repeating: 7, count: 32), scopes: [.solve]))
        _ = try store.commit([key], at: world.now)[0].get()
        _ = try store.commit([.deposit(account.id, try #require(Money(decimal: "1000")), reference: nil)], at: start)[0]
            .get()
        watch(engine)
    }

    private static func host(
        _ store: MemoryStore, _ market: Market, _ world: VirtualWorld
    ) -> (VirtualStore, TaskEngine) {
        let access = VirtualStore(store, world: world)
        let engine = TaskEngine(
            market: market, store: access, observer: NoObserver(),
            logger: Logger(label: "market") { _ in SwiftLogNoOpLogHandler() }, now: { world.now })
        return (access, engine)
    }

    private func watch(_ engine: TaskEngine) {
        engine.onEarlierWake { [weak self] in self?.world.after(0, host: true) { self?.tick() } }
    }

    /// The host dies at this time, and another one takes its place at once, which knows what is stored of tasks and of
    /// how providers usually are.
    func restarts(at time: Timestamp) {
        world.after(time.seconds(since: world.now), host: false) { [self] in
            world.crash()
            for row in engine.market.withBoard({ $0.unstored() }) ?? [] {
                statistics[RouteLane(provider: row.provider, family: row.family)] = row
            }
            let market = makeMarket()
            let rows = Array(statistics.values)
            market.withBoard { $0.restore(rows, isOwn: true, at: world.now) }
            (access, engine) = MoodyMarket.host(store, market, world)
            watch(engine)
            engine.recover { _ in }
        }
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
            accepted.append((task.id, now, new.deadline))
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
    var failures: Int { failed.count }

    var failed: [(id: TaskID, at: Timestamp, deadline: Timestamp)] {
        accepted.filter { task in
            if case .solved? = store.task(task.id)?.end?.outcome { false } else { true }
        }
    }

    /// Of the tasks that were accepted, the part that was solved.
    var solvedShare: Double { 1 - Double(failures) / Double(max(accepted.count, 1)) }

    /// What a task came to, for whoever looks into it.
    func story(of task: TaskID) -> String {
        let attempts = store.route(of: task)?.attempts ?? []
        return attempts.map { record in
            let span = [record.startedAt, record.endedAt ?? record.startedAt].map { Int($0.seconds(since: start)) }
            let lost = record.attempt.state == .lost ? " (lost)" : ""
            return "\(record.attempt.candidate.provider) \(span[0])-\(span[1]) \(record.fault ?? "solved")\(lost)"
        }.joined(separator: ", ")
    }

    /// When the tasks that came in a span ended, in the order in which they came.
    func ends(in span: Range<Timestamp>) -> [Timestamp] {
        accepted.filter { span.contains($0.at) }.sorted { $0.id < $1.id }.compactMap { store.task($0.id)?.end?.at }
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
