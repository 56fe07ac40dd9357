import Domain
import Routing
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
            breaker.ended(.unwell, trial: nil, at: start)
        }
        return breaker
    }

    private var halfOpenAt: Timestamp { start.adding(seconds: Limits.breakerSeconds) }

    @Test("opens after failures in a row, and not when something worked in between")
    func opens() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 {
            for _ in 1..<Limits.breakerFailures { breaker.ended(.unwell, trial: nil, at: start) }
            breaker.ended(.unknown, trial: nil, at: start)
            #expect(breaker.admission(at: start) == .open)
            breaker.ended(.well, trial: nil, at: start)
        }
        #expect(opened().admission(at: start) == .shut(until: halfOpenAt))
    }

    @Test("lets one task at a time try after a while, then ever more, and closes")
    func recovers() {
        var breaker = opened()
        var underWay = 1
        while breaker.admission(at: halfOpenAt) != .open {
            var trials: [CircuitBreaker.Trial?] = []
            while breaker.admission(at: halfOpenAt) == .trial {
                let trial = breaker.began(at: halfOpenAt)
                #expect(trial != nil)
                trials.append(trial)
            }
            #expect(trials.count == underWay)
            #expect(breaker.admission(at: halfOpenAt) == .full(trying: trials.count))
            // All but one say nothing; the one that worked quadruples the number.
            for trial in trials.dropFirst() { breaker.ended(.unknown, trial: trial, at: halfOpenAt) }
            breaker.ended(.well, trial: trials[0], at: halfOpenAt)
            underWay *= 4
        }
        #expect(underWay == Limits.breakerTrials)
        #expect(breaker.isClosed)
        let after = breaker.began(at: halfOpenAt)
        #expect(after == nil)
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
            #expect(trial != nil)
            breaker.ended(.unwell, trial: trial, at: now)
        }
        #expect(pauses == [2.5, 5, 10, 20, 20, 20])
    }

    @Test("is not moved by tasks that began before it opened")
    func stragglers() {
        var breaker = opened()
        let asOpened = breaker
        for verdict in [CircuitBreaker.Verdict.well, .unwell, .unknown] {
            breaker.ended(verdict, trial: nil, at: start)
            #expect(breaker == asOpened)
        }
        _ = breaker.began(at: halfOpenAt)
        let halfOpen = breaker
        for verdict in [CircuitBreaker.Verdict.well, .unwell, .unknown] {
            breaker.ended(verdict, trial: nil, at: halfOpenAt)
            #expect(breaker == halfOpen)
        }
    }

    @Test(
        "does not count a trial of an earlier time in a later one",
        arguments: [CircuitBreaker.Verdict.well, .unwell, .unknown])
    func lateTrial(verdict: CircuitBreaker.Verdict) throws {
        var breaker = opened()
        let late = breaker.began(at: halfOpenAt)
        let next = halfOpenAt.adding(seconds: Limits.breakerLongestSeconds)
        let second = breaker.began(at: next)
        breaker.ended(.unwell, trial: second, at: next)
        let again = next.adding(seconds: Limits.breakerLongestSeconds)
        let third = breaker.began(at: again)
        #expect(late != nil && third != late)
        let halfOpen = breaker
        breaker.ended(verdict, trial: late, at: again)
        #expect(breaker == halfOpen)
        // Nor when it is closed.
        breaker.ended(.well, trial: third, at: again)
        while breaker.admission(at: again) == .trial {
            let trial = breaker.began(at: again)
            breaker.ended(.well, trial: trial, at: again)
        }
        let closed = breaker
        #expect(closed.isClosed)
        for _ in 0..<Limits.breakerFailures { breaker.ended(verdict, trial: late, at: again) }
        #expect(breaker == closed)
    }

    @Test("lets another one try when the first stands still")
    func stalledTrial() {
        var breaker = opened()
        _ = breaker.began(at: halfOpenAt)
        let later = halfOpenAt.adding(seconds: Limits.breakerLongestSeconds)
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
        var underWay: [CircuitBreaker.Trial?] = []
        for _ in 0..<2_000 {
            now = now.adding(seconds: Double.random(in: 0...2, using: &random))
            switch breaker.admission(at: now) {
            case .open, .trial: underWay.append(breaker.began(at: now))
            case .full(let trying):
                #expect(underWay.contains { $0 != nil } && trying > 0 && trying <= 2 * Limits.breakerTrials)
            case .shut(let until): #expect(until.seconds(since: now) <= Limits.breakerLongestSeconds)
            }
            if !underWay.isEmpty, Bool.random(using: &random) {
                let trial = underWay.remove(at: Int.random(in: underWay.indices, using: &random))
                let verdict = [CircuitBreaker.Verdict.well, .unwell, .unknown].randomElement(using: &random)
                breaker.ended(verdict ?? .unknown, trial: trial, at: now)
            }
        }
        for trial in underWay { breaker.ended(.unknown, trial: trial, at: now) }
        #expect(breaker.admission(at: now.adding(seconds: Limits.breakerLongestSeconds)).passes)
    }
}
