import Domain
import TestTraits
import Testing

@Suite("Tasks whose provider is of no use for a while", .computesLong)
struct PatienceTests {
    private let cheapest = RoutingPreference(speedWeight: 0) ?? .balanced

    private func two(_ seed: UInt64) throws -> MoodyMarket {
        try MoodyMarket(seed: seed, [("a", "0.001", 5...15), ("b", "0.002", 5...15)])
    }

    @Test("A task that one has failed goes to another as soon as that may have it", arguments: [1, 2, 3] as [UInt64])
    func limitedOnce(seed: UInt64) throws {
        for mood in [MoodyProvider.Mood.dead, .losing, .failing(1)] {
            let market = try two(seed)
            market["a"]?.turns(mood, at: market.start)
            market["b"]?.turns(.banning(20), at: market.start)
            market["b"]?.turns(.well, at: market.after(3))
            try market.run(seconds: 1, rate: 1, cheapest)
            let longest = market.longest(in: market.start..<market.after(10))
            #expect(market.failures == 0 && market.accepted.count == 1)
            #expect(longest < 45, "\(mood): \(longest)")
            try market.check()
        }
    }

    @Test("Tasks leave the line at a provider that answers slowly for another that has places", arguments: [10.0, 25])
    func slowSubmits(seconds: Double) throws {
        let market = try two(2)
        market["a"]?.turns(.slowSubmit(seconds), at: market.start)
        try market.run(seconds: 100, rate: 20, cheapest)
        let longest = market.longest(in: market.start..<market.after(100))
        #expect(market.failures == 0)
        #expect(longest < 120, "\(longest)")
        try market.check()
    }

    @Test("The only provider gets the tasks again that it took while it solved none", arguments: [1, 2] as [UInt64])
    func onlyLiar(seed: UInt64) throws {
        let market = try MoodyMarket(seed: seed, [("a", "0.001", 5...15)])
        let a = try #require(market["a"])
        a.turns(.lying, at: market.after(50))
        a.turns(.well, at: market.after(150))
        try market.run(seconds: 250, rate: 4, cheapest)
        #expect(market.failures == 0)
        #expect(a.submits.count < 1_500, "each of those is handed over anew once: \(a.submits.count)")
        try market.check()
    }

    @Test("The only provider that is slow has each task once", arguments: [1, 2] as [UInt64])
    func onlySlow(seed: UInt64) throws {
        let market = try MoodyMarket(seed: seed, [("a", "0.001", 60...100)])
        try market.run(seconds: 100, rate: 4, cheapest)
        #expect(market.failures == 0)
        #expect(market["a"]?.submits.count == 400)
        try market.check()
    }

    @Test("Tries whose answers are lost are spread over a task's time", arguments: [1, 2, 3] as [UInt64])
    func losing(seed: UInt64) throws {
        for providers in [1, 2] {
            let market = try MoodyMarket(
                seed: seed, Array([("a", "0.001", 5...15), ("b", "0.002", 5...15)].prefix(providers)))
            for provider in market.providers {
                provider.turns(.losing, at: market.start)
                provider.turns(.well, at: market.after(160))
            }
            try market.run(seconds: 1, rate: 1, cheapest)
            #expect(market.failures == 0 && market.accepted.count == 1)
            try market.check()
        }
    }
}
