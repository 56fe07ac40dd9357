import Domain
@testable import Routing
import TestSupport
import Testing

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    /// One that has just opened.
    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<Limits.breakerFailures {
            _ = breaker.began(at: start)
            breaker.ended(.unwell, nil, at: start)
        }
        return breaker
    }

    private var halfOpenAt: Timestamp { start.adding(seconds: Limits.breakerSeconds) }

    @Test("opens after failures in a row, and not when something worked in between")
    func opens() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 {
            for _ in 1..<Limits.breakerFailures { breaker.ended(.unwell, nil, at: start) }
            breaker.ended(.unknown, nil, at: start)
            #expect(breaker.admission(at: start) == .open)
            breaker.ended(.well, nil, at: start)
        }
        #expect(opened().admission(at: start) == .shut(until: halfOpenAt))
    }

    @Test("lets one task at a time try after a while, then ever more, and closes")
    func recovers() {
        var breaker = opened()
        var underWay = 1
        while breaker.admission(at: halfOpenAt) != .open {
            var trials: [CircuitBreaker.Start] = []
            while breaker.admission(at: halfOpenAt) == .trial {
                let trial = breaker.began(at: halfOpenAt)
                #expect(trial.isTrial)
                trials.append(trial)
            }
            #expect(trials.count == underWay)
            #expect(breaker.admission(at: halfOpenAt) == .full(trying: trials.count))
            // All but one say nothing; the one that worked quadruples the number.
            for trial in trials.dropFirst() { breaker.ended(.unknown, trial, at: halfOpenAt) }
            breaker.ended(.well, trials[0], at: halfOpenAt)
            underWay *= 4
        }
        #expect(underWay == Limits.breakerTrials)
        #expect(breaker.isClosed)
        let after = breaker.began(at: halfOpenAt)
        #expect(!after.isTrial)
    }

    @Test("opens for longer each time a try fails, up to a bound, and for the first time's length after it was closed")
    func grows() {
        var breaker = opened()
        var now = start
        var pauses: [Double] = []
        for _ in 0..<6 {
            guard case .shut(let until) = breaker.admission(at: now) else { break }
            pauses.append(until.seconds(since: now))
            now = until
            let trial = breaker.began(at: now)
            #expect(trial.isTrial)
            breaker.ended(.unwell, trial, at: now)
        }
        #expect(pauses == [2.5, 5, 10, 10, 10, 10])
    }

    /// Tasks that come at random, one in a second for `seconds`, `failing` of them failing at once; how many were let
    /// through.
    private func passing(
        _ breaker: inout CircuitBreaker, failing: Double, seconds: Int, _ seed: UInt64, from time: Timestamp? = nil
    ) -> Int {
        let time = time ?? start
        var random = SeededGenerator(seed: seed)
        var passed = 0
        for second in 0..<seconds {
            let now = time.adding(seconds: Double(second))
            guard breaker.admission(at: now).passes else { continue }
            passed += 1
            let begun = breaker.began(at: now)
            breaker.ended(Double.random(in: 0..<1, using: &random) < failing ? .unwell : .well, begun, at: now)
        }
        return passed
    }

    @Test("leaves a provider that fails a part of its tasks most of them, and one that fails all only trials")
    func partlyFailing() {
        for seed in 1...10 as ClosedRange<UInt64> {
            for (failing, least, most) in [(0.5, 450, 600), (0.7, 250, 600), (1, 40, 70)] {
                var breaker = CircuitBreaker()
                let passed = passing(&breaker, failing: failing, seconds: 600, seed)
                #expect((least...most).contains(passed), "\(passed) at \(failing)")
            }
        }
    }

    @Test("is closed by tasks that are taken where tasks were refused, and not where they were taken and not solved")
    func taken() {
        for wasTaken in [false, true] {
            var breaker = CircuitBreaker()
            for _ in 0..<Limits.breakerFailures {
                breaker.ended(.unwell, breaker.began(at: start), wasTaken: wasTaken, at: start)
            }
            var trials: [CircuitBreaker.Start] = []
            while breaker.admission(at: halfOpenAt) == .trial {
                let trial = breaker.began(at: halfOpenAt)
                breaker.wasTaken(trial, at: halfOpenAt)
                trials.append(trial)
            }
            #expect(breaker.isClosed == !wasTaken && trials.count == (wasTaken ? 1 : 2))
            // That they are solved or not counts once, and not as places that they had.
            for trial in trials { breaker.ended(.unwell, trial, wasTaken: true, at: halfOpenAt) }
            #expect(breaker.isClosed == !wasTaken)
        }
    }

    @Test("is not opened by refusals between which tasks are taken, and is by tasks that are taken and not solved")
    func refusals() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 {
            for _ in 1..<Limits.breakerFailures { breaker.ended(.unwell, breaker.began(at: start), at: start) }
            breaker.wasTaken(breaker.began(at: start), at: start)
            #expect(breaker.isClosed)
        }
        var liar = CircuitBreaker()
        for _ in 0..<Limits.breakerFailures {
            let task = liar.began(at: start)
            #expect(liar.isClosed)
            liar.wasTaken(task, at: start)
            liar.ended(.unwell, task, wasTaken: true, at: start)
        }
        #expect(!liar.isClosed)
    }

    @Test("knows how often tasks are refused, whatever becomes of those that were taken long before")
    func lateSolutions() {
        var breaker = CircuitBreaker()
        var taken: [CircuitBreaker.Start] = []
        for index in 0..<300 {
            // Two of three are refused, and never so many in a row that it would open.
            let task = breaker.began(at: start)
            if index.isMultiple(of: 3) {
                breaker.wasTaken(task, at: start)
                taken.append(task)
            } else {
                breaker.ended(.unwell, task, at: start)
            }
            #expect(breaker.heedsTaken == (index > 0), "else nobody tells it")
        }
        for task in taken { breaker.ended(.well, task, wasTaken: true, at: start) }
        #expect(breaker.heedsTaken)
        for _ in 0..<2 * Limits.breakerFailures { breaker.ended(.unwell, breaker.began(at: start), at: start) }
        #expect(breaker.isClosed)
    }

    @Test("opens as soon as ever, for one that has worked well for a while again")
    func forgives() {
        var breaker = CircuitBreaker()
        _ = passing(&breaker, failing: 0.7, seconds: 300, 3)
        _ = passing(&breaker, failing: 0, seconds: 100, 3, from: start.adding(seconds: 300))
        #expect(breaker.isClosed)
        for _ in 0..<40 { breaker.ended(.well, breaker.began(at: start), at: start) }
        for _ in 0..<Limits.breakerFailures { breaker.ended(.unwell, breaker.began(at: start), at: start) }
        #expect(!breaker.isClosed)
    }

    /// Has tasks fail one after the other as long as any may pass: one that has just been out needs some more of them.
    private func fail(_ breaker: inout CircuitBreaker, at now: Timestamp) {
        for _ in 0..<2 * Limits.breakerFailures where breaker.admission(at: now).passes {
            breaker.ended(.unwell, breaker.began(at: now), at: now)
        }
    }

    @Test("lets fewer try at once when one of them fails, and none when all do, after one was solved")
    func shrinks() {
        var breaker = opened()
        breaker.ended(.well, breaker.began(at: halfOpenAt), at: halfOpenAt)
        let trials = (0..<4).map { _ in breaker.began(at: halfOpenAt) }
        #expect(breaker.admission(at: halfOpenAt) == .full(trying: 4))
        breaker.ended(.unwell, trials[0], at: halfOpenAt)
        #expect(breaker.admission(at: halfOpenAt) == .full(trying: 3), "two may")
        breaker.ended(.unwell, trials[1], at: halfOpenAt)
        #expect(breaker.admission(at: halfOpenAt) == .full(trying: 2), "one may")
        for trial in trials[2...] { breaker.ended(.unwell, trial, at: halfOpenAt) }
        fail(&breaker, at: halfOpenAt)
        #expect(!breaker.admission(at: halfOpenAt).passes)
    }

    @Test("is not moved by tasks that began before it opened")
    func stragglers() {
        var breaker = opened()
        let asOpened = breaker
        for verdict in [CircuitBreaker.Verdict.well, .unwell, .unknown] {
            breaker.ended(verdict, nil, at: start)
            #expect(breaker == asOpened)
        }
        _ = breaker.began(at: halfOpenAt)
        let halfOpen = breaker
        for verdict in [CircuitBreaker.Verdict.well, .unwell, .unknown] {
            breaker.ended(verdict, nil, at: halfOpenAt)
            #expect(breaker == halfOpen)
        }
    }

    @Test(
        "does not count a trial of an earlier time in a later one",
        arguments: [CircuitBreaker.Verdict.well, .unwell, .unknown])
    func lateTrial(verdict: CircuitBreaker.Verdict) throws {
        var breaker = opened()
        let late = breaker.began(at: halfOpenAt)
        let next = halfOpenAt.adding(seconds: Limits.breakerStalledSeconds)
        let second = breaker.began(at: next)
        breaker.ended(.unwell, second, at: next)
        let again = next.adding(seconds: Limits.breakerStalledSeconds)
        let third = breaker.began(at: again)
        #expect(late.isTrial && third != late)
        let halfOpen = breaker
        breaker.ended(verdict, late, at: again)
        #expect(breaker == halfOpen)
        // Nor when it is closed.
        breaker.ended(.well, third, at: again)
        while breaker.admission(at: again) == .trial {
            let trial = breaker.began(at: again)
            breaker.ended(.well, trial, at: again)
        }
        let closed = breaker
        #expect(closed.isClosed)
        for _ in 0..<Limits.breakerFailures { breaker.ended(verdict, late, at: again) }
        #expect(breaker == closed)
    }

    @Test("is not opened again by a trial that began before one that was solved, whichever ends first")
    func hangingTrial() throws {
        for endsFirst in [true, false] {
            var breaker = opened()
            let hanging = breaker.began(at: halfOpenAt)
            let next = halfOpenAt.adding(seconds: Limits.breakerStalledSeconds)
            let second = breaker.began(at: next)
            var order = [(hanging, CircuitBreaker.Verdict.unwell), (second, .well)]
            if !endsFirst { order.reverse() }
            for (start, verdict) in order { breaker.ended(verdict, start, at: next) }
            #expect(breaker.admission(at: next) == .trial)
            // As many may try as if the first had not been.
            var trials: [CircuitBreaker.Start] = []
            while breaker.admission(at: next) == .trial { trials.append(breaker.began(at: next)) }
            #expect(trials.count == 4)
            // Those that began after what was solved are news: and the pause is as if the first had not been.
            for news in trials { breaker.ended(.unwell, news, at: next) }
            fail(&breaker, at: next)
            #expect(breaker.admission(at: next) == .shut(until: next.adding(seconds: Limits.breakerSeconds)))
        }
    }

    @Test("is not opened by tasks that began before it opened, once it is closed again")
    func hangingTasks() {
        var breaker = CircuitBreaker()
        let early = (0..<20).map { _ in breaker.began(at: start) }
        for task in early.prefix(Limits.breakerFailures) { breaker.ended(.unwell, task, at: start) }
        #expect(!breaker.isClosed)
        while !breaker.isClosed {
            let trial = breaker.began(at: halfOpenAt)
            breaker.ended(.well, trial, at: halfOpenAt)
        }
        for task in early.dropFirst(Limits.breakerFailures) { breaker.ended(.unwell, task, at: halfOpenAt) }
        for _ in 0..<Limits.breakerFailures { breaker.ended(.unwell, nil, at: halfOpenAt) }
        #expect(breaker.isClosed, "also by those of a former host")
        fail(&breaker, at: halfOpenAt)
        #expect(!breaker.isClosed)
    }

    @Test("stays open when a trial is solved that began before the one that failed")
    func earlierSuccess() {
        var breaker = opened()
        let first = breaker.began(at: halfOpenAt)
        let next = halfOpenAt.adding(seconds: Limits.breakerStalledSeconds)
        let second = breaker.began(at: next)
        breaker.ended(.unwell, second, at: next)
        let opened = breaker.admission(at: next)
        breaker.ended(.well, first, at: next)
        #expect(breaker.admission(at: next) == opened && !opened.passes)
    }

    @Test("lets another one try when the first stands still")
    func stalledTrial() {
        var breaker = opened()
        _ = breaker.began(at: halfOpenAt)
        let later = halfOpenAt.adding(seconds: Limits.breakerStalledSeconds)
        #expect(breaker.admission(at: later.adding(seconds: -1)) == .full(trying: 1))
        #expect(breaker.admission(at: later) == .trial)
        _ = breaker.began(at: later)
        #expect(breaker.admission(at: later) == .full(trying: 2))
    }

    @Test("always lets something through again, and never more than it says, whatever happens", arguments: 1...20)
    func neverStuck(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var breaker = CircuitBreaker()
        var now = start
        var underWay: [CircuitBreaker.Start] = []
        for _ in 0..<2_000 {
            now = now.adding(seconds: Double.random(in: 0...2, using: &random))
            switch breaker.admission(at: now) {
            case .open, .trial: underWay.append(breaker.began(at: now))
            case .full(let trying):
                #expect(underWay.contains(where: \.isTrial) && trying > 0 && trying <= 2 * Limits.breakerTrials)
            case .shut(let until): #expect(until.seconds(since: now) <= Limits.breakerLongestSeconds)
            }
            if let taken = underWay.randomElement(using: &random), Bool.random(using: &random) {
                breaker.wasTaken(taken, at: now)
            }
            if !underWay.isEmpty, Bool.random(using: &random) {
                let trial = underWay.remove(at: Int.random(in: underWay.indices, using: &random))
                let verdict = [CircuitBreaker.Verdict.well, .unwell, .unknown].randomElement(using: &random)
                breaker.ended(
                    verdict ?? .unknown, trial, wasTaken: Bool.random(using: &random), at: now)
            }
            if let paced = breaker.paces(at: now) {
                #expect(breaker.isClosed && paced.seconds(since: now) <= 1 / Limits.recoveryFirstPace)
            }
        }
        for trial in underWay { breaker.ended(.unknown, trial, at: now) }
        #expect(breaker.admission(at: now.adding(seconds: Limits.breakerStalledSeconds)).passes)
    }
}
