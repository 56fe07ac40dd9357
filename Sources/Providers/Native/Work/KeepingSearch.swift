import Synchronization

/// A search whatever it searches for.
protocol SlicedSearch: Sendable {
    var candidates: UInt64 { get }
    var slice: UInt64 { get }

    /// Tries the candidates of `range`, and tells whether one matched; then it is kept.
    func search(_ range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Bool
}

/// A search and what it has found.
final class KeepingSearch<Base: Search>: SlicedSearch {
    private let base: Base
    private let kept = Mutex<Base.Found?>(nil)

    init(_ base: Base) {
        self.base = base
    }

    var candidates: UInt64 { base.candidates }
    var slice: UInt64 { base.slice }

    func search(_ range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Bool {
        guard let found = try base.find(in: range, stop) else { return false }
        kept.withLock { $0 = $0 ?? found }
        return true
    }

    func outcome(_ ending: WorkEnding) -> WorkOutcome<Base.Found> {
        switch ending {
        case .found: kept.withLock { $0 }.map { .found($0) } ?? .failed
        case .exhausted: .exhausted
        case .late: .late
        case .cancelled: .cancelled
        case .failed: .failed
        }
    }
}
