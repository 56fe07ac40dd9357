import Domain
import ProviderKit
import Testing

@testable import Routing

@Suite("What reports make of a provider")
struct ReportedSolutionTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)
    private let any = CandidateChoice(family: .altcha, ceiling: .most)

    /// A board with one provider that has solved so many tasks in four seconds each.
    private func board(solved count: Int) throws -> RouteBoard {
        let price = try #require(Money(decimal: "0.1"))
        var board = RouteBoard(
            offers: OfferTable([
                ProviderOffer(provider: "a", family: .altcha, price: price, cost: price, credentials: ["1"])
            ]), algorithm: .published)
        for _ in 0..<count {
            let candidate = Candidate(provider: "a", credential: "1", price: price, cost: price)
            guard case .granted(let slot) = board.admit(candidate, .altcha, at: start) else { throw NotAdmitted() }
            board.ended(slot, AttemptVerdict(.solved(cost: price, polled: nil), seconds: 4), at: start)
        }
        return board
    }

    private struct NotAdmitted: Error {}

    private func successRate(_ board: RouteBoard, at now: Timestamp) throws -> Double {
        try #require(board.ranked(any, at: now).route.candidates.first?.figures.successRate)
    }

    @Test("A solution that was not accepted makes the provider less reliable, and is stored as that")
    func reliability() throws {
        var board = try board(solved: 40)
        _ = board.unstored()
        let before = try successRate(board, at: start)
        for _ in 0..<20 { board.refused(.altcha, at: "a", solvedAt: start, now: start) }
        let after = try successRate(board, at: start)
        #expect(before > 90 && after < before - 30, "\(before), then \(after)")
        let unstored = board.unstored()
        let rows = try #require(unstored)
        var next = try self.board(solved: 0)
        next.restore(rows, isOwn: true, at: start)
        #expect(try successRate(next, at: start) == after)
    }

    @Test("A report on a task of a provider or family that nothing is known of changes nothing")
    func unknown() throws {
        var board = try board(solved: 5)
        let before = try successRate(board, at: start)
        _ = board.unstored()
        board.refused(.altcha, at: "gone", solvedAt: start, now: start)
        board.refused(.turnstile, at: "a", solvedAt: start, now: start)
        #expect(try successRate(board, at: start) == before)
        let unstored = board.unstored()
        #expect(unstored == nil)
    }
}

@Suite("Refused solutions in the statistics")
struct RefusedStatisticsTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    @Test("A refused solution counts as a failed try of the same time and price")
    func moves() throws {
        var statistics = RouteStatistics(at: start)
        for seconds in [10.0, 20] { statistics.recordSolved(seconds: seconds, cost: 0.002, at: start) }
        statistics.recordRefused(solvedAt: start, at: start)
        let sums = statistics.lasting
        #expect(sums.tries == 2 && sums.solved == 1 && sums.failed == 1)
        #expect(sums.meanSeconds == 15 && sums.failedSeconds == 15)
        #expect(abs(sums.failedCost - 0.002) < 1e-12 && abs(sums.cost - 0.002) < 1e-12 && sums.priced == 1)
    }

    @Test("It is taken back for as much as has not faded since, and never for more than there is")
    func fades() {
        var statistics = RouteStatistics(at: start)
        for _ in 0..<8 { statistics.recordSolved(seconds: 1, cost: nil, at: start) }
        let later = start.adding(seconds: Limits.momentHalfLifeSeconds)
        statistics.recordRefused(solvedAt: start, at: later)
        #expect(abs(statistics.moment.solved - 3.5) < 1e-9, "half of eight, and half of one less")
        for _ in 0..<20 { statistics.recordRefused(solvedAt: start, at: later) }
        for sums in [statistics.moment, statistics.recent, statistics.lasting] {
            #expect(sums.solved >= 0 && sums.solved < 1e-6 && sums.seconds >= 0 && sums.tries > 0)
        }
        var nothing = RouteStatistics(at: start)
        nothing.recordRefused(solvedAt: start, at: start)
        #expect(nothing.lasting.tries == 0 && nothing.lasting.failedSeconds == 0)
    }
}
