import Domain

/// The tasks that wait for a place at one provider, in the order in which they have come.
///
/// A task enters with its turn, so that one which leaves and comes back has its place again. To enter, to leave and to
/// look who is first takes hardly longer the more there are.
struct WaitingLine: Sendable {
    /// Those that wait.
    private var turns: [TaskID: Turn] = [:]
    /// All turns in their order, from `head` on. Nearly all that enter come last, or first when they come back.
    private var order: [Turn] = []
    private var head = 0
    /// Turns in the order whose task has left, and may come back.
    private var left: [TaskID: Turn] = [:]

    var isEmpty: Bool { turns.isEmpty }
    var count: Int { turns.count }
    /// How many turns it has, with those of tasks that have left.
    var remembered: Int { order.count }

    mutating func enter(_ turn: Turn) {
        guard turns[turn.task] != turn else { return }
        leave(turn.task)
        if left[turn.task] == turn {
            left[turn.task] = nil
        } else {
            insert(turn)
        }
        turns[turn.task] = turn
    }

    private mutating func insert(_ turn: Turn) {
        var (low, high) = (head, order.count)
        if let last = order.last, last < turn { low = high }
        while low < high {
            let middle = (low + high) / 2
            if order[middle] < turn { low = middle + 1 } else { high = middle }
        }
        if low == head, head > 0 {
            head -= 1
            order[head] = turn
        } else {
            order.insert(turn, at: low)
        }
    }

    mutating func leave(_ task: TaskID) {
        guard let turn = turns.removeValue(forKey: task) else { return }
        left[task] = turn
        if order.count > 2 * turns.count + WaitingLine.spare { sweep() }
    }

    /// The turn of the first of those that wait, if it is before this one.
    mutating func first(before turn: Turn) -> Turn? {
        while head < order.count {
            let first = order[head]
            if turns[first.task] == first { return first < turn ? first : nil }
            head += 1
            if left[first.task] == first { left[first.task] = nil }
        }
        return nil
    }

    /// The same of some of those that wait.
    ///
    /// - Parameter most: how many of them are looked at.
    mutating func first(before turn: Turn, of most: Int, where isOne: (TaskID) -> Bool) -> Turn? {
        guard first(before: turn) != nil else { return nil }
        var looked = 0
        for one in order[head...] where turns[one.task] == one {
            guard one < turn, looked < most else { return nil }
            if isOne(one.task) { return one }
            looked += 1
        }
        return nil
    }

    private mutating func sweep() {
        order = turns.values.sorted()
        head = 0
        left.removeAll()
    }

    private static let spare = 64
}
