import Domain
import ProviderKit
import Testing

/// A world in which the test says who may have a task, and when the others may.
private struct World: TaskSurroundings {
    var now = Timestamp(milliseconds: 1_000_000)
    /// In the order of preference.
    var candidates: [Candidate]
    /// Those of them that may have none now, and until when.
    var shut: [String: Timestamp] = [:]
    var budget: Double? = 30
    /// Who has solved a task that began at that time.
    var solved: [String: Timestamp] = [:]

    func knows(_ provider: String) -> Bool { true }
    func mostPolls(_ provider: String, _ family: TaskFamily) -> Int { 100 }
    func nextPoll(_ provider: String, _ family: TaskFamily, after elapsed: Double?, dither: Double) -> Double {
        elapsed.map { $0 + 50 } ?? 10
    }
    func budget(_ provider: String, _ choice: CandidateChoice, left: Double) -> Double? {
        candidates.contains(where: choice.allows) ? budget : nil
    }
    func hasSolved(_ provider: String, _ family: TaskFamily, begunAfter time: Timestamp) -> Bool {
        solved[provider].map { $0 > time } ?? false
    }
    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket {
        Ticket(id: providerTask, family: family, credential: nil)
    }
    func next(_ choice: CandidateChoice) -> NextCandidate {
        let allowed = candidates.filter(choice.allows)
        if let best = allowed.first(where: { shut[$0.provider].map { $0 <= now } ?? true }) { return .now(best) }
        return allowed.compactMap { shut[$0.provider] }.min().map { .later($0) } ?? .never
    }
    func cost(_ reported: String, reportedBy provider: String) -> Money? { nil }
    func price(of cost: Money) -> Money { cost }
}

private struct TestError: Error {}

/// A task at the first of the providers, and where it goes.
private struct Trial {
    var machine: TaskMachine
    var world: World
    var visited: [String]

    init(_ providers: [String], shut: [String: Double] = [:], deadline: Double = 300) throws {
        let price = try #require(Money(decimal: "0.1"))
        var world = World(
            candidates: providers.map { Candidate(provider: $0, credential: "1", price: price, cost: price) })
        for (name, seconds) in shut { world.shut[name] = world.now.adding(seconds: seconds) }
        self.world = world
        let accepted = AcceptedTask(
            id: try #require(TaskID(7)), ceiling: try #require(Money(decimal: "1")),
            attempt: Attempt(number: 1, candidate: world.candidates[0]))
        machine = TaskMachine(
            accepted: accepted, account: AccountID(1), family: .altcha, deadline: world.now.adding(seconds: deadline),
            world)
        visited = [providers[0]]
    }

    /// As it is found after a start, at the first provider for an unknown time.
    mutating func recover() {
        machine = TaskMachine(
            recovered: OpenTask(
                id: machine.id, account: AccountID(1), family: .altcha, ceiling: machine.ceiling,
                deadline: machine.deadline,
                attempt: Attempt(number: 1, candidate: world.candidates[0], state: .pending, providerTask: "p")),
            at: world.now)
    }

    /// Seconds from the beginning.
    var seconds: Double { world.now.seconds(since: Timestamp(milliseconds: 1_000_000)) }

    /// Lets the next thing happen: time pass to the wake, a poll be answered in vain, a further attempt be sent.
    ///
    /// - Returns: the error that the task ends with, if it does.
    mutating func step(_ event: TaskMachine.Event? = nil) throws -> ErrorCode? {
        if event == nil { world.now = max(machine.wakeAt, world.now) }
        for action in machine.handle(event ?? .wake, world) {
            switch action {
            case .settle(_, _, .failed(let code, _)): return code
            case .poll: _ = try step(.polled(.result(.pending)))
            case .storeNext(let ended, _, let next):
                visited.append(next.provider)
                _ = machine.handle(.nextStored(Attempt(number: ended + 1, candidate: next)), world)
                machine.handOver(at: world.now)
            default: break
            }
        }
        return nil
    }

    mutating func fail(_ kind: Fault.Kind) throws -> ErrorCode? {
        try step(.submitted(.fault(Fault(kind), sent: .no)))
    }
}

@Suite("A task's machine that does not give up too early")
struct TaskMachineLastingTests {
    private let pending = TaskMachine.Event.submitted(.result(.pending(id: "p")))

    @Test("leaves a provider that takes too long when another comes back after the attempt's time, between two polls")
    func comesBackLater() throws {
        var trial = try Trial(["a", "b"], shut: ["b": 37])
        _ = try trial.step(pending)
        while trial.visited == ["a"], trial.seconds < 200 { #expect(try trial.step() == nil) }
        #expect(trial.visited == ["a", "b"])
        #expect((37...42).contains(trial.seconds), "\(trial.seconds)")
    }

    @Test("taken up after a start, leaves a provider that takes too long as of then")
    func recovered() throws {
        var trial = try Trial(["a", "b"])
        trial.world.now = trial.world.now.adding(seconds: 100)
        trial.recover()
        while trial.visited == ["a"], trial.seconds < 250 { #expect(try trial.step() == nil) }
        #expect(trial.visited == ["a", "b"])
        #expect(trial.seconds == 130)
    }

    @Test("comes back to one that took too long when all others are out of the question, while there is time")
    func backToSlowOne() throws {
        for deadline in [300.0, 46] {
            var trial = try Trial(["a", "b"], deadline: deadline)
            _ = try trial.step(pending)
            while trial.visited == ["a"] { #expect(try trial.step() == nil) }
            #expect(trial.seconds == 30)
            trial.world.now = trial.world.now.adding(seconds: 2)
            var end = try trial.fail(.noFunds)
            if end == nil { end = try trial.step() }
            #expect(trial.visited == (deadline == 300 ? ["a", "b", "a"] : ["a", "b"]))
            #expect(end == (deadline == 300 ? nil : .noProviders))
        }
    }

    @Test("is handed over anew where later tasks were solved meanwhile, when nobody else may have it, and not for ever")
    func overtaken() throws {
        var trial = try Trial(["a", "b"], shut: ["b": 1_000], deadline: 400)
        _ = try trial.step(pending)
        while trial.visited == ["a"], trial.seconds < 100 { #expect(try trial.step() == nil) }
        #expect(trial.visited == ["a"], "nothing tells that it has forgotten the task")
        for count in 2...4 {
            _ = try trial.step(pending)
            trial.world.solved["a"] = trial.world.now.adding(seconds: 1)
            while trial.visited.count < count, trial.seconds < 300 { #expect(try trial.step() == nil) }
            #expect(trial.visited.count == min(count, 1 + Limits.overtakenPerTask))
        }
    }

    @Test("comes back to one that took too long as soon as that has solved a later task")
    func wellAgain() throws {
        var trial = try Trial(["a", "b"])
        _ = try trial.step(pending)
        while trial.visited == ["a"] { #expect(try trial.step() == nil) }
        _ = try trial.step(pending)
        while trial.seconds < 90 { #expect(try trial.step() == nil) }
        #expect(trial.visited == ["a", "b"])
        trial.world.solved["a"] = trial.world.now
        for _ in 0..<5 where trial.visited.count < 3 { #expect(try trial.step() == nil) }
        #expect(trial.visited == ["a", "b", "a"])
        #expect(trial.seconds <= 100)
    }

    @Test("looks at one that took too long now and then, when the others fail again and again")
    func slowInTurn() throws {
        var trial = try Trial(["a", "b"])
        _ = try trial.step(pending)
        while trial.visited == ["a"] { #expect(try trial.step() == nil) }
        for _ in 0..<6 where trial.visited.count < 5 {
            #expect(try trial.fail(.overloaded) == nil)
            #expect(try trial.step() == nil)
        }
        #expect(trial.visited == ["a", "b", "b", "b", "a"])
    }

    @Test("goes on until its deadline, and first to those that it has not been to, as soon as they may have it")
    func untried() throws {
        var trial = try Trial(["a", "b"], shut: ["b": 201.5])
        var end: ErrorCode?
        while end == nil, trial.visited.count < 200 {
            end = try trial.fail(.overloaded)
            if end == nil { end = try trial.step() }
            if let place = trial.visited.firstIndex(of: "b"), place == trial.visited.count - 1 {
                #expect((201.5...203).contains(trial.seconds), "\(trial.seconds)")
            }
        }
        #expect(trial.visited.contains("b") && trial.visited.count > 20 && trial.visited.count < 100)
        #expect(trial.seconds > 297)
    }

    @Test("goes to another than the one that has just failed it after a pause, though that one is preferred")
    func turnsAbout() throws {
        var trial = try Trial(["a", "b"])
        for _ in 0..<8 where trial.visited.count < 6 {
            #expect(try trial.fail(.overloaded) == nil)
            if trial.machine.phase != .submitting { #expect(try trial.step() == nil) }
        }
        #expect(trial.visited == ["a", "b", "a", "b", "a", "b"])
    }

    @Test("leaves a slow one for another that it has not been to, also when no further attempt may be lost elsewhere")
    func lastLoss() throws {
        var trial = try Trial(["a", "b"], shut: ["b": 900], deadline: 1_200)
        while trial.visited.count < 1 + Limits.lostRepeatsPerTask {
            let lost = TaskMachine.Event.submitted(.fault(Fault(.transport), sent: .maybe))
            #expect(try trial.step(lost) == nil)
            #expect(try trial.step() == nil)
        }
        #expect(Set(trial.visited) == ["a"] && trial.seconds < 850)
        #expect(try trial.step(pending) == nil)
        for _ in 0..<200 where trial.visited.last == "a" {
            guard try trial.step() == nil else { break }
        }
        #expect(trial.visited.last == "b" && (900..<910).contains(trial.seconds))
        // There it is not left alone for the others, which have had their last try.
        #expect(try trial.step(pending) == nil)
        for _ in 0..<200 where trial.visited.last == "b" {
            guard try trial.step() == nil else { break }
        }
        #expect(trial.visited.last == "b")
    }

    @Test("that has moved very often still leaves a provider that can have no task for longer than a moment")
    func movedOften() throws {
        var trial = try Trial(["a", "b"])
        for _ in 0..<Limits.attemptsPerTask where trial.machine.phase == .submitting {
            let moment = trial.world.now.adding(seconds: 0.5)
            trial.world.shut = [try #require(trial.visited.last): moment]
            #expect(try trial.step(.held(until: moment)) == nil)
        }
        let here = try #require(trial.visited.last)
        let moves = trial.visited.count
        #expect(trial.machine.phase == .holding && moves < Limits.attemptsPerTask * 3 / 4)
        trial.world.shut = [here: trial.world.now.adding(seconds: 10)]
        #expect(try trial.step() == nil)
        #expect(trial.visited.count == moves + 1 && trial.visited.last != here)
    }

    @Test("says that nobody had a place for it when nothing of it was ever sent, and else that it was not solved")
    func neverSent() throws {
        for isSent in [false, true] {
            var trial = try Trial(["a"])
            if isSent { trial.machine.handOver(at: trial.world.now) }
            trial.world.shut["a"] = .distantFuture
            _ = try trial.step(.held(until: .distantFuture))
            #expect(try trial.step() == (isSent ? .unsolvable : .noProviders))
        }
    }

    @Test("goes to each of those that there are while all before do not sell such a task")
    func unsupported() throws {
        var trial = try Trial(["a", "b", "c", "d"])
        let refusal = TaskMachine.Event.submitted(.fault(Fault(.unsupportedTask), sent: .maybe))
        for _ in 0..<3 { #expect(try trial.step(refusal) == nil) }
        #expect(trial.visited == ["a", "b", "c", "d"])
        #expect(try trial.step(refusal) == .taskNotSupported)
    }
}
