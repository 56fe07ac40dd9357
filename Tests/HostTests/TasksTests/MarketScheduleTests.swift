import Domain
import ProviderKit
import Routing
@testable import Tasks
import Testing

@Suite("The market")
struct MarketScheduleTests {
    @Test("makes a provider's schedule of polls anew at an end of an attempt there, and not more often than it may")
    func schedules() {
        let start = Timestamp(milliseconds: 1_000_000)
        let offer = ProviderOffer(provider: "a", family: .altcha, price: .zero, cost: .zero, credentials: [])
        let market = Market(providers: [], board: RouteBoard(offers: OfferTable([offer]), algorithm: .published))
        func end(after seconds: Double) {
            let slot = market.withBoard { $0.adopt(offer.candidate(with: nil), .altcha) }
            let verdict = AttemptVerdict(.solved(cost: .zero, polled: 40...40.5), seconds: 41)
            market.ended(slot, verdict, at: start.adding(seconds: seconds))
        }
        /// When a task is asked for next that was asked for after 30 seconds.
        func nextPoll() -> Double {
            market.withBoard {
                $0.nextPoll(RouteLane(provider: "a", family: .altcha), after: 30, dither: 0.999, at: start)
            }
        }
        #expect(nextPoll() < 37)
        for _ in 0..<200 { end(after: 0) }
        #expect(nextPoll() < 37)
        end(after: Limits.pollScheduleSeconds)
        #expect(nextPoll() > 37)
    }
}
