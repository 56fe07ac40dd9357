public import Domain
import ProviderKit

// MARK: - Keys that providers refuse

extension RouteBoard {
    /// How careful the keys of a provider are to be chosen.
    func caution(_ provider: String, at now: Timestamp) -> KeyCaution {
        wrongKeys[provider]?.caution(at: now) ?? .none
    }

    /// Takes note that a provider has said of some key, of whatever owner, that it is wrong, in answer to something
    /// else than an attempt.
    ///
    /// - Parameter wasGood: whether it had found the key good before, so that others may have turned wrong as well.
    public mutating func noteWrongKey(at provider: String, wasGood: Bool, _ now: Timestamp) {
        wrongKeys[provider, default: WrongKeys()].refused(wasGood: wasGood, at: now)
        forgetRankings()
    }

    /// Asks for a place to have a key checked: none is given while another wrong answer could be one too many.
    public mutating func takeCheck(at provider: String, _ now: Timestamp) -> Bool {
        wrongKeys[provider, default: WrongKeys()].takeCheck(at: now)
    }

    /// Gives the place of a check back.
    public mutating func checkEnded(at provider: String) {
        wrongKeys[provider]?.checkEnded()
    }

    /// Whether the provider has refused a recycled key that has open tasks: to ask for those would be to send a wrong
    /// key again.
    public func isRefused(_ candidate: Candidate) -> Bool {
        candidate.credential.flatMap { pools[candidate.provider]?.isRefused($0) } ?? false
    }

    // MARK: Attempts

    /// - Returns: the number of the trial that an attempt is; nil when its key is proven or there is none.
    mutating func trialBegan(_ slot: AttemptSlot) -> Int? {
        let provider = slot.lane.provider
        guard let now = slot.began, let credential = slot.credential else { return nil }
        let caution = caution(provider, at: now)
        if slot.isRecycled {
            guard let key = pools[provider]?[credential], caution.isTrial(key, at: now) else { return nil }
        } else {
            guard caution.isTrial(rests[provider]?[credential] ?? KeyRest()) else { return nil }
        }
        return wrongKeys[provider, default: WrongKeys()].trialBegan()
    }

    mutating func trialEnded(_ slot: AttemptSlot) {
        if let trial = slot.trial { wrongKeys[slot.lane.provider]?.trialEnded(trial) }
    }

    /// The provider has taken something from the slot's key.
    mutating func prove(_ slot: AttemptSlot, at now: Timestamp) {
        guard let credential = slot.credential else { return }
        if slot.isRecycled {
            pools[slot.lane.provider]?.prove(credential, at: now)
        } else {
            rests[slot.lane.provider]?[credential]?.proven(at: now)
        }
        trialEnded(slot)
    }

    /// Takes note of what a fault says of whether the provider knows the slot's key. A recycled key that is refused
    /// takes no further task.
    ///
    /// - Returns: whether it is refused.
    mutating func noteRefusal(_ fault: Fault, _ slot: AttemptSlot, at now: Timestamp) -> Bool {
        if fault.kind == .noFunds { prove(slot, at: now) }
        guard let credential = slot.credential, fault.kind == .invalidKey || fault.kind == .keyDisabled else {
            return false
        }
        wrongKeys[slot.lane.provider, default: WrongKeys()].refused(wasGood: slot.isRecycled, at: now)
        if slot.isRecycled { refuse(credential, at: slot.lane.provider) }
        return true
    }
}
