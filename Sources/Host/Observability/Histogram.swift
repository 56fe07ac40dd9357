import Synchronization

/// How often a value fell into each of a few fixed ranges, and the sum of all values.
///
/// Observing takes three atomic operations and no lock. What is rendered while others observe may be a few observations
/// apart between the sum and the counts; the counts themselves always agree with each other.
public final class Histogram: Sendable {
    /// Upper ends of the ranges, ascending and finite; a last range without end follows them.
    let bounds: [Double]
    /// One count a range.
    private let counts: AtomicCounts
    /// The bits of the sum, a `Double`.
    private let sumBits = Atomic<UInt64>(0)

    /// Bounds in seconds for calls that are answered from memory or after one commit.
    public static let callSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    init(bounds: [Double]) {
        let sorted = Set(bounds.filter(\.isFinite)).sorted()
        self.bounds = sorted
        counts = AtomicCounts(count: sorted.count + 1)
    }

    /// Counts one value. A value that is no number is ignored.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        counts.increment(range(of: value))
        var old = sumBits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + value).bitPattern
            let result = sumBits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if result.exchanged { return }
            old = result.original
        }
    }

    /// Counts a duration, in seconds.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// The counts range by range, not added up, and the sum of all values.
    var snapshot: (counts: [UInt64], sum: Double) {
        ((0...bounds.count).map(counts.value(at:)), Double(bitPattern: sumBits.load(ordering: .relaxed)))
    }

    /// The first range whose end is not below the value.
    private func range(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A fixed number of counters side by side.
private final class AtomicCounts: Sendable {
    private let first: SharedPointer
    private let count: Int

    /// The atomics may be used from any thread; the pointer itself never changes.
    private struct SharedPointer: @unchecked Sendable {
        let value: UnsafeMutablePointer<Atomic<UInt64>>
    }

    init(count: Int) {
        self.count = count
        first = SharedPointer(value: .allocate(capacity: count))
        for index in 0..<count { (first.value + index).initialize(to: Atomic(0)) }
    }

    deinit {
        first.value.deinitialize(count: count)
        first.value.deallocate()
    }

    func increment(_ index: Int) {
        guard (0..<count).contains(index) else { return }
        first.value[index].wrappingAdd(1, ordering: .relaxed)
    }

    func value(at index: Int) -> UInt64 {
        first.value[index].load(ordering: .relaxed)
    }
}
