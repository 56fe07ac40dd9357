internal import Foundation

/// Counts what happens on other threads, and lets a test wait for a count.
public final class NetworkEvents: @unchecked Sendable {
    private let condition = NSCondition()
    private var counts: [String: Int] = [:]

    public init() {}

    public func note(_ event: String) {
        condition.lock()
        counts[event, default: 0] += 1
        condition.broadcast()
        condition.unlock()
    }

    public func count(_ event: String) -> Int {
        condition.lock()
        defer { condition.unlock() }
        return counts[event, default: 0]
    }

    /// Waits until `event` happened `count` times; false when that took longer than `seconds`.
    public func wait(for event: String, count: Int = 1, seconds: Double = patience) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while counts[event, default: 0] < count {
            guard condition.wait(until: end) else { return counts[event, default: 0] >= count }
        }
        return true
    }
}
