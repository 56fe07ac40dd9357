import Domain
import Glibc

/// The time of the machine.
enum WallClock {
    @Sendable static func now() -> Timestamp {
        Timestamp(milliseconds: milliseconds(CLOCK_REALTIME))
    }

    fileprivate static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// The time by which the host waits: wall time at its start, and from there on the seconds that really pass. A wall
/// clock that is set while the host runs ends no task early and keeps none waiting.
struct SteadyClock: Sendable {
    private let offset: Int64

    init() {
        offset = WallClock.now().milliseconds - WallClock.milliseconds(CLOCK_MONOTONIC)
    }

    @Sendable func now() -> Timestamp {
        Timestamp(milliseconds: offset + WallClock.milliseconds(CLOCK_MONOTONIC))
    }
}
