import Domain
import ProviderKit
import Testing

@testable import Routing

/// A board with recycled keys, and what tests do with it.
struct PooledBoard {
    static let start = Timestamp(milliseconds: 1_000_000)
    var board: RouteBoard

    /// - Parameter offers: of `turnstile`; each key costs what its offer does.
    init(
        _ offers: [(provider: String, cost: String, keys: [String])], tasksPerKey: Int? = nil, margin: Margin = .zero,
        _ algorithm: RoutingAlgorithm = .published
    ) throws {
        let offers = try offers.map { offer in
            let cost = try #require(Money(decimal: offer.cost))
            return ProviderOffer(
                provider: offer.provider, family: .turnstile, price: margin.price(of: cost), cost: cost,
                needsKeys: true, credentials: offer.keys, tasksPerKey: tasksPerKey)
        }
        board = RouteBoard(offers: OfferTable(offers), algorithm: algorithm)
    }

    /// A choice that looks at the price alone.
    static func choice(
        of account: Int64? = nil, _ mode: KeyPoolMode = .all, ceiling: Money = .most
    ) -> CandidateChoice {
        CandidateChoice(
            family: .turnstile, ceiling: ceiling, preference: RoutingPreference(speedWeight: 0) ?? .balanced,
            account: account.map(AccountID.init), keyPool: mode)
    }

    mutating func pool(
        _ number: Int, of owner: Int64, at provider: String = "a", balance: String? = nil, tasksPerKey: Int? = nil
    ) throws {
        let balance = try balance.map { try #require(Money(decimal: $0)) }
        board.pool(
            PooledKey(
                credential: "recycled-\(number)", owner: AccountID(owner), balance: balance, tasksPerKey: tasksPerKey),
            at: provider)
    }

    /// The best candidate as `provider/key`; nil for nobody now.
    mutating func next(_ choice: CandidateChoice, at now: Timestamp = start) -> String? {
        guard case .now(let candidate) = board.next(choice, at: now) else { return nil }
        return [candidate.provider, candidate.credential].compactMap(\.self).joined(separator: "/")
    }

    /// Begins an attempt with a key.
    mutating func begin(_ number: Int, at provider: String = "a", cost: String = "0.1") throws -> AttemptSlot {
        let cost = try #require(Money(decimal: cost))
        let candidate = Candidate(provider: provider, credential: "recycled-\(number)", price: cost, cost: cost)
        guard case .granted(let slot) = board.admit(candidate, .turnstile, at: PooledBoard.start) else {
            throw NoPlace()
        }
        return slot
    }

    mutating func end(
        _ slot: AttemptSlot, _ kind: AttemptVerdict.Kind = .withdrawn, spent: String = "0"
    ) throws {
        let spent = try #require(Money(decimal: spent))
        board.ended(slot, AttemptVerdict(kind, seconds: 1, spent: spent), at: PooledBoard.start)
    }

    struct NoPlace: Error {}
}

@Suite("The choice among recycled keys")
struct RecycledKeyChoiceTests {
    private let anybody = PooledBoard.choice()

    @Test("The requester's own key comes first while it may have a task, then the platform's and all others in turn")
    func ownFirst() throws {
        var board = try PooledBoard([("a", "0.1", ["config-1"])], tasksPerKey: 2)
        try board.pool(1, of: 7)
        try board.pool(2, of: 8)
        let seven = PooledBoard.choice(of: 7)
        for _ in 0..<6 { #expect(board.next(seven) == "a/recycled-1") }
        var others: Set<String?> = []
        for _ in 0..<6 { others.insert(board.next(PooledBoard.choice(of: 9))) }
        #expect(others == ["a/config-1", "a/recycled-1", "a/recycled-2"])
        let slots = try [board.begin(1), board.begin(1)]
        for _ in 0..<6 { #expect(board.next(seven) != "a/recycled-1") }
        try board.end(slots[0])
        #expect(board.next(seven) == "a/recycled-1")
    }

    @Test("With platformOnly a task goes through the platform's keys and its owner's, and nobody else's")
    func platformOnly() throws {
        var board = try PooledBoard([("a", "0.1", []), ("b", "0.5", ["config-1"])], tasksPerKey: 1)
        try board.pool(1, of: 7)
        #expect(board.next(anybody) == "a/recycled-1")
        for _ in 0..<4 {
            #expect(board.next(PooledBoard.choice(of: 8, .platformOnly)) == "b/config-1")
            #expect(board.next(PooledBoard.choice(of: nil, .platformOnly)) == "b/config-1")
            #expect(board.next(PooledBoard.choice(of: 7, .platformOnly)) == "a/recycled-1")
        }
        for account in [7, 8] as [Int64] {
            for mode in KeyPoolMode.allCases {
                let ranking = board.board.ranking(PooledBoard.choice(of: account, mode), at: PooledBoard.start)
                #expect(ranking.candidates.first?.provider == (account == 8 && mode == .platformOnly ? "b" : "a"))
            }
        }
        _ = try board.begin(1)
        #expect(board.next(PooledBoard.choice(of: 7, .platformOnly)) == "b/config-1", "its own is busy")
    }

    @Test("A provider without a platform key has an offer, for the tasks that may go through a recycled one")
    func withoutPlatformKeys() throws {
        var board = try PooledBoard([("a", "0.1", [])])
        #expect(board.next(anybody) == nil && !board.board.hasTakers)
        #expect(board.board.ranking(anybody, at: PooledBoard.start).candidates.isEmpty)
        try board.pool(1, of: 7)
        #expect(board.board.hasTakers)
        #expect(board.board.ranking(anybody, at: PooledBoard.start).live == 1)
        let strangers = board.board.ranking(PooledBoard.choice(of: 8, .platformOnly), at: PooledBoard.start)
        #expect(strangers.candidates.isEmpty && strangers.soonest == nil)
        board.board.unpool("recycled-1", at: "a")
        #expect(board.board.ranking(anybody, at: PooledBoard.start).candidates.isEmpty)
        #expect(!board.board.hasTakers)
    }

    @Test("A key takes no more tasks at once than its adapter and its own bound allow, whichever is smaller")
    func concurrency() throws {
        for (adapter, own, most) in [(3, 2, 2), (2, 3, 2), (nil, 1, 1), (2, nil, 2)] as [(Int?, Int?, Int)] {
            var board = try PooledBoard([("a", "0.1", [])], tasksPerKey: adapter)
            try board.pool(1, of: 7, tasksPerKey: own)
            for _ in 0..<most { _ = try board.begin(1) }
            #expect(board.next(anybody) == nil)
            #expect(throws: PooledBoard.NoPlace.self) { try board.begin(1) }
        }
    }

    @Test("Of many keys some are looked at, each in its turn, and all when none of those may have the task")
    func manyKeys() throws {
        var board = try PooledBoard([("a", "0.1", ["config-1"])])
        for number in 1...500 { try board.pool(number, of: Int64(number)) }
        // Nobody is idle, so that none is taken for being the first that is.
        for number in 1...500 { board.board.taken(try board.begin(number), at: PooledBoard.start) }
        var taken: Set<String> = []
        for _ in 0..<501 {
            let ranking = board.board.ranking(anybody, at: PooledBoard.start)
            let best = try #require(ranking.candidates.first)
            guard case .granted = board.board.admit(best, .turnstile, at: PooledBoard.start) else { throw TestError() }
            taken.insert(try #require(best.credential))
        }
        #expect(taken.count > 450, "they share the tasks")
        for number in 1...499 {
            try board.end(try board.begin(number), .fault(Fault(.noFunds)))
        }
        let platform = Candidate(provider: "a", credential: "config-1", price: .zero, cost: .zero)
        guard case .granted(let slot) = board.board.admit(platform, .turnstile, at: PooledBoard.start) else {
            throw TestError()
        }
        try board.end(slot, .fault(Fault(.noFunds)))
        for _ in 0..<3 { #expect(board.next(anybody) == "a/recycled-500", "wherever it stands") }
    }

    private struct TestError: Error {}

    @Test("A key rests like the platform's, and begins anew when it comes back into the pool")
    func rests() throws {
        var board = try PooledBoard([("a", "0.1", []), ("b", "0.5", ["config-1"])])
        try board.pool(1, of: 7)
        try board.end(try board.begin(1), .fault(Fault(.noFunds)))
        #expect(board.next(anybody) == "b/config-1")
        let after = PooledBoard.start.adding(seconds: Limits.emptyKeyRestSeconds)
        #expect(board.next(anybody, at: after) == "a/recycled-1")
        try board.pool(1, of: 7, balance: "5")
        #expect(board.next(anybody) == "a/recycled-1", "there is something on it again")
        try board.end(try board.begin(1), .fault(Fault(.rateLimited(.key, retryAfterSeconds: 60))))
        try board.pool(1, of: 7, balance: "5")
        #expect(board.next(anybody) == "b/config-1", "a look at its balance tells nothing of a limit")
        board.board.unpool("recycled-1", at: "a")
        try board.pool(1, of: 7)
        #expect(board.next(anybody) == "a/recycled-1")
        try board.end(try board.begin(1), .fault(Fault(.rateLimited(.provider, retryAfterSeconds: 60))))
        #expect(board.next(anybody) == "b/config-1", "a limit on the provider is on recycled keys too")
    }

    @Test("Attempts of a key that leaves the pool go on, give their places back, and count when it returns")
    func unpooled() throws {
        var board = try PooledBoard([("a", "0.1", [])], tasksPerKey: 2)
        try board.pool(1, of: 7)
        let slots = try [board.begin(1), board.begin(1)]
        board.board.unpool("recycled-1", at: "a")
        let candidate = Candidate(provider: "a", credential: "recycled-1", price: .zero, cost: .zero)
        let refused = board.board.admit(candidate, .turnstile, at: PooledBoard.start)
        #expect(refused == .refused(Fault(.invalidKey, "The key was removed.")))
        #expect(board.board.recycledKeysStatuses(at: PooledBoard.start).map(\.openTasks) == [2])
        try board.end(slots[0], .fault(Fault(.invalidKey)))
        try board.pool(1, of: 7)
        #expect(board.board.recycledKeysStatuses(at: PooledBoard.start).map(\.openTasks) == [1])
        _ = try board.begin(1)
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(1) }
        board.board.unpool("recycled-1", at: "a")
        try board.end(slots[1])
        #expect(board.board.recycledKeysStatuses(at: PooledBoard.start).map(\.openTasks) == [1])
    }

    @Test("An attempt that was under way before a start counts when its key comes into the pool")
    func adopted() throws {
        var board = try PooledBoard([("a", "0.1", [])], tasksPerKey: 1)
        let cost = try #require(Money(decimal: "0.1"))
        let candidate = Candidate(provider: "a", credential: "recycled-1", price: cost, cost: cost)
        let slot = board.board.adopt(candidate, .turnstile)
        try board.pool(1, of: 7)
        #expect(board.next(anybody) == nil)
        try board.end(slot)
        #expect(board.next(anybody) == "a/recycled-1")
        let last = board.board.adopt(candidate, .turnstile)
        board.board.unpool("recycled-1", at: "a")
        try board.end(last)
        #expect(board.board.recycledKeysStatuses(at: PooledBoard.start) == [], "nothing is left behind")
    }

    @Test("The status counts recycled keys and names neither them nor whose they are")
    func status() throws {
        var board = try PooledBoard([("a", "0.1", ["config-1"]), ("b", "0.1", [])], tasksPerKey: 1)
        try board.pool(1, of: 7)
        try board.pool(2, of: 8, balance: "0.05")
        try board.pool(3, of: 8)
        try board.pool(4, of: 9)
        try board.pool(5, of: 9, at: "b")
        _ = try board.begin(3)
        try board.end(try board.begin(4), .fault(Fault(.ipNotAllowed)))
        let statuses = board.board.recycledKeysStatuses(at: PooledBoard.start)
        #expect(statuses.map(\.provider) == ["a", "b"])
        #expect(statuses[0] == RecycledKeysStatus(provider: "a", keys: 4, resting: 1, full: 2, openTasks: 1))
        #expect(statuses[1] == RecycledKeysStatus(provider: "b", keys: 1, resting: 0, full: 0, openTasks: 0))
        #expect(board.board.keyStatuses(at: PooledBoard.start).map(\.credential) == ["config-1"])
    }
}
