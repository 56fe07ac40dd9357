import Domain
import Testing

@testable import KeyPool

/// The plan with a clock, and the answers that a test gives.
private struct Run {
    var plan = CheckPlan()
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    let provider = "a"

    static func id(_ number: Int64) -> ProviderKeyID {
        ProviderKeyID(number) ?? { preconditionFailure("Numbers begin at 1.") }()
    }

    mutating func add(_ number: Int64, _ standing: CheckStanding = .pending, _ urgency: CheckUrgency? = .submitted) {
        plan.stands(Run.id(number), at: provider, standing, now)
        if let urgency { plan.ask(Run.id(number), urgency, now) }
    }

    mutating func advance(_ seconds: Double = 0) -> [Int64] {
        now = now.adding(seconds: seconds)
        return plan.advance(now).begin.map(\.number)
    }

    /// Lets time pass in the plan's own steps.
    mutating func begin(within seconds: Double) -> [Int64] {
        let end = now.adding(seconds: seconds)
        var begun = advance()
        while let next = plan.next(after: now), next <= end {
            now = max(next, now)
            begun += plan.advance(now).begin.map(\.number)
        }
        now = end
        return begun
    }

    mutating func answer(_ number: Int64, _ kind: CheckAnswer.Kind, becomes standing: CheckStanding) {
        plan.answered(Run.id(number), CheckAnswer(kind), now)
        plan.stands(Run.id(number), at: provider, standing, now)
    }
}

@Suite("When recycled keys are checked")
struct CheckPlanTests {
    @Test("Checks at one provider begin apart from each other, and so many are under way at most")
    func spacing() {
        var run = Run()
        for number in 1...6 { run.add(Int64(number)) }
        #expect(run.advance() == [1])
        #expect(run.advance(0.2) == [])
        #expect(run.plan.next(after: run.now) == run.now.adding(seconds: 0.05))
        #expect(run.advance(0.05) == [2])
        // Three that are under way could be wrong, all of them.
        #expect(run.begin(within: 100) == [3])
        run.answer(2, .clear, becomes: .active)
        #expect(run.advance() == [4])
    }

    @Test("Providers do not wait for each other")
    func lanes() {
        var run = Run()
        run.add(1)
        run.plan.stands(Run.id(2), at: "b", .pending, run.now)
        #expect(run.advance() == [1, 2])
    }

    @Test("What was submitted comes first, then what was asked for, then what is routine")
    func order() {
        var run = Run()
        for number in 1...3 { run.add(Int64(number), .active, nil) }
        #expect(run.begin(within: 300).count == 3)
        run.add(4, .active, .asked)
        run.add(5)
        var rest: [Int64] = []
        for number in [1, 2, 3] {
            run.answer(Int64(number), .clear, becomes: .active)
            rest += run.begin(within: 0.25)
        }
        #expect(rest == [5, 4])
        run.add(6, .pending, nil)
        run.add(7, .pending, .asked)
        run.plan.ask(Run.id(6), .submitted, run.now)
        #expect(run.begin(within: 0.5) == [6])
        run.answer(5, .clear, becomes: .active)
        #expect(run.begin(within: 0.5) == [7])
    }

    @Test("The fourth wrong key within the time never comes from a check, and the others are told that they wait")
    func guarded() {
        var run = Run()
        for number in 1...5 { run.add(Int64(number)) }
        #expect(run.begin(within: 10) == [1, 2, 3])
        run.answer(1, .refused, becomes: .idle)
        // Two under way and one answer are three.
        #expect(run.begin(within: 10) == [])
        run.answer(2, .clear, becomes: .idle)
        #expect(run.begin(within: 10) == [4])
        run.answer(3, .refused, becomes: .idle)
        run.answer(4, .refused, becomes: .idle)
        #expect(run.plan.isShut("a", run.now))
        #expect(run.plan.next(after: run.now) == run.now)
        let work = run.plan.advance(run.now)
        #expect(work.begin.isEmpty && work.held.map(\.number) == [5])
        #expect(run.plan.advance(run.now).held.isEmpty)
        // The first of the three came twenty seconds before the others.
        #expect(run.plan.next(after: run.now) == run.now.adding(seconds: 600 - 20 + 0.001))
        #expect(run.advance(580) == [])
        #expect(run.advance(0.001) == [5])
    }

    @Test("Wrong answers to tasks count, and only those of the same provider")
    func attempts() {
        var run = Run()
        for _ in 0..<3 { run.plan.wrongKey(at: "b", run.now) }
        run.plan.wrongKey(at: "a", run.now)
        run.plan.wrongKey(at: "a", run.now)
        run.add(1)
        run.add(2)
        #expect(run.begin(within: 60) == [1])
        run.plan.wrongKey(at: "a", run.now)
        run.answer(1, .clear, becomes: .idle)
        #expect(run.begin(within: 500) == [])
        #expect(run.begin(within: 41) == [2])
    }

    @Test("What was unclear is asked about after pauses that double, up to the longest")
    func pauses() {
        #expect([1, 2, 3, 8, 9, 60].map(CheckPlan.pause) == [15, 30, 60, 1920, 3600, 3600])
        var run = Run()
        run.add(1)
        for pause in [15.0, 30, 60] {
            #expect(run.advance() == [1])
            run.answer(1, .unclear, becomes: .pending)
            #expect(run.advance(pause - 0.001) == [])
            run.now = run.now.adding(seconds: 0.001)
        }
        #expect(run.advance() == [1])
        run.answer(1, .clear, becomes: .pending)
        #expect(run.advance(0.25) == [1])
        // After a start a key of which nothing was found out is not asked about at once.
        var again = Run()
        again.plan.stands(Run.id(1), at: "a", .pending, wasUnclear: true, again.now)
        #expect(again.advance(14.9) == [] && again.advance(0.1) == [1])
    }

    @Test("A provider that says until when is left alone until then, with the key or with all keys")
    func rests() {
        var run = Run()
        run.add(1)
        run.add(2)
        #expect(run.begin(within: 1) == [1, 2])
        let until = run.now.adding(seconds: 200)
        run.plan.answered(Run.id(1), CheckAnswer(.unclear, keyRest: until), run.now)
        run.plan.stands(Run.id(1), at: "a", .pending, run.now)
        run.answer(2, .clear, becomes: .idle)
        #expect(run.begin(within: 100) == [])
        run.plan.ask(Run.id(1), .asked, run.now)
        #expect(run.begin(within: 99) == [])
        #expect(run.begin(within: 1) == [1])
        run.plan.answered(Run.id(1), CheckAnswer(.unclear, providerRest: run.now.adding(seconds: 50)), run.now)
        run.add(3)
        run.plan.ask(Run.id(2), .asked, run.now)
        #expect(run.begin(within: 49) == [])
        #expect(run.begin(within: 2) == [3, 2])
    }

    @Test("An active key is looked at every five minutes, an empty one every half hour, a wrong one never")
    func periods() {
        var run = Run()
        run.add(1, .active, nil)
        run.add(2, .depleted, nil)
        run.add(3, .idle, nil)
        var times: [Int64: [Timestamp]] = [:]
        let end = run.now.adding(seconds: 7200)
        while let next = run.plan.next(after: run.now), next <= end {
            run.now = next
            for number in run.plan.advance(next).begin.map(\.number) {
                times[number, default: []].append(next)
                run.answer(number, .clear, becomes: number == 1 ? .active : .depleted)
            }
        }
        #expect(times[1]?.count == 24 && times[2]?.count == 4 && times[3] == nil)
        let gaps = zip(times[1] ?? [], times[1]?.dropFirst() ?? []).map { $1.seconds(since: $0) }
        #expect(gaps.allSatisfy { $0 == 300 }, "\(gaps)")
    }

    @Test("After a start with five hundred keys the syncs are spread over the five minutes")
    func spread() {
        var run = Run()
        for number in 1...500 { run.add(Int64(number), .active, nil) }
        let end = run.now.adding(seconds: 300)
        var perTenSeconds = [Int](repeating: 0, count: 30)
        let start = run.now
        while let next = run.plan.next(after: run.now), next < end {
            run.now = next
            for number in run.plan.advance(next).begin.map(\.number) {
                perTenSeconds[Int(next.seconds(since: start) / 10)] += 1
                run.answer(number, .clear, becomes: .active)
            }
        }
        #expect(perTenSeconds.reduce(0, +) >= 499)
        #expect(perTenSeconds.allSatisfy { (14...20).contains($0) }, "\(perTenSeconds)")
    }

    @Test("A check under way serves whoever asks meanwhile, but for what it may be too old for")
    func afresh() {
        var run = Run()
        run.add(1, .active, .asked)
        #expect(run.advance() == [1])
        run.plan.ask(Run.id(1), .asked, run.now)
        run.answer(1, .clear, becomes: .active)
        #expect(run.advance(1) == [])
        run.plan.ask(Run.id(1), .asked, run.now)
        #expect(run.advance() == [1])
        run.plan.ask(Run.id(1), .asked, afresh: true, run.now)
        run.answer(1, .clear, becomes: .active)
        #expect(run.advance(1) == [1])
    }

    @Test("A key that is gone is not asked about, and the check that it had still counts")
    func removal() {
        var run = Run()
        for number in 1...4 { run.add(Int64(number)) }
        #expect(run.begin(within: 1) == [1, 2, 3])
        run.plan.remove(Run.id(4))
        run.plan.remove(Run.id(1))
        run.plan.ask(Run.id(1), .asked, run.now)
        run.plan.stands(Run.id(1), at: "a", .active, run.now)
        #expect(run.plan.count == 3)
        run.plan.answered(Run.id(1), CheckAnswer(.refused), run.now)
        #expect(run.plan.count == 2)
        run.add(5)
        #expect(run.begin(within: 100) == [])
        run.answer(2, .clear, becomes: .active)
        #expect(run.advance() == [5])
    }

    @Test("A state that changes changes when the key is looked at, and takes nothing from who has asked")
    func otherStanding() {
        var run = Run()
        run.add(1, .active, nil)
        run.plan.stands(Run.id(1), at: "a", .idle, run.now)
        #expect(run.plan.next(after: run.now) == nil)
        run.plan.ask(Run.id(1), .asked, run.now)
        run.plan.stands(Run.id(1), at: "a", .depleted, run.now)
        #expect(run.advance() == [1])
    }
}
