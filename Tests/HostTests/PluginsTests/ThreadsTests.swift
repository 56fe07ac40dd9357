import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Plugins

@Suite("Queues and timers")
struct ThreadsTests {
    private final class Entry: TimerEntry, @unchecked Sendable {
        let number: Int
        let fired: @Sendable (Int) -> Void

        init(_ number: Int, _ fired: @escaping @Sendable (Int) -> Void) {
            self.number = number
            self.fired = fired
        }

        override func due() { fired(number) }
    }

    @Test("Timers come in the order of their times, and those that were cancelled never")
    func order() {
        let queue = TimerQueue()
        let fired = Mutex<[Int]>([])
        var random = SeededGenerator(seed: 3)
        let base = Clocks.monotonicNanoseconds + 30_000_000
        let numbers = (0..<500).shuffled(using: &random)
        let entries = numbers.map { number in Entry(number) { number in fired.withLock { $0.append(number) } } }
        for entry in entries { queue.schedule(entry, at: base + UInt64(entry.number) * 1_000) }
        for entry in entries where entry.number % 3 == 0 { #expect(queue.cancel(entry)) }
        // Some are put later.
        for entry in entries where entry.number % 5 == 1 && entry.number % 3 != 0 {
            queue.schedule(entry, at: base + UInt64(entry.number + 1_000) * 1_000)
        }
        let kept = (0..<500).filter { $0 % 3 != 0 }
        eventually("all are due") { fired.withLock { $0.count } == kept.count }
        #expect(fired.withLock { $0 } == kept.filter { $0 % 5 != 1 } + kept.filter { $0 % 5 == 1 })
        #expect(queue.count == 0)
        #expect(!queue.cancel(entries[0]))
    }

    @Test("A timer that is due earlier than all others does not wait for them")
    func earlier() {
        let queue = TimerQueue()
        let fired = Outcome<Int>()
        let late = Entry(1) { _ in }
        queue.schedule(late, at: Clocks.monotonicNanoseconds + 60_000_000_000)
        queue.schedule(Entry(2) { fired.set($0) }, at: Clocks.monotonicNanoseconds + 1_000_000)
        #expect(fired.wait(seconds: 10) == 2)
        queue.cancel(late)
    }

    @Test("A queue gives back what it got, in order, and does not keep what was taken")
    func fifo() {
        var queue = FIFO<Int>()
        var model: [Int] = []
        var random = SeededGenerator(seed: 11)
        for number in 0..<20_000 {
            if random.next() % 5 < 3 || number < 2_000 {
                queue.append(number)
                model.append(number)
            } else {
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            if queue.count != model.count { Issue.record("counts differ") }
        }
        #expect(queue.removeAll() == model)
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }

    @Test("Work on a thread of its own is waited for no longer than allowed")
    func boundedWork() {
        #expect(OSThread.run(named: "test", seconds: 10) { 7 } == 7)
        let gate = Outcome<Bool>()
        let since = Clocks.monotonicNanoseconds
        #expect(OSThread.run(named: "test", seconds: 0.02) { gate.wait(seconds: 10) } == nil)
        #expect(Clocks.monotonicNanoseconds - since < 5_000_000_000)
        gate.set(true)
    }
}
