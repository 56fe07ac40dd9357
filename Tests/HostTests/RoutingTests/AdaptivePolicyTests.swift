import Domain
import Routing
import TestSupport
import TestTraits
import Testing

@Suite("The adaptive policy", .computesLong)
struct AdaptivePolicyTests {
    private let policy = AdaptivePolicy()

    private func preference(_ slider: Int, reliable: Bool = false) throws -> RoutingPreference {
        try #require(RoutingPreference(speedWeight: slider, reliableFirst: reliable))
    }

    private func sure(
        _ name: String, _ cost: Double, _ seconds: Double, _ rate: Double, own: Double? = nil
    ) -> RouteFigures {
        RouteFigures(provider: name, cost: cost, seconds: seconds, successRate: rate, ownTasks: own)
    }

    private func unsure(_ name: String, _ cost: Double, _ seconds: Double, error: Double) -> RouteFigures {
        var figures = sure(name, cost, seconds, 95)
        figures.doubt = RouteDoubt(
            costError: 0, secondsError: error, successRateError: 0, failedSeconds: 10, failedCost: 0)
        return figures
    }

    @Test("The score is 1 / (1 + loss), and the loss adds money, time and failures up in units of the medians")
    func score() throws {
        // Medians: 2 USD and 20 s. The failures of the second: one for each solved task.
        var failing = sure("b", 2, 20, 50)
        failing.doubt = RouteDoubt(
            costError: 0, secondsError: 0, successRateError: 0, failedSeconds: 5, failedCost: 0.4)
        let given = [sure("a", 1, 30, 100), failing, sure("c", 3, 10, 100, own: 100)]
        let route = policy.route(given, try preference(25), draw: nil)
        let losses = [
            "a": 0.75 * 1 / 2 + 0.25 * 30 / 20, "b": 0.75 * 2.4 / 2 + 0.25 * 25 / 20 + 0.2,
            "c": (0.75 * 3 / 2 + 0.25 * 10 / 20) / 1.15,
        ]
        #expect(route.candidates.map(\.figures.provider) == ["a", "c", "b"])
        for candidate in route.candidates {
            let loss = try #require(losses[candidate.figures.provider])
            #expect(abs(try #require(candidate.score) - 1 / (1 + loss)) < 1e-12)
            #expect(candidate.filtered == nil)
        }
    }

    @Test("A provider that is slower, dearer and no more reliable is never first, unless to learn")
    func dominance() throws {
        var candidates = RandomCandidates(seed: 11)
        for _ in 0..<2_000 {
            let given = candidates.next().map { figures in
                var figures = figures
                figures.ownTasks = nil
                return figures
            }
            let preference = try preference(candidates.slider(), reliable: candidates.coin())
            let route = policy.route(given, preference, draw: nil)
            let first = try #require(route.candidates.first?.figures)
            #expect(
                !given.contains {
                    $0.cost < first.cost && $0.seconds < first.seconds && $0.successRate >= first.successRate
                })
            #expect(route.candidates.allSatisfy { $0.score.map { (0...1).contains($0) } ?? false })
            #expect(!route.isExploring)
        }
    }

    @Test("Moving the slider up never chooses a slower provider, all else equal")
    func slider() throws {
        var candidates = RandomCandidates(seed: 12)
        for _ in 0..<300 {
            let rate = max(1, candidates.rate())
            let given = candidates.next().map { sure($0.provider, $0.cost, $0.seconds, rate) }
            var last = Double.infinity
            for slider in 0...100 {
                let route = policy.route(given, try preference(slider), draw: nil)
                let seconds = try #require(route.candidates.first).figures.seconds
                #expect(seconds <= last, "at \(slider): \(given)")
                last = seconds
            }
        }
    }

    @Test("The order in which the candidates are given makes no difference, also not to what is explored")
    func order() throws {
        var candidates = RandomCandidates(seed: 13)
        var explored = 0
        for _ in 0..<1_000 {
            let given = candidates.next().map { unsure($0.provider, $0.cost, $0.seconds, error: $0.successRate / 10) }
            let preference = try preference(candidates.slider())
            let draw = Double.random(in: 0..<0.06, using: &candidates.generator)
            let route = policy.route(given, preference, draw: draw)
            if route.isExploring { explored += 1 }
            #expect(policy.route(given.shuffled(using: &candidates.generator), preference, draw: draw) == route)
            #expect(Set(route.candidates.map(\.figures)) == Set(given))
        }
        #expect(explored > 100)
    }

    @Test("For a requester who wants reliability the whole percent of the success rate comes first")
    func reliable() throws {
        let given = [sure("a", 1, 10, 96), sure("b", 9, 90, 98.6), sure("c", 8, 80, 99.4)]
        #expect(policy.route(given, try preference(50, reliable: true), draw: nil).chosen == "c")
        #expect(policy.route(given, try preference(50), draw: nil).chosen == "a")
    }

    @Test("One candidate is chosen, and nobody where nobody is there; free and unfailing ones have the score 1")
    func few() throws {
        #expect(policy.route([], .balanced, draw: 0).chosen == nil)
        #expect(policy.route([sure("a", 5, 5, 0)], .balanced, draw: 0).chosen == "a")
        let free = policy.route([sure("a", 0, 5, 100), sure("b", 0, 4, 100)], try preference(0), draw: 0)
        #expect(free.chosen == "b", "the faster of two that are equal otherwise")
        #expect(free.candidates.map(\.score) == [1, 1])
    }

    @Test("Only a small share of the tasks explores, and none that must not")
    func share() throws {
        let given = [unsure("a", 1, 20, error: 0), unsure("b", 1, 30, error: 20), unsure("c", 1, 300, error: 10)]
        let preference = try preference(50)
        let routes = (0..<10_000).map { policy.route(given, preference, draw: Double($0) / 10_000) }
        let exploring = routes.filter(\.isExploring)
        #expect(!exploring.isEmpty)
        #expect(Double(exploring.count) <= 100 * Limits.exploredTasksPercent)
        // Who cannot be the best, however lucky, is not looked at.
        #expect(exploring.allSatisfy { $0.chosen == "b" })
        #expect(routes.filter { !$0.isExploring }.allSatisfy { $0.chosen == "a" })
        #expect(!policy.route(given, preference, draw: nil).isExploring)
        let certain = [unsure("a", 1, 20, error: 0), unsure("b", 1, 21, error: 0)]
        #expect(!policy.route(certain, preference, draw: 0).isExploring)
    }

    @Test("Of several that may be better, each is explored, the more promising one more often")
    func proportion() throws {
        let given = [
            unsure("a", 1, 20, error: 0), unsure("b", 1, 21, error: 10), unsure("c", 1, 24, error: 5),
        ]
        let chosen = (0..<1_000).compactMap {
            policy.route(given, .balanced, draw: Double($0) / 1_000 * Limits.exploredTasksPercent / 100).chosen
        }
        let (second, third) = (chosen.count { $0 == "b" }, chosen.count { $0 == "c" })
        #expect(second > third && third > 0)
    }
}
