import Domain
import ProviderKit
import TestSupport
import Testing

@Suite("When a callback that failed is tried again")
struct CallbackPlanTests {
    private let end = Timestamp(milliseconds: 1_700_000_000_000)

    /// The seconds after the end of the task at which attempts are made that all fail after `took` seconds.
    private func attempts(took: Double, dither: () -> Double) -> [Double] {
        var made: [Double] = []
        var now = end
        while true {
            made.append(now.seconds(since: end))
            now = now.adding(seconds: took)
            guard
                let next = CallbackPlan.next(afterAttempts: made.count, of: end, at: now, dither: dither()),
                made.count < 100
            else { return made }
            now = next
        }
    }

    @Test("The pauses grow to a quarter of an hour, and the last attempt is at the hour")
    func pauses() {
        #expect(attempts(took: 0) { 0 } == [0, 5, 20, 65, 200, 605, 1505, 2405, 3305, 3600])
    }

    @Test("Whatever an attempt takes, pauses grow, and none begins after the hour")
    func bounds() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let took = Double.random(in: 0...10, using: &random)
            let made = attempts(took: took) { Double.random(in: 0..<1, using: &random) }
            #expect((9...13).contains(made.count))
            #expect(made.last ?? 0 <= 3600 && made.last ?? 0 > 3400)
            let pauses = zip(made, made.dropFirst()).map { $1 - $0 - took }
            for (index, pause) in pauses.dropLast().enumerated() {
                let longest = [5, 15, 45, 135, 405][min(index, 4)]
                let usual = index < 5 ? Double(longest) : 900
                #expect(pause <= usual + 0.001 && pause >= 0.8 * usual - 0.001)
            }
        }
    }

    @Test("What could not be tried in time is given up after the one attempt that it has")
    func late() {
        #expect(CallbackPlan.next(afterAttempts: 1, of: end, at: end.adding(seconds: 3600), dither: 0) == nil)
        #expect(CallbackPlan.next(afterAttempts: 1, of: end, at: end.adding(seconds: 99_999), dither: 0) == nil)
        // A clock that was set back does not keep it for ever.
        let early = CallbackPlan.next(afterAttempts: 50, of: end, at: end.adding(seconds: -99_999), dither: 0)
        #expect(early == end.adding(seconds: -99_999 + 900))
    }
}
