import Domain
@testable import Routing
import TestSupport
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
        }
        var wanted = closed(at: begin)
        wanted.putOff(at: begin.adding(seconds: 0.5))
        let later = begin.adding(seconds: Limits.recoveryQuietSeconds)
        _ = wanted.began(at: later)
        #expect(wanted.paces(at: later) != nil)
    }

    /// When a breaker lets tasks through that come so often in a second for so long before it is shut, and after: at
    /// random times, each taken a tenth of a second later, and none waits. The share that passes in each second.
    private func shares(rate: Double, before: Double, after: Double) -> [Double] {
        var random = SeededGenerator(seed: 5)
        var breaker = CircuitBreaker()
        var time = 0.0
        func now() -> Timestamp { start.adding(seconds: time) }
        while time < before {
            time += Double.random(in: 0...2, using: &random) / rate
            breaker.wasTaken(breaker.began(at: now()), at: now())
        }
        for _ in 0..<Limits.breakerFailures { breaker.ended(.unwell, breaker.began(at: now()), at: now()) }
        time += 60
        for _ in 0..<2 { breaker.wasTaken(breaker.began(at: now()), at: now()) }
        let back = time
        var counts = [(passed: Int, came: Int)](repeating: (0, 0), count: Int(after) + 1)
        var underWay: [(at: Double, start: CircuitBreaker.Start)] = []
        while time < back + after {
            time += Double.random(in: 0...2, using: &random) / rate
            while let first = underWay.first, first.at + 0.1 <= time {
                breaker.wasTaken(first.start, at: start.adding(seconds: first.at + 0.1))
                underWay.removeFirst()
            }
            let second = min(Int(time - back), counts.count - 1)
            counts[second].came += 1
            guard breaker.paces(at: now()) == nil else {
                breaker.putOff(at: now())
                continue
            }
            counts[second].passed += 1
            underWay.append((time, breaker.began(at: now())))
        }
        return counts.map { Double($0.passed) / Double(max($0.came, 1)) }
    }

    @Test("has all its tasks again within some seconds, as many as it had before", arguments: [20.0, 150, 1_000])
    func usual(rate: Double) {
        let shares = shares(rate: rate, before: 120, after: 30)
        #expect(shares[0] < 0.9, "they do not come at once: \(shares)")
        #expect(shares[20..<30].allSatisfy { $0 == 1 }, "\(shares)")
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
