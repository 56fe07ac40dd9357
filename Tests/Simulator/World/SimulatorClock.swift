public import Domain
import Foundation
import Synchronization

/// The time that simulated vendors live in.
public final class SimulatorClock: Sendable {
    private let start: Timestamp
    private let began = ContinuousClock.now
    private let scale: Double
    private let advanced = Mutex(0.0)

    private init(start: Timestamp, scale: Double) {
        self.start = start
        self.scale = scale
    }

    /// Wall time, or with another scale than 1 time that goes so many times as fast.
    public static func wall(scale: Double = 1) -> SimulatorClock {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return SimulatorClock(start: now, scale: scale)
    }

    /// Time that stands still but for `advance`.
    public static func manual(from start: Timestamp = Timestamp(milliseconds: 1_790_000_000_000)) -> SimulatorClock {
        SimulatorClock(start: start, scale: 0)
    }

    /// The simulated time.
    public var now: Timestamp {
        let elapsed = scale == 0 ? 0 : (ContinuousClock.now - began) / .seconds(1) * scale
        return start.adding(seconds: elapsed + advanced.withLock { $0 })
    }

    /// Jumps ahead; a negative number does nothing.
    public func advance(seconds: Double) {
        advanced.withLock { $0 += max(seconds, 0) }
    }
}
