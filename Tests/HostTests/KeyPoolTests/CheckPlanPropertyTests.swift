import Domain
import TestSupport
import Testing

@testable import KeyPool

/// Keys that come, go, turn out wrong or cannot be found out about, at random, with a provider that takes its time.
private struct Chaos {
    var plan = CheckPlan()
    var random: SeededGenerator
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    var standings: [ProviderKeyID: CheckStanding] = [:]
    var asked: [ProviderKeyID: Timestamp] = [:]
    /// When the answers come, and since when the checks are under way.
    var answers: [ProviderKeyID: (at: Timestamp, since: Timestamp)] = [:]
    var lastCheck: [ProviderKeyID: Timestamp] = [:]
    var wrong: [Timestamp] = []
    var begun: [Timestamp] = []
    var problems: [String] = []
    var next: Int64 = 1
    /// Of a hundred keys, so many are wrong and so many cannot be found out about.
    let wrongPercent: Int
    let unclearPercent: Int

    init(seed: UInt64, wrongPercent: Int, unclearPercent: Int) {
        random = SeededGenerator(seed: seed)
        self.wrongPercent = wrongPercent
        self.unclearPercent = unclearPercent
    }

    mutating func submit() {
        guard let id = ProviderKeyID(next) else { return }
        next += 1
        standings[id] = .pending
        plan.stands(id, at: "a", .pending, now)
        plan.ask(id, .submitted, now)
        asked[id] = now
    }

    mutating func advance() {
        let work = plan.advance(now)
        for id in work.begin {
            if answers[id] != nil { problems.append("\(id) is checked twice at once") }
            if standings[id] == nil { problems.append("\(id) is gone and checked") }
            // What was submitted comes before what is routine.
            if asked[id] == nil, asked.keys.contains(where: { answers[$0] == nil && standings[$0] == .pending }) {
                problems.append("\(id) comes before a key that was submitted")
            }
            asked[id] = nil
            begun.append(now)
            answers[id] = (now.adding(seconds: Double.random(in: 0.05...3, using: &random)), now)
        }
        if answers.count > Limits.keyChecksPerProvider { problems.append("too many under way") }
        if begun.suffix(2).count == 2, let last = begun.last, last.seconds(since: begun[begun.count - 2]) < 0.25 {
            problems.append("two checks begin at once")
        }
    }

    mutating func answer() {
        for id in answers.filter({ $0.value.at <= now }).keys.sorted() {
            answers[id] = nil
            let draw = Int.random(in: 0..<100, using: &random)
            var kind = CheckAnswer.Kind.clear
            var standing = standings[id] ?? .idle
            if draw < wrongPercent {
                kind = .refused
                standing = .idle
                wrong.append(now)
                let recent = wrong.filter { now.seconds(since: $0) <= Limits.wrongKeySeconds }
                if recent.count > Limits.wrongKeyAnswers { problems.append("\(recent.count) wrong keys") }
            } else if draw < wrongPercent + unclearPercent {
                kind = .unclear
            } else {
                standing = Int.random(in: 0..<10, using: &random) == 0 ? .depleted : .active
                lastCheck[id] = now
            }
            plan.answered(id, CheckAnswer(kind), now)
            guard standings[id] != nil else { continue }
            standings[id] = standing
            plan.stands(id, at: "a", standing, now)
        }
    }

    mutating func run(seconds: Double, keysPerHour: Double, removals: Bool = true) {
        let end = now.adding(seconds: seconds)
        var arrival = now
        while now < end {
            if arrival <= now {
                submit()
                arrival = now.adding(seconds: -3600 / keysPerHour * Double.random(in: 0.2...1.8, using: &random) * -1)
                if removals, Int.random(in: 0..<4, using: &random) == 0, let id = standings.keys.sorted().first {
                    standings[id] = nil
                    lastCheck[id] = nil
                    asked[id] = nil
                    plan.remove(id)
                }
            }
            answer()
            advance()
            let times = [plan.next(after: now), answers.values.map(\.at).min(), arrival].compactMap(\.self)
            guard let soonest = times.min() else { break }
            now = max(soonest, now.adding(seconds: 0.001))
        }
    }
}

@Suite("Checks of recycled keys at random")
struct CheckPlanPropertyTests {
    @Test("Never more than three wrong answers in ten minutes, what was submitted first", arguments: 1...12)
    func neverTooMany(seed: Int) {
        var chaos = Chaos(seed: UInt64(seed), wrongPercent: seed * 8, unclearPercent: 4)
        chaos.run(seconds: 6 * 3600, keysPerHour: 120)
        #expect(chaos.problems.isEmpty, "\(chaos.problems.prefix(5))")
        #expect(chaos.wrong.count > 20)
    }

    @Test("With capacity every active key is looked at in its time, and none is forgotten", arguments: 1...4)
    func nothingForgotten(seed: Int) {
        var chaos = Chaos(seed: UInt64(seed), wrongPercent: 0, unclearPercent: 5)
        chaos.run(seconds: 2 * 3600, keysPerHour: 150)
        #expect(chaos.problems.isEmpty, "\(chaos.problems.prefix(5))")
        let active = chaos.standings.filter { $0.value == .active }.keys
        #expect(active.count > 50)
        for id in active {
            // A check that told nothing is made again within the time.
            let age = chaos.lastCheck[id].map { chaos.now.seconds(since: $0) } ?? .infinity
            #expect(age < 2 * Limits.balanceSyncSeconds + 60, "\(id): \(age) s")
        }
        for (id, standing) in chaos.standings where standing == .depleted {
            let age = chaos.lastCheck[id].map { chaos.now.seconds(since: $0) } ?? .infinity
            #expect(age < Limits.depletedKeySeconds + 120, "\(id): \(age) s")
        }
        #expect(chaos.standings.values.count { $0 == .pending } < 15)
        #expect(chaos.plan.count == chaos.standings.count + chaos.answers.keys.count { chaos.standings[$0] == nil })
    }
}
