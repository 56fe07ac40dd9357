/// A straight line `height + slope * x`, and what it stands for.
struct Line {
    let slope: Double
    let height: Double
    let index: Int

    func value(at x: Double) -> Double { height + slope * x }
}

/// The lowest of many lines at a place. Lines come with rising slopes and places fall, so that a line which a later one
/// has undercut, or which lies above its neighbours, is never wanted again: adding and asking take a constant time in
/// the mean.
struct LowerEnvelope {
    private var lines: [Line] = []
    private var front = 0

    init(capacity: Int) { lines.reserveCapacity(capacity) }

    /// - Parameter line: one whose slope is above that of all before it.
    mutating func add(_ line: Line) {
        while lines.count - front >= 2 {
            let (outer, inner) = (lines[lines.count - 2], lines[lines.count - 1])
            // Where the new line undercuts the last one, and where that one undercuts the one before it.
            let newest = (inner.height - line.height) / (line.slope - inner.slope)
            let before = (outer.height - inner.height) / (inner.slope - outer.slope)
            guard newest >= before else { break }
            lines.removeLast()
        }
        lines.append(line)
    }

    /// - Parameter x: a place that is not above any earlier one.
    mutating func lowest(at x: Double) -> Line? {
        while lines.count - front >= 2, lines[front + 1].value(at: x) <= lines[front].value(at: x) { front += 1 }
        return front < lines.count ? lines[front] : nil
    }
}
