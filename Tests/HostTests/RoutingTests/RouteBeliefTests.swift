import Domain
import Routing
import Testing

@Suite("Figures from statistics")
struct RouteBeliefTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)
    private let prior = RoutePrior(cost: 0.002)

    private func at(_ seconds: Double) -> Timestamp { start.adding(seconds: seconds) }

    private func published(_ statistics: RouteStatistics, _ now: Timestamp) -> RouteFigures {
        PublishedPolicy().figures(of: "a", statistics, prior: prior, ownTasks: nil, at: now)
    }

    private func adaptive(_ statistics: RouteStatistics, _ now: Timestamp) -> RouteFigures {
        AdaptivePolicy().figures(of: "a", statistics, prior: prior, ownTasks: nil, at: now)
    }

    /// One task after the other, every `interval` seconds; returns when the last one ended.
    private func record(
        _ count: Int, in statistics: inout RouteStatistics, from: Double, every interval: Double = 10,
        seconds: Double = 10, cost: Double = 0.002, solves: (Int) -> Bool = { _ in true }
    ) -> Double {
        for index in 0..<count {
            let time = at(from + Double(index) * interval)
            if solves(index) {
                // They scatter by a fifth around their mean.
                statistics.recordSolved(seconds: seconds * (index % 2 == 0 ? 0.8 : 1.2), cost: cost, at: time)
            } else {
                statistics.recordFailed(seconds: 5, at: time)
            }
        }
        return from + Double(count) * interval
    }

    @Test("Of an unknown provider the prior is believed: list price, 20 s, 95 %")
    func cold() throws {
        let nothing = RouteStatistics(at: start)
        for figures in [published(nothing, start), adaptive(nothing, start)] {
            #expect(figures.cost == 0.002)
            #expect(figures.seconds == 20)
            #expect(figures.successRate == 95)
        }
        #expect(try #require(adaptive(nothing, start).doubt).secondsError > 5)
    }

    @Test("The published figures weigh the prior as one price, three solve times and five tries")
    func weights() {
        var statistics = RouteStatistics(at: start)
        statistics.recordSolved(seconds: 40, cost: 0.004, at: start)
        let figures = published(statistics, start)
        // The price goes through three windows, each of which counts the next longer one as one observation.
        #expect(abs(figures.cost - 0.00375) < 1e-12)
        #expect(abs(figures.seconds - (40 + 3 * 20) / 4) < 1e-12)
        #expect(abs(figures.successRate - (100 + 5 * 95) / 6) < 1e-12)
    }

    @Test("The published figures forget with the recent window, the adaptive ones keep what they know and doubt it")
    func idle() throws {
        var statistics = RouteStatistics(at: start)
        let end = record(200, in: &statistics, from: 0, seconds: 50)
        let later = at(end + 20 * Limits.recentHalfLifeSeconds)
        #expect(abs(published(statistics, at(end)).seconds - 50) < 1)
        #expect(abs(published(statistics, later).seconds - 20) < 0.1)
        #expect(abs(adaptive(statistics, later).seconds - 50) < 1)
        let (before, after) = (adaptive(statistics, at(end)), adaptive(statistics, later))
        #expect(try #require(after.doubt).secondsError > 3 * #require(before.doubt).secondsError)
        #expect(try #require(after.doubt).successRateError > 3 * #require(before.doubt).successRateError)
        #expect(try #require(after.doubt).costError > 3 * #require(before.doubt).costError)
    }

    @Test("A provider that slows down after a good day is noticed within a few tasks by the adaptive figures")
    func slows() {
        var statistics = RouteStatistics(at: start)
        let end = record(2_000, in: &statistics, from: 0, seconds: 10)
        #expect(abs(adaptive(statistics, at(end)).seconds - 10) < 0.5)
        let later = record(12, in: &statistics, from: end, seconds: 40)
        let (quick, steady) = (adaptive(statistics, at(later)), published(statistics, at(later)))
        #expect(quick.seconds > 20)
        #expect(steady.seconds < 16)
    }

    @Test("One that fails after a good day is noticed, and one that recovers too")
    func fails() {
        var statistics = RouteStatistics(at: start)
        let end = record(2_000, in: &statistics, from: 0) { $0 % 50 != 0 }
        #expect(abs(adaptive(statistics, at(end)).successRate - 98) < 1)
        let failed = record(15, in: &statistics, from: end) { _ in false }
        #expect(adaptive(statistics, at(failed)).successRate < 60)
        let recovered = record(60, in: &statistics, from: failed)
        #expect(adaptive(statistics, at(recovered)).successRate > 90)
    }

    @Test("Chance alone moves the adaptive figures little")
    func chance() {
        var statistics = RouteStatistics(at: start)
        var time = record(1_000, in: &statistics, from: 0) { $0 % 20 != 0 }
        for round in 0..<200 {
            // A failure each 20 tasks, now and then two in a row.
            time = record(20, in: &statistics, from: time) { $0 != 3 && !(round % 5 == 0 && $0 == 4) }
            #expect(adaptive(statistics, at(time)).successRate > 88)
            #expect((8...12).contains(adaptive(statistics, at(time)).seconds))
        }
    }

    @Test("A changed price is known after a few tasks, to both")
    func price() {
        var statistics = RouteStatistics(at: start)
        let end = record(500, in: &statistics, from: 0, cost: 0.002)
        let later = record(30, in: &statistics, from: end, cost: 0.006)
        for figures in [published(statistics, at(later)), adaptive(statistics, at(later))] {
            #expect(figures.cost > 0.005 && figures.cost <= 0.006)
        }
    }

    @Test("What failures take and cost is known to the adaptive figures")
    func failures() throws {
        var statistics = RouteStatistics(at: start)
        for _ in 0..<500 { statistics.recordFailed(seconds: 90, cost: 0.001, at: start) }
        let doubt = try #require(adaptive(statistics, start).doubt)
        #expect(abs(doubt.failedSeconds - 90) < 1)
        #expect(abs(doubt.failedCost - 0.001) < 1e-5)
        #expect(adaptive(statistics, start).successRate < 2)
    }
}
