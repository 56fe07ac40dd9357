import Domain
@testable import Routing
import Testing

@Suite("A provider that comes back while tasks wait")
struct RecoveryPaceTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    /// A breaker that two trials have closed at the given time.
    private func closed(at time: Timestamp) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<Limits.breakerFailures { breaker.ended(.unwell, breaker.began(at: start), at: start) }
        for _ in 0..<2 { breaker.wasTaken(breaker.began(at: time), at: time) }
        return breaker
    }

    /// When tasks are let through of which many wait, for so many seconds; each is taken after a tenth of a second if
    /// the provider takes any.
    private func passing(seconds: Double, taking: Bool) -> [Double] {
        let begin = start.adding(seconds: 60)
        var breaker = closed(at: begin)
        var passed: [Double] = []
        var underWay: [(at: Timestamp, start: CircuitBreaker.Start)] = []
        for step in 0..<Int(seconds * 1_000) {
            let now = begin.adding(seconds: Double(step) / 1_000)
            while taking, let first = underWay.first, now.seconds(since: first.at) >= 0.1 {
                breaker.wasTaken(first.start, at: now)
                underWay.removeFirst()
            }
            guard breaker.paces(at: now) == nil else { continue }
            passed.append(Double(step) / 1_000)
            underWay.append((now, breaker.began(isAwaited: true, at: now)))
        }
        return passed
    }

    @Test("gets a few of them at first, and ever more with those that it takes")
    func grows() {
        let passed = passing(seconds: 40, taking: true)
        #expect(passed.count { $0 < 0.1 } == 1)
        #expect((10...64).contains(passed.count { $0 < 1 }))
        let tenth = passed.count { (9..<10).contains($0) }
        #expect((70...100).contains(tenth), "\(tenth)")
        #expect(passed.count { (39..<40).contains($0) } > 2 * tenth)
    }

    @Test("gets no more than at first while it takes none")
    func steady() {
        #expect((70...90).contains(passing(seconds: 10, taking: false).count))
    }

    @Test("gets them as they come when nobody has had to wait for a while, and not before")
    func over() {
        let begin = start.adding(seconds: 60)
        for isAwaited in [true, false] {
            var breaker = closed(at: begin)
            let later = begin.adding(seconds: Limits.recoveryQuietSeconds)
            _ = breaker.began(isAwaited: isAwaited, at: later)
            #expect((breaker.paces(at: later) == nil) == !isAwaited)
            #expect(breaker.heedsTaken == isAwaited)
        }
        var wanted = closed(at: begin)
        wanted.putOff(at: begin.adding(seconds: 0.5))
        let later = begin.adding(seconds: Limits.recoveryQuietSeconds)
        _ = wanted.began(at: later)
        #expect(wanted.paces(at: later) != nil)
    }

    @Test("has no pace when nothing was wrong")
    func health() {
        var breaker = CircuitBreaker()
        for _ in 0..<1_000 {
            #expect(breaker.paces(at: start) == nil)
            breaker.wasTaken(breaker.began(isAwaited: true, at: start), at: start)
        }
        #expect(!breaker.heedsTaken)
    }
}
