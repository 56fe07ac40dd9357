public import Domain
import ProviderKit

/// How a key of a provider is doing: how many tasks are open with it, and whether it rests after a fault.
///
/// A rest ends by itself, and what comes after it is a new try: a key never stays out for good because of what a
/// provider once said of it. The same fault again has it rest for twice as long.
public struct KeyRest: Sendable, Hashable {
    /// Tasks that it has at the provider.
    public internal(set) var openTasks = 0
    /// Until when it gets no task; nil when it may have one.
    public private(set) var until: Timestamp?
    /// The label of the fault that it rests after.
    public private(set) var reason: String?
    /// Faults in a row.
    private var strikes = 0

    public init() {}

    /// Until when the key rests, if it does.
    public func rests(at now: Timestamp) -> Timestamp? { until.flatMap { now < $0 ? $0 : nil } }

    /// Takes note of a fault that blames the key.
    ///
    /// A fault that tells when it will be over is believed, within `Limits.longestKeyRestSeconds`. A rest that is under
    /// way is never shortened, and several tasks that hear the same at once count as one.
    mutating func failed(_ fault: Fault, at now: Timestamp) {
        let before = rests(at: now) == nil ? strikes : max(strikes - 1, 0)
        guard let seconds = fault.kind.restSeconds(at: now, strikes: before) else { return }
        strikes = before + 1
        let end = now.adding(seconds: min(seconds, Limits.longestKeyRestSeconds))
        guard end > until ?? now else { return }
        until = end
        reason = fault.label
    }

    /// A task with the key was solved. While the key rests it is one that began before, and tells nothing of the rest.
    mutating func succeeded(at now: Timestamp) {
        guard rests(at: now) == nil else { return }
        strikes = 0
        until = nil
        reason = nil
    }
}

extension Fault.Kind {
    /// Seconds that a key rests after the fault; nil when it is not about keys.
    ///
    /// - Parameter strikes: how often in a row it has been so before.
    fileprivate func restSeconds(at now: Timestamp, strikes: Int) -> Double? {
        let growth = Double(1 << min(strikes, 10))
        switch self {
        case .rateLimited(_, let seconds?): return max(seconds, 0)
        case .rateLimited(_, nil): return Limits.rateLimitRestSeconds * growth
        case .banned(_, let seconds?):
            return max(Double(seconds) - Double(now.milliseconds) / 1000, Limits.rateLimitRestSeconds)
        case .banned(_, nil), .ipNotAllowed: return Limits.banRestSeconds * growth
        // Several vendors lock out an address that sends a wrong key five times: it is tried rarely.
        case .invalidKey, .keyDisabled: return Limits.badKeyRestSeconds * growth
        case .noFunds: return Limits.emptyKeyRestSeconds * growth
        default: return nil
        }
    }
}
