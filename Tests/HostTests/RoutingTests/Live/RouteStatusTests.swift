import Domain
import ProviderKit
import Testing

@testable import Routing

@Suite("What operators see of the board")
struct RouteStatusTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let any = CandidateChoice(family: .altcha, ceiling: .most)

    private func board(_ algorithm: RoutingAlgorithm = .published) throws -> RouteBoard {
        func offer(_ provider: String, _ price: String, _ keys: [String], _ most: Int?) throws -> ProviderOffer {
            let price = try #require(Money(decimal: price))
            return ProviderOffer(
                provider: provider, family: .altcha, price: price, cost: price, credentials: keys, tasksPerKey: most)
        }
        return RouteBoard(
            offers: OfferTable([
                try offer("a", "0.1", ["config-1", "vault-2"], 3), try offer("b", "0.5", [], nil),
            ]), algorithm: algorithm)
    }

    private struct TestError: Error {}

    private func slot(_ board: inout RouteBoard, _ provider: String, _ key: String?) throws -> AttemptSlot {
        let candidate = Candidate(provider: provider, credential: key, price: .zero, cost: .zero)
        guard case .granted(let slot) = board.admit(candidate, .altcha, at: start) else { throw TestError() }
        return slot
    }

    private func end(
        _ board: inout RouteBoard, _ provider: String, _ key: String?, _ kind: AttemptVerdict.Kind,
        seconds: Double = 1
    ) throws {
        board.ended(try slot(&board, provider, key), AttemptVerdict(kind, seconds: seconds), at: start)
    }

    @Test("Before anything was tried there is nothing to tell of providers, and every key is there")
    func nothingYet() throws {
        let board = try board()
        #expect(board.laneStatuses(at: start) == [])
        let keys = board.keyStatuses(at: start)
        #expect(keys.map(\.credential) == ["config-1", "vault-2"])
        #expect(keys.allSatisfy { $0.openTasks == 0 && $0.most == 3 && $0.restingUntil == nil && $0.reason == nil })
    }

    @Test("A key tells its open tasks, and until when and why it rests, no longer than it does")
    func keys() throws {
        var board = try board()
        _ = try slot(&board, "a", "config-1")
        try end(&board, "a", "vault-2", .fault(Fault(.rateLimited(.key, retryAfterSeconds: 30))))
        let keys = board.keyStatuses(at: start)
        #expect(keys[0].openTasks == 1 && keys[0].restingUntil == nil)
        #expect(keys[1].openTasks == 0 && keys[1].restingUntil == start.adding(seconds: 30))
        #expect(keys[1].reason == Fault(.rateLimited(.key, retryAfterSeconds: 30)).label)
        let later = board.keyStatuses(at: start.adding(seconds: 30))
        #expect(later[1].restingUntil == nil && later[1].reason == nil)
    }

    @Test("A provider that rests as a whole comes before its keys, also one without any")
    func wholeProvider() throws {
        var board = try board()
        try end(&board, "b", nil, .fault(Fault(.banned(.provider, untilUnixSeconds: nil))))
        let keys = board.keyStatuses(at: start)
        #expect(keys.map(\.provider) == ["a", "a", "b"])
        #expect(keys[2].credential == nil && keys[2].restingUntil == start.adding(seconds: 300))
        #expect(keys[2].reason == "banned")
    }

    @Test("A provider that was tried tells its figures beside those of one that was not, and its breaker")
    func lanes() throws {
        var board = try board()
        let price = try #require(Money(decimal: "0.3"))
        for _ in 0..<4 { try end(&board, "a", "vault-2", .solved(cost: price, polled: nil), seconds: 4) }
        for _ in 0..<3 { try end(&board, "b", nil, .fault(Fault(.transport)), seconds: 4) }
        let lanes = board.laneStatuses(at: start)
        #expect(lanes.map(\.lane.provider) == ["a", "b"])
        #expect(lanes[0].breaker == .open && abs(lanes[0].tries - 4) < 1e-9)
        #expect(lanes[0].figures == board.figures(board.offers.offers(of: .altcha)[0], at: start))
        #expect(lanes[0].prior.seconds == 20 && lanes[0].prior.successRate == 95 && lanes[0].prior.cost == 0.1)
        #expect(lanes[0].figures.seconds < 20 && lanes[0].figures.cost > 0.1 && lanes[0].figures.successRate > 95)
        #expect(lanes[1].breaker == .shut(until: start.adding(seconds: Limits.breakerSeconds)))
        #expect(lanes[1].figures.seconds == lanes[1].prior.seconds, "nothing was solved there")
        #expect(lanes[1].figures.successRate < 95)
    }

    @Test("Another policy is explained by the same statistics, and the board stays as it is")
    func otherPolicy() throws {
        var asked = try board(.published)
        var left = try board(.published)
        var adaptive = try board(.adaptive)
        let price = try #require(Money(decimal: "0.1"))
        for key in ["config-1", "vault-2"] {
            for kind in [.solved(cost: price, polled: nil), .fault(Fault(.unsolvable(charged: nil)))]
                as [AttemptVerdict.Kind]
            {
                try end(&asked, "a", key, kind, seconds: 7)
                try end(&left, "a", key, kind, seconds: 7)
                try end(&adaptive, "a", key, kind, seconds: 7)
            }
        }
        let configured = asked.explain(any, at: start)
        let other = asked.explain(any, by: .adaptive, at: start)
        #expect(configured == asked.explain(any, by: .published, at: start))
        #expect(configured == asked.ranking(any, at: start).route)
        _ = left.ranking(any, at: start)
        #expect(other == adaptive.explain(any, at: start))
        #expect(other != configured)
        #expect(other.candidates.allSatisfy { $0.figures.doubt != nil && $0.figures.price != nil })
        // What is asked changes nothing about which key comes next or what is remembered.
        for second in 0..<5 {
            let now = start.adding(seconds: Double(second) / 10)
            _ = asked.explain(any, by: .adaptive, at: now)
            #expect(asked.next(any, at: now) == left.next(any, at: now))
            #expect(asked.ranking(any, at: now).candidates == left.ranking(any, at: now).candidates)
        }
        #expect(asked.algorithm == .published)
    }

    @Test("An explanation leaves nobody out, and says why one gets no task")
    func filtered() throws {
        var board = try board()
        for _ in 0..<3 { try end(&board, "a", "vault-2", .fault(Fault(.transport))) }
        let route = board.explain(any, at: start)
        #expect(route.chosen == "b" && route.candidates.map(\.figures.provider) == ["b", "a"])
        #expect(route.candidates[1].filtered == .breakerOpen(until: start.adding(seconds: 2.5)))
        let forced = board.explain(
            CandidateChoice(family: .altcha, ceiling: .most, forcedProvider: "a"), at: start)
        #expect(forced.chosen == nil && forced.candidates.count == 1)
    }
}
