/// A point in wall time: milliseconds since 1970, UTC.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Later than anything that happens.
    public static let distantFuture = Timestamp(milliseconds: .max)

    /// Within some ten million years of the epoch, so that differences of such instants do not overflow. For instants
    /// that were read from somewhere.
    var isReckonable: Bool { (-(Int64.max / 4)...(Int64.max / 4)).contains(milliseconds) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// This many seconds later (or, negative, earlier), at most about 300 years.
    public func adding(seconds: Double) -> Timestamp {
        Timestamp(milliseconds: milliseconds &+ Int64((min(max(seconds, -1e10), 1e10) * 1000).rounded()))
    }

    /// Seconds from `earlier` to this.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(milliseconds - earlier.milliseconds) / 1000
    }
}
