import Domain
import ProviderKit
import Tasks

/// A provider in the virtual world whose health follows a script.
final class MoodyProvider: ProviderCalling, @unchecked Sendable {
    enum Mood: Equatable {
        case well
        /// Connections are refused.
        case dead
        /// Nothing is ever answered.
        case silent
        /// Takes every task and solves none.
        case lying
        /// Says of this share of the tasks that it has no capacity.
        case failing(Double)
        /// Says of this share of the tasks that there are too many of them.
        case limiting(Double)
        /// Takes so many times as long.
        case slow(Double)
        /// Takes so many seconds to answer a submit.
        case slowSubmit(Double)
        /// Every answer is lost on the way.
        case losing
        /// Says that there are too many tasks of whichever key, and for how many seconds.
        case banning(Double)
    }

    let name: String
    /// Seconds that a solution takes.
    let seconds: ClosedRange<Double>
    private let world: VirtualWorld
    private var script: [(from: Timestamp, mood: Mood)] = []
    private var solvedAt: [String: Timestamp] = [:]
    private var nextTask = 0
    private var nextCall: UInt64 = 0
    /// When tasks came in.
    private(set) var submits: [Timestamp] = []
    /// Tasks that it has and that its key's limit counts.
    private(set) var open = 0
    private(set) var mostOpen = 0

    init(_ name: String, seconds: ClosedRange<Double>, world: VirtualWorld) {
        self.name = name
        self.seconds = seconds
        self.world = world
    }

    /// From then on, until the next change.
    func turns(_ mood: Mood, at time: Timestamp) { script.append((time, mood)) }

    /// For so many seconds, whatever else was to come, and then well until the next change after that.
    func turnsThroughout(_ mood: Mood, from: Timestamp, seconds: Double) {
        let end = from.adding(seconds: seconds)
        script.removeAll { (from...end).contains($0.from) }
        script += [(from, mood), (end, .well)]
        script.sort { $0.from < $1.from }
    }

    var mood: Mood { script.last { $0.from <= world.now }?.mood ?? .well }

    /// The stretches of a span of time, in their order, each with the mood that it has throughout.
    func moods(in span: Range<Timestamp>) -> [(from: Timestamp, to: Timestamp, mood: Mood)] {
        let changes = script.filter { span.contains($0.from) && $0.from > span.lowerBound }
        let first = script.last { $0.from <= span.lowerBound }?.mood ?? .well
        let starts = [(from: span.lowerBound, mood: first)] + changes
        let ends = changes.map(\.from) + [span.upperBound]
        return zip(starts, ends).map { ($0.from, $1, $0.mood) }
    }

    func submits(in span: Range<Timestamp>) -> Int { submits.count { span.contains($0) } }

    /// The most tasks that came in within so many seconds of a span.
    func mostSubmits(in span: Range<Timestamp>, within seconds: Double) -> Int {
        let times = submits.filter(span.contains)
        var first = 0
        return times.indices.map { last in
            while times[last].seconds(since: times[first]) >= seconds { first += 1 }
            return last - first + 1
        }.max() ?? 0
    }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        nextCall += 1
        if case .submit = request { submits.append(world.now) }
        if mood == .silent {
            world.after(deadlineSeconds, host: true) {
                completion(CallAnswer(.fault(Fault(.transport, "No answer came.")), sent: .maybe))
            }
            return nextCall
        }
        let answer = answer(to: request)
        var seconds = world.seconds(0.05...0.3)
        if case .submit = request, case .slowSubmit(let slow) = mood { seconds = slow * world.seconds(0.9...1.1) }
        world.after(min(seconds, deadlineSeconds), host: true) { completion(answer) }
        return nextCall
    }

    func cancel(_ call: UInt64) {}

    /// What it says to a task that it does not take.
    private var refusal: Fault? {
        switch mood {
        case .failing(let share): world.chance(share) ? Fault(.overloaded) : nil
        case .limiting(let share):
            world.chance(share) ? Fault(.rateLimited(.key, retryAfterSeconds: nil)) : nil
        case .banning(let seconds): Fault(.rateLimited(.provider, retryAfterSeconds: seconds))
        case .well, .dead, .silent, .lying, .slow, .slowSubmit, .losing: nil
        }
    }

    private func answer(to request: OperationRequest) -> CallAnswer {
        if mood == .dead { return CallAnswer(.fault(Fault(.transport, "Connection refused.")), sent: .no) }
        if mood == .losing { return CallAnswer(.fault(Fault(.transport, "The answer was lost.")), sent: .maybe) }
        switch request {
        case .submit:
            if let refusal { return CallAnswer(.fault(refusal), sent: .maybe) }
            nextTask += 1
            var factor = 1.0
            if case .slow(let times) = mood { factor = times }
            solvedAt["\(nextTask)"] =
                mood == .lying ? .distantFuture : world.now.adding(seconds: factor * world.seconds(seconds))
            open += 1
            mostOpen = max(mostOpen, open)
            return CallAnswer(.submitted(.pending(id: "\(nextTask)")), sent: .maybe)
        case .poll(let ticket):
            guard let time = solvedAt[ticket.id] else {
                return CallAnswer(.fault(Fault(.taskNotFound)), sent: .maybe)
            }
            guard world.now >= time else { return CallAnswer(.polled(.pending), sent: .maybe) }
            solvedAt[ticket.id] = nil
            open -= 1
            return CallAnswer(.polled(.solved(Solution(["token": "t"]))), sent: .maybe)
        default:
            return CallAnswer(.fault(Fault(.protocolError)), sent: .no)
        }
    }
}
