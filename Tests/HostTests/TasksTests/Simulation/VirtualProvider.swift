import Domain
import ProviderKit
import Tasks

/// A provider in the virtual world. It goes on working when the host dies, and keeps its own account of what it took.
final class VirtualProvider: ProviderCalling, @unchecked Sendable {
    let name: String
    private let world: VirtualWorld
    private let price: Money
    private var nextTask = 0
    private var nextCall: UInt64 = 0
    private var solvedAt: [String: Timestamp] = [:]
    /// What the provider has taken, in all.
    private(set) var taken: Int64 = 0
    /// Tasks that came and were forced here, and those that were forced to another.
    private(set) var forced = 0
    private(set) var strayed = 0

    init(_ name: String, price: Money, world: VirtualWorld) {
        self.name = name
        self.price = price
        self.world = world
    }

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        nextCall += 1
        let delay = min(world.chance(0.02) ? deadlineSeconds : world.seconds(0.01...2), deadlineSeconds)
        let answer = answer(to: request)
        world.after(delay, host: true) { completion(answer) }
        return nextCall
    }

    func cancel(_ call: UInt64) {}

    private func answer(to request: OperationRequest) -> CallAnswer {
        switch request {
        case .submit(let task):
            if let only = task.fields["only"]?.string { if only == name { forced += 1 } else { strayed += 1 } }
            if world.chance(0.05) { return CallAnswer(.fault(Fault(.overloaded)), sent: .maybe) }
            if world.chance(0.03) { return CallAnswer(.fault(Fault(.noFunds)), sent: .maybe) }
            if world.chance(0.03) { return CallAnswer(.fault(Fault(.transport)), sent: .no) }
            if world.chance(0.05) { return CallAnswer(.fault(Fault(.unsolvable(charged: false))), sent: .maybe) }
            if world.chance(0.01) { return CallAnswer(.fault(Fault(.proxy)), sent: .maybe) }
            taken += price.nanos
            let solution = Solution(["token": "t"], cost: world.chance(0.7) ? price.description : nil)
            // The answer is lost: the provider works, and takes its money, for nobody.
            if world.chance(0.03) {
                return CallAnswer(.fault(Fault(.transport)), sent: .maybe, crashed: world.chance(0.5))
            }
            if world.chance(0.2) { return CallAnswer(.submitted(.solved(solution)), sent: .maybe) }
            nextTask += 1
            solvedAt["\(nextTask)"] = world.now.adding(seconds: world.seconds(1...60))
            return CallAnswer(.submitted(.pending(id: "\(nextTask)")), sent: .maybe)
        case .poll(let ticket):
            if world.chance(0.05) {
                return CallAnswer(.fault(Fault(.transport)), sent: .maybe, crashed: world.chance(0.5))
            }
            guard let solvedAt = solvedAt[ticket.id] else {
                return CallAnswer(.fault(Fault(.taskNotFound)), sent: .maybe)
            }
            guard world.now >= solvedAt else { return CallAnswer(.polled(.pending), sent: .maybe) }
            return CallAnswer(
                .polled(.solved(Solution(["token": "t"], cost: price.description))), sent: .maybe)
        default:
            return CallAnswer(.fault(Fault(.protocolError)), sent: .no)
        }
    }
}
