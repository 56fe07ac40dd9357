import Synchronization

/// A search through numbered candidates that threads share out in slices.
protocol Search: Sendable {
    /// The candidates are `0..<candidates`.
    var candidates: UInt64 { get }
    /// Candidates of one slice, at least 1: about `NativeLimits.hashesPerSlice` hash invocations.
    var slice: UInt64 { get }

    /// Tries the candidates of `range` in their order; nil when none matches or the stop sign went up.
    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(HashingError) -> Match?
}

/// The candidate that was searched for.
struct Match: Sendable, Equatable {
    var number: UInt64
    /// The key that was derived from it; empty where there is none.
    var key: [UInt8] = []
}

/// Tells a thread in the middle of a slice that its work is no longer wanted.
struct StopSign: ~Copyable {
    private let job: WorkJob

    init(_ job: WorkJob) {
        self.job = job
    }

    /// To be looked at every `NativeLimits.hashesPerLook` hash invocations.
    var isUp: Bool { job.isStopped || job.isLate }
}
