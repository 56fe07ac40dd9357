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

    /// The schedule within these bounds. It is made anew at most every `Limits.pollScheduleSeconds`, and only when
    /// something was seen since, because that takes about half a millisecond.
    mutating func schedule(within bounds: PollBounds, at now: Timestamp) -> PollSchedule {
        if let schedule, schedule.bounds == bounds,
            news == 0 || now.seconds(since: schedule.at) < Limits.pollScheduleSeconds
        {
            return schedule.made
        }
        var times = own
        if let others { times.merge(others) }
        times.advance(to: now)
        let made = PollSchedule(times, bounds)
        schedule = (made, now, bounds)
        news = 0
        return made
    }
}
