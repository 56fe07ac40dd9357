import Domain
import ProviderKit
import Routing
import Testing

@Suite("A schedule of polls that is made anew")
struct PollRenewalTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let lane = RouteLane(provider: "a", family: .altcha)

    private func offers(interval: Double) -> OfferTable {
        OfferTable([
            ProviderOffer(
                provider: "a", family: .altcha, price: .zero, cost: .zero, credentials: [],
                pollPlan: Manifest.PollPlan(first: interval, interval: interval, most: 100))
        ])
    }

    /// Some tasks that are all solved between the same two seconds.
    private func solve(_ count: Int, on board: inout RouteBoard, at now: Timestamp) {
        for _ in 0..<count {
            let slot = board.adopt(Candidate(provider: "a", credential: nil, price: .zero, cost: .zero), .altcha)
            let verdict = AttemptVerdict(.solved(cost: .zero, polled: 40...40.5), seconds: 41)
            board.ended(slot, verdict, at: now)
        }
    }

    /// When a task is asked for next that was asked for after 30 seconds.
    private func nextPoll(_ board: inout RouteBoard, at now: Timestamp) -> Double {
        board.nextPoll(lane, after: 30, dither: 0.999, at: now)
    }

    private func isDue(_ board: inout RouteBoard, _ now: Timestamp) -> Bool {
        board.pollRenewal(of: lane, at: now) != nil
    }

    @Test("holds for a while, is given to one to make, and serves until the new one is taken")
    func renewal() throws {
        var board = RouteBoard(offers: offers(interval: 3), algorithm: .published)
        #expect(nextPoll(&board, at: start) < 37)
        solve(200, on: &board, at: start)
        #expect(!isDue(&board, start.adding(seconds: Limits.pollScheduleSeconds - 1)))
        let later = start.adding(seconds: Limits.pollScheduleSeconds)
        #expect(nextPoll(&board, at: later) < 37, "asking for a poll makes no schedule")
        let given = board.pollRenewal(of: lane, at: later)
        let renewal = try #require(given)
        solve(1, on: &board, at: later)
        #expect(!isDue(&board, later), "it is being made")
        #expect(nextPoll(&board, at: later) < 37)
        board.take(renewal.make(), of: renewal, for: lane)
        #expect(nextPoll(&board, at: later) > 37)
        #expect(isDue(&board, later.adding(seconds: Limits.pollScheduleSeconds)))
    }

    @Test("is not made when nothing was seen")
    func nothingNew() {
        var board = RouteBoard(offers: offers(interval: 3), algorithm: .published)
        _ = nextPoll(&board, at: start)
        #expect(!isDue(&board, start.adding(seconds: 10 * Limits.pollScheduleSeconds)))
    }

    @Test("is not taken when the provider's plan has changed meanwhile")
    func otherPlan() throws {
        var board = RouteBoard(offers: offers(interval: 3), algorithm: .published)
        _ = nextPoll(&board, at: start)
        solve(200, on: &board, at: start)
        let later = start.adding(seconds: Limits.pollScheduleSeconds)
        let given = board.pollRenewal(of: lane, at: later)
        let renewal = try #require(given)
        board.replace(offers: offers(interval: 50))
        let next = nextPoll(&board, at: later)
        #expect(next >= 80)
        board.take(renewal.make(), of: renewal, for: lane)
        #expect(nextPoll(&board, at: later) == next)
    }
}
