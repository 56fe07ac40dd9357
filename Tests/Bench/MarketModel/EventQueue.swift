/// What happens next on the virtual clock: a binary heap by time, and in the order of their coming at equal times.
struct EventQueue {
    private struct Entry {
        let time: Double
        let number: Int
        let event: MarketRun.Event

        func precedes(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Entry] = []
    private var pushed = 0

    var nextTime: Double? { heap.first?.time }

    mutating func push(_ event: MarketRun.Event, at time: Double) {
        heap.append(Entry(time: time, number: pushed, event: event))
        pushed += 1
        var child = heap.count - 1
        while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (time: Double, event: MarketRun.Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.time, first.event) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].precedes(heap[least]) { least = child }
            }
            guard least != parent else { return (first.time, first.event) }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
