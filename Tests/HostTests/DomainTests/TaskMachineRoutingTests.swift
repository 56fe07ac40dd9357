@testable import Domain
import ProviderKit
import Testing

/// A world whose candidates come and go.
private struct World: TaskSurroundings {
    var now = Timestamp(milliseconds: 1_000_000)
    var candidates: [Candidate]
    var later: Timestamp?
    var budget: Double? = 30
    /// Seconds after which no poll is planned.
    var lastPoll = Double.infinity

    func knows(_ provider: String) -> Bool { true }
    func mostPolls(_ provider: String, _ family: TaskFamily) -> Int { 100 }
    func nextPoll(_ provider: String, _ family: TaskFamily, after elapsed: Double?, dither: Double) -> Double {
        elapsed.map { $0 < lastPoll ? $0 + 10 : .infinity } ?? 10
    }
    func budget(_ provider: String, _ choice: CandidateChoice, left: Double) -> Double? { budget }
    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket {
        Ticket(id: providerTask, family: family, credential: nil)
    }
    func next(_ choice: CandidateChoice) -> NextCandidate {
        if let best = candidates.first(where: choice.allows) { return .now(best) }
        return later.map { .later($0) } ?? .never
    }
    func cost(_ reported: String, reportedBy provider: String) -> Money? { nil }
    func price(of cost: Money) -> Money { cost }

    mutating func pass(_ seconds: Double) { now = now.adding(seconds: seconds) }
}

private func candidate(_ provider: String) throws -> Candidate {
    let price = try #require(Money(decimal: "0.1"))
    return Candidate(provider: provider, credential: "1", price: price, cost: price)
}

private func begun(
    _ providers: [String], forced: String? = nil, budget: Double = 30
) throws -> (TaskMachine, World) {
    let world = World(candidates: try providers.map(candidate), budget: budget)
    let accepted = AcceptedTask(
        id: try #require(TaskID(7)), ceiling: try #require(Money(decimal: "1")),
        attempt: Attempt(number: 1, candidate: try candidate(providers[0])))
    let machine = TaskMachine(
        accepted: accepted, account: AccountID(1), family: .altcha, forcedProvider: forced,
        deadline: world.now.adding(seconds: 300), world)
    return (machine, world)
}

private func verdicts(_ actions: [TaskMachine.Action]) -> [AttemptVerdict.Kind] {
    actions.compactMap { if case .tell(let verdict) = $0 { verdict.kind } else { nil } }
}

private let unsolvable = TaskMachine.Event.submitted(.fault(Fault(.unsolvable(charged: false)), sent: .maybe))
private let pending = TaskMachine.Event.submitted(.result(.pending(id: "p")))
private let solution = Solution(["token": "t"])

@Suite("A task's machine whose provider gets no task now")
struct HeldTaskTests {
    @Test("goes to another provider at once if one can have it")
    func elsewhere() throws {
        var (machine, world) = try begun(["a", "b"])
        let b = try candidate("b")
        world.candidates = [b]
        let actions = machine.handle(.held(until: world.now.adding(seconds: 9)), world)
        #expect(actions.last == .storeNext(ended: 1, AttemptEnd(.failed, fault: "notSent"), next: b))
        #expect(verdicts(actions) == [.withdrawn])
    }

    @Test("waits when nobody can, and is handed over again as the same attempt")
    func waits() throws {
        var (machine, world) = try begun(["a"])
        world.candidates = []
        world.later = world.now.adding(seconds: 4)
        #expect(machine.handle(.held(until: world.now.adding(seconds: 9)), world) == [])
        #expect(machine.phase == .holding && machine.wakeAt == world.now.adding(seconds: 4))
        world.pass(4)
        #expect(machine.handle(.wake, world) == [.submit])
        #expect(machine.attempt.number == 1 && machine.phase == .submitting)
    }

    @Test("is not handed over again at once by a world that says both yes and no")
    func noLoop() throws {
        var (machine, world) = try begun(["a"])
        let until = world.now.adding(seconds: 2)
        #expect(machine.handle(.held(until: until), world) == [])
        #expect(machine.phase == .holding && machine.wakeAt == until)
    }

    @Test("does not run after places that others take for ever")
    func boundedMoves() throws {
        var (machine, world) = try begun(["a", "b"])
        let both = [try candidate("a"), try candidate("b")]
        var moves = 0
        while moves < 1_000 {
            world.candidates = [both[(moves + 1) % 2]]
            let until = world.now.adding(seconds: 1)
            guard case .storeNext(let ended, _, let next)? = machine.handle(.held(until: until), world).last else {
                break
            }
            moves += 1
            _ = machine.handle(.nextStored(Attempt(number: ended + 1, candidate: next)), world)
        }
        #expect(moves > 50 && moves < 200)
        #expect(machine.phase == .holding && machine.wakeAt == world.now.adding(seconds: 1))
    }

    @Test("fails at its deadline, with nothing that may have been charged")
    func deadline() throws {
        var (machine, world) = try begun(["a"])
        world.candidates = []
        world.later = .distantFuture
        #expect(machine.handle(.held(until: .distantFuture), world) == [])
        #expect(machine.wakeAt == machine.deadline)
        world.now = machine.deadline
        let actions = machine.handle(.wake, world)
        guard case .settle(1, let end, .failed)? = actions.last else { throw TestError() }
        #expect(end == AttemptEnd(.failed, fault: "notSent"))
        #expect(verdicts(actions) == [.withdrawn])
    }

    @Test("waits after a fault too, as long as those that rest, when all of them do")
    func restingOthers() throws {
        var (machine, world) = try begun(["a"])
        world.candidates = []
        world.later = world.now.adding(seconds: 20)
        #expect(verdicts(machine.handle(.submitted(.fault(Fault(.transport), sent: .no)), world)).count == 1)
        #expect(machine.wakeAt == world.now.adding(seconds: 20))
        world.pass(20)
        world.later = world.now.adding(seconds: 5)
        #expect(machine.handle(.wake, world) == [], "still none")
        #expect(machine.wakeAt == world.now.adding(seconds: 5))
        world.pass(5)
        world.candidates = [try candidate("a")]
        guard case .storeNext(1, _, let next)? = machine.handle(.wake, world).last else { throw TestError() }
        #expect(next.provider == "a")
    }
}

@Suite("A task's machine and a provider that takes its time")
struct SlowProviderTests {
    /// Polls in vain until the machine does something else; at most ten times.
    private func pollInVain(_ machine: inout TaskMachine, _ world: inout World) -> [TaskMachine.Action] {
        for _ in 0..<10 {
            world.now = machine.wakeAt
            guard case .poll? = machine.handle(.wake, world).first else { return [] }
            let actions = machine.handle(.polled(.result(.pending)), world)
            if !actions.isEmpty { return actions }
        }
        return []
    }

    @Test("tries another one after the attempt's budget")
    func givesUp() throws {
        var (machine, world) = try begun(["a", "b"])
        _ = machine.handle(pending, world)
        let actions = pollInVain(&machine, &world)
        #expect(world.now == Timestamp(milliseconds: 1_000_000).adding(seconds: 30))
        let b = try candidate("b")
        #expect(actions.last == .storeNext(ended: 1, AttemptEnd(.lost, fault: "tooSlow"), next: b))
        #expect(verdicts(actions) == [.tooSlow])
    }

    @Test("leaves each of many that take too long, until every one had the task")
    func manySlow() throws {
        let names = (1...12).map { "p\($0)" }
        var (machine, world) = try begun(names, budget: 20)
        var visited = ["p1"]
        while true {
            _ = machine.handle(pending, world)
            guard case .storeNext(let ended, _, let next)? = pollInVain(&machine, &world).last else { break }
            visited.append(next.provider)
            _ = machine.handle(.nextStored(Attempt(number: ended + 1, candidate: next)), world)
        }
        #expect(visited == names)
        #expect(machine.attempt.number == 12)
    }

    @Test("leaves it at the moment when the attempt's time is over between two polls")
    func betweenPolls() throws {
        var (machine, world) = try begun(["a", "b"], budget: 15)
        _ = machine.handle(pending, world)
        world.pass(10)
        _ = machine.handle(.wake, world)
        #expect(machine.handle(.polled(.result(.pending)), world) == [])
        #expect(machine.wakeAt == world.now.adding(seconds: 5))
        world.pass(5)
        let actions = machine.handle(.wake, world)
        #expect(verdicts(actions) == [.tooSlow])
        guard case .storeNext(1, _, let next)? = actions.last else { throw TestError() }
        #expect(next.provider == "b")
    }

    @Test("asks when the next poll is due, when nobody else was there at the end of the attempt's time")
    func nobodyBetweenPolls() throws {
        var (machine, world) = try begun(["a"], budget: 15)
        _ = machine.handle(pending, world)
        world.pass(10)
        _ = machine.handle(.wake, world)
        _ = machine.handle(.polled(.result(.pending)), world)
        world.pass(5)
        #expect(machine.handle(.wake, world) == [])
        #expect(machine.phase == .waiting && machine.wakeAt == world.now.adding(seconds: 5))
        world.pass(5)
        guard case .poll? = machine.handle(.wake, world).first else { throw TestError() }
    }

    @Test("leaves it during a poll that is not answered, and then takes no answer of it any more")
    func duringPoll() throws {
        var (machine, world) = try begun(["a", "b"], budget: 15)
        _ = machine.handle(pending, world)
        world.pass(10)
        _ = machine.handle(.wake, world)
        #expect(machine.wakeAt == world.now.adding(seconds: 5))
        world.pass(5)
        let actions = machine.handle(.wake, world)
        #expect(actions.first == .cancelCall && verdicts(actions) == [.tooSlow])
        guard case .storeNext(1, _, let next)? = actions.last else { throw TestError() }
        #expect(next.provider == "b")
        #expect(machine.handle(.polled(.result(.solved(solution))), world) == [])
    }

    @Test("lets a poll that began at the end of the attempt's time be answered, for a moment")
    func lastAnswer() throws {
        var (machine, world) = try begun(["a", "b"], budget: 10)
        _ = machine.handle(pending, world)
        world.pass(10)
        guard case .poll? = machine.handle(.wake, world).first else { throw TestError() }
        #expect(machine.wakeAt == world.now.adding(seconds: Limits.lastPollSeconds))
        world.pass(1)
        guard case .settle(1, _, .solved)? = machine.handle(.polled(.result(.solved(solution))), world).last else {
            throw TestError()
        }
    }

    @Test("does not hold it against the provider that its turn never came, and loses no attempt by it")
    func neverSent() throws {
        var (machine, world) = try begun(["a", "b"])
        world.now = machine.deadline
        let actions = machine.handle(.wake, world)
        #expect(verdicts(actions) == [.withdrawn])
        guard case .settle(1, let end, .failed)? = actions.last else { throw TestError() }
        #expect(end == .notSent)

        (machine, world) = try begun(["a", "b"])
        machine.handOver(at: world.now)
        world.now = machine.deadline
        let sent = machine.handle(.wake, world)
        #expect(sent.first == .cancelCall && verdicts(sent) == [.tooSlow])
        guard case .settle(1, let lost, .failed)? = sent.last else { throw TestError() }
        #expect(lost == AttemptEnd(.lost, fault: "deadline"))
    }

    @Test("does not count the time in line as time that the provider had")
    func lineIsNoTime() throws {
        var (machine, world) = try begun(["a", "b"])
        world.pass(20)
        machine.handOver(at: world.now)
        #expect(machine.giveUpAt == world.now.adding(seconds: 30))
        machine.handOver(at: machine.deadline)
        #expect(machine.giveUpAt <= machine.deadline)
    }

    @Test("stays where it is when there is nobody else, and calls the provider slow only at the deadline")
    func nobodyElse() throws {
        var (machine, world) = try begun(["a"])
        _ = machine.handle(pending, world)
        #expect(pollInVain(&machine, &world).isEmpty)
        world.now = machine.deadline
        let actions = machine.handle(.wake, world)
        #expect(verdicts(actions) == [.tooSlow])
        guard case .settle(1, let end, .failed)? = actions.last else { throw TestError() }
        #expect(end == AttemptEnd(.lost, fault: "deadline"))
    }

    @Test("does not call it slow when others have used up the time")
    func shortRest() throws {
        for (seconds, kind) in [(5.0, AttemptVerdict.Kind.withdrawn), (40, .tooSlow)] {
            for budget in [30, nil] as [Double?] {
                var (machine, world) = try begun(["a", "b"])
                world.now = machine.deadline.adding(seconds: -seconds)
                _ = machine.handle(.submitted(.fault(Fault(.noFunds), sent: .no)), world)
                world.budget = budget
                _ = machine.handle(.nextStored(Attempt(number: 2, candidate: try candidate("b"))), world)
                _ = machine.handle(pending, world)
                world.now = machine.deadline
                #expect(verdicts(machine.handle(.wake, world)) == [kind], "\(seconds) s, budget \(budget ?? 0)")
            }
        }
    }

    @Test("asks no more after the last poll of the plan, also when the attempt's time is over")
    func lastPoll() throws {
        var (machine, world) = try begun(["a"])
        world.lastPoll = 50
        _ = machine.handle(pending, world)
        for _ in 0..<100 where world.now < machine.deadline {
            world.now = machine.wakeAt
            guard case .poll? = machine.handle(.wake, world).first else { continue }
            #expect(machine.handle(.polled(.result(.pending)), world).isEmpty)
        }
        #expect(world.now == machine.deadline && machine.polls == 5)
    }

    @Test("leaves it too when every question fails")
    func failingPolls() throws {
        var (machine, world) = try begun(["a", "b"])
        _ = machine.handle(pending, world)
        world.pass(31)
        _ = machine.handle(.wake, world)
        let actions = machine.handle(.polled(.fault(Fault(.transport), sent: .maybe)), world)
        #expect(verdicts(actions) == [.tooSlow])
        guard case .storeNext(1, _, let next)? = actions.last else { throw TestError() }
        #expect(next.provider == "b")
    }

    @Test(
        "asks again when a question alone was not answered",
        arguments: [
            Fault.Kind.transport, .protocolError, .overloaded, .rateLimited(.key, retryAfterSeconds: 1),
        ])
    func unanswered(kind: Fault.Kind) throws {
        var (machine, world) = try begun(["a", "b"])
        _ = machine.handle(pending, world)
        world.now = machine.wakeAt
        _ = machine.handle(.wake, world)
        #expect(machine.handle(.polled(.fault(Fault(kind), sent: .maybe)), world) == [])
        #expect(machine.phase == .waiting && machine.attempt.number == 1)
    }

    @Test("tells between which polls the solution came")
    func timing() throws {
        var (machine, world) = try begun(["a"])
        // In line, which is not the provider's time.
        world.pass(7)
        machine.handOver(at: world.now)
        world.pass(2)
        _ = machine.handle(pending, world)
        world.pass(10)
        _ = machine.handle(.wake, world)
        _ = machine.handle(.polled(.result(.pending)), world)
        world.pass(10)
        _ = machine.handle(.wake, world)
        let actions = machine.handle(.polled(.result(.solved(solution))), world)
        let cost = try #require(Money(decimal: "0.1"))
        let verdict = AttemptVerdict(.solved(cost: cost, polled: 10...20), seconds: 22, spent: cost, wasTaken: true)
        #expect(actions.first == .tell(verdict))
    }
}

@Suite("A task's machine and providers that cannot do the task")
struct AgreementTests {
    @Test("goes back to the client when two agree, though a third was not asked")
    func twoAgree() throws {
        var (machine, world) = try begun(["a", "b", "c"])
        guard case .storeNext(1, _, let next)? = machine.handle(unsolvable, world).last else { throw TestError() }
        #expect(next.provider == "b")
        _ = machine.handle(.nextStored(Attempt(number: 2, candidate: next)), world)
        guard case .settle(2, _, .failed(.unsolvable, _))? = machine.handle(unsolvable, world).last else {
            throw TestError()
        }
    }

    @Test("asks the third when the first two say different things")
    func disagreement() throws {
        var (machine, world) = try begun(["a", "b", "c"])
        _ = machine.handle(unsolvable, world)
        _ = machine.handle(.nextStored(Attempt(number: 2, candidate: try candidate("b"))), world)
        let actions = machine.handle(.submitted(.fault(Fault(.unsupportedTask), sent: .maybe)), world)
        guard case .storeNext(2, _, let next)? = actions.last else { throw TestError() }
        #expect(next.provider == "c")
    }

    @Test("tells of each attempt exactly once, whatever comes of it")
    func tellsOnce() throws {
        let events: [TaskMachine.Event] = [
            .submitted(.result(.solved(solution))), .submitted(.fault(Fault(.proxy), sent: .maybe)), unsolvable,
            .submitted(.fault(Fault(.overloaded), sent: .no)), .submitted(.crashed(sent: .maybe)),
            .submitted(.fault(Fault(.noFunds), sent: .no)),
        ]
        for event in events {
            for providers in [["a"], ["a", "b"]] {
                var (machine, world) = try begun(providers)
                var count = verdicts(machine.handle(event, world)).count
                for _ in 0..<20 {
                    // Only what does not begin another attempt.
                    world.now = max(machine.wakeAt == .distantFuture ? machine.deadline : machine.wakeAt, world.now)
                    count += verdicts(machine.handle(.wake, world)).count
                    count += verdicts(machine.handle(.storeFailed, world)).count
                    count += verdicts(machine.handle(event, world)).count
                }
                #expect(count == 1, "\(event) with \(providers)")
            }
        }
    }
}

private struct TestError: Error {}
