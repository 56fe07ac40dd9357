import Domain
import TestSupport
import Testing

@Suite("What was observed of a provider")
struct RouteStatisticsTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    private func isClose(_ one: Double, _ other: Double, _ tolerance: Double = 1e-9) -> Bool {
        abs(one - other) <= tolerance * max(1, abs(one), abs(other))
    }

    private func isClose(_ one: RouteStatistics, _ other: RouteStatistics) -> Bool {
        let fields: [KeyPath<DecayingSums, Double>] = [
            \.tries, \.solved, \.seconds, \.secondsSquared, \.failedSeconds, \.failedCost, \.priced, \.cost,
        ]
        let windows: [KeyPath<RouteStatistics, DecayingSums>] = [\.moment, \.recent, \.lasting]
        return one.updatedAt == other.updatedAt
            && windows.allSatisfy { window in
                fields.allSatisfy { isClose(one[keyPath: window][keyPath: $0], other[keyPath: window][keyPath: $0]) }
            }
    }

    /// Observations of every kind at random times within a day, those of one host in order.
    private func observed(_ generator: inout SeededGenerator, _ count: Int) -> RouteStatistics {
        var statistics = RouteStatistics(at: start)
        var time = start
        for _ in 0..<count {
            time = time.adding(seconds: Double.random(in: 0...600, using: &generator))
            record(in: &statistics, at: time, &generator)
        }
        return statistics
    }

    private func record(in statistics: inout RouteStatistics, at time: Timestamp, _ generator: inout SeededGenerator) {
        let seconds = Double.random(in: 0...100, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: statistics.recordFailed(seconds: seconds, at: time)
        case 1: statistics.recordFailed(seconds: seconds, cost: 0.001, at: time)
        case 2: statistics.recordSolved(seconds: seconds, cost: nil, at: time)
        default: statistics.recordSolved(seconds: seconds, cost: seconds / 10_000, at: time)
        }
    }

    @Test("Means, shares and variances are those of what was recorded")
    func means() throws {
        var statistics = RouteStatistics(at: start)
        #expect(statistics.lasting.meanSeconds == nil)
        #expect(statistics.lasting.solvedShare == nil)
        #expect(statistics.lasting.priced == 0)
        for (seconds, cost) in [(10.0, 0.001), (20, 0.002), (30, 0.003)] {
            statistics.recordSolved(seconds: seconds, cost: cost, at: start)
        }
        statistics.recordSolved(seconds: 40, cost: nil, at: start)
        statistics.recordFailed(seconds: 60, cost: 0.005, at: start)
        for window in [statistics.moment, statistics.recent, statistics.lasting] {
            #expect(window.tries == 5)
            #expect(window.failed == 1)
            #expect(isClose(try #require(window.meanSeconds), 25))
            #expect(isClose(try #require(window.secondsVariance), 125))
            #expect(isClose(try #require(window.solvedShare), 0.8))
            #expect(window.priced == 3 && isClose(window.cost, 0.006))
            #expect(window.failedSeconds == 60)
            #expect(window.failedCost == 0.005)
        }
    }

    @Test("What was observed counts for half after each window's half-life, and for next to nothing after many")
    func halfLives() throws {
        var statistics = RouteStatistics(at: start)
        statistics.recordSolved(seconds: 12, cost: 0.5, at: start)
        func left(_ seconds: Double) -> RouteStatistics { statistics.faded(to: start.adding(seconds: seconds)) }
        #expect(isClose(left(Limits.momentHalfLifeSeconds).moment.tries, 0.5, 1e-14))
        #expect(isClose(left(Limits.recentHalfLifeSeconds).recent.seconds, 6, 1e-14))
        #expect(isClose(left(Limits.lastingHalfLifeSeconds).lasting.cost, 0.25, 1e-14))
        #expect(isClose(left(Limits.lastingHalfLifeSeconds / 2).lasting.tries, 0.5.squareRoot(), 1e-14))
        #expect(isClose(left(10 * Limits.recentHalfLifeSeconds).recent.tries, 1.0 / 1024, 1e-14))
        #expect(isClose(try #require(left(Limits.lastingHalfLifeSeconds).lasting.meanSeconds), 12))
        #expect(left(1e9).lasting.tries == 0)
        #expect(left(-5) == statistics)
    }

    @Test("Fading in many small steps comes to the same as in one")
    func steps() {
        var generator = SeededGenerator(seed: 1)
        let statistics = observed(&generator, 50)
        var stepped = statistics
        for step in 1...100 {
            stepped = stepped.faded(to: statistics.updatedAt.adding(seconds: Double(step) * 30))
        }
        #expect(isClose(stepped, statistics.faded(to: statistics.updatedAt.adding(seconds: 3000))))
    }

    @Test("What two hosts have observed adds up to what one would have, in either order")
    func merging() {
        for seed in 0..<50 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var (one, other, both) = (
                RouteStatistics(at: start), RouteStatistics(at: start), RouteStatistics(at: start)
            )
            var time = start
            for _ in 0..<40 {
                time = time.adding(seconds: Double.random(in: 0...900, using: &generator))
                let isFirst = Bool.random(using: &generator)
                var same = generator
                record(in: &both, at: time, &same)
                if isFirst { record(in: &one, at: time, &generator) } else { record(in: &other, at: time, &generator) }
            }
            var (left, right) = (one, other)
            left.merge(other)
            right.merge(one)
            #expect(isClose(left, right))
            #expect(isClose(left, both))
            #expect(left.updatedAt == max(one.updatedAt, other.updatedAt))
        }
    }

    @Test("An observation that comes late counts for what it would have left")
    func late() {
        var inOrder = RouteStatistics(at: start)
        inOrder.recordSolved(seconds: 10, cost: 0.1, at: start)
        inOrder.recordFailed(seconds: 5, at: start.adding(seconds: 700))
        var reversed = RouteStatistics(at: start)
        reversed.recordFailed(seconds: 5, at: start.adding(seconds: 700))
        reversed.recordSolved(seconds: 10, cost: 0.1, at: start)
        #expect(isClose(inOrder, reversed))
    }

    @Test("Impossible values are bounded", arguments: [-1.0, .nan, .infinity, -.infinity, 1e300])
    func impossible(value: Double) {
        var statistics = RouteStatistics(at: start)
        statistics.recordSolved(seconds: value, cost: value, at: start)
        statistics.recordFailed(seconds: value, cost: value, at: start)
        for sum in [statistics.recent.seconds, statistics.recent.failedSeconds] { #expect((0...3600).contains(sum)) }
        for sum in [statistics.recent.cost, statistics.recent.failedCost] { #expect((0...1000).contains(sum)) }
        #expect(RouteStatistics(encoded: statistics.encoded) == statistics)
    }
}
