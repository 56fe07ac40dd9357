import Domain
import ProviderKit
@testable import Routing
import Testing

@Suite("Places that tasks wait for")
struct PlaceOrderTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let families: [TaskFamily] = [.altcha, .turnstile]

    /// A provider whose keys have one place each, for tasks of two families.
    private func board(_ keys: [String] = ["1"]) throws -> RouteBoard {
        let price = try #require(Money(decimal: "0.1"))
        let offers = families.map { family in
            ProviderOffer(
                provider: "a", family: family, price: price, cost: price, needsKeys: true, credentials: keys,
                tasksPerKey: 1)
        }
        return RouteBoard(offers: OfferTable(offers), algorithm: .published)
    }

    private func turn(_ number: Int64) throws -> Turn {
        Turn(since: start.adding(seconds: Double(number)), task: try #require(TaskID(number)))
    }

    private func choice(_ family: TaskFamily, _ keyPool: KeyPoolMode = .all, of account: Int64 = 1) -> CandidateChoice {
        CandidateChoice(family: family, ceiling: .most, account: AccountID(account), keyPool: keyPool)
    }

    private func candidate(_ key: String) throws -> Candidate {
        let price = try #require(Money(decimal: "0.1"))
        return Candidate(provider: "a", credential: key, price: price, cost: price)
    }

    private func first(
        _ board: inout RouteBoard, _ number: Int64, _ key: String, _ family: TaskFamily = .altcha
    ) throws -> Int64? {
        let admission = board.admit(
            try candidate(key), family, turn: try turn(number), at: start.adding(seconds: 100))
        switch admission {
        case .behind(let task): return task.number
        case .granted: return nil
        default:
            Issue.record("\(admission)")
            return nil
        }
    }

    @Test("are for those that came first, of whichever family they are")
    func acrossFamilies() throws {
        var board = try board()
        board.wait(try turn(5), for: choice(.turnstile))
        board.wait(try turn(7), for: choice(.altcha))
        #expect(try first(&board, 9, "1") == 5)
        #expect(try first(&board, 6, "1") == 5)
        board.leave(try turn(5).task)
        #expect(try first(&board, 9, "1") == 7)
        #expect(try first(&board, 6, "1", .turnstile) == nil, "it came first of all")
    }

    @Test("are not kept for those whose family the provider can have no task of now")
    func shutFamily() throws {
        var board = try board(["1", "2", "3"])
        for _ in 0..<Limits.breakerFailures {
            guard case .granted(let slot) = board.admit(try candidate("1"), .turnstile, at: start) else { return }
            board.ended(slot, AttemptVerdict(.fault(Fault(.overloaded)), seconds: 1), at: start.adding(seconds: 99))
        }
        board.wait(try turn(5), for: choice(.turnstile))
        #expect(try first(&board, 9, "1") == nil)
    }

    @Test("are for those that came first of the ones that may have the key")
    func someKeys() throws {
        var board = try board()
        for number in [1, 2] {
            let key = PooledKey(
                credential: "recycled-\(number)", owner: AccountID(Int64(number)), balance: nil, tasksPerKey: 1,
                vouchedAt: start)
            board.pool(key, at: "a")
        }
        board.wait(try turn(5), for: choice(.altcha, .platformOnly, of: 1))
        board.wait(try turn(7), for: choice(.altcha))
        #expect(try first(&board, 9, "1") == 5)
        #expect(try first(&board, 9, "recycled-1") == 5, "its own")
        #expect(try first(&board, 9, "recycled-2") == 7, "not for one that goes through nobody else's")
        #expect(try first(&board, 6, "recycled-2") == nil)
        board.leave(try turn(5).task)
        #expect(try first(&board, 9, "1") == 7)
    }

    @Test("cost a task that leaves no more when tasks of many families wait than when those of one do")
    func manyFamilies() throws {
        var board = try board()
        let many = (0..<1_000).compactMap { TaskFamily(rawValue: "family\($0)") }
        let price = try #require(Money(decimal: "0.1"))
        board.replace(
            offers: OfferTable(
                (many + families).map {
                    ProviderOffer(provider: "a", family: $0, price: price, cost: price, credentials: ["1"])
                }))
        func seconds() throws -> Double {
            try (0..<3).map { _ in
                let spent = try ContinuousClock().measure {
                    for number in Int64(1)...300 {
                        board.wait(try turn(number), for: choice(.altcha))
                        board.leave(try turn(number).task)
                    }
                }
                return Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
            }.min() ?? 0
        }
        let one = try seconds()
        for (index, family) in many.enumerated() { board.wait(try turn(Int64(1_000 + index)), for: choice(family)) }
        let all = try seconds()
        #expect(all < 8 * one, "\(all) s and \(one) s")
        for index in many.indices { board.leave(try turn(Int64(1_000 + index)).task) }
        #expect(board.lines.isEmpty && board.lines.awaitedFamilies.isEmpty)
    }

    @Test("cost a task that asks for one no more when ten thousand wait than when a few do")
    func manyWait() throws {
        var board = try board()
        func seconds(of count: Int64) throws -> Double {
            for number in 1...count { board.wait(try turn(number), for: choice(.altcha)) }
            return try (0..<3).map { _ in
                let spent = try ContinuousClock().measure {
                    for number in 1...Int64(300) {
                        board.leave(try turn(number).task)
                        board.wait(try turn(number), for: choice(.altcha))
                    }
                }
                return Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
            }.min() ?? 0
        }
        let few = try seconds(of: 400)
        let many = try seconds(of: 40_000)
        // A copy of all for each makes it two hundred times as much.
        #expect(many < 20 * few, "\(many) s and \(few) s")
    }
}
