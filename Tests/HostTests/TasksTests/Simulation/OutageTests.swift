import Domain
import TestTraits
import Testing

@Suite("Providers that fail while others work", .computesLong)
struct OutageTests {
    private let cheapest = RoutingPreference(speedWeight: 0) ?? .balanced

    private func market(_ seed: UInt64) throws -> MoodyMarket {
        try MoodyMarket(seed: seed, [("a", "0.001", 5...15), ("b", "0.002", 5...15), ("c", "0.003", 8...30)])
    }

    @Test(
        "No client sees an outage: tasks leave within ten seconds and are back soon after it",
        arguments: [MoodyProvider.Mood.dead, .silent], [1, 2] as [UInt64])
    func outage(mood: MoodyProvider.Mood, seed: UInt64) throws {
        let market = try market(seed)
        let a = try #require(market["a"])
        a.turns(mood, at: market.after(100))
        a.turns(.well, at: market.after(700))
        try market.run(seconds: 900, rate: 4, cheapest)
        #expect(market.failures == 0)
        try market.check()
        let before = a.submits(in: market.after(50)..<market.after(100))
        #expect(before > 190)
        // Of the silent one this is long before the first calls to it have had their time; those alone would be 64.
        let during = a.submits(in: market.after(110)..<market.after(700))
        #expect(during < (mood == .silent ? 40 : 80), "trials alone: \(during) of 2,400")
        let after = a.submits(in: market.after(760)..<market.after(810))
        #expect(Double(after) > 0.9 * Double(before), "\(after) of \(before)")
    }

    @Test("All tasks are back soon after an outage, however many come in a second", arguments: [30.0, 100])
    func manyTasks(rate: Double) throws {
        let market = try market(7)
        let a = try #require(market["a"])
        a.turns(.dead, at: market.after(20))
        a.turns(.well, at: market.after(30))
        try market.run(seconds: 80, rate: rate, cheapest)
        #expect(market.failures == 0)
        let after = Double(a.submits(in: market.after(70)..<market.after(80)))
        #expect(after > 0.97 * 10 * rate, "\(after) of \(10 * rate)")
        try market.check()
    }

    @Test("Tasks that stand in line at a provider which falls silent leave it when the first have found out")
    func standingInLine() throws {
        let market = try market(5)
        let a = try #require(market["a"])
        a.turns(.silent, at: market.after(20))
        try market.run(seconds: 60, rate: 20, cheapest)
        #expect(market.failures == 0)
        let asked = a.submits(in: market.after(20)..<market.after(400))
        #expect(asked < 100, "\(asked): those in its 64 places, and trials")
        #expect(market.longest(in: market.after(20)..<market.after(60)) < 70)
        try market.check()
    }

    @Test("A provider that takes tasks and solves none is left alone after a while", arguments: [1, 2] as [UInt64])
    func liar(seed: UInt64) throws {
        let market = try market(seed)
        let a = try #require(market["a"])
        a.turns(.lying, at: market.after(200))
        try market.run(seconds: 800, rate: 4, cheapest)
        #expect(market.failures == 0)
        let late = a.submits(in: market.after(400)..<market.after(800))
        #expect(late < 160, "\(late) of 1,600")
        #expect(market.longest(in: market.after(400)..<market.after(800)) < 150)
        try market.check()
    }

    @Test("Of two that fail nobody notices, while a third works, and when only that one is left", arguments: [1, 2])
    func twoOutages(seed: UInt64) throws {
        let market = try market(seed)
        market["a"]?.turns(.dead, at: market.after(100))
        market["b"]?.turns(.failing(0.5), at: market.after(50))
        market["b"]?.turns(.dead, at: market.after(300))
        try market.run(seconds: 600, rate: 4, cheapest)
        #expect(market.failures == 0)
        try market.check()
    }

    @Test(
        "Tasks wait for the only provider, and are solved within a minute when it comes back, but not all at once",
        arguments: [(4.0, 2), (20, 3)] as [(Double, UInt64)])
    func onlyProvider(rate: Double, seed: UInt64) throws {
        let market = try MoodyMarket(seed: seed, [("a", "0.001", 5...15)])
        let a = try #require(market["a"])
        a.turns(.dead, at: market.after(60))
        a.turns(.well, at: market.after(180))
        try market.run(seconds: 300, rate: rate, cheapest)
        #expect(market.failures == 0)
        let during = a.submits(in: market.after(70)..<market.after(180))
        #expect(during < 40, "it is tried now and then: \(during)")
        let back = market.after(180)..<market.after(400)
        #expect(a.mostSubmits(in: back, within: 0.1) <= 20, "\(a.mostSubmits(in: back, within: 0.1)) at once")
        #expect(a.mostSubmits(in: back, within: 1) <= 170, "\(a.mostSubmits(in: back, within: 1)) in a second")
        let waiting = try #require(market.ends(in: market.after(60)..<market.after(180)).max())
        #expect(waiting < market.after(240 + 15 + 3), "all that waited: \(waiting.seconds(since: market.start))")
        let usual = market.after(240)..<market.after(300)
        #expect(a.mostSubmits(in: usual, within: 1) <= Int(rate) + 5, "nobody waits any more")
        #expect(market.longest(in: usual) < 20)
        try market.check()
    }

    @Test("A key never has more tasks than it may; what does not fit goes elsewhere, or waits")
    func caps() throws {
        let market = try MoodyMarket(seed: 4, [("a", "0.001", 5...15), ("b", "0.002", 5...15)], tasksPerKey: 20)
        try market.run(seconds: 120, rate: 6, cheapest)
        #expect(market.failures == 0)
        for provider in market.providers {
            #expect(provider.mostOpen <= 20, "\(provider.name)")
            #expect(provider.submits.count > 100, "\(provider.name)")
        }
        try market.check()
    }
}
