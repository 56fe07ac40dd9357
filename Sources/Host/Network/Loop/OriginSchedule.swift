/// Whose turn it is: exchanges wait in one line for each origin, and the lines take turns at the places that are free.
///
/// A pure value. Ids must grow from one `add` to the next.
struct OriginSchedule {
    private struct Line {
        var running = 0
        /// Never empty while its origin is among the turns.
        var waiting: [UInt64] = []

        /// Ids only grow, so a line is sorted.
        func place(of id: UInt64) -> Int? {
            var low = 0
            var high = waiting.count
            while low < high {
                let middle = (low + high) / 2
                if waiting[middle] < id { low = middle + 1 } else { high = middle }
            }
            return low < waiting.count && waiting[low] == id ? low : nil
        }
    }

    private let perOrigin: Int
    private let total: Int
    private var lines: [Origin: Line] = [:]
    /// Origins with someone waiting; the first is the next to be asked.
    private var turns: [Origin] = []
    private(set) var running = 0

    /// At most `perOrigin` exchanges run with one origin, and `total` with all of them.
    init(perOrigin: Int, total: Int) {
        self.perOrigin = perOrigin
        self.total = total
    }

    mutating func add(_ id: UInt64, to origin: Origin) {
        if lines[origin, default: Line()].waiting.isEmpty { turns.append(origin) }
        lines[origin, default: Line()].waiting.append(id)
    }

    /// Takes the next exchange that may run out of its line; nil when nobody waits or no place is free.
    mutating func next() -> UInt64? {
        guard running < total,
            let turn = turns.firstIndex(where: { (lines[$0]?.running ?? 0) < perOrigin })
        else { return nil }
        let origin = turns.remove(at: turn)
        guard let id = lines[origin]?.waiting.removeFirst() else { return nil }
        lines[origin]?.running += 1
        running += 1
        if lines[origin]?.waiting.isEmpty == false { turns.append(origin) }
        return id
    }

    /// An exchange that `next` gave has ended.
    mutating func ended(at origin: Origin) {
        guard let line = lines[origin], line.running > 0 else { return }
        lines[origin]?.running -= 1
        running -= 1
        forgetIfIdle(origin)
    }

    /// Takes an exchange that no longer wants to wait out of its line; no effect when it isn't there.
    mutating func remove(_ id: UInt64, from origin: Origin) {
        guard let place = lines[origin]?.place(of: id) else { return }
        lines[origin]?.waiting.remove(at: place)
        if lines[origin]?.waiting.isEmpty == true { turns.removeAll { $0 == origin } }
        forgetIfIdle(origin)
    }

    private mutating func forgetIfIdle(_ origin: Origin) {
        guard let line = lines[origin], line.running == 0, line.waiting.isEmpty else { return }
        lines[origin] = nil
    }
}
