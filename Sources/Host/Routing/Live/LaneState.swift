import Domain
import ProviderKit

/// What is kept of a lane while the host runs.
struct LaneState: Sendable {
    var breaker = CircuitBreaker()
    /// What this host has seen, and what others have; the sum of both is what is known.
    var own: RouteStatistics
    var others: RouteStatistics?
    var polls = LearnedPolls()
    /// When the latest of the tasks began that it has solved since the host started.
    var solvedBegan: Timestamp?
    /// Whether something was seen since `own` was last handed out to be stored.
    var isUnstored = false

    init(_ statistics: RouteStatistics) {
        own = statistics
    }

    /// Adds what was stored before.
    mutating func add(_ statistics: RouteStatistics, isOwn: Bool) {
        if isOwn {
            own.merge(statistics)
        } else if var known = others {
            known.merge(statistics)
            others = known
        } else {
            others = statistics
        }
    }

    var statistics: RouteStatistics {
        guard let others else { return own }
        var all = own
        all.merge(others)
        return all
    }
}

// MARK: - As bytes

extension LaneState {
    /// What this host has seen: the length of the statistics in a byte each of four, they, and the solve times.
    var encoded: [UInt8] {
        let statistics = own.encoded
        let length = UInt32(statistics.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + statistics + polls.own.bytes
    }

    /// The two parts of what `encoded` has written; a part that cannot be read is nil, and then begins anew.
    static func decode(_ bytes: [UInt8]) -> (RouteStatistics?, SolveTimes?) {
        guard bytes.count >= 4 else { return (nil, nil) }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        guard length <= bytes.count - 4 else { return (nil, nil) }
        return (
            RouteStatistics(encoded: Array(bytes[4..<4 + length])), SolveTimes(bytes: Array(bytes[(4 + length)...]))
        )
    }
}

extension LaneState {
    /// Takes note of how an attempt went.
    ///
    /// The statistics tell how the provider is when it works, and the breaker whether it does: what ends while the
    /// breaker is not closed, trials included, counts for the breaker alone. So an outage does not make a provider look
    /// unreliable for hours, and it is tried again as the one that it was before.
    ///
    /// - Parameter price: what a failure costs that the provider charges: as much as a solved task costs a client, so
    ///   that both are in the same money.
    mutating func note(_ verdict: AttemptVerdict, price: Money, start: CircuitBreaker.Start?, at now: Timestamp) {
        let counts = breaker.isClosed && start?.isTrial != true
        switch verdict.kind {
        case .solved(let cost, let polled):
            breaker.ended(.well, start, wasTaken: verdict.wasTaken, at: now)
            if let polled {
                polls.record(polled: polled, at: now)
                isUnstored = true
            }
            guard counts, let seconds = verdict.seconds else { break }
            own.recordSolved(seconds: seconds, cost: cost.dollars, at: now)
            isUnstored = true
        case .fault(let fault):
            breaker.ended(fault.tellsOfProvider, start, wasTaken: verdict.wasTaken, at: now)
            guard counts, fault.countsAgainstProvider, let seconds = verdict.seconds else { break }
            let isCharged = fault.kind == .unsolvable(charged: true)
            own.recordFailed(seconds: seconds, cost: isCharged ? price.dollars : 0, at: now)
            isUnstored = true
        case .tooSlow:
            breaker.ended(.unwell, start, wasTaken: verdict.wasTaken, at: now)
            guard counts, let seconds = verdict.seconds else { break }
            own.recordFailed(seconds: seconds, at: now)
            polls.record(unfinishedAfter: seconds, at: now)
            isUnstored = true
        case .crashed, .withdrawn:
            // A crash may be the task's doing: one bad picture must not shut a provider for everybody. The process
            // comes back by itself.
            breaker.ended(.unknown, start, wasTaken: verdict.wasTaken, at: now)
        }
    }
}

extension Fault {
    /// What the fault says of the provider's health.
    fileprivate var tellsOfProvider: CircuitBreaker.Verdict {
        switch kind {
        case .overloaded, .transport, .protocolError, .taskNotFound: .unwell
        // It has looked at the task, so that it works.
        case .unsolvable, .badTask, .proxy: .well
        // These are about keys and what is sold; a key or the provider rests for some of them.
        case .invalidKey, .keyDisabled, .noFunds, .ipNotAllowed, .banned, .rateLimited, .unsupportedTask: .unknown
        }
    }

    /// Whether a task that ends so was one that the provider ought to have solved.
    fileprivate var countsAgainstProvider: Bool {
        switch kind {
        case .unsolvable, .overloaded, .transport, .protocolError, .taskNotFound: true
        default: false
        }
    }
}
