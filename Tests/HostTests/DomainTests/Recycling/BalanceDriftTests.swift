import Domain
import TestSupport
import Testing

/// A key at a provider: what its attempts do to its balance, and what is recorded of them here.
private struct UsedKey {
    var random: SeededGenerator
    var balance: Int64 = 1_000_000
    var recorded: Int64 = 0
    private var open: [Int: (cost: Int64, isDeducted: Bool)] = [:]
    private var next = 0
    /// What attempts that were open since the last reading began have cost or will cost.
    private var touched: [Int: Int64] = [:]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func step() {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            let cost = Int64.random(in: 0...50, using: &random)
            open[next] = (cost, false)
            touched[next] = cost
            next += 1
        case 1: if let one = open.keys.sorted().randomElement(using: &random) { deduct(one) }
        default: if let one = open.keys.sorted().randomElement(using: &random) { end(one) }
        }
    }

    private mutating func deduct(_ one: Int) {
        guard let attempt = open[one], !attempt.isDeducted else { return }
        balance -= attempt.cost
        open[one]?.isDeducted = true
    }

    private mutating func end(_ one: Int) {
        deduct(one)
        recorded += open.removeValue(forKey: one)?.cost ?? 0
    }

    mutating func endAll() {
        for one in open.keys.sorted() { end(one) }
    }

    /// A check during which attempts go on: the balance is of one moment, what is recorded of a later one.
    mutating func reading(steps: Int) -> BalanceDrift.Reading {
        touched = open.mapValues(\.cost)
        for _ in 0..<steps { step() }
        let balance = balance
        for _ in 0..<steps { step() }
        return BalanceDrift.Reading(
            balance: nanos(balance), recorded: nanos(recorded), open: nanos(touched.values.reduce(0, +)))
    }
}

private func nanos(_ nanos: Int64) -> Money { Money(nanos: nanos) ?? .zero }

@Suite("Drift between what was recorded and what was deducted")
struct BalanceDriftTests {
    private func reading(_ balance: Int64, _ recorded: Int64, open: Int64 = 0) -> BalanceDrift.Reading {
        BalanceDrift.Reading(balance: nanos(balance), recorded: nanos(recorded), open: nanos(open))
    }

    private func drift(_ readings: [BalanceDrift.Reading]) -> Int64 {
        var drift = BalanceDrift()
        for reading in readings { drift.note(reading) }
        return drift.total.nanos
    }

    @Test("A key that is used only here does not drift, whatever is open when it is checked", arguments: 1...200)
    func onlyHere(seed: UInt64) {
        var key = UsedKey(seed: seed)
        var drift = BalanceDrift()
        for _ in 0..<60 {
            for _ in 0..<Int.random(in: 0...20, using: &key.random) { key.step() }
            if Int.random(in: 0..<5, using: &key.random) == 0 { key.endAll() }
            drift.note(key.reading(steps: Int.random(in: 0...4, using: &key.random)))
            #expect(drift.total == .zero)
        }
    }

    @Test(
        "What is deducted for nothing of ours, or not deducted, shows exactly once nothing is open", arguments: 1...200)
    func elsewhere(seed: UInt64) {
        var key = UsedKey(seed: seed)
        var drift = BalanceDrift()
        // Counting may begin in the middle of things; it is exact from the first reading without.
        key.step()
        drift.note(key.reading(steps: 3))
        key.endAll()
        drift.note(key.reading(steps: 0))
        var expected: Int64 = 0
        for _ in 0..<40 {
            for _ in 0..<10 { key.step() }
            let amount = Int64.random(in: -200...200, using: &key.random)
            expected += amount
            if amount > 0 { key.balance -= amount } else { key.recorded -= amount }
            if Bool.random(using: &key.random) {
                let reading = key.reading(steps: 3)
                drift.note(reading)
                // What is in doubt is never held against the key, and never hides more than it may.
                #expect(abs(drift.total.nanos) <= abs(expected))
                #expect(abs(drift.total.nanos - expected) <= 2 * reading.open.nanos)
            }
            key.endAll()
            drift.note(key.reading(steps: 0))
            #expect(drift.total.nanos == expected)
        }
    }

    @Test("Topping up begins anew and carries what had come together", arguments: 1...100)
    func topUps(seed: UInt64) {
        var key = UsedKey(seed: seed)
        var drift = BalanceDrift()
        drift.note(key.reading(steps: 0))
        var expected: Int64 = 0
        for _ in 0..<20 {
            for _ in 0..<10 { key.step() }
            key.endAll()
            let elsewhere = Int64.random(in: 0...100, using: &key.random)
            key.balance -= elsewhere
            expected += elsewhere
            drift.note(key.reading(steps: 0))
            key.balance += Int64.random(in: 1...5_000, using: &key.random)
            drift.note(key.reading(steps: 0))
            #expect(drift.total.nanos == expected)
        }
    }

    @Test("Use elsewhere is positive, a credit without deduction negative, each by its amount")
    func signs() {
        #expect(drift([reading(1_000, 0)]) == 0)
        #expect(drift([reading(1_000, 0), reading(900, 100)]) == 0)
        #expect(drift([reading(1_000, 0), reading(850, 100)]) == 50)
        #expect(drift([reading(1_000, 0), reading(950, 100)]) == -50)
        #expect(drift([reading(1_000, 0), reading(1_000, 100)]) == -100)
    }

    @Test("What is open may be deducted or not, and recorded or not")
    func doubt() {
        for (balance, recorded) in [(1_000, 0), (970, 0), (970, 30), (1_000, 30)] as [(Int64, Int64)] {
            #expect(drift([reading(1_000, 0), reading(balance, recorded, open: 30)]) == 0)
        }
        #expect(drift([reading(1_000, 0), reading(969, 0, open: 30)]) == 1)
        #expect(drift([reading(1_000, 0), reading(1_000, 31, open: 30)]) == -1)
    }

    @Test("A beginning with something open is uncertain until a reading without")
    func uncertain() {
        let begin = [reading(1_000, 0, open: 30), reading(1_000, 0, open: 0)]
        // Without the second reading thirty would pass unseen for ever.
        #expect(drift(begin + [reading(970, 0)]) == 30)
        #expect(drift([begin[0], reading(970, 0, open: 5)]) == 0)
        // What has come together before the exact beginning stays.
        #expect(drift([begin[0], reading(900, 0), reading(890, 0)]) == 80)
    }

    @Test("What was interrupted goes on with the next reading, and keeps what had come together")
    func interrupt() {
        var drift = BalanceDrift()
        drift.note(reading(1_000, 0))
        drift.note(reading(950, 0))
        drift.interrupt(reading(950, 0))
        #expect(drift.total.nanos == 50)
        #expect(drift.baseline == nil)
        drift.note(reading(500, 7))
        #expect(drift.total.nanos == 50)
        drift.note(reading(490, 7))
        #expect(drift.total.nanos == 60)
    }

    @Test("What was recorded until a balance has risen may have been given back, and adds up whatever else happens")
    func givenBack() {
        var drift = BalanceDrift()
        drift.note(reading(1_000, 0))
        // All of it, and a little was paid in to look like a top-up.
        for round in 1...3 as ClosedRange<Int64> {
            drift.note(reading(1_000 + round, 40 * round))
            #expect(drift.givenBack.nanos == 40 * round && drift.total.nanos == -40 * round)
        }
        #expect(drift.exceeded(.init(drift: nanos(120))) == nil && drift.exceeded(.init(drift: nanos(119))) == .drift)
        // Use elsewhere makes up for the drift, and not for what was given back.
        drift.note(reading(1_003 - 120, 120))
        #expect(drift.total == .zero && drift.exceeded(.init(drift: nanos(119))) == .givenBack)
        // More than was recorded is money that was paid in, as far as anybody can see.
        drift.note(reading(5_000, 150))
        #expect(drift.total == .zero && drift.givenBack.nanos == 150)
    }

    @Test("What is taken for open attempts and given back for those that were not solved is ordinary")
    func refundedUnsolved() {
        var drift = BalanceDrift()
        drift.note(reading(1_000, 0))
        drift.note(reading(900, 0, open: 100))
        drift.note(reading(970, 30))
        #expect(drift.total == .zero && drift.givenBack == .zero)
        // Also where counting begins in the middle of it.
        var late = BalanceDrift()
        late.note(reading(900, 0, open: 100))
        late.note(reading(970, 30))
        #expect(late.total == .zero && late.givenBack == .zero)
    }

    @Test("What a package pays is unseen, as far as the balance does not show it")
    func package() {
        var drift = BalanceDrift()
        drift.interrupt(reading(0, 0))
        drift.interrupt(reading(0, 70))
        #expect(drift.unseen.nanos == 70 && drift.total == .zero)
        drift.interrupt(reading(500, 70))
        drift.interrupt(reading(480, 120))
        #expect(drift.unseen.nanos == 100)
        // It is used up: what was recorded meanwhile may still have been paid by it.
        drift.note(reading(480, 130))
        drift.note(reading(470, 140))
        #expect(drift.unseen.nanos == 110 && drift.total == .zero)
        #expect(drift.exceeded(.init(drift: nanos(1), unseen: nanos(109))) == .unseen)
        #expect(drift.exceeded(.init(drift: nanos(1), unseen: nanos(110))) == nil)
    }

    @Test("A drift beyond every amount is held at the bound")
    func bound() {
        var drift = BalanceDrift()
        for _ in 0..<3 {
            drift.note(reading(Money.bound, 0))
            drift.note(reading(-Money.bound, 0))
        }
        #expect(drift.total == .most)
        var less = BalanceDrift()
        less.note(reading(0, 0))
        less.note(reading(0, Money.bound))
        less.note(reading(1, Money.bound))
        less.note(reading(1, Money.bound))
        #expect(less.total == Money.most.negated)
    }

    @Test("What was stored goes on as it was")
    func stored() {
        var drift = BalanceDrift()
        drift.note(reading(1_000, 0))
        drift.note(reading(900, 20))
        var again = BalanceDrift(
            baseline: drift.baseline, last: drift.last, sinceBaseline: drift.sinceBaseline,
            carried: drift.carried, givenBack: drift.givenBack, unseen: drift.unseen)
        #expect(again == drift)
        drift.note(reading(2_000, 20))
        again.note(reading(2_000, 20))
        #expect(again == drift)
        #expect(again.carried.nanos == 80)
    }
}
