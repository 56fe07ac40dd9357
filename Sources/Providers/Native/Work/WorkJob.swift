import Glibc
import Synchronization

/// How a search ended.
enum WorkOutcome<Found: Sendable>: Sendable {
    case found(Found)
    /// No candidate matches.
    case exhausted
    /// The time for it ran out.
    case late
    /// The surrounding `Task` was cancelled.
    case cancelled
    /// A library failed.
    case failed
}

extension WorkOutcome: Equatable where Found: Equatable {}

/// One search in the hands of a `WorkPool`.
final class WorkJob: Sendable {
    let search: any SlicedSearch
    private let deadline: UInt64
    private let stopped = Atomic(false)

    /// What the pool knows of the job; guarded by the pool's lock.
    struct Progress {
        /// The first candidate that no thread has been given.
        var next: UInt64 = 0
        /// Threads that are at a slice of it.
        var threads = 0
        /// Set once, by whatever ends the search first.
        var ending: WorkEnding?
        var waiter: CheckedContinuation<WorkEnding, Never>?
    }
    nonisolated(unsafe) var progress = Progress()

    /// - Parameter seconds: after that long from now the work stops.
    init(_ search: any SlicedSearch, seconds: Double) {
        self.search = search
        deadline = MonotonicClock.nanoseconds + UInt64(min(max(seconds, 0), 1e6) * 1e9)
    }

    var isStopped: Bool { stopped.load(ordering: .relaxed) }
    var isLate: Bool { MonotonicClock.nanoseconds >= deadline }
    var isUnwanted: Bool { isStopped || isLate }

    func stop() {
        stopped.store(true, ordering: .relaxed)
    }
}

/// How a search ended, without what it found.
enum WorkEnding: Sendable {
    case found, exhausted, late, cancelled, failed
}

/// The machine's own clock that never goes back: reading it is cheap enough for the inner loop, which a call into the
/// host would not be.
enum MonotonicClock {
    static var nanoseconds: UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
