public import Domain

/// Which recycled key its provider is asked about when, as a pure value: it is told what happens and says what to do.
///
/// At one provider few checks are under way at once and none begins right after another; what somebody waits for comes
/// first. Vendors lock out whoever sends several wrong keys, so that no check begins that could bring the fourth such
/// answer within `Limits.wrongKeySeconds`, those that are under way included.
///
/// A key's routine checks have a phase of their own within their period, which follows from its number: however many
/// keys there are, and whenever the host starts, they are spread evenly.
public struct CheckPlan: Sendable {
    private var keys: [ProviderKeyID: Key] = [:]
    private var lanes: [String: CheckLane] = [:]

    private struct Key: Sendable {
        let provider: String
        var standing: CheckStanding
        var place = Place.nowhere
        /// An answer under way is about a time before this was asked for.
        var again: CheckUrgency?
        /// Answers in a row that were unclear.
        var unclear = 0
        /// Until when the provider wants to be left alone with it.
        var rest = Timestamp(milliseconds: .min)
        var isHeld = false
        var isGone = false
    }

    private enum Place: Sendable, Hashable {
        case nowhere, underWay
        case ready(CheckUrgency, Timestamp)
        case later(CheckUrgency, Timestamp)
    }

    public init() {}

    /// The number of keys that there are.
    public var count: Int { keys.count }

    // MARK: What happens

    /// A key is there, or stands otherwise than before. Checks that were asked for stay so.
    ///
    /// - Parameter wasUnclear: whether, for a key that is new here, the last that was heard of it was unclear.
    public mutating func stands(
        _ id: ProviderKeyID, at provider: String, _ standing: CheckStanding, wasUnclear: Bool = false, _ now: Timestamp
    ) {
        var key = keys[id] ?? Key(provider: provider, standing: standing, unclear: wasUnclear ? 1 : 0)
        guard !key.isGone else { return }
        let isOther = key.standing != standing
        key.standing = standing
        keys[id] = key
        switch key.place {
        case .underWay: break
        case .nowhere: schedule(id, now)
        case .ready(let urgency, _), .later(let urgency, _):
            if isOther, urgency == .routine { schedule(id, now) }
        }
    }

    /// Somebody wants to know about a key that is there. A check that is under way will do.
    ///
    /// - Parameter afresh: whether it will not, because what it tells may be of a time before.
    public mutating func ask(
        _ id: ProviderKeyID, _ urgency: CheckUrgency, afresh: Bool = false, _ now: Timestamp
    ) {
        guard let key = keys[id], !key.isGone else { return }
        switch key.place {
        case .underWay:
            if afresh { keys[id]?.again = min(key.again ?? urgency, urgency) }
        case .ready(let other, _), .later(let other, _):
            if urgency < other { put(id, urgency, max(now, key.rest)) }
        case .nowhere: put(id, urgency, max(now, key.rest))
        }
    }

    /// A check has been answered. What the key is then comes by `stands`.
    public mutating func answered(_ id: ProviderKeyID, _ answer: CheckAnswer, _ now: Timestamp) {
        guard var key = keys[id], key.place == .underWay else { return }
        lanes[key.provider]?.ended()
        if answer.kind == .refused { wrongKey(at: key.provider, now) }
        if let rest = answer.providerRest { lanes[key.provider, default: CheckLane()].rest(until: rest) }
        key.place = .nowhere
        key.unclear = answer.kind == .unclear ? key.unclear + 1 : 0
        key.rest = max(key.rest, answer.keyRest ?? key.rest)
        let again = key.again
        key.again = nil
        keys[id] = key.isGone ? nil : key
        if let again { ask(id, again, now) }
    }

    /// A provider has said of some key, of whatever owner, that it is wrong.
    public mutating func wrongKey(at provider: String, _ now: Timestamp) {
        lanes[provider, default: CheckLane()].wrong(at: now)
    }

    /// A key is gone for good.
    public mutating func remove(_ id: ProviderKeyID) {
        guard let key = keys[id] else { return }
        take(id)
        if key.place == .underWay { keys[id]?.isGone = true } else { keys[id] = nil }
    }

    // MARK: What to do

    /// Whether so many keys of a provider were wrong lately that no other is asked about.
    public func isShut(_ provider: String, _ now: Timestamp) -> Bool { lanes[provider]?.isShut(at: now) ?? false }

    /// What is to be done now. Each key in `begin` counts as under way until it is answered.
    ///
    /// - Parameter takePlace: whether one more check may begin at a provider besides what else is under way there; it
    ///   does then.
    public mutating func advance(_ now: Timestamp, takePlace: (String) -> Bool = { _ in true }) -> CheckWork {
        var work = CheckWork()
        for provider in lanes.keys.sorted() {
            guard var lane = lanes.removeValue(forKey: provider) else { continue }
            lane.forget(before: now)
            for turn in lane.later.removeAll(below: { $0.at <= now }) {
                lane.ready.insert(ReadyTurn(urgency: turn.urgency, at: turn.at, key: turn.key))
                keys[turn.key]?.place = .ready(turn.urgency, turn.at)
            }
            while let turn = lane.ready.first, let time = lane.opens(after: now), time <= now {
                guard takePlace(provider) else {
                    lane.waitForPlace(at: now)
                    break
                }
                lane.ready.remove(turn)
                lane.began(at: now)
                keys[turn.key]?.place = .underWay
                keys[turn.key]?.isHeld = false
                work.begin.append(turn.key)
            }
            if lane.isShut(at: now) { hold(lane, &work) }
            lanes[provider] = lane
        }
        return work
    }

    /// When `advance` has to be called again, at the latest; nil when something has to happen first.
    public func next(after now: Timestamp) -> Timestamp? {
        lanes.values.reduce(nil as Timestamp?) { earliest, lane in
            let opens = lane.ready.first == nil ? nil : lane.opens(after: now)
            let untold = lane.isShut(at: now) && lane.ready.elements.contains(where: isUntold) ? now : nil
            return [earliest, opens, untold, lane.later.first?.at].compactMap(\.self).min()
        }
    }

    /// Whether a key has to wait and does not say so yet.
    private func isUntold(_ turn: ReadyTurn) -> Bool {
        keys[turn.key]?.standing == .pending && keys[turn.key]?.isHeld == false
    }

    private mutating func hold(_ lane: CheckLane, _ work: inout CheckWork) {
        for turn in lane.ready.elements where isUntold(turn) {
            keys[turn.key]?.isHeld = true
            work.held.append(turn.key)
        }
    }

    // MARK: Turns

    private mutating func schedule(_ id: ProviderKeyID, _ now: Timestamp) {
        guard let key = keys[id] else { return }
        let retry = key.unclear > 0 ? now.adding(seconds: CheckPlan.pause(afterUnclear: key.unclear)) : nil
        let time: Timestamp
        if let period = key.standing.period {
            let turn = CheckPlan.slot(of: id, period: period, after: now)
            time = min(turn, retry ?? turn)
        } else if key.standing == .pending {
            time = retry ?? now
        } else {
            return take(id)
        }
        put(id, .routine, max(time, key.rest))
    }

    private mutating func put(_ id: ProviderKeyID, _ urgency: CheckUrgency, _ time: Timestamp) {
        take(id)
        guard let provider = keys[id]?.provider else { return }
        lanes[provider, default: CheckLane()].later.insert(LaterTurn(at: time, key: id, urgency: urgency))
        keys[id]?.place = .later(urgency, time)
    }

    private mutating func take(_ id: ProviderKeyID) {
        guard let key = keys[id] else { return }
        switch key.place {
        case .nowhere, .underWay: return
        case .ready(let urgency, let time):
            lanes[key.provider]?.ready.remove(ReadyTurn(urgency: urgency, at: time, key: id))
        case .later(let urgency, let time):
            lanes[key.provider]?.later.remove(LaterTurn(at: time, key: id, urgency: urgency))
        }
        keys[id]?.place = .nowhere
    }

    /// Seconds before a key is asked about again after so many unclear answers in a row.
    static func pause(afterUnclear times: Int) -> Double {
        var pause = Limits.unclearKeySeconds
        for _ in 1..<max(times, 1) where pause < Limits.longestUnclearKeySeconds { pause *= 2 }
        return min(pause, Limits.longestUnclearKeySeconds)
    }

    /// The first time after `now` that is a key's own within its period. The phases are multiples of the golden
    /// section, so that those of any run of numbers lie nearly evenly.
    static func slot(of id: ProviderKeyID, period: Double, after now: Timestamp) -> Timestamp {
        let length = Int64(period * 1000)
        let golden = UInt64(bitPattern: id.number) &* 0x9E37_79B9_7F4A_7C15
        let phase = Int64(golden.multipliedFullWidth(by: UInt64(length)).high)
        let since = (now.milliseconds - phase) % length
        return Timestamp(milliseconds: now.milliseconds - since + (since < 0 ? 0 : length))
    }
}
