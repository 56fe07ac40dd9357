import Domain
import ProviderKit
import Testing

/// A world in which the test says what there is; the candidates are in the order of preference.
private struct World: TaskSurroundings {
    var now = Timestamp(milliseconds: 1_000_000)
    var candidates: [Candidate]
    /// When those that are not there now may have a task.
    var later: Timestamp?
    var budget: Double?

    func knows(_ provider: String) -> Bool { candidates.contains { $0.provider == provider } }
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
    func cost(_ reported: String, reportedBy provider: String) -> Money? { nil }
    func price(of cost: Money) -> Money { cost }
}

private struct TestError: Error {}

/// A provider and one of its keys at 0.1 USD; `a` without a key needs none.
private func candidate(_ name: String) throws -> Candidate {
    let parts = name.split(separator: "/").map(String.init)
    let price = try #require(Money(decimal: "0.1"))
    return Candidate(
        provider: parts[0], credential: parts.count > 1 ? parts[1] : nil, price: price,
        cost: parts.count > 1 ? price : .zero)
}

/// A task that is being submitted to the first of the candidates, and a log of where it goes.
private struct Trial {
    var machine: TaskMachine
    var world: World
    var visited: [String]

    init(_ names: [String], forcedProvider: String? = nil, candidates: [String]? = nil) throws {
        world = World(candidates: try (candidates ?? names).map(candidate))
        let accepted = AcceptedTask(
            id: try #require(TaskID(7)), ceiling: try #require(Money(decimal: "1")),
            attempt: Attempt(number: 1, candidate: try candidate(names[0])))
        machine = TaskMachine(
            accepted: accepted, account: AccountID(1), family: .altcha, forcedProvider: forcedProvider,
            deadline: world.now.adding(seconds: 1000), world)
        visited = [names[0]]
    }

    /// Answers the submit with a fault and follows the task to its next attempt, over a pause if there is one.
    ///
    /// - Returns: the error that it fails with, if it does.
    mutating func fail(_ kind: Fault.Kind, sent: HTTPFailure.Sent = .no) throws -> ErrorCode? {
        try follow(machine.act(.submitted(.fault(Fault(kind), sent: sent)), world))
    }

    mutating func follow(_ actions: [TaskMachine.Action]) throws -> ErrorCode? {
        switch actions.first {
        case .settle(_, _, .failed(let code, _)): return code
        case .storeNext(let ended, _, let next):
            visited.append([next.provider, next.credential].compactMap(\.self).joined(separator: "/"))
            let stored = machine.act(.nextStored(Attempt(number: ended + 1, candidate: next)), world)
            guard stored == [.submit] else { throw TestError() }
            return nil
        case nil:
            guard case .pausing = machine.phase else { throw TestError() }
            world.now = machine.wakeAt
            return try follow(machine.act(.wake, world))
        default: throw TestError()
        }
    }
}

@Suite("A task's machine and the keys of a provider")
struct TaskMachineKeyTests {
    @Test(
        "goes on with the provider's next key when a key is to blame, and then with other providers",
        arguments: [
            Fault.Kind.invalidKey, .keyDisabled, .noFunds, .ipNotAllowed, .banned(.key, untilUnixSeconds: nil),
        ])
    func nextKey(kind: Fault.Kind) throws {
        var trial = try Trial(["a/1", "a/2", "b/1", "a/3"])
        for _ in 0..<3 { #expect(try trial.fail(kind) == nil) }
        #expect(trial.visited == ["a/1", "a/2", "a/3", "b/1"])
        #expect(try trial.fail(kind) == .noProviders)
    }

    @Test("stays with a dearer provider's keys rather than going back to one that was passed over for a moment")
    func staysWithTheProvider() throws {
        var trial = try Trial(["a/1", "b/1", "b/2"])
        #expect(try trial.fail(.overloaded) == nil)
        #expect(try trial.fail(.noFunds) == nil)
        #expect(trial.visited == ["a/1", "b/1", "b/2"])
        #expect(try trial.fail(.noFunds) == nil)
        #expect(trial.visited.last == "a/1", "which the moment alone was to blame for")
    }

    @Test("does not try a key again that was to blame, also after a pause")
    func keyStaysOut() throws {
        var trial = try Trial(["a/1", "a/2"])
        #expect(try trial.fail(.noFunds) == nil)
        for _ in 0..<3 { #expect(try trial.fail(.overloaded) == nil) }
        #expect(trial.visited == ["a/1", "a/2", "a/2", "a/2", "a/2"])
    }

    @Test(
        "leaves all keys of a provider alone when the provider is to blame, or does not suit the task",
        arguments: [
            Fault.Kind.banned(.provider, untilUnixSeconds: nil), .unsupportedTask, .unsolvable(charged: false),
            .badTask(field: nil),
        ])
    func providerToBlame(kind: Fault.Kind) throws {
        var trial = try Trial(["a/1", "a/2", "b/1", "b/2"])
        #expect(try trial.fail(kind) == nil)
        #expect(trial.visited == ["a/1", "b/1"])
        #expect(try trial.fail(kind) != nil)
    }

    @Test("goes through all keys when each is at its limit of calls, and then waits for as long as the last has asked")
    func limitedKeys() throws {
        var trial = try Trial(["a/1", "a/2", "b/1"])
        for _ in 0..<2 { #expect(try trial.fail(.rateLimited(.key, retryAfterSeconds: 9)) == nil) }
        #expect(trial.visited == ["a/1", "a/2", "b/1"])
        let before = trial.world.now
        // By now it is known that the others rest.
        let all = trial.world.candidates
        trial.world.candidates = [try candidate("b/1")]
        trial.world.later = before.adding(seconds: 9)
        let limit = Fault(.rateLimited(.key, retryAfterSeconds: 9))
        #expect(trial.machine.act(.submitted(.fault(limit, sent: .no)), trial.world) == [])
        trial.world.now = trial.machine.wakeAt
        trial.world.candidates = all
        #expect(try trial.follow(trial.machine.act(.wake, trial.world)) == nil)
        #expect(trial.visited == ["a/1", "a/2", "b/1", "a/1"])
        #expect(trial.world.now == before.adding(seconds: 9))
    }

    @Test(
        "waits for another provider that is away for a moment, though the limit at this one lasts beyond the deadline",
        arguments: [Fault.Scope.key, .provider])
    func limitAndMoment(scope: Fault.Scope) throws {
        var trial = try Trial(["a/1", "b/1"])
        trial.world.candidates = [try candidate("a/1")]
        trial.world.later = trial.world.now.adding(seconds: 4)
        let fault = Fault(.rateLimited(scope, retryAfterSeconds: 5_000))
        #expect(trial.machine.act(.submitted(.fault(fault, sent: .no)), trial.world) == [])
        #expect(trial.machine.wakeAt == trial.world.now.adding(seconds: 4))
        trial.world.now = trial.machine.wakeAt
        trial.world.candidates = [try candidate("b/1")]
        #expect(try trial.follow(trial.machine.act(.wake, trial.world)) == nil)
        #expect(trial.visited == ["a/1", "b/1"])
    }

    @Test("finds the one key that works among many that don't")
    func manyKeys() throws {
        var trial = try Trial((1...100).map { "a/\($0)" } + ["b/1"])
        for _ in 1...100 { #expect(try trial.fail(.noFunds) == nil) }
        #expect(trial.visited.last == "b/1")
        #expect(try trial.fail(.noFunds) == .noProviders)
    }

    @Test("keeps within its attempts however many keys there are")
    func budget() throws {
        var trial = try Trial((1...Limits.attemptsPerTask + 10).map { "a/\($0)" })
        var attempts = 1
        while try trial.fail(.noFunds) == nil { attempts += 1 }
        #expect(attempts == Limits.attemptsPerTask)
    }

    @Test("tries every provider once though the answer of each is lost, and only coming back is bounded")
    func everyAnswerLost() throws {
        let names = (1...12).map { "p\($0)/1" }
        var trial = try Trial(names)
        while try trial.fail(.transport, sent: .maybe) == nil {}
        #expect(Array(trial.visited.prefix(12)) == names)
        #expect(trial.visited.count == 12 + Limits.lostRepeatsPerTask)
    }

    @Test("loses no attempts without end to one that it moves back to whenever the others have no place")
    func lostAgainAndAgain() throws {
        let a = try candidate("a/1"), b = try candidate("b/1")
        var trial = try Trial(["a/1", "b/1"])
        var lost = 1
        while try trial.fail(.transport, sent: .maybe) == nil, lost < 100 {
            #expect(trial.visited.last == "b/1")
            trial.world.candidates = [a]
            let until = trial.world.now.adding(seconds: 9)
            let actions = trial.machine.act(.held(until: until), trial.world)
            // One that it has not been to may still have it, and only that one.
            guard trial.machine.phase != .holding else { break }
            #expect(try trial.follow(actions) == nil)
            #expect(trial.visited.last == "a/1")
            trial.world.candidates = [b]
            lost += 1
        }
        #expect(trial.machine.phase == .holding)
        #expect(lost == 1 + Limits.lostRepeatsPerTask)
    }

    @Test("passes over keys that cost more than the ceiling")
    func ceiling() throws {
        var trial = try Trial(["a/1", "a/2"])
        trial.world.candidates[1].price = try #require(Money(decimal: "2"))
        #expect(try trial.fail(.noFunds) == .noProviders)
    }

    @Test("goes elsewhere when a provider without keys blames one")
    func keyless() throws {
        var trial = try Trial(["a", "b/1"])
        #expect(try trial.fail(.invalidKey) == nil)
        #expect(trial.visited == ["a", "b/1"])
        #expect(try trial.fail(.invalidKey) == .noProviders)
    }
}

@Suite("A task's machine that is forced to one provider")
struct ForcedProviderTests {
    @Test(
        "never leaves it, whatever goes wrong",
        arguments: [
            Fault.Kind.noFunds, .unsolvable(charged: false), .unsupportedTask, .badTask(field: nil),
            .banned(.provider, untilUnixSeconds: nil),
        ])
    func stays(kind: Fault.Kind) throws {
        var trial = try Trial(["b/1"], forcedProvider: "b", candidates: ["a/1", "b/1", "c/1"])
        #expect(try trial.fail(kind) == ClientError(Fault(kind)).code)
        #expect(trial.visited == ["b/1"])
    }

    @Test("tries its other keys")
    func keys() throws {
        var trial = try Trial(["b/1"], forcedProvider: "b", candidates: ["a/1", "b/1", "b/2", "c/1"])
        #expect(try trial.fail(.noFunds) == nil)
        #expect(try trial.fail(.noFunds) == .noProviders)
        #expect(trial.visited == ["b/1", "b/2"])
    }

    @Test(
        "waits for it while it is unwell for a moment", arguments: [Fault.Kind.overloaded, .protocolError, .transport])
    func waits(kind: Fault.Kind) throws {
        var trial = try Trial(["b/1"], forcedProvider: "b", candidates: ["a/1", "b/1"])
        for _ in 0..<3 { #expect(try trial.fail(kind) == nil) }
        #expect(trial.visited == ["b/1", "b/1", "b/1", "b/1"])
    }

    @Test("taken up after a crash, is still forced: it goes there again, or fails when the provider is gone")
    func recovered() throws {
        for (names, expected) in [(["a/1", "b/1"], "b"), (["a/1"], nil)] as [([String], String?)] {
            let world = World(candidates: try names.map(candidate))
            var machine = TaskMachine(
                recovered: OpenTask(
                    id: try #require(TaskID(7)), account: AccountID(1), family: .altcha,
                    ceiling: try #require(Money(decimal: "1")), forcedProvider: "b",
                    deadline: world.now.adding(seconds: 100),
                    attempt: Attempt(number: 1, candidate: try candidate("b/1"))), at: world.now)
            switch machine.act(.wake, world).first {
            case .storeNext(1, _, let next): #expect(next.provider == expected)
            case .settle(1, let end, .failed(.noProviders, _)): #expect(expected == nil && end.state == .lost)
            default: throw TestError()
            }
        }
    }
}
