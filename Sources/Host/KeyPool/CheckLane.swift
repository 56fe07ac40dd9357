import Domain

/// A key that may be asked about now, as soon as it is its turn.
struct ReadyTurn: Comparable, Sendable {
    let urgency: CheckUrgency
    /// Since when.
    let at: Timestamp
    let key: ProviderKeyID

    static func < (left: ReadyTurn, right: ReadyTurn) -> Bool {
        (left.urgency, left.at, left.key) < (right.urgency, right.at, right.key)
    }
}

/// A key whose time comes.
struct LaterTurn: Comparable, Sendable {
    let at: Timestamp
    let key: ProviderKeyID
    let urgency: CheckUrgency

    static func < (left: LaterTurn, right: LaterTurn) -> Bool { (left.at, left.key) < (right.at, right.key) }
}

/// The checks of one provider's keys: who waits, and when the next one may begin.
struct CheckLane: Sendable {
    var ready = SortedQueue<ReadyTurn>()
    var later = SortedQueue<LaterTurn>()
    private(set) var underWay = 0
    /// When the spacing from the last beginning is over.
    private var spaced = Timestamp(milliseconds: .min)
    /// Until when the provider wants to be left alone.
    private(set) var rest = Timestamp(milliseconds: .min)
    /// When the answers stop counting that say that a key is wrong, in order.
    private var wrongUntil = SortedQueue<Stop>()

    /// A moment. Several answers may share one.
    private struct Stop: Comparable, Sendable {
        let at: Timestamp
        let number: Int

        static func < (left: Stop, right: Stop) -> Bool { (left.at, left.number) < (right.at, right.number) }
    }

    private var wrongAnswers = 0

    mutating func began(at now: Timestamp) {
        underWay += 1
        spaced = now.adding(seconds: Limits.keyCheckSpacingSeconds)
    }

    /// There is no place for another check yet; nobody tells when there is.
    mutating func waitForPlace(at now: Timestamp) {
        spaced = now.adding(seconds: Limits.askAgainSeconds)
    }

    mutating func ended() {
        underWay -= 1
    }

    /// Counts an answer that said that a key is wrong. The end of its time is not a moment at which a fourth may come.
    mutating func wrong(at time: Timestamp) {
        wrongAnswers += 1
        wrongUntil.insert(
            Stop(at: time.adding(seconds: Limits.wrongKeySeconds + 0.001), number: wrongAnswers))
    }

    mutating func rest(until time: Timestamp) {
        rest = max(rest, time)
    }

    mutating func forget(before now: Timestamp) {
        _ = wrongUntil.removeAll { $0.at <= now }
    }

    /// Whether so many keys were wrong lately that no other may be asked about.
    func isShut(at now: Timestamp) -> Bool {
        wrongUntil.elements.count { $0.at > now } >= Limits.wrongKeyAnswers
    }

    /// When the next check may begin; nil when one that is under way has to end first.
    ///
    /// Every check under way may still find its key wrong, so that it counts as if it had.
    func opens(after now: Timestamp) -> Timestamp? {
        guard underWay < Limits.keyChecksPerProvider else { return nil }
        var time = max(now, spaced, rest)
        let counting = wrongUntil.elements.filter { $0.at > time }
        let tooMany = counting.count + underWay - Limits.wrongKeyAnswers + 1
        if tooMany > 0 {
            guard tooMany <= counting.count else { return nil }
            time = counting[tooMany - 1].at
        }
        return time
    }
}
