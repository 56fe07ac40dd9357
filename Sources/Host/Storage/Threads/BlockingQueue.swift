import Glibc

/// What became of an item that was offered to a queue.
enum QueueOffer: Sendable, Hashable {
    case taken, full, closed
}

/// A bounded queue between threads: whoever puts something in never waits, whoever takes something out does.
final class BlockingQueue<Item: Sendable>: Sendable {
    private struct State {
        /// Those before `first` have been taken.
        var items: [Item?] = []
        var first = 0
        /// What the items weigh together.
        var weight = 0
        var closed = false

        var count: Int { items.count - first }
    }

    private let capacity: Int
    private let maximumWeight: Int
    /// A condition variable needs a mutex that stays in its place; `state` is touched under it only.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let filled: UnsafeMutablePointer<pthread_cond_t>
    private nonisolated(unsafe) var state = State()
    private let weigh: @Sendable (Item) -> Int

    /// - Parameters:
    ///   - capacity: how many items may wait.
    ///   - maximumWeight: how much they may weigh together. An item that is heavier is taken when nothing waits.
    init(capacity: Int, maximumWeight: Int = .max, weigh: @escaping @Sendable (Item) -> Int = { _ in 0 }) {
        self.capacity = capacity
        self.maximumWeight = maximumWeight
        self.weigh = weigh
        mutex = .allocate(capacity: 1)
        filled = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        filled.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(filled, nil)
    }

    deinit {
        pthread_cond_destroy(filled)
        pthread_mutex_destroy(mutex)
        filled.deallocate()
        mutex.deallocate()
    }

    func offer(_ item: Item) -> QueueOffer {
        let itemWeight = weigh(item)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if state.closed { return .closed }
        guard state.count < capacity, state.count == 0 || state.weight <= maximumWeight - itemWeight else {
            return .full
        }
        state.items.append(item)
        state.weight += itemWeight
        pthread_cond_signal(filled)
        return .taken
    }

    /// Waits for items and takes as many as there are, `limit` at most, in their order. Empty once the queue is closed
    /// and nothing is left.
    func take(_ limit: Int) -> [Item] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while state.count == 0, !state.closed { pthread_cond_wait(filled, mutex) }
        let count = min(limit, state.count)
        var taken: [Item] = []
        taken.reserveCapacity(count)
        for index in state.first..<state.first + count {
            guard let item = state.items[index].take() else { continue }
            state.weight -= weigh(item)
            taken.append(item)
        }
        state.first += count
        if state.count == 0 {
            state.items.removeAll(keepingCapacity: state.items.count <= 1_024)
            state.first = 0
        } else if state.first > 1_024, state.first * 2 > state.items.count {
            state.items.removeFirst(state.first)
            state.first = 0
        }
        return taken
    }

    /// Takes nothing more in; what waits can still be taken out.
    func close() {
        pthread_mutex_lock(mutex)
        state.closed = true
        pthread_cond_broadcast(filled)
        pthread_mutex_unlock(mutex)
    }
}
