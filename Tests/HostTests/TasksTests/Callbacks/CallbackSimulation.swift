import Domain
import Logging
import ProviderKit
import Storage
@testable import Tasks
import Testing

/// Clients' servers, tasks that end, a disk that fails at times, and a host that dies between any two steps, in virtual
/// time.
final class CallbackSimulation: @unchecked Sendable {
    /// How a client's server behaves.
    enum Mood: CaseIterable {
        case good
        /// Answers after some seconds.
        case slow
        /// Takes what it gets, and the answer is lost as often as not.
        case forgetful
        /// Answers with an error as often as not.
        case moody
        /// Never answers.
        case dead
        /// Is dead until half an hour has passed.
        case late
    }

    let world: VirtualWorld
    let store = MemoryStore()
    private(set) var hosts: [String: Mood] = [:]
    /// What each server was told of which task: query after query.
    private(set) var told: [TaskID: [String]] = [:]
    private(set) var attempts: [TaskID: Int] = [:]
    /// What tells that a task ended, and when that was.
    private(set) var expected: [TaskID: (end: Timestamp, host: String, query: String)] = [:]
    private(set) var ends: [CallbackEnd: Int] = [:]
    private(set) var crashes = 0
    private(set) var mostUnderWay: [String: Int] = [:]
    private var underWay: [String: Int] = [:]
    private var open: Set<TaskID> = []
    private var dispatcher: CallbackDispatcher?
    private var access: VirtualStore?
    private var account = AccountID(1)
    private var wakes = 0

    enum Failure: Error { case unexpectedReply, neverEnds }

    init(seed: UInt64) throws {
        world = VirtualWorld(seed: seed)
        for (number, mood) in (Mood.allCases + Mood.allCases).enumerated() { hosts["h\(number)"] = mood }
        let key = NewKey(name: "", hash: [UInt8](repeating: 1, count: 32), scopes: [.solve])
        let made = try store.commit(
            [.createAccount(name: "", key: key, deposit: .usd("1000"))], at: world.now)[0].get()
        guard case .account(let account) = made else { throw Failure.unexpectedReply }
        self.account = account.id
        start()
    }

    // MARK: The host

    private func start() {
        let access = VirtualStore(store, world: world)
        access.failing = 0.02
        access.deceiving = 0.02
        underWay = [:]
        let life = world.life
        let dispatcher = CallbackDispatcher(
            store: access,
            surroundings: CallbackSurroundings(
                send: { [unowned self] request, completion in
                    arrive(request, life, completion)
                    return {}
                }, uuid: { "u\($0)" }, code: { solution, _ in String(decoding: solution, as: UTF8.self) },
                sign: { _, key in key }, dither: { [unowned self] in world.seconds(0...0.999) }),
            observer: Counting { [unowned self] in ends[$0, default: 0] += 1 },
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            now: { [unowned self] in world.now })
        (self.access, self.dispatcher) = (access, dispatcher)
        dispatcher.onEarlierWake { [unowned self] in wake(dispatcher, at: world.now) }
        wake(dispatcher, at: world.now)
    }

    private struct Counting: CallbackObserver {
        let note: @Sendable (CallbackEnd) -> Void
        func attempted(_ result: String, seconds: Double) {}
        func ended(_ end: CallbackEnd) { note(end) }
    }

    private func wake(_ dispatcher: CallbackDispatcher, at time: Timestamp?) {
        guard let time else { return }
        wakes += 1
        let wake = wakes
        world.after(max(time.seconds(since: world.now), 0), host: true) { [unowned self] in
            if wake == wakes { self.wake(dispatcher, at: dispatcher.advance()) }
        }
    }

    // MARK: The servers

    private func arrive(
        _ request: HTTPRequest, _ life: Int,
        _ completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
    ) {
        let parts = request.url.dropFirst("https://".count).split(separator: "/?", maxSplits: 1)
        let query = String(parts[1]), host = String(parts[0])
        guard let mood = hosts[host],
            let number = query.split(separator: "&").first?.dropFirst("captcha_id=u".count).description,
            let task = Int64(number).flatMap(TaskID.init)
        else { return }
        attempts[task, default: 0] += 1
        underWay[host, default: 0] += 1
        mostUnderWay[host] = max(mostUnderWay[host] ?? 0, underWay[host] ?? 0)
        let elapsed = world.now.seconds(since: VirtualWorld(seed: 0).now)
        let (isHeard, seconds, status) = behaviour(mood, at: elapsed)
        if isHeard {
            // The server has it whatever becomes of the host.
            world.after(seconds / 2, host: false) { [unowned self] in told[task, default: []].append(query) }
        }
        world.after(seconds, host: true) { [unowned self] in
            guard life == world.life else { return }
            underWay[host, default: 1] -= 1
            if let status {
                completion(.success(HTTPResponse(status: status)))
            } else {
                completion(.failure(HTTPFailure(.timeout, sent: .maybe, "No answer.")))
            }
        }
    }

    private func behaviour(_ mood: Mood, at elapsed: Double) -> (isHeard: Bool, seconds: Double, status: Int?) {
        switch mood {
        case .good: (true, world.seconds(0.01...0.1), 200)
        case .slow: (true, world.seconds(2...9), 204)
        case .forgetful: world.chance(0.5) ? (true, 10, nil) : (true, 0.1, 200)
        case .moody:
            world.chance(0.5) ? (false, 0.1, [500, 404, 302].randomElement(using: &world.random)) : (true, 0.1, 200)
        case .dead: (false, 10, nil)
        case .late: elapsed < 1800 ? (false, 10, nil) : (true, 0.1, 200)
        }
    }

    // MARK: Tasks

    private func arriveTask() {
        guard let host = hosts.keys.sorted().randomElement(using: &world.random) else { return }
        let new = NewTask(
            account: account, key: 1, family: .altcha, payload: [],
            candidates: [Candidate(provider: "p", credential: nil, price: .usd("0.001"), cost: .zero)],
            callback: CallbackTarget(url: "https://\(host)/", host: host, taskName: .uuid),
            deadline: world.now.adding(seconds: 99))
        access?.perform(.accept(new)) { [unowned self] result in
            guard case .success(.accepted(let task)) = result else { return }
            open.insert(task.id)
            let isSolved = world.chance(0.7)
            world.after(world.seconds(0...30), host: false) { self.settle(task.id, host, isSolved: isSolved) }
        }
    }

    /// As an engine does it: again until the store takes it.
    private func settle(_ task: TaskID, _ host: String, isSolved: Bool) {
        let outcome: TaskOutcome =
            isSolved
            ? .solved(solution: Array("s\(task)".utf8), price: .usd("0.001"), cost: .zero)
            : .failed(code: .unsolvable, detail: "")
        let end = AttemptEnd(isSolved ? .solved : .failed)
        if let record = store.task(task)?.end {
            let query = "captcha_id=u\(task)&status=" + (isSolved ? "1&code=s\(task)" : "0")
            expected[task] = (record.at, host, query)
            open.remove(task)
            return
        }
        access?.perform(.settle(task, attempt: 1, end, outcome)) { [unowned self] result in
            if case .success(.settled(_, hasCallback: true)) = result { dispatcher?.callbackIsDue() }
            if case .failure(.refused(.taskSettled)) = result { dispatcher?.callbackIsDue() }
        }
        world.after(1, host: false) { [unowned self] in settle(task, host, isSolved: isSolved) }
    }

    /// Lets tasks come for an hour, with crashes, and goes on until no callback is left.
    func run(tasks: Int, crashes: Int) throws {
        for _ in 0..<tasks { world.after(world.seconds(0...3600), host: false) { self.arriveTask() } }
        for _ in 0..<crashes {
            world.after(world.seconds(0...7200), host: false) { [unowned self] in
                world.crash()
                self.crashes += 1
                // Sometimes it is away for longer.
                world.after(world.chance(0.1) ? 600 : 0.01, host: false) { self.start() }
            }
        }
        let end = world.now.adding(seconds: 7_300)
        var steps = 0
        while world.now < end || !open.isEmpty || !isDone {
            for _ in 0..<100 where world.step() { steps += 1 }
            guard steps < 40_000 + 3_000 * tasks else { throw Failure.neverEnds }
        }
    }

    private var isDone: Bool {
        let page = store.dueCallbacks(CallbackQuery(now: .distantFuture, afterHost: nil, hosts: 99, perHost: 1))
        return page.due.isEmpty
    }
}
