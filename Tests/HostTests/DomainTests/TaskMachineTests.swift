import Domain
import ProviderKit
import Testing

/// A world in which the test says what there is.
private struct World: TaskSurroundings {
    var now = Timestamp(milliseconds: 1_000_000)
    var candidates: [Candidate]
    /// When those that are not there now may have a task.
    var later: Timestamp?
    var budget: Double?
    var known: Set<String> = ["a", "b"]
    var margin = Margin.zero

    func knows(_ provider: String) -> Bool { known.contains(provider) }
    func mostPolls(_ provider: String, _ family: TaskFamily) -> Int { 4 }
    func nextPoll(_ provider: String, _ family: TaskFamily, after elapsed: Double?, dither: Double) -> Double {
        elapsed.map { $0 + 3 } ?? 5
    }
    func budget(_ provider: String, _ choice: CandidateChoice, left: Double) -> Double? { budget }
    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket {
        Ticket(id: providerTask, family: family, credential: nil)
    }
    func next(_ choice: CandidateChoice) -> NextCandidate {
        if let best = candidates.first(where: choice.allows) { return .now(best) }
        return later.map { .later($0) } ?? .never
    }
    func cost(_ reported: String, reportedBy provider: String) -> Money? {
        Money(decimal: reported, remainder: .roundedUp)
    }
    func price(of cost: Money) -> Money { margin.price(of: cost) }
}

private func money(_ text: String) throws -> Money { try #require(Money(decimal: text)) }

private func keyed(_ provider: String, _ price: String) throws -> Candidate {
    Candidate(provider: provider, credential: "1", price: try money(price), cost: try money(price))
}

/// A machine whose first attempt is with the first candidate, and the world around it.
private func begun(_ candidates: [Candidate], ceiling: String = "1") throws -> (TaskMachine, World) {
    let world = World(candidates: candidates)
    let accepted = AcceptedTask(
        id: try #require(TaskID(7)), ceiling: try money(ceiling),
        attempt: Attempt(number: 1, candidate: try #require(candidates.first)))
    let machine = TaskMachine(
        accepted: accepted, account: AccountID(1), family: .altcha, deadline: world.now.adding(seconds: 300),
        world)
    return (machine, world)
}

private let solution = Solution(["token": "t"], cost: "0.25")
private let maybe = HTTPFailure.Sent.maybe

@Suite("A task's machine")
struct TaskMachineTests {
    @Test("charges what the provider reports, once, and then takes no further event")
    func solvedAtOnce() throws {
        var (machine, world) = try begun([try keyed("a", "0.5")])
        let actions = machine.act(.submitted(.result(.solved(solution))), world)
        let outcome = TaskOutcome.solved(
            solution: Array(#"{"token":"t"}"#.utf8), price: try money("0.25"), cost: try money("0.25"))
        #expect(actions == [.settle(attempt: 1, AttemptEnd(.solved, reportedCost: try money("0.25")), outcome)])
        #expect(machine.act(.submitted(.result(.solved(solution))), world) == [])
        world.now = machine.deadline
        #expect(machine.act(.wake, world) == [])
    }

    @Test("never charges above its ceiling, though the provider took more")
    func ceilingHolds() throws {
        var (machine, world) = try begun([try keyed("a", "0.1")], ceiling: "0.1")
        guard
            case .settle(_, _, .solved(_, let price, let cost))? =
                machine.act(.submitted(.result(.solved(solution))), world).first
        else { throw TestError() }
        #expect(try price == money("0.1") && cost == money("0.25"))
    }

    @Test(
        "charges what the provider took with the margin, a tenth digit rounded up, and never above its ceiling",
        arguments: [
            ("0", "0.25", "1", "0.25"), ("0.1", "0.25", "1", "0.275"), ("0.1", nil, "1", "0.55"),
            ("0.1", "0.000000001", "1", "0.000000002"), ("0.000000001", "0.000000003", "1", "0.000000004"),
            ("0.1", "0.25", "0.26", "0.26"), ("10", "0.05", "1", "0.55"),
        ] as [(String, String?, String, String)])
    func margin(margin: String, reported: String?, ceiling: String, price: String) throws {
        var (machine, world) = try begun([try keyed("a", "0.5")], ceiling: ceiling)
        world.margin = try #require(Margin(decimal: margin))
        let answer = Solution(["token": "t"], cost: reported)
        let actions = machine.handle(.submitted(.result(.solved(answer))), world)
        let cost = try money(reported ?? "0.5")
        guard case .tell(let verdict)? = actions.first, case .solved(let observed, _) = verdict.kind,
            case .settle(_, let end, .solved(_, let charged, let taken))? = actions.last
        else { throw TestError() }
        #expect(try charged == money(price) && taken == cost)
        #expect(verdict.spent == cost && observed == world.margin.price(of: cost))
        #expect(end.reportedCost == (reported == nil ? nil : cost))
    }

    @Test("tells what a lost attempt may have cost, and nothing for one that cost nothing")
    func spent() throws {
        for (fault, sent, spent) in [
            (Fault(.transport), maybe, "0.5"), (Fault(.transport), .no, "0"), (Fault(.noFunds), maybe, "0"),
            (Fault(.unsolvable(charged: true)), maybe, "0.5"), (Fault(.unsolvable(charged: false)), maybe, "0"),
        ] as [(Fault, HTTPFailure.Sent, String)] {
            var (machine, world) = try begun([try keyed("a", "0.5")])
            guard case .tell(let verdict)? = machine.handle(.submitted(.fault(fault, sent: sent)), world).first else {
                throw TestError()
            }
            #expect(try verdict.spent == money(spent), "\(fault)")
        }
    }

    @Test("charges a provider without keys at its price and books no cost")
    func keylessPrice() throws {
        let free = Candidate(provider: "a", credential: nil, price: try money("0.2"), cost: .zero)
        var (machine, world) = try begun([free])
        let answer = Solution(["token": "t"])
        guard
            case .settle(_, _, .solved(_, let price, let cost))? =
                machine.act(.submitted(.result(.solved(answer))), world).first
        else { throw TestError() }
        #expect(try price == money("0.2") && cost == .zero)
        world.margin = try #require(Margin(decimal: "0.5"))
        (machine, _) = try begun([free])
        guard
            case .settle(_, _, .solved(_, let same, _))? =
                machine.act(.submitted(.result(.solved(answer))), world).first
        else { throw TestError() }
        #expect(same == price, "the operator's price is the client's, without a margin")
    }

    @Test("polls on the provider's plan until the solution is there")
    func polls() throws {
        var (machine, world) = try begun([try keyed("a", "0.5")])
        let stored = machine.act(.submitted(.result(.pending(id: "p1"))), world)
        #expect(stored == [.storePending(attempt: 1, providerTask: "p1")])
        #expect(machine.wakeAt == world.now.adding(seconds: 5))
        #expect(machine.act(.wake, world) == [], "not before its time")
        world.now = world.now.adding(seconds: 5)
        let ticket = Ticket(id: "p1", family: .altcha, credential: nil)
        #expect(machine.act(.wake, world) == [.poll(ticket)])
        #expect(machine.act(.wake, world) == [], "one poll at a time")
        #expect(machine.act(.polled(.result(.pending)), world) == [])
        #expect(machine.wakeAt == world.now.adding(seconds: 3))
        world.now = world.now.adding(seconds: 3)
        #expect(machine.act(.wake, world) == [.poll(ticket)])
        guard case .settle(1, _, .solved)? = machine.act(.polled(.result(.solved(solution))), world).first
        else { throw TestError() }
    }

    @Test("keeps away from an adapter whose process ended twice while it had the task")
    func twoCrashes() throws {
        var (machine, world) = try begun([try keyed("a", "0.5")])
        #expect(machine.act(.submitted(.crashed(sent: .no)), world) == [])
        guard case .pausing(let first, _) = machine.phase else { throw TestError() }
        let next = try keyed("a", "0.5")
        #expect(first.state == .failed)
        world.now = machine.wakeAt
        #expect(machine.act(.wake, world) == [.storeNext(ended: 1, first, next: next)])
        _ = machine.act(.nextStored(Attempt(number: 2, candidate: next)), world)
        world.candidates.append(try keyed("b", "0.9"))
        guard
            case .storeNext(2, let second, let other)? =
                machine.act(.submitted(.crashed(sent: maybe)), world).first
        else { throw TestError() }
        #expect(second.state == .lost && other.provider == "b")
        _ = machine.act(.nextStored(Attempt(number: 3, candidate: other)), world)
        guard
            case .settle(3, _, .failed)? =
                machine.act(.submitted(.fault(Fault(.unsupportedTask), sent: .no)), world).first
        else { throw TestError() }
    }

    @Test("asks again after a crash during a poll; the second one ends the attempt, which may have cost")
    func crashesWhilePolling() throws {
        var (machine, world) = try begun([try keyed("a", "0.5")])
        _ = machine.act(.submitted(.result(.pending(id: "p1"))), world)
        world.now = machine.wakeAt
        _ = machine.act(.wake, world)
        #expect(machine.act(.polled(.crashed(sent: .no)), world) == [])
        #expect(machine.phase == .waiting)
        world.now = machine.wakeAt
        guard case .poll? = machine.act(.wake, world).first else { throw TestError() }
        guard case .settle(1, let end, .failed)? = machine.act(.polled(.crashed(sent: .no)), world).first
        else { throw TestError() }
        #expect(end.state == .lost)
    }

    @Test("keeps asking when a poll alone went wrong, and gives the attempt up after the plan's last poll")
    func pollBudget() throws {
        var (machine, world) = try begun([try keyed("a", "0.5")])
        _ = machine.act(.submitted(.result(.pending(id: "p1"))), world)
        var polls = 0
        var last: [TaskMachine.Action] = []
        while machine.phase == .waiting, polls < 50 {
            world.now = machine.wakeAt
            guard case .poll? = machine.act(.wake, world).first else { break }
            polls += 1
            let answer: AttemptAnswer<PollResult> =
                polls == 2 ? .fault(Fault(.transport), sent: maybe) : .result(.pending)
            last = machine.act(.polled(answer), world)
        }
        #expect(polls == 4)
        #expect(last == [], "the only provider gets the task again after a pause")
        guard case .pausing(let end, _) = machine.phase else { throw TestError() }
        #expect(end.state == .lost, "it may have been charged")
    }

    @Test(
        "goes to the next candidate within the ceiling when a key, a provider or its fit for the task is to blame",
        arguments: [Fault.Kind.noFunds, .protocolError, .unsolvable(charged: false), .overloaded, .badTask(field: nil)])
    func failsOver(kind: Fault.Kind) throws {
        var (machine, world) = try begun([try keyed("a", "0.1"), try keyed("b", "0.2"), try keyed("c", "5")])
        let next = try keyed("b", "0.2")
        let actions = machine.act(.submitted(.fault(Fault(kind), sent: .no)), world)
        #expect(actions == [.storeNext(ended: 1, AttemptEnd(.failed, fault: Fault(kind).label), next: next)])
        #expect(machine.act(.submitted(.result(.solved(solution))), world) == [], "the old attempt's answer is late")
        #expect(machine.act(.nextStored(Attempt(number: 2, candidate: next)), world) == [.submit])
    }

    @Test("goes on when each provider misses another field, and back to the client when two miss the same")
    func missedFields() throws {
        let providers = ["a", "b", "c", "d"]
        var (machine, world) = try begun(try providers.map { try keyed($0, "0.1") })
        for (number, field) in [(1, "rows"), (2, "question")] {
            let fault = Fault(.badTask(field: field), "It needs \(field).")
            let next = try keyed(providers[number], "0.1")
            #expect(
                machine.act(.submitted(.fault(fault, sent: .no)), world)
                    == [.storeNext(ended: number, AttemptEnd(.failed, fault: "badTask"), next: next)])
            #expect(machine.act(.nextStored(Attempt(number: number + 1, candidate: next)), world) == [.submit])
        }
        let again = machine.act(.submitted(.fault(Fault(.badTask(field: "rows"), "Rows?"), sent: .no)), world)
        guard case .settle(3, _, .failed(.badParameters, let detail))? = again.last else { throw TestError() }
        #expect(detail == "task.rows: Rows?")
    }

    @Test("goes back to the client at once when the task itself is to blame")
    func taskToBlame() throws {
        var (machine, world) = try begun([try keyed("a", "0.1"), try keyed("b", "0.2")])
        let actions = machine.act(.submitted(.fault(Fault(.proxy, "It refuses."), sent: maybe)), world)
        #expect(
            actions == [
                .settle(
                    attempt: 1, AttemptEnd(.failed, fault: "proxy"), .failed(code: .badProxy, detail: "It refuses."))
            ])
    }

    @Test("tries a provider that is unwell for the moment again until its deadline, with pauses that grow")
    func momentRetries() throws {
        var (machine, world) = try begun([try keyed("a", "0.1")])
        var pauses: [Double] = []
        for _ in 0..<Limits.attemptsPerTask {
            let actions = machine.act(.submitted(.fault(Fault(.overloaded), sent: .no)), world)
            if case .settle(_, _, .failed(let code, _))? = actions.first {
                #expect(code == .noProviders)
                break
            }
            pauses.append(machine.wakeAt.seconds(since: world.now))
            world.now = machine.wakeAt
            guard case .storeNext(let ended, _, let next)? = machine.act(.wake, world).first else {
                throw TestError()
            }
            #expect(machine.act(.nextStored(Attempt(number: ended + 1, candidate: next)), world) == [.submit])
        }
        #expect(pauses.prefix(5) == [1, 2, 4, 8, 16])
        // From then on there is always room for some more.
        #expect(pauses.dropFirst(5).allSatisfy { (1..<17).contains($0) } && (40...80).contains(pauses.count))
        #expect(machine.deadline.seconds(since: world.now) < 2)
    }

    @Test("fails with its reservation released when its time is over, and says so to the adapter")
    func deadline() throws {
        var (machine, world) = try begun([try keyed("a", "0.1")])
        machine.handOver(at: world.now)
        world.now = machine.deadline
        let actions = machine.act(.wake, world)
        #expect(actions.first == .cancelCall)
        guard case .settle(1, let end, .failed(.unsolvable, _))? = actions.last else { throw TestError() }
        #expect(end.state == .lost, "the provider may still solve it and charge for it")
        #expect(machine.act(.submitted(.result(.solved(solution))), world) == [])
    }

    @Test("waits for the store before anything else while the next attempt is being stored, the deadline included")
    func storingNextComesFirst() throws {
        var (machine, world) = try begun([try keyed("a", "0.1"), try keyed("b", "0.2")])
        _ = machine.act(.submitted(.fault(Fault(.noFunds), sent: .no)), world)
        world.now = machine.deadline.adding(seconds: 1)
        #expect(machine.act(.wake, world) == [])
        let next = Attempt(number: 2, candidate: try keyed("b", "0.2"))
        guard case .settle(2, let end, .failed)? = machine.act(.nextStored(next), world).first else {
            throw TestError()
        }
        #expect(end == AttemptEnd(.failed, fault: "notSent"), "nobody can have charged for it")
    }

    @Test("hands its end to the store again when it could not be stored")
    func settleAgain() throws {
        var (machine, world) = try begun([try keyed("a", "0.5")])
        let settle = machine.act(.submitted(.result(.solved(solution))), world)
        #expect(machine.act(.storeFailed, world) == [])
        #expect(machine.act(.wake, world) == [], "not before its time")
        world.now = machine.wakeAt
        #expect(machine.act(.wake, world) == settle)
    }

    @Test("taken up after a crash, asks for an attempt that the provider had accepted")
    func recoversPending() throws {
        let world = World(candidates: [try keyed("a", "0.5")])
        let pending = Attempt(number: 1, candidate: try keyed("a", "0.5"), state: .pending, providerTask: "p1")
        var machine = try recovered(pending, world)
        #expect(machine.act(.wake, world) == [.poll(Ticket(id: "p1", family: .altcha, credential: nil))])
    }

    @Test("taken up after a crash, counts an attempt of which nothing is known as lost and makes another")
    func recoversSending() throws {
        let world = World(candidates: [try keyed("a", "0.5")])
        var machine = try recovered(Attempt(number: 3, candidate: try keyed("a", "0.5")), world)
        let actions = machine.act(.wake, world)
        #expect(
            actions == [.storeNext(ended: 3, AttemptEnd(.lost, fault: "transport"), next: try keyed("a", "0.5"))])
    }

    @Test("taken up after a crash while it waited for a place, goes on waiting, and nothing is lost")
    func recoversUnsent() throws {
        var world = World(candidates: [try keyed("a", "0.5")])
        let waiting = Attempt(number: 3, candidate: try keyed("a", "0.5"), isUnsent: true)
        var machine = try recovered(waiting, world)
        #expect(machine.act(.wake, world) == [.submit])
        #expect(machine.act(.held(until: world.now.adding(seconds: 5)), world) == [])
        world.now = machine.deadline
        let actions = machine.act(.wake, world)
        guard case .settle(3, let end, .failed)? = actions.last else { throw TestError() }
        #expect(end == AttemptEnd(.failed, fault: "notSent"), "\(actions)")
    }

    @Test("taken up after too many crashes, is failed and released")
    func recoversNoMore() throws {
        let world = World(candidates: [try keyed("a", "0.5")])
        let last = Attempt(number: 20, candidate: try keyed("a", "0.5"))
        let lost = Array(repeating: last.candidate, count: Limits.lostRepeatsPerTask)
        var patient = try recovered(last, world, lost: lost.dropLast())
        guard case .storeNext? = patient.act(.wake, world).first else { throw TestError() }
        var machine = try recovered(last, world, lost: lost)
        guard case .settle(20, _, .failed(.noProviders, _))? = machine.act(.wake, world).first else {
            throw TestError()
        }
        // What was lost elsewhere, once each, does not count.
        let others = try (0..<20).map { try keyed("b\($0)", "0.5") }
        var elsewhere = try recovered(last, world, lost: others + lost.dropLast())
        guard case .storeNext? = elsewhere.act(.wake, world).first else { throw TestError() }
    }

    @Test("taken up after a crash, goes elsewhere when the adapter is gone")
    func recoversWithoutAdapter() throws {
        var world = World(candidates: [try keyed("b", "0.5")])
        world.known = ["b"]
        let pending = Attempt(number: 1, candidate: try keyed("a", "0.5"), state: .pending, providerTask: "p1")
        var machine = try recovered(pending, world)
        guard case .storeNext(1, let end, let next)? = machine.act(.wake, world).first else { throw TestError() }
        #expect(end.state == .lost && next.provider == "b")
    }

    private func recovered(_ attempt: Attempt, _ world: World, lost: [Candidate] = []) throws -> TaskMachine {
        TaskMachine(
            recovered: OpenTask(
                id: try #require(TaskID(7)), account: AccountID(1), family: .altcha, ceiling: try money("1"),
                deadline: world.now.adding(seconds: 100), attempt: attempt, lost: lost), at: world.now)
    }
}

private struct TestError: Error {}
