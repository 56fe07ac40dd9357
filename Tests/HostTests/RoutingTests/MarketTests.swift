import Domain
import MarketModel
import Routing
import TestTraits
import Testing

/// A small size of what `make bench` prints in full: the same market, fewer days and fewer tasks.
@Suite("The simulated market", .computesLong)
struct MarketTests {
    private static let comparison = Comparison(
        RoutingAlgorithm.allCases.map(Contestant.policy),
        sliders: [0, 50, 100], seeds: 1..<3, interval: 30)

    @Test("The policy that ships keeps the goals", arguments: [0, 50, 100])
    func goals(slider: Int) throws {
        let shipped = try #require(MarketTests.comparison.row(RoutingAlgorithm.standard.rawValue, slider))
        #expect(shipped.regret.mean <= 10, "\(shipped.regret)")
        #expect(shipped.needlessFailure.mean <= 0.1, "\(shipped.needlessFailure)")
    }

    @Test("It is better than the published one, and solves no less")
    func better() throws {
        let differences = try [0, 50, 100].map { slider in
            try #require(MarketTests.comparison.difference(.standard, .published, slider))
        }
        #expect(differences.reduce(0) { $0 + $1.regret.mean } < -3, "\(differences)")
        #expect(differences.allSatisfy { $0.successRate.mean >= 0 }, "\(differences)")
    }

    @Test("The same seed is the same day, and another seed is another")
    func seeds() throws {
        func regrets(_ seeds: Range<UInt64>) throws -> [Double] {
            let comparison = Comparison(
                [.roundRobin, .cheapest], sliders: [50], seeds: seeds, interval: 200)
            return try #require(comparison.row("round robin", 50)).regrets
        }
        let three = try regrets(5..<8)
        #expect(try regrets(5..<8) == three)
        #expect(try regrets(6..<8) == Array(three.dropFirst()))
        #expect(Set(three).count == 3)
    }

    @Test("Who knows the truth is not beaten by those who know less")
    func oracle() throws {
        let comparison = Comparison(
            [.oracle, .cheapest, .fastest, .roundRobin], sliders: [0, 50, 100], seeds: 1..<5, interval: 200)
        for row in comparison.rows {
            if row.contestant == "oracle" {
                #expect(row.regrets.allSatisfy { $0 == 0 })
            } else {
                #expect(row.regret.mean > 0, "\(row.contestant) at \(row.slider): \(row.regret)")
            }
        }
    }

    @Test("Without failing over to others many tasks would fail: a breaker that lets nobody through loses them all")
    func breakers() throws {
        struct Shut: Breaker {
            func isClosed(_ provider: Int) -> Bool { true }
            func allows(_ provider: Int, at time: Double) -> Bool { false }
            mutating func began(_ provider: Int, at time: Double) -> CircuitBreaker.Start? { nil }
            mutating func ended(_ provider: Int, healthy: Bool, _ start: CircuitBreaker.Start?, at time: Double) {}
        }
        let shut = Comparison([.cheapest], sliders: [50], seeds: 1..<3, interval: 500) { _ in Shut() }
        #expect(try #require(shut.row("cheapest", 50)).successRate.mean == 0)
        #expect(try #require(shut.row("cheapest", 50)).needlessFailure.mean > 99)
    }

    @Test("A mean comes with its 95 % confidence interval")
    func estimate() {
        let estimate = Comparison.Estimate([1, 2, 3, 4, 5])
        #expect(estimate.mean == 3)
        #expect(abs(estimate.margin - 1.96 * 0.5.squareRoot()) < 1e-12)
        #expect(estimate.description == "3.0 +- 1.4")
    }
}
