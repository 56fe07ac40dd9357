import Domain
import ProviderKit
import Tasks

/// A provider in the virtual world that keeps an account of every key, takes money as its manner is, and remembers what
/// it took for which task: the truth that credits are compared with.
final class FundedProvider: ProviderCalling, @unchecked Sendable {
    /// How it deals with money.
    struct Manner {
        /// Whether it tells with a solution what it took: always, never, or for some.
        var reporting = 1.0
        /// Whether it takes the money with the submit; else when the solution is there.
        var takesAtSubmit = true
        /// The probability that an unsolvable task is paid all the same, which it says.
        var chargesUnsolvable = 0.0
        /// The probability that the answer to a submit, or to a poll, never comes back.
        var losing = 0.015
        /// What it takes, as parts of its price.
        var costs = 0.7...1.2
        /// The probability that a task takes longer than anybody waits.
        var late = 0.05
        /// Seconds that the others take.
        var seconds = 1.0...40
    }

    /// A key as the provider knows it.
    struct Key {
        var balance: Int64
        var isWrong = false
        var isDisabled = false
        /// When it last took a task with it.
        var tookAt: Timestamp?
    }

    /// That it said of a key that it is wrong or disabled.
    struct Refusal {
        let at: Timestamp
        let isTask: Bool
        /// When it had last taken a task with the key.
        let tookAt: Timestamp?
        /// Whether the host died before it had stored that.
        var isForgotten = false

        /// Whether the provider had not taken a task with the key lately.
        var isUnproven: Bool { tookAt.map { at.seconds(since: $0) > Limits.provenKeySeconds } ?? true }
    }

    /// A task that came in.
    struct Work {
        let host: String
        let credential: String
        let cost: Int64
        let solvedAt: Timestamp
        let isUnsolvable: Bool
        var isPaid: Bool
        var isGivenBack = false
        /// Whether it tells what it took.
        let isTold: Bool
    }

    let name: String
    let price: Money
    let manner: Manner
    private let world: VirtualWorld
    /// By their text, whatever the host calls them.
    var keys: [String: Key] = [:]
    private(set) var work: [String: Work] = [:]
    private var nextTask = 0
    private var nextCall: UInt64 = 0
    private(set) var refusals: [Refusal] = []
    /// The keys that the host has heard to be wrong or disabled, and what it has sent with one of those all the same.
    private var heard: Set<String> = []
    private(set) var sentAfterRefusal = 0
    /// What was used of each key elsewhere.
    private(set) var usedElsewhere: [String: Int64] = [:]
    /// What it gave back of what it had taken, although it was asked for nothing here.
    private(set) var givenBack: [String: Int64] = [:]

    init(_ name: String, price: Money, manner: Manner, world: VirtualWorld) {
        self.name = name
        self.price = price
        self.manner = manner
        self.world = world
    }

    /// The key's owner uses it elsewhere; false when there is too little on it.
    func useElsewhere(_ credential: String, _ nanos: Int64) -> Bool {
        guard let key = keys[credential], key.balance >= nanos else { return false }
        keys[credential]?.balance -= nanos
        usedElsewhere[credential, default: 0] += nanos
        return true
    }

    func topUp(_ credential: String, _ nanos: Int64) { keys[credential]?.balance += nanos }

    /// What it took for tasks with a key.
    func taken(from credential: String) -> Int64 {
        work.values.reduce(0) { $0 + ($1.credential == credential && $1.isPaid ? $1.cost : 0) }
    }

    // MARK: Calls

    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        nextCall += 1
        let isSlow = manner.losing > 0 && world.chance(0.01)
        let delay = min(isSlow ? deadlineSeconds : world.seconds(0.01...1.5), deadlineSeconds)
        let answer = answer(to: request)
        world.after(delay, host: true) {
            self.hears(answer, of: request)
            completion(answer)
        }
        return nextCall
    }

    func cancel(_ call: UInt64) {}

    private func hears(_ answer: CallAnswer, of request: OperationRequest) {
        switch (request, answer.reply) {
        case (.submit(let task), .fault(let fault)) where fault.kind == .invalidKey || fault.kind == .keyDisabled:
            heard.insert(task.credential?.placeholder ?? "")
        case (.balance(let credential), .balance): heard.remove(credential.placeholder)
        default: break
        }
    }

    /// The host has died: of what it was answered it knows no more than is stored.
    ///
    /// - Parameter stored: how many refusals of the time in which they count.
    func hostDied(remembering stored: Int) {
        heard = []
        let lately = refusals.indices.filter { world.now.seconds(since: refusals[$0].at) < Limits.wrongKeySeconds }
        let known = lately.filter { !refusals[$0].isForgotten }
        for place in known.suffix(max(known.count - stored, 0)) { refusals[place].isForgotten = true }
    }

    private func answer(to request: OperationRequest) -> CallAnswer {
        switch request {
        case .submit(let task): submit(task)
        case .poll(let ticket): poll(ticket)
        case .validate(let credential), .balance(let credential): balance(of: credential)
        default: CallAnswer(.fault(Fault(.protocolError)), sent: .no)
        }
    }

    /// What it says of a key: as often as not something that tells nothing of the key.
    func balance(of credential: Credential) -> CallAnswer {
        if world.chance(0.1) {
            let moods: [Fault.Kind] = [
                .overloaded, .transport, .ipNotAllowed, .rateLimited(.key, retryAfterSeconds: 30), .protocolError,
                .banned(.provider, untilUnixSeconds: nil),
            ]
            return CallAnswer(.fault(Fault(moods[Int(world.seconds(0...5.99))])), sent: .maybe)
        }
        guard let key = keys[credential.placeholder], !key.isWrong else {
            return refuse(credential.placeholder, isTask: false, .invalidKey)
        }
        if key.isDisabled { return refuse(credential.placeholder, isTask: false, .keyDisabled) }
        return CallAnswer(.balance(Balance(amount: Money(nanos: key.balance)?.description ?? "0")), sent: .maybe)
    }

    private func submit(_ task: TaskRequest) -> CallAnswer {
        if world.chance(0.005) { return CallAnswer(.fault(Fault(.overloaded)), sent: .maybe) }
        if world.chance(0.005) { return CallAnswer(.fault(Fault(.transport)), sent: .no) }
        if heard.contains(task.credential?.placeholder ?? "") { sentAfterRefusal += 1 }
        guard let credential = task.credential?.placeholder, let key = keys[credential], !key.isWrong else {
            return refuse(task.credential?.placeholder ?? "", isTask: true, .invalidKey)
        }
        if key.isDisabled { return refuse(credential, isTask: true, .keyDisabled) }
        let cost = Int64(Double(price.nanos) * world.seconds(manner.costs))
        guard key.balance >= cost else { return CallAnswer(.fault(Fault(.noFunds)), sent: .maybe) }
        keys[credential]?.tookAt = world.now
        nextTask += 1
        let id = "\(name)-\(nextTask)"
        let host = task.fields["n"]?.string ?? ""
        // Some take so long that nobody waits any more: the provider is paid all the same.
        let seconds = world.chance(manner.late) ? world.seconds(100...400) : world.seconds(manner.seconds)
        work[id] = Work(
            host: host, credential: credential, cost: cost, solvedAt: world.now.adding(seconds: seconds),
            isUnsolvable: world.chance(0.05), isPaid: false,
            isTold: world.chance(manner.reporting))
        if manner.takesAtSubmit { pay(id) }
        // Solved, whether or not anybody asks for it.
        if !manner.takesAtSubmit { world.after(seconds, host: false) { self.pay(id) } }
        if world.chance(manner.losing) {
            return CallAnswer(.fault(Fault(.transport)), sent: .maybe, crashed: world.chance(0.5))
        }
        return CallAnswer(.submitted(.pending(id: id)), sent: .maybe)
    }

    private func refuse(_ credential: String, isTask: Bool, _ kind: Fault.Kind) -> CallAnswer {
        refusals.append(Refusal(at: world.now, isTask: isTask, tookAt: keys[credential]?.tookAt))
        return CallAnswer(.fault(Fault(kind)), sent: .maybe)
    }

    /// The key's owner says there that a solution was wrong, and gets the money back.
    func giveBack(_ credential: String) {
        let paid = work.filter { $0.value.credential == credential && $0.value.isPaid && !$0.value.isGivenBack }
        guard let (id, item) = paid.min(by: { $0.key < $1.key }) else { return }
        work[id]?.isGivenBack = true
        keys[credential]?.balance += item.cost
        givenBack[credential, default: 0] += item.cost
    }

    private func pay(_ id: String) {
        guard let item = work[id], !item.isPaid, !item.isUnsolvable || world.chance(manner.chargesUnsolvable) else {
            return
        }
        work[id]?.isPaid = true
        keys[item.credential]?.balance -= item.cost
    }

    private func poll(_ ticket: Ticket) -> CallAnswer {
        if world.chance(manner.losing) {
            return CallAnswer(.fault(Fault(.transport)), sent: .maybe, crashed: world.chance(0.3))
        }
        guard let item = work[ticket.id] else { return CallAnswer(.fault(Fault(.taskNotFound)), sent: .maybe) }
        guard world.now >= item.solvedAt else { return CallAnswer(.polled(.pending), sent: .maybe) }
        pay(ticket.id)
        let isPaid = work[ticket.id]?.isPaid == true
        if item.isUnsolvable { return CallAnswer(.fault(Fault(.unsolvable(charged: isPaid))), sent: .maybe) }
        let cost = item.isTold ? Money(nanos: item.cost)?.description : nil
        return CallAnswer(.polled(.solved(Solution(["token": "t"], cost: cost))), sent: .maybe)
    }
}
