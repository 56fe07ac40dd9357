import Domain

/// The solve times of one provider and family, and the schedule of polls that follows from them.
struct LearnedPolls: Sendable {
    /// What this host has seen, and what others have.
    private(set) var own = SolveTimes()
    private var others: SolveTimes?
    private var schedule: (made: PollSchedule, at: Timestamp, bounds: PollBounds)?
    /// Observations that the schedule does not know.
    private var news = 0

    mutating func record(polled: ClosedRange<Double>, at now: Timestamp) {
        own.record(after: polled.lowerBound, by: polled.upperBound, at: now)
        news += 1
    }

    mutating func record(unfinishedAfter seconds: Double, at now: Timestamp) {
        own.record(unfinishedAfter: seconds, at: now)
        news += 1
    }

    mutating func restore(_ times: SolveTimes, isOwn: Bool) {
        if isOwn {
            own.merge(times)
        } else if var known = others {
            known.merge(times)
            others = known
        } else {
            others = times
        }
        schedule = nil
    }

    /// The schedule within these bounds, as it was made last; one is made here only when there is none for them.
    mutating func schedule(within bounds: PollBounds, at now: Timestamp) -> PollSchedule {
        if let schedule, schedule.bounds == bounds { return schedule.made }
        let made = PollRenewal(own: own, others: others, bounds: bounds, at: now).make()
        schedule = (made, now, bounds)
        news = 0
        return made
    }

    /// What to make the schedule anew of: when it has held for `Limits.pollScheduleSeconds` and something was seen
    /// since, and nobody else was given it; nil else.
    mutating func renewal(at now: Timestamp) -> PollRenewal? {
        guard let schedule, news > 0, now.seconds(since: schedule.at) >= Limits.pollScheduleSeconds else { return nil }
        self.schedule?.at = now
        news = 0
        return PollRenewal(own: own, others: others, bounds: schedule.bounds, at: now)
    }

    /// Takes the schedule that was made, unless by now another one is wanted.
    mutating func take(_ made: PollSchedule, of renewal: PollRenewal) {
        guard let schedule, schedule.bounds == renewal.bounds, schedule.at == renewal.at else { return }
        self.schedule?.made = made
    }
}

/// What a schedule of polls is made anew of. That takes about half a millisecond, so that it is done where nobody
/// waits for it.
public struct PollRenewal: Sendable {
    let own: SolveTimes
    let others: SolveTimes?
    let bounds: PollBounds
    let at: Timestamp

    /// Makes the schedule.
    public func make() -> PollSchedule {
        var times = own
        if let others { times.merge(others) }
        times.advance(to: at)
        return PollSchedule(times, bounds)
    }
}
