import Domain
import ProviderKit
@testable import Routing
import Testing

@Suite("What a board has learnt, across starts and hosts")
struct StoredStatisticsTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let any = CandidateChoice(family: .altcha, ceiling: .most)

    private func board() throws -> RouteBoard {
        let price = try #require(Money(decimal: "0.1"))
        return RouteBoard(
            offers: OfferTable([
                ProviderOffer(provider: "a", family: .altcha, price: price, cost: price, credentials: ["1"])
            ]), algorithm: .published)
    }

    private func solve(_ board: inout RouteBoard, seconds: Double) throws {
        guard case .now(let candidate) = board.next(any, at: start),
            case .granted(let slot) = board.admit(candidate, .altcha, at: start)
        else { throw TestError() }
        let cost = try #require(Money(decimal: "0.2"))
        board.ended(slot, AttemptVerdict(.solved(cost: cost, polled: nil), seconds: seconds), at: start)
    }

    private func unstored(_ board: inout RouteBoard) -> [StoredStatistics]? { board.unstored() }

    private func figures(_ board: RouteBoard) throws -> RouteFigures {
        try #require(board.ranked(any, at: start).route.candidates.first?.figures)
    }

    private struct TestError: Error {}

    @Test("A board that takes up what was stored knows what the one before knew")
    func restores() throws {
        var before = try board()
        #expect(unstored(&before) == nil, "nothing was seen")
        for _ in 0..<20 { try solve(&before, seconds: 3) }
        let rows = try #require(unstored(&before))
        #expect(unstored(&before) == nil, "it was handed out")
        var after = try board()
        #expect(try figures(after) != figures(before))
        after.restore(rows, isOwn: true, at: start)
        #expect(try figures(after) == figures(before))
        before.markUnstored(rows)
        #expect(unstored(&before) == rows)
    }

    @Test("Only what has changed is handed out to be stored")
    func changedOnly() throws {
        var board = try board()
        let garbage = StoredStatistics(provider: "b", family: .turnstile, asOf: start, value: [])
        board.restore([garbage], isOwn: true, at: start)
        #expect(unstored(&board) == nil)
        try solve(&board, seconds: 3)
        #expect(unstored(&board)?.map(\.provider) == ["a"])
        guard case .now(let candidate) = board.next(any, at: start),
            case .granted(let slot) = board.admit(candidate, .altcha, at: start)
        else { throw TestError() }
        board.ended(slot, AttemptVerdict(.withdrawn, seconds: nil), at: start)
        #expect(unstored(&board) == nil, "nothing was learnt")
    }

    @Test("What other hosts have seen counts, and is not stored once more")
    func otherHosts() throws {
        var other = try board()
        for _ in 0..<20 { try solve(&other, seconds: 3) }
        let theirs = try #require(unstored(&other))
        var own = try board()
        own.restore(theirs, isOwn: false, at: start)
        #expect(try figures(own) == figures(other))
        #expect(unstored(&own) == nil)
        try solve(&own, seconds: 50)
        #expect(try figures(own).seconds > figures(other).seconds)
        var third = try board()
        third.restore(try #require(unstored(&own)), isOwn: false, at: start)
        third.restore(theirs, isOwn: false, at: start)
        #expect(try abs(figures(third).seconds - figures(own).seconds) < 1e-9, "each observation counts once")
    }

    @Test("What was stored while the clock was years ahead does not outweigh what is seen now")
    func clockSetBack() throws {
        var before = try board()
        for _ in 0..<20 { try solve(&before, seconds: 3) }
        let rows = try #require(unstored(&before))
        for isOwn in [true, false] {
            var after = try board()
            let earlier = start.adding(seconds: -1e8)
            after.restore(rows, isOwn: isOwn, at: earlier)
            let restored = try #require(after.ranked(any, at: earlier).route.candidates.first?.figures)
            #expect(abs(restored.seconds - (try figures(before)).seconds) < 1e-9)
            for _ in 0..<100 {
                guard case .now(let candidate) = after.next(any, at: earlier),
                    case .granted(let slot) = after.admit(candidate, .altcha, at: earlier)
                else { throw TestError() }
                after.ended(
                    slot, AttemptVerdict(.solved(cost: .zero, polled: 90...100), seconds: 100), at: earlier)
            }
            #expect(try #require(after.ranked(any, at: earlier).route.candidates.first?.figures).seconds > 60)
        }
    }

    @Test("What cannot be read is as if it had not been stored")
    func garbage() throws {
        var board = try board()
        let before = try figures(board)
        let rows = [[], [1], Array(repeating: 255, count: 201)].map {
            StoredStatistics(provider: "a", family: .altcha, asOf: start, value: $0 as [UInt8])
        }
        board.restore(rows, isOwn: true, at: start)
        #expect(try figures(board) == before)
    }
}
