import Domain
import ProviderKit
@testable import Routing
import TestSupport
import Testing

@Suite("The rest of a key")
struct KeyRestTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private let limit = Fault(.rateLimited(.key, retryAfterSeconds: nil))

    @Test("after a limit on calls grows to a minute and not beyond, for each trial that meets it again")
    func growth() {
        var rest = KeyRest()
        var now = start
        var seconds: [Double] = []
        for _ in 0..<6 {
            rest.failed(limit, at: now)
            let until = rest.rests(at: now) ?? now
            seconds.append(until.seconds(since: now))
            now = until
            _ = rest.began(at: now)
        }
        #expect(seconds == [5, 10, 20, 40, 60, 60])
    }

    @Test("is followed by one task, and when that is taken by ever more, two in a second at first")
    func release() throws {
        var rest = KeyRest()
        rest.failed(Fault(.noFunds), at: start)
        var now = try #require(rest.rests(at: start))
        #expect(rest.waits(at: now) == nil)
        let isPaced = rest.began(at: now)
        #expect(isPaced)
        #expect(rest.waits(at: now) == now.adding(seconds: Limits.askAgainSeconds), "it is tried")
        #expect(rest.waits(at: now.adding(seconds: Limits.keyTrialSeconds - 1)) != nil)
        #expect(rest.waits(at: now.adding(seconds: Limits.keyTrialSeconds)) == nil, "which may take its time")
        rest.taken(began: now, at: now)
        var gaps: [Double] = []
        for _ in 0..<6 {
            let next = rest.waits(at: now) ?? now
            gaps.append(next.seconds(since: now))
            now = next
            _ = rest.began(at: now)
            rest.taken(began: now, at: now)
        }
        #expect(gaps == [0.5, 0.25, 0.125, 0.063, 0.031, 0.016])
        // After a minute without a limit it is as any other.
        now = now.adding(seconds: 61)
        let isPacedYet = rest.began(at: now)
        #expect(!isPacedYet && rest.waits(at: now) == nil)
    }

    @Test("lets the next task try when the first has ended without a word about the key")
    func neutralTrial() throws {
        var rest = KeyRest()
        rest.failed(limit, at: start)
        let end = try #require(rest.rests(at: start))
        _ = rest.began(at: end)
        let later = end.adding(seconds: 1)
        rest.ended(began: start.adding(seconds: -1), at: later)
        #expect(rest.waits(at: later) != nil, "that one began before the rest")
        rest.ended(began: end, at: later)
        #expect(rest.waits(at: later) == nil)
    }

    @Test("does not begin at each limit when tasks are taken in between: the pace halves, and some in a row end that")
    func paceHalves() throws {
        var rest = KeyRest()
        rest.failed(limit, at: start)
        var now = try #require(rest.rests(at: start))
        for _ in 0..<6 {
            _ = rest.began(at: now)
            rest.taken(began: now, at: now)
            now = now.adding(seconds: 1)
        }
        for number in 1..<Limits.limitsPerRest {
            rest.failed(limit, at: now)
            #expect(rest.rests(at: now) == nil, "\(number)")
        }
        // 64 in a second, halved four times.
        #expect(rest.waits(at: now) == now.adding(seconds: 0.25))
        rest.failed(limit, at: now)
        #expect(rest.rests(at: now) == now.adding(seconds: 5))
    }

    @Test("does not begin again, nor end, by what began before it")
    func stragglers() throws {
        var rest = KeyRest()
        rest.failed(limit, at: start)
        let end = try #require(rest.rests(at: start))
        _ = rest.began(at: end)
        rest.taken(began: start.adding(seconds: -3), at: end)
        #expect(rest.waits(at: end) != nil, "it does not show that the limit is over")
        rest.failed(limit, at: end)
        #expect(rest.rests(at: end) == end.adding(seconds: 10))
    }

    @Test("ends when the provider says that the key is good, a limit only when the operator has asked")
    func ends() throws {
        for (fault, byItself) in [
            (Fault(.noFunds), true), (Fault(.invalidKey), true), (limit, false),
            (Fault(.banned(.key, untilUnixSeconds: nil)), false),
        ] {
            var rest = KeyRest()
            rest.failed(fault, at: start)
            var other = rest
            let ended = rest.end(limits: false)
            #expect(ended == byItself && (rest.rests(at: start) == nil) == byItself)
            let asked = other.end(limits: true)
            #expect(asked && other.waits(at: start) == nil)
            // One tries first all the same.
            _ = other.began(at: start)
            #expect(other.waits(at: start) != nil)
        }
    }

    @Test(
        "On the board: an operator's check ends it, and so does a look at a recycled key's balance",
        arguments: [true, false])
    func board(isRecycled: Bool) throws {
        let price = try #require(Money(decimal: "0.1"))
        let recycled = ProviderKeyID(3).map(\.recycledCredential) ?? ""
        let key = isRecycled ? recycled : "1"
        var board = RouteBoard(
            offers: OfferTable([
                ProviderOffer(
                    provider: "a", family: .altcha, price: price, cost: price, needsKeys: true,
                    credentials: isRecycled ? [] : ["1"])
            ]), algorithm: .published)
        let pooled = PooledKey(credential: recycled, owner: AccountID(1), balance: Money(decimal: "5"))
        if isRecycled { board.pool(pooled, at: "a") }
        let choice = CandidateChoice(family: .altcha, ceiling: .most)
        for _ in 0..<2 {
            let candidate = try #require(board.ranking(choice, at: start).candidates.first)
            #expect(candidate.credential == key)
            guard case .granted(let slot) = board.admit(candidate, .altcha, at: start) else { throw TestError() }
            board.ended(slot, AttemptVerdict(.fault(Fault(.noFunds)), seconds: 1), at: start)
            guard case .later = board.next(choice, at: start) else { throw TestError() }
            if isRecycled { board.pool(pooled, at: "a") } else { board.endRest(key, at: "a") }
            guard case .now = board.next(choice, at: start) else { throw TestError() }
        }
    }

    @Test("On the board: those that waited for the end of a rest do not all go at once, for a key and for a provider")
    func noHerd() throws {
        for scope in [Fault.Scope.key, .provider] {
            let price = try #require(Money(decimal: "0.1"))
            var board = RouteBoard(
                offers: OfferTable([
                    ProviderOffer(provider: "a", family: .altcha, price: price, cost: price, credentials: ["1"])
                ]), algorithm: .published)
            let choice = CandidateChoice(family: .altcha, ceiling: .most)
            let candidate = try #require(board.ranking(choice, at: start).candidates.first)
            guard case .granted(let first) = board.admit(candidate, .altcha, at: start) else { throw TestError() }
            let fault = Fault(.rateLimited(scope, retryAfterSeconds: 30))
            board.ended(first, AttemptVerdict(.fault(fault), seconds: 1), at: start)
            var now = start.adding(seconds: 30)
            var granted: [Int] = []
            for _ in 0..<5 {
                var slots: [AttemptSlot] = []
                for tick in 0..<100 {
                    let time = now.adding(seconds: Double(tick) / 100)
                    guard case .granted(let slot) = board.admit(candidate, .altcha, at: time) else { continue }
                    #expect(slot.heedsTaken)
                    slots.append(slot)
                    board.taken(slot, at: time)
                }
                granted.append(slots.count)
                now = now.adding(seconds: 1)
            }
            #expect(granted[0] <= 40 && granted[0] < granted[1], "\(granted)")
        }
    }

    private struct TestError: Error {}
}
