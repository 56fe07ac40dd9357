/// Deadlines of exchanges, earliest first: a binary heap in which what has ended stays until it comes to the top or
/// until such entries are the majority.
struct DeadlineQueue {
    private struct Entry {
        let deadline: UInt64
        let id: UInt64
    }

    private var heap: [Entry] = []

    mutating func add(_ id: UInt64, deadline: UInt64) {
        heap.append(Entry(deadline: deadline, id: id))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest deadline of an exchange that still lives.
    mutating func earliest(isLive: (UInt64) -> Bool) -> UInt64? {
        while let first = heap.first {
            if isLive(first.id) { return first.deadline }
            removeFirst()
        }
        return nil
    }

    /// Takes out one living exchange whose deadline has come.
    mutating func due(now: UInt64, isLive: (UInt64) -> Bool) -> UInt64? {
        guard let deadline = earliest(isLive: isLive), deadline <= now, let id = heap.first?.id else { return nil }
        removeFirst()
        return id
    }

    /// Drops what has ended, when that is worth the walk. `live` is how many exchanges there are.
    mutating func compact(live: Int, isLive: (UInt64) -> Bool) {
        guard heap.count > 2 * live + 1024 else { return }
        let kept = heap.filter { isLive($0.id) }
        heap.removeAll(keepingCapacity: true)
        for entry in kept { add(entry.id, deadline: entry.deadline) }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
