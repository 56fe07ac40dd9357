import Domain
import ProviderKit
import Testing

@testable import Routing

@Suite("Wrong keys and the choice of keys for tasks")
struct WrongKeysTests {
    private let start = PooledBoard.start
    private let refusal = AttemptVerdict.Kind.fault(Fault(.invalidKey))
    private let anybody = PooledBoard.choice()

    private func board(platform: [String] = []) throws -> PooledBoard {
        try PooledBoard([("a", "0.1", platform)])
    }

    /// Has a key refused by an attempt.
    private func refuse(_ number: Int, _ board: inout PooledBoard) throws {
        try board.end(try board.begin(number), refusal)
    }

    private func platform(_ board: inout PooledBoard, at now: Timestamp) throws -> AttemptSlot? {
        let cost = try #require(Money(decimal: "0.1"))
        let candidate = Candidate(provider: "a", credential: "config-1", price: cost, cost: cost)
        guard case .granted(let slot) = board.board.admit(candidate, .turnstile, at: now) else { return nil }
        return slot
    }

    private func mayCheck(_ board: inout PooledBoard) -> Bool { board.board.takeCheck(at: "a", start) }

    @Test("No more attempts are under way with keys that are not proven than may be wrong, however many keys there are")
    func underWay() throws {
        var board = try board()
        for number in 1...12 { try board.pool(number, of: 7) }
        let slots = try (1...3).map { try board.begin($0) }
        for number in 1...12 { #expect(throws: PooledBoard.NoPlace.self) { try board.begin(number) } }
        #expect(board.next(anybody) == nil)
        // They wait for an answer, not for the end of a lock.
        guard case .later(let time) = board.board.next(anybody, at: start) else {
            Issue.record("There is a key that may have it later.")
            return
        }
        #expect(time.seconds(since: start) < 1)
        for slot in slots { board.board.taken(slot, at: start) }
        // The provider has taken them: these keys are proven, and others may be tried.
        for number in [1, 1, 1, 1, 2, 3] { _ = try board.begin(number) }
        for number in 4...6 { _ = try board.begin(number) }
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(7) }
        // Its answer is told once, and again by the end of the attempt: that frees no other's place.
        try board.end(slots[0])
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(7) }
    }

    @Test("After three keys that were refused no other is tried for ten minutes, but the platform's has tasks")
    func shut() throws {
        var board = try board(platform: ["config-1"])
        for number in 1...10 { try board.pool(number, of: 7) }
        for number in 1...3 { try refuse(number, &board) }
        for number in 1...10 { #expect(throws: PooledBoard.NoPlace.self) { try board.begin(number) } }
        for _ in 0..<8 { #expect(board.next(PooledBoard.choice(of: 7)) == "a/config-1") }
        for _ in 0..<8 {
            #expect(board.next(PooledBoard.choice(of: 7), at: start.adding(seconds: 599)) == "a/config-1")
        }
        let later = start.adding(seconds: Limits.wrongKeySeconds + 1)
        var keys: Set<String?> = []
        for _ in 0..<40 { keys.insert(board.next(anybody, at: later)) }
        #expect(keys.count == 8 && !keys.contains("a/recycled-1"), "\(keys)")
    }

    @Test("A key that the provider refuses takes no further task, and is not asked for those that it has")
    func refused() throws {
        var board = try board()
        try board.pool(1, of: 7)
        let slots = try [board.begin(1), board.begin(1)]
        let candidate = Candidate(provider: "a", credential: "recycled-1", price: .zero, cost: .zero)
        #expect(!board.board.isRefused(candidate))
        try board.end(slots[0], refusal)
        #expect(board.board.isRefused(candidate))
        #expect(board.next(anybody) == nil && !board.board.hasTakers)
        try board.end(slots[1])
        #expect(!board.board.isRefused(candidate), "nothing is kept of a key without tasks")
        // Handed over anew it is as any other.
        try board.pool(1, of: 7)
        #expect(board.next(anybody) == "a/recycled-1")
    }

    @Test("A proven key goes on when strangers' new keys are wrong; one that a check vouches for may be tried alone")
    func strangers() throws {
        var board = try board()
        try board.pool(1, of: 7)
        try board.pool(2, of: 8)
        board.board.taken(try board.begin(1), at: start)
        board.board.pool(
            PooledKey(credential: "recycled-3", owner: AccountID(9), balance: nil, vouchedAt: start), at: "a")
        for _ in 0..<3 { board.board.noteWrongKey(at: "a", wasGood: false, start) }
        _ = try board.begin(1)
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(2) }
        let trial = try board.begin(3)
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(3) }
        board.board.taken(trial, at: start)
        _ = try board.begin(3)
        _ = try board.begin(3)
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(2) }
    }

    @Test("When a key is refused that had been good, what was known of others before counts no more")
    func turned() throws {
        var board = try board()
        for number in 1...2 { try board.pool(number, of: 7) }
        board.board.taken(try board.begin(1), at: start)
        board.board.pool(
            PooledKey(credential: "recycled-3", owner: AccountID(9), balance: nil, vouchedAt: start), at: "a")
        for _ in 0..<2 { board.board.noteWrongKey(at: "a", wasGood: false, start) }
        try refuse(2, &board)
        for number in [1, 3] { #expect(throws: PooledBoard.NoPlace.self) { try board.begin(number) } }
        #expect(board.next(anybody) == nil)
    }

    @Test("A key of the platform is tried when nothing else may be, alone, until it is proven or refused")
    func platform() throws {
        var board = try board(platform: ["config-1"])
        for _ in 0..<3 { board.board.noteWrongKey(at: "a", wasGood: true, start) }
        let trial = try #require(try platform(&board, at: start))
        #expect(try platform(&board, at: start) == nil)
        board.board.taken(trial, at: start)
        #expect(try platform(&board, at: start) != nil && platform(&board, at: start) != nil)
        // Without an answer that a key is wrong nobody waits.
        var quiet = try self.board(platform: ["config-1"])
        for _ in 0..<20 { #expect(try platform(&quiet, at: start) != nil) }
        // A fourth wrong answer is the last.
        var wrong = try self.board(platform: ["config-1", "config-2"])
        for _ in 0..<3 { wrong.board.noteWrongKey(at: "a", wasGood: false, start) }
        try wrong.end(try #require(try platform(&wrong, at: start)), refusal)
        #expect(wrong.next(anybody) == nil)
    }

    @Test("Checks and attempts share the places, and one is left to attempts")
    func checks() throws {
        var board = try board()
        for number in 1...3 { try board.pool(number, of: 7) }
        #expect(mayCheck(&board) && mayCheck(&board))
        #expect(!mayCheck(&board))
        let slot = try board.begin(1)
        #expect(throws: PooledBoard.NoPlace.self) { try board.begin(2) }
        board.board.checkEnded(at: "a")
        _ = try board.begin(2)
        #expect(!mayCheck(&board))
        board.board.checkEnded(at: "a")
        #expect(mayCheck(&board))
        board.board.checkEnded(at: "a")
        try board.end(slot, refusal)
        board.board.noteWrongKey(at: "a", wasGood: false, start)
        #expect(!mayCheck(&board), "one attempt is under way, and two were wrong")
    }
}
