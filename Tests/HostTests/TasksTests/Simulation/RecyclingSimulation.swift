import Domain
import KeyPool
import Logging
import ProviderKit
import Routing
import Storage
import Testing

@testable import Tasks

/// The engine and the keeper of recycled keys in the virtual world: accounts that have tasks solved and hand keys over,
/// providers that keep accounts of their own, keys that are used elsewhere, and crashes between any two steps.
final class RecyclingSimulation: @unchecked Sendable {
    struct Plan {
        var accounts = 200
        var keys = 500
        var tasks = 50_000
        var crashes = 20
        var tasksPerSecond = 20.0
        var manners: [String: FundedProvider.Manner] = [
            "a": .init(reporting: 1, takesAtSubmit: true), "b": .init(reporting: 0, takesAtSubmit: false),
            "c": .init(reporting: 0.5, takesAtSubmit: true, chargesUnsolvable: 0.7),
        ]
        var failingCommits = 0.01
        var margin = Margin.zero
        /// Tasks that a provider has with one key at once; nil: any number.
        var tasksPerKey: Int?
        /// Whether keys are used elsewhere, topped up, disabled and wrong.
        var isWild = true
        /// The probability that a key that is handed over in a wild world is wrong.
        var wrong = 0.02
        /// How far what was recorded of a key may be from what was deducted before it is suspended.
        var drift = Money.usd("0.05")
    }

    let plan: Plan
    let world: VirtualWorld
    let store = MemoryStore()
    let providers: [FundedProvider]
    let deposit = Money.usd("50")
    private(set) var accounts: [AccountID] = []
    /// What was on every key, by its text, with what was paid in later and without what was used elsewhere.
    private(set) var worth: [String: Int64] = [:]
    /// The keys as the host knows them, by the identity that it gives them: several may be the same key.
    private(set) var owners: [String: Owned] = [:]
    let watch = GainWatch()
    /// How often an account has pasted its key again, and another one the key that somebody has.
    private(set) var pasted = (again: 0, claimed: 0)
    private(set) var acknowledged: [TaskID: AccountID] = [:]
    private var order: [TaskID] = []
    private(set) var refunds = 0
    private(set) var refundRefusals: Set<StoreRefusal> = []
    private(set) var repeated = 0
    /// Tasks that waited for a place with a recycled key when the host died.
    private(set) var waitingAtCrashes = 0
    private var engine: TaskEngine?
    private var keeper: RecycledKeyKeeper?
    private var access: VirtualStore?
    /// The texts of the keys that are open, by identity.
    private var held: [String: String] = [:]
    private var wakes = 0
    private var arrived = 0

    struct Owned {
        let account: AccountID
        let provider: FundedProvider
        let text: String
    }

    enum Failure: Error { case unexpectedReply, neverEnds }

    init(seed: UInt64, _ plan: Plan) throws {
        self.plan = plan
        let world = VirtualWorld(seed: seed)
        self.world = world
        let prices = ["a": "0.001", "b": "0.0011", "c": "0.0013"]
        providers = plan.manners.sorted { $0.key < $1.key }.map { name, manner in
            FundedProvider(name, price: .usd(prices[name] ?? "0.001"), manner: manner, world: world)
        }
        let dataKey = StoreOperation.vault(
            .replaceDataKeys(expecting: [], with: [WrappedDataKey(version: 1, wrapped: [1])]))
        _ = try store.commit([dataKey], at: world.now)[0].get()
        for number in 0..<plan.accounts {
            let key = NewKey(
                name: "", hash: (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 3 * 8)) &+ UInt8($0) },
                scopes: [.solve])
            let made = try store.commit(
                [.createAccount(name: "", key: key, deposit: deposit)], at: world.now)[0].get()
            guard case .account(let account) = made else { throw Failure.unexpectedReply }
            accounts.append(account.id)
        }
        for provider in providers { provider.keys["platform"] = .init(balance: 1_000_000_000_000_000) }
        start()
    }

    // MARK: The host

    private func start() {
        let access = VirtualStore(store, world: world)
        access.failing = plan.failingCommits
        access.deceiving = plan.failingCommits
        access.committed = { [unowned self] operation, reply in
            watch.note(operation, reply) { owners[$0.recycledCredential]?.text ?? "" }
        }
        held = [:]
        let (world, logger) = (world, Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        let manifest = Manifest(
            id: "v", displayName: "V", version: "1", key: Manifest.KeyFormat(description: "any", length: 1...9),
            offers: [.init(.altcha)], pollPlan: .init(first: 2, interval: 3, most: 60), concurrentSubmits: 256)
        let instances = providers.map { provider in
            Provider(
                name: provider.name, manifest: manifest,
                credential: { [unowned self] identity in
                    (identity == "platform" ? identity : held[identity]).map { Credential(placeholder: $0) }
                }, caller: provider)
        }
        let offers = providers.map { provider in
            ProviderOffer(
                provider: provider.name, family: .altcha, price: plan.margin.price(of: provider.price),
                cost: provider.price, credentials: ["platform"], tasksPerKey: plan.tasksPerKey)
        }
        let engine = TaskEngine(
            market: Market(
                providers: instances, board: RouteBoard(offers: OfferTable(offers), algorithm: .published),
                margin: plan.margin),
            store: access, observer: NoObserver(), logger: logger, now: { world.now })
        engine.onEarlierWake { [unowned self] in world.after(0, host: true) { self.tick(engine) } }
        let inquiries = providers.map { provider in
            (
                provider.name,
                KeyInquiry(caller: provider, unit: .usd, serves: { $0 == .balance }, now: { world.now })
            )
        }
        let byName = Dictionary(uniqueKeysWithValues: inquiries)
        let surroundings = KeeperSurroundings(
            engine: engine,
            take: { [unowned self] in
                held[$0.id.recycledCredential] = owners[$0.id.recycledCredential]?.text
            }, release: { [unowned self] id, _ in held[id.recycledCredential] = nil },
            check: { [unowned self] provider, credential, completion in
                let text = held[credential] ?? ""
                byName[provider]?.ask(about: Credential(placeholder: text), completion: completion)
            })
        let keeper = RecycledKeyKeeper(
            store: access, surroundings: surroundings, bounds: .init(drift: plan.drift), logger: logger,
            now: { world.now })
        engine.onKeyFault { [unowned keeper] in keeper.attemptFailed(at: $0, with: $1, $2) }
        keeper.onEarlierWake { [unowned self] in wake(keeper, at: world.now) }
        (self.access, self.engine, self.keeper) = (access, engine, keeper)
        engine.recover { _ in keeper.load { _ in } }
    }

    private func crash() {
        waitingAtCrashes += store.openTasks(after: nil, limit: .max).count(where: \.attempt.isUnsent)
        world.crash()
        let stored = store.refusedRecycledKeys(since: world.now.adding(seconds: -Limits.wrongKeySeconds))
        for provider in providers { provider.hostDied(remembering: stored[provider.name]?.count ?? 0) }
        start()
    }

    private func tick(_ engine: TaskEngine) {
        guard let next = engine.advance() else { return }
        world.after(max(next.seconds(since: world.now), 0.001), host: true) { self.tick(engine) }
    }

    private func wake(_ keeper: RecycledKeyKeeper, at time: Timestamp?) {
        guard let time else { return }
        wakes += 1
        let wake = wakes
        world.after(max(time.seconds(since: world.now), 0), host: true) { [unowned self] in
            if wake == wakes { self.wake(keeper, at: keeper.advance()) }
        }
    }

    // MARK: What accounts do

    private func handOver() throws {
        guard let provider = providers.randomElement(using: &world.random),
            // Half of the accounts have keys.
            let account = accounts.prefix(plan.accounts / 2).randomElement(using: &world.random)
        else { return }
        if plan.isWild, world.chance(0.15), let known = owners.keys.sorted().randomElement(using: &world.random),
            let owned = owners[known]
        {
            return try handOver(
                owned.text, at: owned.provider, by: world.chance(0.5) ? owned.account : neighbour(owned))
        }
        let nanos = Int64(world.seconds(0.0005...0.15) * 1_000_000_000)
        let text = "key-\(worth.count)"
        provider.keys[text] = .init(balance: nanos, isWrong: plan.isWild && world.chance(plan.wrong))
        worth[text] = nanos
        try handOver(text, at: provider, by: account)
    }

    /// Who else knows the same keys.
    private func neighbour(_ owned: Owned) -> AccountID {
        let place = accounts.firstIndex(of: owned.account) ?? 0
        return accounts[place ^ 1]
    }

    /// As the host does it: a key that the account has already is asked about again.
    private func handOver(_ text: String, at provider: FundedProvider, by account: AccountID) throws {
        guard let keeper else { return }
        let fingerprint = Array("\(provider.name) \(text)".utf8)
        let print = fingerprint + [UInt8](repeating: 0, count: 32 - fingerprint.count)
        let asked: @Sendable (Result<RecycledKey, StoreError>) -> Void = { [unowned self, unowned keeper] result in
            if case .failure(.refused(.duplicateProviderKey)) = result { pasted.claimed += 1 }
            guard case .success(let key) = result else { return }
            keeper.check(key, .submitted) { _ in }
        }
        if let own = store.recycledKey(of: account, fingerprint: print) {
            pasted.again += 1
            return keeper.perform(.submitted, on: own.id, of: account, completion: asked)
        }
        guard
            case .reservedProviderKey(let id) = try store.commit([.vault(.reserveProviderKey)], at: world.now)[0].get()
        else { return }
        owners[id.recycledCredential] = Owned(account: account, provider: provider, text: text)
        let sealed = SealedProviderKey(
            id: id, provider: provider.name, owner: account, label: "", dataKey: 1, sealed: [1], fingerprint: print)
        keeper.submit(sealed, masked: "k...1", completion: asked)
    }

    /// What owners do with their keys beside this.
    private func meddle() {
        guard let credential = owners.keys.sorted().randomElement(using: &world.random),
            let owned = owners[credential], let id = ProviderKeyID(recycledCredential: credential)
        else { return }
        let nanos = Int64(world.seconds(0...0.01) * 1_000_000_000)
        let (provider, text) = (owned.provider, owned.text)
        switch world.seconds(0...10) {
        case 0..<4: if provider.useElsewhere(text, nanos) { worth[text, default: 0] -= nanos }
        case 5.5..<7:
            provider.topUp(text, nanos)
            worth[text, default: 0] += nanos
        case 4..<5.5: provider.giveBack(text)
        case 7..<8: provider.keys[text]?.isDisabled.toggle()
        case 8..<8.5: keeper?.perform(.removed, on: id, of: owned.account) { _ in }
        default: keeper?.perform(.resumed, on: id, of: nil) { _ in }
        }
    }

    private func complain() {
        guard let task = order.randomElement(using: &world.random), let account = acknowledged[task] else { return }
        access?.perform(.refund(task, of: account, dailyLimit: .usd("0.02"))) { [unowned self] result in
            switch result {
            case .success: refunds += 1
            case .failure(.refused(let refusal)): refundRefusals.insert(refusal)
            case .failure: break
            }
        }
    }

    private func arrive() {
        arrived += 1
        guard let engine, let account = accounts.randomElement(using: &world.random) else { return }
        let now = world.now
        let mode: KeyPoolMode = world.chance(0.2) ? .platformOnly : .all
        let choice = CandidateChoice(family: .altcha, ceiling: .most, account: account, keyPool: mode)
        let fields: JSONObject = ["n": .string("\(arrived)")]
        let text =
            world.chance(0.05) ? IdempotencyKey(text: "i\(arrived)", request: [UInt8](repeating: 1, count: 32)) : nil
        let new = NewTask(
            account: account, key: Int64(account.number), family: .altcha, payload: JSONValue.object(fields).bytes,
            candidates: engine.market.withBoard { $0.ranking(choice, at: now) }.candidates, keyPool: mode,
            idempotencyKey: text, deadline: now.adding(seconds: 120))
        accept(new, fields)
        if text != nil { world.after(world.seconds(0...3), host: false) { self.accept(new, fields) } }
    }

    private func accept(_ new: NewTask, _ fields: JSONObject) {
        guard let engine else { return }
        access?.perform(.accept(new)) { [unowned self] result in
            if case .success(.repeated) = result { repeated += 1 }
            guard case .success(.accepted(let accepted)) = result else { return }
            acknowledged[accepted.id] = new.account
            order.append(accepted.id)
            engine.begin(
                TaskMachine(
                    accepted: accepted, account: new.account, family: .altcha, keyPool: new.keyPool,
                    deadline: new.deadline, engine.surroundings()),
                fields: world.chance(0.5) ? fields : nil)
        }
    }

    /// Lets all of it happen, and goes on until every task has ended.
    func run() throws {
        let span = Double(plan.tasks) / plan.tasksPerSecond
        for _ in 0..<plan.tasks { world.after(world.seconds(0...span), host: false) { self.arrive() } }
        for _ in 0..<plan.keys { world.after(world.seconds(0...span / 2), host: false) { try? self.handOver() } }
        for _ in 0..<plan.tasks / 20 { world.after(world.seconds(5...span + 60), host: false) { self.complain() } }
        if plan.isWild {
            for _ in 0..<plan.keys * 2 { world.after(world.seconds(0...span), host: false) { self.meddle() } }
        }
        for _ in 0..<plan.crashes {
            world.after(world.seconds(0...span * 1.1), host: false) {
                self.crash()
            }
        }
        let end = world.now.adding(seconds: span * 1.1)
        var steps = 0
        while world.now < end || !store.openTasks(after: nil, limit: 1).isEmpty {
            for _ in 0..<1_000 where world.step() { steps += 1 }
            guard steps < 2_000 * (plan.tasks + 1_000) else { throw Failure.neverEnds }
        }
    }
}
