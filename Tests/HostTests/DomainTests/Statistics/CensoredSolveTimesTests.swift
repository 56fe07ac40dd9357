import Domain
import TestTraits
import Testing
import TestSupport

@Suite("Solve times that are known between two polls", .computesLong)
struct CensoredSolveTimesTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("A single interval is spread evenly over it, and no further")
    func evenly() throws {
        var times = SolveTimes()
        for _ in 0..<200 { times.record(after: 10, by: 20, at: now) }
        #expect(try #require(times.share(below: 9.5)) < 0.05)
        // Between evenly by time, which is a half, and evenly by ratio, which is 0.585.
        #expect(abs(try #require(times.share(below: 15)) - 0.54) < 0.06)
        #expect(try #require(times.share(below: 21)) > 0.95)
        #expect(abs(try #require(times.mean) - 15) < 1)
    }

    @Test(
        "Observations that say more decide about those that say less, whichever came first", arguments: [true, false])
    func finerDecide(coarseFirst: Bool) throws {
        var times = SolveTimes()
        func coarse() { for _ in 0..<300 { times.record(after: 0, by: 10, at: now) } }
        func fine() { for _ in 0..<30 { times.record(after: 8, by: 10, at: now) } }
        if coarseFirst { coarse() }
        fine()
        if !coarseFirst { coarse() }
        // Of those that were asked for at 8 s none was ready. Spread evenly, six in ten of all would be by 7 s.
        #expect(try #require(times.share(below: 7)) < 0.05)
        #expect(try #require(times.quantile(0.5)) > 8)
    }

    @Test("Polls at random moments show the true distribution, however far apart they are")
    func trueDistribution() throws {
        var random = SeededGenerator(seed: 3)
        var times = SolveTimes()
        for _ in 0..<5_000 {
            // Two peaks: 8 to 10 s, and 20 to 30 s.
            let isFirst = Double.random(in: 0..<1, using: &random) < 0.6
            let solved = Double.random(in: isFirst ? 8..<10 : 20..<30, using: &random)
            var last = 0.0
            var poll = Double.random(in: 3..<13, using: &random)
            while poll < solved { (last, poll) = (poll, poll + 10) }
            times.record(after: last, by: poll, at: now)
        }
        let distribution = times.distribution
        for (seconds, share) in [(7.5, 0.0), (9.0, 0.3), (10.5, 0.6), (19.0, 0.6), (25.0, 0.8), (31.0, 1.0)] {
            let found = try #require(distribution.share(below: seconds))
            #expect(abs(found - share) < 0.05, "\(seconds): \(found)")
        }
    }

    @Test("An attempt that was given up counts as one that takes longer, as long as others show that it goes on")
    func givenUp() throws {
        var times = SolveTimes()
        for _ in 0..<50 { times.record(seconds: 10, at: now) }
        for _ in 0..<50 { times.record(unfinishedAfter: 100, at: now) }
        #expect(abs(try #require(times.share(below: 99)) - 0.5) < 0.05)
        #expect(try #require(times.quantile(0.9)) > 99)
        // Given up before the others were solved: they would have taken as long as those.
        var early = SolveTimes()
        for _ in 0..<50 { early.record(unfinishedAfter: 5, at: now) }
        for _ in 0..<50 { early.record(seconds: 10, at: now) }
        for _ in 0..<50 { early.record(seconds: 20, at: now) }
        #expect(try #require(early.share(below: 9)) < 0.05)
        #expect(abs(try #require(early.share(below: 15)) - 0.5) < 0.05)
    }

    @Test(
        "An interval within one bucket, a reversed one and one beyond the scale are taken for what they are nearest to")
    func oddIntervals() throws {
        var times = SolveTimes()
        times.record(after: 10, by: 10.01, at: now)
        times.record(after: 10.4, by: 9.6, at: now)
        #expect(abs(try #require(times.mean) - 10) < 0.5)
        var long = SolveTimes()
        long.record(after: 5_000, by: 9_000, at: now)
        long.record(unfinishedAfter: 1e9, at: now)
        #expect(try #require(long.share(below: 3_600)) < 0.6)
        var none = SolveTimes()
        none.record(after: 0, by: 0, at: now)
        #expect(try #require(none.quantile(1)) <= 0.05)
    }
}
