import Domain
import Foundation
import ProviderKit
import Routing

/// How long the choice for a new task takes, which is made under a lock that all tasks share: with the platform's keys
/// alone, and with pools of recycled keys.
///
/// A line for each case: its name, then the nanoseconds of a choice, of an attempt's place taken and given back, and of
/// a choice that is made anew, behind tabs. The median of eleven runs.
@main
struct ChoiceBench {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)
    static let providers = ["a", "b", "c", "d", "e"]

    /// What is in the pools, and how their keys are doing.
    struct Case {
        var name: String
        /// Recycled keys of each provider.
        var keys = 0
        /// Attempts that are open with each key.
        var open = 0
        /// Whether all of them rest.
        var resting = false
        /// Whose task it is; account 1 has a key of its own at each provider.
        var account = AccountID(0)
    }

    static func main() {
        let cases = [
            Case(name: "no recycled keys"), Case(name: "500 idle", keys: 500),
            Case(name: "500 with a task each", keys: 500, open: 1),
            Case(name: "500 with a task each, of an owner", keys: 500, open: 1, account: AccountID(1)),
            Case(name: "500 that all rest", keys: 500, resting: true),
        ]
        for one in cases {
            let figures = [choices(one), places(one), fresh(one)].map { String(format: "%.0f", $0) }
            write(one.name + "\t" + figures.joined(separator: "\t"))
        }
    }

    private static func board(_ one: Case) -> RouteBoard {
        let cost = Money(nanos: 1_000_000) ?? .zero
        let offers = providers.map { provider in
            ProviderOffer(
                provider: provider, family: .turnstile, price: cost, cost: cost, needsKeys: true,
                credentials: ["config-1", "config-2"], tasksPerKey: 50)
        }
        var board = RouteBoard(offers: OfferTable(offers), algorithm: .adaptive)
        for provider in providers {
            for number in 0..<one.keys {
                let credential = "recycled-\(number + 1)"
                board.pool(
                    PooledKey(
                        credential: credential, owner: AccountID(Int64(number + 1)),
                        balance: Money(nanos: 5_000_000_000)), at: provider)
            }
            let used = (1...max(one.keys, 1)).map { "recycled-\($0)" } + ["config-1", "config-2"]
            for credential in one.keys > 0 ? used : [] {
                let candidate = Candidate(provider: provider, credential: credential, price: cost, cost: cost)
                for _ in 0..<one.open { _ = board.admit(candidate, .turnstile, at: start) }
                guard one.resting, case .granted(let slot) = board.admit(candidate, .turnstile, at: start) else {
                    continue
                }
                board.ended(slot, AttemptVerdict(.fault(Fault(.noFunds)), seconds: 1), at: start)
            }
        }
        return board
    }

    private static func choice(_ one: Case) -> CandidateChoice {
        CandidateChoice(family: .turnstile, ceiling: .most, account: one.account)
    }

    /// The choice for a task whose like was there a moment ago: all but four in a second.
    private static func choices(_ one: Case) -> Double {
        var board = board(one)
        let choice = choice(one)
        return median(of: 20_000) { _ = board.ranking(choice, draw: 0.5, at: start) }
    }

    private static func places(_ one: Case) -> Double {
        var board = board(one)
        let candidate = board.ranking(choice(one), at: start).candidates[0]
        return median(of: 20_000) {
            guard case .granted(let slot) = board.admit(candidate, .turnstile, at: start) else { return }
            board.ended(slot, AttemptVerdict(.withdrawn, seconds: nil), at: start)
        }
    }

    /// A choice that nothing is remembered of, as for an attempt that failed.
    private static func fresh(_ one: Case) -> Double {
        var board = board(one)
        let choice = choice(one)
        return median(of: 5_000) { _ = board.next(choice, at: start) }
    }

    /// Nanoseconds for one of them.
    private static func median(of count: Int, _ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        let runs = (0..<11).map { _ in clock.measure { for _ in 0..<count { body() } } / .nanoseconds(1) }
        return runs.sorted()[runs.count / 2] / Double(count)
    }

    private static func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
