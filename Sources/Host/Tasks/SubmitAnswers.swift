import Domain
import ProviderKit

/// The answers of one provider to submits: how long they took lately, and since when there are none.
struct SubmitAnswers {
    /// Of the last answers, in no order.
    private var seconds: [Double] = []
    private var oldest = 0
    /// When the first submit after the last answer began; nil while none is unanswered.
    private var unansweredSince: Timestamp?
    private var isSilent = false

    mutating func began(at now: Timestamp) {
        if unansweredSince == nil { unansweredSince = now }
    }

    /// An answer came to a submit that began at `start`.
    ///
    /// - Returns: whether the provider was found silent before.
    mutating func answered(since start: Timestamp, at now: Timestamp) -> Bool {
        let taken = max(now.seconds(since: start), 0)
        if seconds.count < Limits.rememberedSubmits {
            seconds.append(taken)
        } else {
            seconds[oldest] = taken
            oldest = (oldest + 1) % seconds.count
        }
        return endSilence()
    }

    /// No submit is under way, so that there is none to be answered.
    ///
    /// - Returns: whether the provider was found silent before.
    mutating func endSilence() -> Bool {
        unansweredSince = nil
        defer { isSilent = false }
        return isSilent
    }

    /// Whether the provider is silent: a submit waits for much longer than others did, and nothing was answered since
    /// it began. One that is slow while others are answered shows nothing.
    ///
    /// - Parameter submitSeconds: what the plug-in allows a submit.
    mutating func findSilence(submitSeconds: Double, at now: Timestamp) -> Bool {
        // Most often this is all there is to do: every task asks.
        guard let unansweredSince, now.seconds(since: unansweredSince) >= Limits.silenceSeconds,
            now.seconds(since: unansweredSince) >= patience(submitSeconds)
        else { return false }
        isSilent = true
        return true
    }

    /// Seconds that a submit may go unanswered. Half of what the plug-in allows it is what it may take at a provider of
    /// which little is known.
    private func patience(_ submitSeconds: Double) -> Double {
        guard seconds.count >= Limits.fewestSubmits else { return submitSeconds / 2 }
        let slow = seconds.sorted()[(seconds.count * 95 + 99) / 100 - 1]
        return Limits.silenceFactor * slow
    }
}

extension CallAnswer {
    /// Whether the provider has said something, be it that it cannot.
    var isAnswer: Bool {
        if case .fault(let fault) = reply, fault.kind == .transport { return false }
        return !crashed
    }
}
