import Domain
import Routing
import TestTraits
import Testing

@Suite("The published algorithm", .computesLong)
struct PublishedPolicyTests {
    private func figures(_ text: String) throws -> [RouteFigures] {
        try words(text).map { words in
            let numbers = try words.dropFirst().map { try #require(Double($0)) }
            return RouteFigures(
                provider: words[0], cost: numbers[0], seconds: numbers[1], successRate: numbers[2],
                ownTasks: numbers.count > 3 ? numbers[3] : nil)
        }
    }

    private func words(_ text: String) -> [[String]] {
        text.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
    }

    private func preference(_ slider: Int, reliable: Bool = false) throws -> RoutingPreference {
        try #require(RoutingPreference(speedWeight: slider, reliableFirst: reliable))
    }

    @Test("The examples computed by hand", arguments: Example.all)
    func example(_ example: Example) throws {
        let route = PublishedPolicy().route(
            try figures(example.candidates), try preference(example.slider, reliable: example.reliable), draw: nil)
        let expected = words(example.ranking)
        let left = route.candidates.filter { $0.filtered == nil }
        #expect(left.map(\.figures.provider) == expected.map { $0[0] })
        for (candidate, words) in zip(left, expected) {
            let score = try #require(candidate.score)
            let exact = try #require(Double(words[1]))
            #expect(abs(score - exact) < 1e-12, "\(candidate.figures.provider): \(score), not \(exact)")
        }
        #expect(route.chosen == expected[0][0])
        let dropped = route.candidates.dropFirst(left.count)
        let expectedDropped = words(example.dropped)
        #expect(dropped.map(\.figures.provider) == expectedDropped.map { $0[0] })
        #expect(dropped.map(\.filtered) == expectedDropped.map { .dominated(by: $0[2]) })
        #expect(dropped.allSatisfy { $0.score == nil })
    }

    @Test("There are enough examples, and none twice")
    func examples() {
        #expect(Example.all.count >= 30)
        #expect(Set(Example.all.map(\.description)).count == Example.all.count)
    }

    @Test("Nobody is chosen where nobody is there")
    func nobody() {
        let route = PublishedPolicy().route([], .balanced, draw: nil)
        #expect(route.chosen == nil)
        #expect(route.candidates.isEmpty)
    }

    @Test("A score is within 0 and 1.15, and what is dominated never comes before what is left")
    func properties() throws {
        var candidates = RandomCandidates(seed: 4)
        for _ in 0..<2_000 {
            let given = candidates.next()
            let preference = try preference(candidates.slider(), reliable: candidates.coin())
            let route = PublishedPolicy().route(given, preference, draw: nil)
            #expect(route.candidates.count == given.count)
            #expect(Set(route.candidates.map(\.figures)) == Set(given))
            #expect(route.candidates.allSatisfy { $0.score.map { (0...1.15).contains($0) } ?? true })
            let firstDropped = route.candidates.firstIndex { $0.filtered != nil } ?? given.count
            #expect(route.candidates[firstDropped...].allSatisfy { $0.filtered != nil })
            let chosen = try #require(route.candidates.first)
            #expect(chosen.filtered == nil)
            if !preference.reliableFirst {
                #expect(!given.contains { isBetter($0, than: chosen.figures) })
            } else {
                let best = given.map { $0.successRate.rounded() }.max()
                #expect(chosen.figures.successRate.rounded() == best)
            }
            for candidate in route.candidates {
                guard case .dominated(let by) = candidate.filtered else { continue }
                let other = try #require(route.candidates.first { $0.figures.provider == by })
                #expect(other.filtered == nil)
                #expect(isBetter(other.figures, than: candidate.figures))
            }
        }
    }

    private func isBetter(_ one: RouteFigures, than other: RouteFigures) -> Bool {
        one.cost < other.cost && one.seconds < other.seconds
    }

    @Test("Moving the slider up never chooses a slower provider, nor a cheaper one that is not faster")
    func slider() throws {
        var candidates = RandomCandidates(seed: 5)
        for _ in 0..<300 {
            let rate = candidates.rate()
            let given = candidates.next().map { figures in
                RouteFigures(
                    provider: figures.provider, cost: figures.cost, seconds: figures.seconds, successRate: rate)
            }
            var last: RouteFigures?
            for slider in 0...100 {
                let route = PublishedPolicy().route(given, try preference(slider), draw: nil)
                let chosen = try #require(route.candidates.first).figures
                if let last {
                    #expect(chosen.seconds <= last.seconds, "at \(slider): \(given)")
                    #expect(chosen.cost >= last.cost || chosen.seconds < last.seconds, "at \(slider): \(given)")
                }
                last = chosen
            }
        }
    }

    @Test("The order in which the candidates are given makes no difference")
    func order() throws {
        var candidates = RandomCandidates(seed: 6)
        for _ in 0..<1_000 {
            let given = candidates.next()
            let preference = try preference(candidates.slider(), reliable: candidates.coin())
            let route = PublishedPolicy().route(given, preference, draw: nil)
            let shuffled = given.shuffled(using: &candidates.generator)
            #expect(PublishedPolicy().route(shuffled, preference, draw: nil) == route)
            #expect(PublishedPolicy().route(given.reversed(), preference, draw: nil) == route)
        }
    }

    @Test("One candidate wins, whatever its figures are")
    func alone() throws {
        var candidates = RandomCandidates(seed: 7)
        for _ in 0..<500 {
            let one = candidates.next()[0]
            let route = PublishedPolicy().route([one], try preference(candidates.slider()), draw: nil)
            #expect(route.chosen == one.provider)
        }
    }

    @Test("A success rate or an own key never harms the one that has it")
    func monotony() throws {
        var candidates = RandomCandidates(seed: 8)
        for _ in 0..<1_000 {
            var given = candidates.next()
            let preference = try preference(candidates.slider(), reliable: candidates.coin())
            let before = try #require(PublishedPolicy().route(given, preference, draw: nil).chosen)
            let index = try #require(given.firstIndex { $0.provider == before })
            given[index].successRate = min(100, given[index].successRate + candidates.rate())
            given[index].ownTasks = (given[index].ownTasks ?? 0) + 30
            #expect(PublishedPolicy().route(given, preference, draw: nil).chosen == before)
        }
    }
}
