import Domain
import ProviderKit
import Testing

@testable import Routing

@Suite("How many tasks a recycled key covers")
struct KeyCoverageTests {
    private let anybody = PooledBoard.choice()

    private func board(balance: String?) throws -> PooledBoard {
        var board = try PooledBoard([("a", "0.1", []), ("b", "0.5", ["config-1"])])
        try board.pool(1, of: 7, balance: balance)
        return board
    }

    @Test("It takes no more at once than its balance covers, and one more when one ends without a cost")
    func atOnce() throws {
        var board = try board(balance: "0.25")
        let slots = try [board.begin(1), board.begin(1)]
        #expect(board.next(anybody) == "b/config-1", "0.05 is left")
        let candidate = Candidate(
            provider: "a", credential: "recycled-1", price: .zero, cost: try #require(Money(decimal: "0.1")))
        guard case .later = board.board.admit(candidate, .turnstile, at: PooledBoard.start) else {
            Issue.record("those that are open may still cost nothing")
            return
        }
        try board.end(slots[0])
        #expect(board.next(anybody) == "a/recycled-1")
    }

    @Test("What ended attempts have cost is taken off, until the provider is asked anew")
    func spent() throws {
        var board = try board(balance: "0.3")
        // A little more than was expected.
        try board.end(try board.begin(1), .solved(cost: .zero, polled: nil), spent: "0.12")
        #expect(board.next(anybody) == "a/recycled-1", "0.18 is left")
        // Its answer was lost.
        try board.end(try board.begin(1), .fault(Fault(.transport)), spent: "0.1")
        #expect(board.next(anybody) == "b/config-1", "0.08 is left")
        let candidate = Candidate(
            provider: "a", credential: "recycled-1", price: .zero, cost: try #require(Money(decimal: "0.1")))
        let refused = board.board.admit(candidate, .turnstile, at: PooledBoard.start)
        #expect(refused == .refused(Fault(.noFunds, "What is left on the key does not cover the task.")))
        try board.pool(1, of: 7, balance: "0.1")
        #expect(board.next(anybody) == "a/recycled-1")
        try board.pool(1, of: 7, balance: "0.099999999")
        #expect(board.next(anybody) == "b/config-1")
    }

    @Test("What is open when the provider is asked anew counts as not yet deducted")
    func openMeanwhile() throws {
        var board = try board(balance: "1")
        let slot = try board.begin(1)
        try board.pool(1, of: 7, balance: "0.15")
        #expect(board.next(anybody) == "b/config-1")
        try board.end(slot)
        #expect(board.next(anybody) == "a/recycled-1")
    }

    @Test("A ranking of a moment ago does not send tasks to a key that is used up since")
    func takenMeanwhile() throws {
        var board = try board(balance: "0.1")
        let first = board.board.ranking(anybody, at: PooledBoard.start)
        #expect(first.candidates.map(\.provider) == ["a", "b"])
        let slot = try board.begin(1)
        let second = board.board.ranking(anybody, at: PooledBoard.start)
        #expect(second.candidates.map(\.provider) == ["b", "a"] && second.live == 1)
        try board.end(slot, .solved(cost: .zero, polled: nil), spent: "0.1")
        let third = board.board.ranking(anybody, at: PooledBoard.start)
        #expect(third.candidates.map(\.provider) == ["b"])
    }

    @Test("A key whose balance nobody knows covers any number of tasks")
    func unknown() throws {
        var board = try board(balance: nil)
        for _ in 0..<50 { try board.end(try board.begin(1), .solved(cost: .zero, polled: nil), spent: "9") }
        for _ in 0..<50 { _ = try board.begin(1) }
        #expect(board.next(anybody) == "a/recycled-1")
    }

    // MARK: Own tasks

    private func ownTasks(_ board: PooledBoard, of account: Int64?) -> [Double?] {
        board.board.explain(PooledBoard.choice(of: account), at: PooledBoard.start).candidates
            .sorted { $0.figures.provider < $1.figures.provider }.map(\.figures.ownTasks)
    }

    @Test(
        "The tasks that own keys cover are counted: exactly up to ten, then in fives, and at most a hundred",
        arguments: [
            ("0", 0), ("0.09", 0), ("0.1", 1), ("0.99", 9), ("1.09", 10), ("1.4", 10), ("1.5", 15), ("3.79", 35),
            ("9.9", 95), ("10", 100), ("4000", 100), (nil, 100),
        ] as [(String?, Double)])
    func counts(balance: String?, tasks: Double) throws {
        let board = try board(balance: balance)
        #expect(ownTasks(board, of: 7) == (balance == "0" || balance == "0.09" ? [nil] : [tasks, nil]))
        #expect(ownTasks(board, of: nil).contains { $0 != nil } == false)
    }

    @Test("Open tasks are not covered any more, keys that rest cover none, and several keys count together")
    func severalKeys() throws {
        var board = try PooledBoard([("a", "0.1", ["config-1"])])
        try board.pool(1, of: 7, balance: "0.3")
        try board.pool(2, of: 7, balance: "0.5")
        try board.pool(3, of: 8, balance: "9")
        #expect(ownTasks(board, of: 7) == [8])
        let slot = try board.begin(1)
        #expect(ownTasks(board, of: 7) == [7])
        try board.end(slot, .fault(Fault(.noFunds)))
        #expect(ownTasks(board, of: 7) == [5])
        board.board.unpool("recycled-2", at: "a")
        #expect(ownTasks(board, of: 7) == [0], "there is a key, and it covers none")
        board.board.unpool("recycled-1", at: "a")
        #expect(ownTasks(board, of: 7) == [nil])
    }

    @Test(
        "A full own key is worth up to 15 of 100 in the score, and can turn the choice",
        arguments: RoutingAlgorithm.allCases)
    func bias(_ algorithm: RoutingAlgorithm) throws {
        var board = try PooledBoard([("a", "0.1", ["config-1"]), ("b", "0.101", ["config-1"])], algorithm)
        try board.pool(1, of: 7, at: "b", balance: "20")
        let balanced = CandidateChoice(family: .turnstile, ceiling: .most, account: AccountID(7))
        let own = board.board.explain(balanced, at: PooledBoard.start)
        let others = board.board.explain(balanced.forAnybody, at: PooledBoard.start)
        #expect(others.chosen == "a")
        if algorithm == .adaptive { #expect(own.chosen == "b") }
        let score = try #require(own.candidates.first { $0.figures.provider == "b" }?.score)
        let plain = try #require(others.candidates.first { $0.figures.provider == "b" }?.score)
        if algorithm == .published {
            #expect(abs(score / plain - 1.15) < 1e-9)
        } else {
            #expect(abs((1 / plain - 1) / (1 / score - 1) - 1.15) < 1e-9, "the loss is divided")
        }
    }

    // MARK: What is remembered

    @Test("Accounts without keys of their own share what is remembered of a choice")
    func shared() throws {
        var board = try board(balance: "5")
        func explanation(_ account: Int64?, _ mode: KeyPoolMode = .all) -> RouteExplanation {
            board.board.ranking(PooledBoard.choice(of: account, mode), at: PooledBoard.start).explanation
        }
        #expect(explanation(1) === explanation(2) && explanation(1) === explanation(nil))
        #expect(explanation(7) !== explanation(1))
        #expect(explanation(1, .platformOnly) === explanation(2, .platformOnly))
        #expect(explanation(1, .platformOnly) !== explanation(1))
        board.board.unpool("recycled-1", at: "a")
        let alone = explanation(7)
        #expect(alone === explanation(1, .platformOnly), "there are no keys but the platform's")
    }

    @Test("Many accounts with keys do not bring an explanation each")
    func boundedExplanations() throws {
        var board = try PooledBoard([("a", "0.1", ["config-1"]), ("b", "0.5", ["config-1"])])
        for number in 1...200 {
            let cents = 10 + number * 6
            try board.pool(
                number, of: Int64(number), balance: "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)")
        }
        var explanations: [ObjectIdentifier: RouteExplanation] = [:]
        for account in 1...200 as ClosedRange<Int64> {
            let ranking = board.board.ranking(PooledBoard.choice(of: account), at: PooledBoard.start)
            explanations[ObjectIdentifier(ranking.explanation)] = ranking.explanation
            #expect(ranking.candidates.first?.credential == "recycled-\(account)")
        }
        #expect(explanations.count > 1 && explanations.count <= Limits.explanationsPerChoice)
        #expect(explanations.values.allSatisfy { String(decoding: $0.bytes, as: UTF8.self).contains("ownTasks") })
    }
}
