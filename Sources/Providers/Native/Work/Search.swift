/// A search through numbered candidates that threads share out in slices.
protocol Search: Sendable {
    /// What is searched for.
    associatedtype Found: Sendable

    /// The candidates are `0..<candidates`.
    var candidates: UInt64 { get }
    /// Candidates of one slice, at least 1: about `NativeLimits.hashesPerSlice` hash invocations.
    var slice: UInt64 { get }

    /// Tries the candidates of `range` in their order; nil when none matches or the stop sign went up.
    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Found?
}

/// The candidate that was searched for.
struct Match: Sendable, Equatable {
    var number: UInt64
    /// The key that was derived from it; empty where there is none.
    var key: [UInt8] = []
}

/// A library could not do its work; in practice it found no memory.
struct LibraryFailure: Error {}

/// Tells a thread in the middle of a slice that its work is no longer wanted.
struct StopSign: ~Copyable {
    private let job: WorkJob

    init(_ job: WorkJob) {
        self.job = job
    }

    /// To be looked at every `NativeLimits.hashesPerLook` hash invocations, or whenever a library lets one.
    var isUp: Bool { job.isUnwanted }

    /// For libraries that call back with a pointer: see `isUp(at:)`. Holds as long as the stop sign.
    var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(job).toOpaque() }

    /// The same as `isUp`, by the `context` of a stop sign.
    static func isUp(at context: UnsafeMutableRawPointer) -> Bool {
        Unmanaged<WorkJob>.fromOpaque(context).takeUnretainedValue().isUnwanted
    }
}
