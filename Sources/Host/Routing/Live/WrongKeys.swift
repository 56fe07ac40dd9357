import Domain

/// What a provider has said of wrong keys lately, and what is under way that may bring another such answer: attempts
/// with keys that are not proven, and checks. Vendors lock out whoever sends several wrong keys.
struct WrongKeys: Sendable {
    /// When the answers stop counting, in order; of many the latest.
    private var ends: [Timestamp] = []
    /// When a key was last refused that had been good: what was known of others before may be as old.
    private var turned: Timestamp?
    /// Attempts under way with keys that are not proven, by numbers that are given once.
    private var trials: Set<Int> = []
    private var lastTrial = 0
    private var checks = 0

    private static let most = Limits.wrongKeyAnswers

    /// A key was refused.
    ///
    /// - Parameter wasGood: whether the provider had found it good before.
    mutating func refused(wasGood: Bool, at now: Timestamp) {
        // The end of its time is not a moment at which a fourth may come.
        ends.append(now.adding(seconds: Limits.wrongKeySeconds + 0.001))
        ends.sort()
        // One more than matters tells that it is more.
        if ends.count > WrongKeys.most + 1 { ends.removeFirst() }
        if wasGood { turned = max(turned ?? now, now) }
    }

    // MARK: What is under way

    mutating func trialBegan() -> Int {
        lastTrial += 1
        trials.insert(lastTrial)
        return lastTrial
    }

    /// The provider has answered, or the attempt is over; nothing happens when it was said before.
    mutating func trialEnded(_ trial: Int) { trials.remove(trial) }

    /// Takes a place for a check, if another wrong answer would not be one too many. One place is left to attempts.
    mutating func takeCheck(at now: Timestamp) -> Bool {
        guard checks < WrongKeys.most - 1, caution(at: now).mayTry else { return false }
        checks += 1
        return true
    }

    mutating func checkEnded() { checks = max(checks - 1, 0) }

    /// How keys are to be chosen now.
    func caution(at now: Timestamp) -> KeyCaution {
        let counting = ends.filter { $0 > now }
        let underWay = trials.count + checks
        let latest = turned.flatMap { now.seconds(since: $0) < Limits.wrongKeySeconds ? $0 : nil }
        let opens = counting.count < WrongKeys.most ? nil : counting[counting.count - WrongKeys.most]
        return KeyCaution(
            isQuiet: counting.isEmpty, mayTry: counting.count + underWay < WrongKeys.most,
            mayTryVouched: counting.count == WrongKeys.most && underWay == 0, turned: latest,
            again: opens ?? now.adding(seconds: Limits.askAgainSeconds), isShut: opens != nil)
    }
}

/// How careful the keys of a provider are to be chosen at one moment.
///
/// A key is proven when the provider has taken a task with it lately, and since it last refused a key that was good
/// before. Proven keys have tasks at any time. Others are tried, one attempt counting as a wrong answer as long as
/// nothing was heard of it. When there is no place for that, one key at a time may be tried of those that are vouched
/// for: keys of the platform, by the operator; recycled ones, by a check. So what strangers hand over shuts nobody out.
struct KeyCaution: Sendable {
    /// Whether no wrong answer counts.
    let isQuiet: Bool
    /// Whether a key may be tried, and one that somebody vouches for.
    let mayTry, mayTryVouched: Bool
    /// When a key was last refused that had been good, as far as it counts.
    let turned: Timestamp?
    /// When to ask again, and whether that is because of answers rather than of what is under way.
    let again: Timestamp
    let isShut: Bool

    /// Where nothing of wrong keys is known and nothing is under way.
    static let none = KeyCaution(
        isQuiet: true, mayTry: true, mayTryVouched: false, turned: nil, again: Timestamp(milliseconds: 0),
        isShut: false)

    /// Whether an attempt with a key of the platform may bring a wrong answer. What the operator has configured is
    /// trusted until the provider refuses keys.
    func isTrial(_ rest: KeyRest) -> Bool { !isQuiet && rest.provenAt == nil }

    /// The same of a recycled key.
    func isTrial(_ key: RecycledPool.Key, at now: Timestamp) -> Bool {
        !KeyCaution.isLate(key.rest.provenAt, after: turned, at: now)
    }

    /// Why a key of the platform may have no task; nil when it may.
    func shuts(_ rest: KeyRest) -> KeyStanding? {
        guard isTrial(rest), !mayTry, !mayTryVouched else { return nil }
        return standing
    }

    /// The same of a recycled key.
    func shuts(_ key: RecycledPool.Key, at now: Timestamp) -> KeyStanding? {
        guard !mayTry, isTrial(key, at: now) else { return nil }
        guard !mayTryVouched || turned != nil || !KeyCaution.isLate(key.vouchedAt, after: nil, at: now) else {
            return nil
        }
        return standing
    }

    private var standing: KeyStanding { isShut ? .resting(until: again) : .busy(until: again) }

    private static func isLate(_ time: Timestamp?, after: Timestamp?, at now: Timestamp) -> Bool {
        guard let time, now.seconds(since: time) < Limits.provenKeySeconds else { return false }
        return after.map { time > $0 } ?? true
    }
}
