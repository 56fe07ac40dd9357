import Domain
import ProviderKit
import Tasks

/// A provider in the virtual world whose health follows a script.
final class MoodyProvider: ProviderCalling, @unchecked Sendable {
    enum Mood {
        case well
        /// Connections are refused.
        case dead
        /// Nothing is ever answered.
        case silent
        /// Takes every task and solves none.
        case lying
        /// Says of half of the tasks that it has no capacity.
        case halfFull
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

    var mood: Mood { script.last { $0.from <= world.now }?.mood ?? .well }

    func submits(in span: Range<Timestamp>) -> Int { submits.count { span.contains($0) } }

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
        world.after(min(world.seconds(0.05...0.3), deadlineSeconds), host: true) { completion(answer) }
        return nextCall
    }

    func cancel(_ call: UInt64) {}

    private func answer(to request: OperationRequest) -> CallAnswer {
        if mood == .dead { return CallAnswer(.fault(Fault(.transport, "Connection refused.")), sent: .no) }
        switch request {
        case .submit:
            if mood == .halfFull, world.chance(0.5) { return CallAnswer(.fault(Fault(.overloaded)), sent: .maybe) }
            nextTask += 1
            solvedAt["\(nextTask)"] =
                mood == .lying ? .distantFuture : world.now.adding(seconds: world.seconds(seconds))
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
