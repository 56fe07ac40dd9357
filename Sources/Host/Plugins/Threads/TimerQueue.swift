/// Something that is due at a time. Subclasses say what happens then.
class TimerEntry: @unchecked Sendable {
    /// Guarded by the lock of the queue that it is in.
    fileprivate var dueAt: UInt64 = 0
    fileprivate var place = -1

    /// Called once, on the queue's thread, when the time has come. Must not block. It may race with `cancel`.
    func due() {}
}

/// One thread that waits for all deadlines of all adapters: a heap, from which entries can also be removed.
final class TimerQueue: @unchecked Sendable {
    static let shared = TimerQueue()

    private let monitor = Monitor()
    private let changed = Signal()
    /// Guarded by `monitor`, like all below. The earliest entry is first, and each is no later than the two that
    /// follow it at twice its place.
    private var heap: [TimerEntry] = []
    /// What the thread sleeps until; nothing has to wake it for what comes later.
    private var sleepsUntil = UInt64.max
    private var started = false

    var count: Int { monitor.locked { heap.count } }

    /// Makes `entry` due at this reading of the monotonic clock, instead of whenever it was before.
    func schedule(_ entry: TimerEntry, at nanoseconds: UInt64) {
        let wake = monitor.locked {
            if entry.place >= 0 { remove(entry) }
            entry.dueAt = nanoseconds
            entry.place = heap.count
            heap.append(entry)
            rise(entry.place)
            if !started { started = OSThread.start(named: "plugin timers") { [self] in serve() } }
            return nanoseconds < sleepsUntil
        }
        if wake { changed.wake() }
    }

    /// Takes `entry` out.
    ///
    /// - Returns: false when it was not in: its time has come or it never was scheduled.
    @discardableResult
    func cancel(_ entry: TimerEntry) -> Bool {
        monitor.locked {
            guard entry.place >= 0 else { return false }
            remove(entry)
            return true
        }
    }

    private func serve() {
        monitor.lock()
        while true {
            guard let first = heap.first else {
                sleepsUntil = .max
                changed.wait(monitor)
                continue
            }
            guard first.dueAt <= Clocks.monotonicNanoseconds else {
                sleepsUntil = first.dueAt
                changed.wait(monitor, until: first.dueAt)
                continue
            }
            remove(first)
            sleepsUntil = 0
            monitor.unlock()
            first.due()
            monitor.lock()
        }
    }

    // MARK: The heap

    private func remove(_ entry: TimerEntry) {
        let place = entry.place
        let last = heap.removeLast()
        entry.place = -1
        guard last !== entry else { return }
        heap[place] = last
        last.place = place
        rise(place)
        sink(last.place)
    }

    private func rise(_ start: Int) {
        var place = start
        while place > 0, heap[place].dueAt < heap[(place - 1) / 2].dueAt {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private func sink(_ start: Int) {
        var place = start
        while true {
            var earliest = place
            let left = 2 * place + 1
            if left < heap.count, heap[left].dueAt < heap[earliest].dueAt { earliest = left }
            if left + 1 < heap.count, heap[left + 1].dueAt < heap[earliest].dueAt { earliest = left + 1 }
            guard earliest != place else { return }
            swap(place, earliest)
            place = earliest
        }
    }

    private func swap(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        heap[left].place = left
        heap[right].place = right
    }
}
