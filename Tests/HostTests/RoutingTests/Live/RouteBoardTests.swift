@testable import Domain
import ProviderKit
@testable import Routing
import Testing

@Suite("The board of providers and keys")
struct RouteBoardTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func board(
        _ offers: [(provider: String, price: String, keys: [String])], tasksPerKey: Int? = nil,
        _ algorithm: RoutingAlgorithm = .published
    ) throws -> RouteBoard {
        let offers = try offers.map { offer in
            let price = try #require(Money(decimal: offer.price))
            return ProviderOffer(
                provider: offer.provider, family: .altcha, price: price, cost: price, credentials: offer.keys,
                tasksPerKey: tasksPerKey)
        }
        return RouteBoard(offers: OfferTable(offers), algorithm: algorithm)
    }

    private let any = CandidateChoice(
        family: .altcha, ceiling: .most, preference: RoutingPreference(speedWeight: 0) ?? .balanced)

    private func next(_ board: RouteBoard, at now: Timestamp) -> String? {
        var board = board
        guard case .now(let candidate) = board.next(any, at: now) else { return nil }
        return [candidate.provider, candidate.credential].compactMap(\.self).joined(separator: "/")
    }

    /// Sends a task to the best candidate and ends it so.
    @discardableResult
    private func run(
        _ board: inout RouteBoard, _ kind: AttemptVerdict.Kind, at now: Timestamp
    ) throws -> Candidate {
        guard case .now(let candidate) = board.next(any, at: now),
            case .granted(let slot) = board.admit(candidate, .altcha, at: now)
        else { throw TestError() }
        board.ended(slot, AttemptVerdict(kind, seconds: 1), at: now)
        return candidate
    }

    private struct TestError: Error {}

    @Test("Keys share the tasks, and none has more than it may")
    func sharesKeys() throws {
        var board = try board([("a", "0.1", ["1", "2", "3"]), ("b", "0.5", ["1"])], tasksPerKey: 2)
        var taken: [String: Int] = [:]
        for _ in 0..<8 {
            let name = try #require(next(board, at: start))
            taken[name, default: 0] += 1
            guard case .now(let candidate) = board.next(any, at: start),
                case .granted = board.admit(candidate, .altcha, at: start)
            else { throw TestError() }
        }
        #expect(taken.filter { $0.key.hasPrefix("a") }.values.reduce(0, +) == 6)
        #expect(taken["b/1"] == 2, "those that did not fit")
        guard case .later(let time) = board.next(any, at: start) else { throw TestError() }
        #expect(time > start && time < start.adding(seconds: 2))
    }

    @Test("A key at its limit refuses a task that was meant for it, and takes one again when another ends")
    func admission() throws {
        var board = try board([("a", "0.1", ["1"])], tasksPerKey: 1)
        guard case .now(let candidate) = board.next(any, at: start),
            case .granted(let slot) = board.admit(candidate, .altcha, at: start),
            case .later = board.admit(candidate, .altcha, at: start)
        else { throw TestError() }
        board.ended(slot, AttemptVerdict(.withdrawn, seconds: nil), at: start)
        guard case .granted = board.admit(candidate, .altcha, at: start) else { throw TestError() }
    }

    @Test("A ranking of a moment ago names no key whose last place was taken since")
    func takenMeanwhile() throws {
        for keys in [["1"], ["1", "2"]] {
            var board = try board([("a", "0.1", keys), ("b", "0.5", ["1"])], tasksPerKey: 1)
            var slots: [AttemptSlot] = []
            for key in keys.indices {
                let best = board.ranking(any, at: start).candidates.first
                #expect(best?.provider == "a", "\(key)")
                guard case .granted(let slot) = board.admit(try #require(best), .altcha, at: start) else {
                    throw TestError()
                }
                slots.append(slot)
            }
            let full = board.ranking(any, at: start)
            #expect(full.candidates.map(\.provider) == ["b", "a"] && full.live == 1)
            #expect(full.route.candidates.last?.filtered == .busy, "the explanation says so too")
            guard case .granted = board.admit(full.candidates[0], .altcha, at: start) else { throw TestError() }
            let none = board.ranking(any, at: start)
            #expect(none.live == 0)
            let ended = try #require(slots.last)
            board.ended(ended, AttemptVerdict(.withdrawn, seconds: nil), at: start)
            let free = board.ranking(any, at: start)
            #expect(free.live == 1 && free.candidates.first?.credential == ended.credential)
        }
    }

    @Test("A place that comes and goes does not bring a new explanation each time")
    func boundedExplanations() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])], tasksPerKey: 1)
        var explanations: Set<ObjectIdentifier> = []
        var kept: [RouteExplanation] = []
        for step in 0..<100 {
            let now = start.adding(seconds: Double(step) * 0.2)
            let ranking = board.ranking(any, at: now)
            guard let best = ranking.candidates.first, case .granted(let slot) = board.admit(best, .altcha, at: now)
            else { throw TestError() }
            let taken = board.ranking(any, at: now)
            for ranking in [ranking, taken] {
                kept.append(ranking.explanation)
                explanations.insert(ObjectIdentifier(ranking.explanation))
            }
            board.ended(slot, AttemptVerdict(.solved(cost: .zero, polled: nil), seconds: 1), at: now)
        }
        #expect(kept.count == 200 && explanations.count <= 4)
    }

    @Test("A silent provider is passed over for a while where others can have the task, until it answers")
    func silent() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])])
        #expect(next(board, at: start) == "a/1")
        _ = board.ranking(any, at: start)
        let until = start.adding(seconds: 10)
        board.distrust("a", until: until, at: start)
        let ranking = board.ranking(any, at: start)
        #expect(ranking.candidates.map(\.provider) == ["b", "a"])
        #expect(ranking.route.candidates.last?.filtered == .silent(until: until))
        #expect(next(board, at: until) == "a/1")
        #expect(next(board, at: start) == "b/1")
        let alone = any.elsewhere(than: "b")
        let forced = board.ranking(alone, at: start)
        #expect(forced.route.chosen == "a", "nobody else can have it")
        board.trust("a")
        let after = board.ranking(any, at: start)
        #expect(after.route.chosen == "a")
    }

    @Test("What comes of an attempt at an adapter that is gone leaves nothing behind")
    func gone() throws {
        var board = try board([("a", "0.1", ["1"])])
        let slot = board.adopt(Candidate(provider: "gone", credential: "1", price: .zero, cost: .zero), .altcha)
        board.ended(slot, AttemptVerdict(.withdrawn, seconds: nil), at: start)
        #expect(board.lanes.isEmpty)
    }

    @Test("A place that was taken before a start counts")
    func adopted() throws {
        var board = try board([("a", "0.1", ["1"])], tasksPerKey: 1)
        let ranking = board.ranking(any, at: start)
        let candidate = try #require(ranking.candidates.first)
        _ = board.adopt(candidate, .altcha)
        guard case .later = board.admit(candidate, .altcha, at: start) else { throw TestError() }
    }

    @Test(
        "A key rests after a fault that blames it, for as long as that asks for, while the provider's others go on",
        arguments: [
            (.rateLimited(.key, retryAfterSeconds: 7), 7), (.rateLimited(.key, retryAfterSeconds: nil), 5),
            (.noFunds, 300), (.invalidKey, 600), (.keyDisabled, 600), (.ipNotAllowed, 300),
            (.banned(.key, untilUnixSeconds: 1_060), 60), (.banned(.key, untilUnixSeconds: nil), 300),
        ] as [(Fault.Kind, Double)])
    func rests(kind: Fault.Kind, seconds: Double) throws {
        var board = try board([("a", "0.1", ["1", "2"])])
        let first = try run(&board, .fault(Fault(kind)), at: start)
        for _ in 0..<4 {
            guard case .now(let other) = board.next(any, at: start) else { throw TestError() }
            #expect(other.credential != first.credential)
        }
        let only = any.without(Candidate(provider: "a", credential: "2", price: .zero, cost: .zero))
        let alone = first.credential == "1" ? only : any
        guard case .later(let until) = board.next(alone, at: start) else { throw TestError() }
        #expect((seconds...seconds + 1).contains(until.seconds(since: start)))
        guard case .now = board.next(alone, at: start.adding(seconds: seconds)) else { throw TestError() }
    }

    @Test("A limit on the provider has all its keys rest")
    func providerRests() throws {
        var board = try board([("a", "0.1", ["1", "2"]), ("b", "0.5", [])])
        try run(&board, .fault(Fault(.rateLimited(.provider, retryAfterSeconds: 30))), at: start)
        #expect(next(board, at: start) == "b")
        #expect(next(board, at: start.adding(seconds: 30))?.hasPrefix("a") == true)
    }

    @Test("The same fault again has a key rest for twice as long, and a success ends that")
    func growingRests() throws {
        var board = try board([("a", "0.1", ["1"])])
        var now = start
        for seconds in [300.0, 600, 1200] {
            try run(&board, .fault(Fault(.noFunds)), at: now)
            #expect(next(board, at: now.adding(seconds: seconds - 1)) == nil)
            now = now.adding(seconds: seconds)
        }
        try run(&board, .solved(cost: .zero, polled: nil), at: now)
        now = now.adding(seconds: 1)
        try run(&board, .fault(Fault(.noFunds)), at: now)
        #expect(next(board, at: now.adding(seconds: 300)) == "a/1")
    }

    @Test("What a key had begun before it came to rest does not end the rest when it is solved")
    func restIsKept() throws {
        for scope in [Fault.Scope.key, .provider] {
            var board = try board([("a", "0.1", ["1"])])
            let ranking = board.ranking(any, at: start)
            guard let candidate = ranking.candidates.first,
                case .granted(let slot) = board.admit(candidate, .altcha, at: start)
            else { throw TestError() }
            try run(&board, .fault(Fault(.rateLimited(scope, retryAfterSeconds: 30))), at: start)
            let solved = AttemptVerdict(.solved(cost: .zero, polled: nil), seconds: 9)
            board.ended(slot, solved, at: start.adding(seconds: 9))
            #expect(next(board, at: start.adding(seconds: 29)) == nil)
            #expect(next(board, at: start.adding(seconds: 30)) == "a/1")
        }
    }

    @Test("What a failure has cost is learnt where the provider charges it", arguments: [true, false])
    func failedCost(charged: Bool) throws {
        var board = try board([("a", "0.1", ["1"])])
        for _ in 0..<50 { try run(&board, .fault(Fault(.unsolvable(charged: charged))), at: start) }
        let cost = board.explain(any, by: .adaptive, at: start).candidates.first?.figures.doubt?.failedCost
        #expect(try abs(#require(cost) - (charged ? 0.1 : 0)) < 0.01)
    }

    @Test("Tasks that hear the same of a key at once count as one")
    func oneStrike() throws {
        var board = try board([("a", "0.1", ["1"])])
        let ranking = board.ranking(any, at: start)
        let candidate = try #require(ranking.candidates.first)
        let slots = (0..<5).compactMap { _ in
            if case .granted(let slot) = board.admit(candidate, .altcha, at: start) { slot } else { nil }
        }
        for slot in slots {
            board.ended(slot, AttemptVerdict(.fault(Fault(.invalidKey)), seconds: 1), at: start)
        }
        #expect(slots.count == 5)
        // Its rest is over as soon as five answers count no more that a key is wrong.
        #expect(next(board, at: start.adding(seconds: 601)) == "a/1")
    }

    @Test("A provider that fails one task after the other is passed over, and tried with one task at a time")
    func breaks() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])])
        for _ in 0..<3 { try run(&board, .fault(Fault(.transport)), at: start) }
        #expect(next(board, at: start) == "b/1")
        let later = start.adding(seconds: Limits.breakerSeconds)
        guard case .now(let candidate) = board.next(any, at: later), candidate.provider == "a",
            case .granted(let trial) = board.admit(candidate, .altcha, at: later),
            case .later = board.admit(candidate, .altcha, at: later)
        else { throw TestError() }
        #expect(next(board, at: later) == "b/1", "while it is tried")
        board.ended(trial, AttemptVerdict(.solved(cost: .zero, polled: nil), seconds: 1), at: later)
        #expect(next(board, at: later) == "a/1")
    }

    @Test("An outage, once noticed, does not count against how reliable a provider is; its first failures do")
    func outageIsNoStatistic() throws {
        var board = try board([("a", "0.1", ["1"])])
        for _ in 0..<20 { try run(&board, .solved(cost: .zero, polled: nil), at: start) }
        let candidate = Candidate(provider: "a", credential: "1", price: .zero, cost: .zero)
        var underWay: [AttemptSlot] = []
        for _ in 0..<10 {
            if case .granted(let slot) = board.admit(candidate, .altcha, at: start) { underWay.append(slot) }
        }
        #expect(underWay.count == 10)
        for _ in 0..<3 { try run(&board, .fault(Fault(.transport)), at: start) }
        let noticed = board.ranked(any, at: start).route.candidates.first?.figures.successRate
        for slot in underWay { board.ended(slot, AttemptVerdict(.tooSlow, seconds: 60), at: start) }
        let later = start.adding(seconds: Limits.breakerSeconds)
        try run(&board, .fault(Fault(.transport)), at: later)
        let after = board.ranked(any, at: start).route.candidates.first?.figures.successRate
        #expect(try #require(noticed) < 95 && after == noticed)
    }

    @Test("The ranking that new tasks get follows at once when a provider is passed over or comes back")
    func freshRanking() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])])
        let before = board.ranking(any, at: start)
        #expect(before.route.chosen == "a")
        for _ in 0..<3 { try run(&board, .tooSlow, at: start) }
        let ranking = board.ranking(any, at: start)
        #expect(ranking.route.chosen == "b" && ranking.live == 1)
        #expect(ranking.candidates.map(\.provider) == ["b", "a"], "the other may have to do if b fails")
        #expect(ranking.route.candidates.last?.filtered == .breakerOpen(until: start.adding(seconds: 2.5)))
    }

    @Test("What is not the provider's doing does not have it passed over")
    func innocent() throws {
        let kinds: [AttemptVerdict.Kind] = [
            .crashed, .withdrawn, .fault(Fault(.unsolvable(charged: nil))), .fault(Fault(.badTask(field: nil))),
            .fault(Fault(.proxy)), .fault(Fault(.unsupportedTask)),
        ]
        for kind in kinds {
            var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])])
            for _ in 0..<10 { try run(&board, kind, at: start) }
            #expect(next(board, at: start) == "a/1", "\(kind)")
        }
    }

    @Test("Tasks whose choice comes out the same way share an explanation for a while, and others do not")
    func sharedExplanations() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])], .adaptive)
        let first = board.ranking(any, at: start).explanation
        try run(&board, .solved(cost: .zero, polled: nil), at: start)
        let second = board.ranking(any, at: start.adding(seconds: 20)).explanation
        #expect(second === first)
        let third = board.ranking(any, at: start.adding(seconds: 31)).explanation
        #expect(third !== first)
        let before = board.ranking(any, at: start.adding(seconds: 32)).explanation
        for _ in 0..<3 { try run(&board, .tooSlow, at: start.adding(seconds: 32)) }
        let after = board.ranking(any, at: start.adding(seconds: 32)).explanation
        #expect(after !== before)
    }

    @Test("An explanation is not shared when the same are passed over for another reason")
    func reasons() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"])], .adaptive)
        for _ in 0..<3 { try run(&board, .fault(Fault(.transport)), at: start) }
        let broken = board.ranking(any, at: start).explanation
        let later = start.adding(seconds: Limits.breakerSeconds)
        guard case .now(let candidate) = board.next(any, at: later),
            case .granted(let trial) = board.admit(candidate, .altcha, at: later)
        else { throw TestError() }
        let probed = board.ranking(any, at: later).explanation
        #expect(probed !== broken)
        let limit = Fault(.rateLimited(.key, retryAfterSeconds: 20))
        board.ended(trial, AttemptVerdict(.fault(limit), seconds: 1), at: later)
        let resting = board.ranking(any, at: later).explanation
        #expect(resting !== probed && resting !== broken)
        #expect(board.ranking(any, at: later.adding(seconds: 1)).explanation === resting)
    }

    @Test("Nobody is left, when the choice allows nobody")
    func never() throws {
        var board = try board([("a", "0.1", ["1"])])
        let nobody = board.next(any.elsewhere(than: "a"), at: start)
        #expect(nobody == .never)
        let nothing = board.next(CandidateChoice(family: .turnstile, ceiling: .most), at: start)
        #expect(nothing == .never)
    }

    @Test("An attempt's budget leaves each other provider its share, and is none when there is no other")
    func budget() throws {
        var board = try board([("a", "0.1", ["1"]), ("b", "0.5", ["1"]), ("c", "0.5", ["1"])])
        let others = any.elsewhere(than: "a")
        let guessed = board.budget("a", others, left: 300, at: start)
        let unknown = try #require(guessed)
        #expect(unknown <= 101 && unknown > 45)
        for _ in 0..<20 { try run(&board, .solved(cost: .zero, polled: nil), at: start) }
        let learned = board.budget("a", others, left: 300, at: start)
        let known = try #require(learned)
        #expect(known < 20, "it takes a second")
        let alone = board.budget("a", others.elsewhere(than: "b").elsewhere(than: "c"), left: 300, at: start)
        #expect(alone == nil)
    }

    @Test("Who is shut for a moment has a share of the time too, and who is beyond the deadline has none")
    func budgetBesideShutOnes() throws {
        for (kind, shares) in [
            (AttemptVerdict.Kind.fault(Fault(.transport)), 3.0), (.fault(Fault(.noFunds)), 2),
        ] {
            var board = try board([("b", "0.1", ["1"]), ("c", "0.2", ["1"]), ("a", "0.5", ["1"])])
            let others = any.elsewhere(than: "a")
            let only = others.elsewhere(than: "c")
            guard case .now(let candidate) = board.next(only, at: start) else { throw TestError() }
            for _ in 0..<3 {
                guard case .granted(let slot) = board.admit(candidate, .altcha, at: start) else { break }
                board.ended(slot, AttemptVerdict(kind, seconds: 1), at: start)
            }
            guard case .later = board.next(only, at: start) else { throw TestError() }
            let budget = board.budget("a", others, left: 200, at: start)
            #expect(budget == 200 / shares)
            // One that nobody but such a one could follow has no end at all; else an end is no harm.
            let alone = board.budget("a", only, left: 200, at: start)
            #expect(alone == (shares == 3 ? 100 : 101.25))
        }
    }
}
