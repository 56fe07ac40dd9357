/// How long one provider takes for tasks of one family: a histogram in which older observations count less.
///
/// What a host knows of a solve time is between which two of its polls the result became ready. A histogram that spread
/// such an observation over its buckets once and for all would keep its first guess: those that follow would be spread
/// by it, and a host that polls rarely would learn its own poll times. So the intervals themselves are counted, and
/// `distribution` finds the solve times that explain all of them together.
///
/// It is a value that can be added to that of another host. Solve times count from the answer of the submit, in
/// seconds.
public struct SolveTimes: Sendable, Hashable {
    /// A number of tasks whose result became ready between two edges of the scale.
    struct Cell: Sendable, Hashable {
        /// The edges: `lower` is 0..<count, `upper` is lower+1...count, or `unbounded`.
        let lower: UInt16
        let upper: UInt16
        var weight: Double

        var key: UInt32 { UInt32(lower) << 16 | UInt32(upper) }
    }

    /// The upper edge of an attempt that was given up.
    static let unbounded = UInt16(SolveTimeScale.count + 1)

    /// Rising by their keys.
    private(set) var cells: [Cell]
    /// The moment for which the weights hold.
    public private(set) var asOf: Timestamp

    /// Nothing known.
    public init() {
        self.init(cells: [], asOf: Timestamp(milliseconds: 0))
    }

    init(cells: [Cell], asOf: Timestamp) {
        self.cells = cells
        self.asOf = asOf
    }

    /// What all observations together count for at `asOf`: each counts 1 when it is made, and half of that after every
    /// `Limits.solveTimeHalfLifeSeconds`. Attempts that were given up are among them.
    public var weight: Double { cells.reduce(0) { $0 + $1.weight } }

    // MARK: Observations

    /// Notes that a task took so long, exactly.
    public mutating func record(seconds: Double, at now: Timestamp) {
        let bucket = SolveTimeScale.bucket(of: seconds)
        add(bucket, bucket + 1, at: now)
    }

    /// Notes that a task was not ready after `lower` seconds and was after `upper`. The first poll's `lower` is 0.
    public mutating func record(after lower: Double, by upper: Double, at now: Timestamp) {
        let (from, to) = (SolveTimeScale.edge(nearest: lower), SolveTimeScale.edge(nearest: upper))
        if from < to {
            add(from, to, at: now)
        } else {
            record(seconds: (max(lower, 0) + max(upper, 0)) / 2, at: now)
        }
    }

    /// Notes that an attempt was given up after so many seconds without a result: it would have taken longer, and
    /// nobody knows by how much. Leaving such attempts out would make a provider that stalls look quick.
    public mutating func record(unfinishedAfter seconds: Double, at now: Timestamp) {
        let from = min(SolveTimeScale.edge(nearest: seconds), SolveTimeScale.count - 1)
        add(from, Int(SolveTimes.unbounded), at: now)
    }

    private mutating func add(_ lower: Int, _ upper: Int, at now: Timestamp) {
        advance(to: now)
        // An observation that comes late has lost the weight that it would have lost here.
        let weight = SolveTimes.decay(from: now, to: asOf)
        add(Cell(lower: UInt16(lower), upper: UInt16(upper), weight: weight))
        forgetLightest()
    }

    private mutating func add(_ cell: Cell) {
        let index = cells.partition(by: cell.key)
        if index < cells.count, cells[index].key == cell.key {
            cells[index].weight += cell.weight
        } else {
            cells.insert(cell, at: index)
        }
    }

    // MARK: Time and other hosts

    /// Lets time pass: every weight becomes what it is at `now`. An earlier `now` changes nothing.
    public mutating func advance(to now: Timestamp) {
        guard now > asOf else { return }
        let factor = SolveTimes.decay(from: asOf, to: now)
        for index in cells.indices { cells[index].weight *= factor }
        asOf = now
    }

    /// The same observations as of `now`, if they are of a later time.
    public func noLater(than now: Timestamp) -> SolveTimes {
        SolveTimes(cells: cells, asOf: min(asOf, now))
    }

    /// Adds what another host has observed, as of the later of both moments.
    public mutating func merge(_ other: SolveTimes) {
        advance(to: other.asOf)
        let factor = SolveTimes.decay(from: other.asOf, to: asOf)
        for var cell in other.cells {
            cell.weight *= factor
            add(cell)
        }
        forgetLightest()
    }

    /// Keeps the number of cells within its bound: beyond it the lightest half is forgotten.
    private mutating func forgetLightest() {
        guard cells.count > Limits.solveTimeCells else { return }
        let kept = Set(cells.sorted { $0.weight > $1.weight }.prefix(Limits.solveTimeCells / 2).map(\.key))
        cells.removeAll { !kept.contains($0.key) }
    }

    private static func decay(from earlier: Timestamp, to later: Timestamp) -> Double {
        guard later > earlier else { return 1 }
        return Decay.factor(seconds: later.seconds(since: earlier), halfLife: Limits.solveTimeHalfLifeSeconds)
    }

    // MARK: What follows

    /// The solve times that explain the observations. It takes about 0.1 ms.
    public var distribution: SolveTimeDistribution { SolveTimeDistribution(self) }
}

extension [SolveTimes.Cell] {
    /// The index of the first cell whose key is not below this one.
    fileprivate func partition(by key: UInt32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
