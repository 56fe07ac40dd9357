import Domain
import TestTraits
import Testing

@Suite("Tasks that wait for a place", .computesLong)
struct WaitingOrderTests {
    private let cheapest = RoutingPreference(speedWeight: 0) ?? .balanced

    /// By how many seconds a task ends earlier than one that has come before it, at most.
    private func overtaking(_ ends: [Timestamp]) -> Double {
        var (latest, most) = (Timestamp(milliseconds: 0), 0.0)
        for end in ends {
            most = max(most, latest.seconds(since: end))
            latest = max(latest, end)
        }
        return most
    }

    @Test("have it in the order in which they came", arguments: [1, 2] as [UInt64])
    func firstCome(seed: UInt64) throws {
        for providers in [1, 2] {
            let market = try MoodyMarket(
                seed: seed, Array([("a", "0.001", 5...15), ("b", "0.002", 5...15)].prefix(providers)), tasksPerKey: 10)
            let rate = 1.5 * Double(providers)
            try market.run(seconds: 120, rate: rate, cheapest)
            #expect(market.failures == 0)
            let ends = market.ends(in: market.start..<market.after(120))
            #expect(Double(ends.count) == 120 * rate)
            // A solution takes up to ten seconds longer than another, and is asked for every three.
            #expect(overtaking(ends) < 18, "\(providers): \(overtaking(ends))")
            try market.check()
        }
    }

    @Test("have it in that order when the only provider comes back", arguments: [1] as [UInt64])
    func afterOutage(seed: UInt64) throws {
        let market = try MoodyMarket(seed: seed, [("a", "0.001", 5...15)])
        market["a"]?.turns(.dead, at: market.after(10))
        market["a"]?.turns(.well, at: market.after(130))
        try market.run(seconds: 170, rate: 20, cheapest)
        #expect(market.failures == 0)
        let ends = market.ends(in: market.after(30)..<market.after(170))
        #expect(overtaking(ends) < 22, "\(overtaking(ends))")
        try market.check()
    }

    @Test(
        "use every place when there are more of them than can be solved in their time", arguments: [1] as [UInt64])
    func overload(seed: UInt64) throws {
        let market = try MoodyMarket(seed: seed, [("a", "0.001", 5...15)], tasksPerKey: 10)
        try market.run(seconds: 300, rate: 3, cheapest, deadline: 100)
        // Ten at a time take eleven to twelve seconds, with the time to the next poll.
        let solved = market.accepted.count - market.failures
        #expect(solved > 270, "\(solved) of \(market.accepted.count)")
        let submits = try #require(market["a"]).submits.count
        #expect(submits - solved < submits / 10, "\(submits) for \(solved)")
        try market.check()
    }
}
