import Synchronization

/// A number that only grows. Any thread may count at any time; counting is one atomic addition.
public final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    init() {}

    /// Adds to the count; it wraps around after 2^64, which no process lives to see.
    public func increment(by amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// What has been counted so far.
    public var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A whole number that goes up and down, such as how many connections are open.
public final class Gauge: Sendable {
    private let level = Atomic<Int64>(0)

    init() {}

    /// Raises the level, or lowers it by a negative amount.
    public func add(_ amount: Int64) {
        level.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Replaces the level.
    public func set(_ value: Int64) {
        level.store(value, ordering: .relaxed)
    }

    /// The level now.
    public var value: Int64 { level.load(ordering: .relaxed) }
}
