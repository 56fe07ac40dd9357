import Domain
import TestTraits
import Testing
import TestSupport

@Suite("Observed solve times", .computesLong)
struct SolveTimesTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("The buckets are at most a tenth wide, rise, and hold what falls into them, from 0.05 s to an hour")
    func scale() {
        let edges = SolveTimeScale.edges
        #expect(edges.count == SolveTimeScale.count + 1 && edges[0] == 0 && edges[1] <= 0.05 && edges.last ?? 0 >= 3600)
        for (low, high) in zip(edges.dropFirst(), edges.dropFirst(2)) { #expect(high > low && high / low < 1.1) }
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let seconds = Double.random(in: 0...1, using: &random) * Double(1 << Int.random(in: 0...12, using: &random))
            let bucket = SolveTimeScale.bucket(of: seconds)
            #expect(edges[bucket] <= seconds && seconds < edges[bucket + 1], "\(seconds)")
        }
        for index in 0..<SolveTimeScale.count { #expect(SolveTimeScale.bucket(of: edges[index]) == index) }
        #expect(SolveTimeScale.bucket(of: -3) == 0 && SolveTimeScale.bucket(of: .nan) == 0)
        #expect(SolveTimeScale.bucket(of: .infinity) == SolveTimeScale.count - 1)
    }

    @Test("Exact times give their mean, quantiles and shares")
    func exactTimes() throws {
        var times = SolveTimes()
        for second in 1...100 { times.record(seconds: Double(second), at: start) }
        #expect(abs(try #require(times.mean) - 50.5) < 1)
        #expect(abs(try #require(times.quantile(0.5)) - 50) < 2)
        #expect(abs(try #require(times.quantile(0.9)) - 90) < 3)
        #expect(abs(try #require(times.share(below: 25)) - 0.25) < 0.02)
        #expect(times.share(below: 0) == 0)
        #expect(abs(try #require(times.share(below: 1e6)) - 1) < 1e-9)
        var last = 0.0
        for second in stride(from: 0.0, to: 120, by: 0.37) {
            let share = try #require(times.share(below: second))
            #expect(share >= last)
            last = share
        }
        #expect(abs(times.weight - 100) < 1e-9)
    }

    @Test("Nothing is claimed when nothing is known")
    func nothingKnown() {
        let times = SolveTimes()
        #expect(times.mean == nil && times.quantile(0.5) == nil && times.share(below: 10) == nil && times.weight == 0)
    }

    @Test("An observation counts half after the half-life, and one that comes late no more than if it had come in time")
    func decay() {
        var times = SolveTimes()
        times.record(seconds: 10, at: start)
        #expect(times.weight(at: start) == 1)
        let later = start.adding(seconds: Limits.solveTimeHalfLifeSeconds)
        #expect(abs(times.weight(at: later) - 0.5) < 1e-12)
        times.record(seconds: 20, at: start.adding(seconds: 2.5 * Limits.solveTimeHalfLifeSeconds))
        #expect(abs(times.weight - (1 + 0.17677669529663687)) < 1e-9)
        times.record(seconds: 20, at: start.adding(seconds: 1.5 * Limits.solveTimeHalfLifeSeconds))
        #expect(abs(times.weight - (1.5 + 0.17677669529663687)) < 1e-9)
        times.advance(to: start)
        #expect(abs(times.weight - (1.5 + 0.17677669529663687)) < 1e-9)
    }

    @Test("What two hosts observed, added in either order, is what one host would have observed")
    func merging() throws {
        var random = SeededGenerator(seed: 7)
        var (one, left, right) = (SolveTimes(), SolveTimes(), SolveTimes())
        for index in 0..<400 {
            let now = start.adding(seconds: Double(index) * 40)
            let lower = Double.random(in: 0..<30, using: &random)
            let upper = lower + Double.random(in: 0.1..<9, using: &random)
            let isLeft = Bool.random(using: &random)
            func note(_ times: inout SolveTimes) {
                if index % 17 == 0 {
                    times.record(unfinishedAfter: upper, at: now)
                } else {
                    times.record(after: lower, by: upper, at: now)
                }
            }
            note(&one)
            if isLeft { note(&left) } else { note(&right) }
        }
        let (both, turned) = (left.merging(right), right.merging(left))
        #expect(both.asOf == one.asOf && turned.asOf == one.asOf)
        for merged in [both, turned] {
            #expect(abs(merged.weight - one.weight) < 1e-9)
            for share in [0.1, 0.5, 0.9] {
                let (found, expected) = (try #require(merged.quantile(share)), try #require(one.quantile(share)))
                #expect(abs(found - expected) < 1e-6)
            }
        }
        #expect(left.weight > 10 && right.weight > 10 && left.merging(SolveTimes()) == left)
    }

    @Test("The number of different observations is bounded, and those that count most are kept")
    func bounded() {
        var times = SolveTimes()
        for _ in 0..<50 { times.record(after: 10, by: 12, at: start) }
        let edges = SolveTimeScale.edges
        for lower in 0..<70 {
            for upper in 200..<250 { times.record(after: edges[lower], by: edges[upper], at: start) }
        }
        let most = Double(Limits.solveTimeCells)
        #expect(times.weight >= 50 + most / 2 - 1 && times.weight <= 50 + most)
        // The fifty are among them still: nothing else is that narrow.
        #expect((times.share(below: 12.5) ?? 0) - (times.share(below: 9.5) ?? 0) > 50 / times.weight * 0.9)
    }
}

extension SolveTimes {
    fileprivate func merging(_ other: SolveTimes) -> SolveTimes {
        var merged = self
        merged.merge(other)
        return merged
    }
}
