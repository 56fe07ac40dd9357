import Domain
import HeapModule
import TestSupport

/// Time that passes only when the next thing happens, one thing after the other, from a seed. Everything in it runs on
/// the thread of the test.
final class VirtualWorld: @unchecked Sendable {
    private(set) var now = Timestamp(milliseconds: 1_700_000_000_000)
    var random: SeededGenerator
    /// All that has happened and when, as one number: the same whenever the seed is the same.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Counts the host's lives: what an earlier life has scheduled for itself no longer happens.
    private(set) var life = 0
    private var agenda = Heap<Appointment>()
    private var appointments = 0

    private struct Appointment: Comparable {
        let at: Timestamp
        let number: Int
        let life: Int?
        let body: () -> Void

        static func == (left: Appointment, right: Appointment) -> Bool { left.number == right.number }
        static func < (left: Appointment, right: Appointment) -> Bool {
            (left.at, left.number) < (right.at, right.number)
        }
    }

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Has something happen later. It does not happen if it is the host's and the host has died by then.
    func after(_ seconds: Double, host: Bool, _ body: @escaping () -> Void) {
        appointments += 1
        agenda.insert(
            Appointment(at: now.adding(seconds: seconds), number: appointments, life: host ? life : nil, body: body))
    }

    /// Lets the next thing happen; false when there is none.
    func step() -> Bool {
        guard let next = agenda.popMin() else { return false }
        now = max(now, next.at)
        note(UInt64(now.milliseconds))
        note(UInt64(next.number))
        if next.life == nil || next.life == life { next.body() }
        return true
    }

    private func note(_ number: UInt64) { digest = (digest ^ number) &* 0x100_0000_01b3 }

    /// The host dies: nothing of it goes on.
    func crash() {
        life += 1
    }

    func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }
    func seconds(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
}
