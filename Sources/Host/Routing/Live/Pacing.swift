import Domain

/// Spreads the tasks that wait over time, so that no more than `Limits.askingPerSecond` ask in a second, whatever they
/// wait for.
struct Pacing: Sendable {
    /// How many ask within each moment, by its number.
    private var asking: [Int64: Int] = [:]
    /// For moments that are full a later one: those between them are full as well.
    private var after: [Int64: Int64] = [:]
    /// When moments that are over were last forgotten.
    private var forgottenAt = Timestamp(milliseconds: 0)

    private static let milliseconds: Int64 = 10
    private static let most = Int(Limits.askingPerSecond) * Int(milliseconds) / 1_000

    /// The first free time after `time` and after `now`.
    mutating func spread(_ time: Timestamp, at now: Timestamp) -> Timestamp {
        guard time < .distantFuture else { return time }
        forget(before: now)
        let time = max(time, now)
        let moment = free(from: time.milliseconds / Pacing.milliseconds)
        let place = asking[moment, default: 0] + 1
        asking[moment] = place
        let own = Timestamp(milliseconds: moment * Pacing.milliseconds)
            .adding(seconds: Double(place) / Limits.askingPerSecond)
        return max(own, time.adding(seconds: 1 / Limits.askingPerSecond))
    }

    /// The first moment from this one on that has room. What is found shortens the way for the next.
    private mutating func free(from wanted: Int64) -> Int64 {
        var moment = wanted
        while asking[moment, default: 0] >= Pacing.most { moment = after[moment] ?? moment + 1 }
        var passed = wanted
        while passed < moment {
            let next = after[passed] ?? passed + 1
            after[passed] = moment
            passed = next
        }
        return moment
    }

    private mutating func forget(before now: Timestamp) {
        // A clock that was set back begins anew.
        if now < forgottenAt { self = Pacing() }
        guard now.seconds(since: forgottenAt) >= 1 else { return }
        forgottenAt = now
        let moment = now.milliseconds / Pacing.milliseconds
        asking = asking.filter { $0.key >= moment }
        after = after.filter { $0.key >= moment }
    }
}
