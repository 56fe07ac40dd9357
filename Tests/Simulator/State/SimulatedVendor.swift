public import Domain
import ProviderKit
import TestSupport

/// A vendor as a state machine: a request and the time go in, an answer and its delivery come out. It does no I/O,
/// reads no clock, and two that are made alike behave alike.
public struct SimulatedVendor: Sendable {
    public let vendor: Vendor
    /// What the vendor allows; may be changed at any time.
    public var limits: VendorLimits
    /// By key.
    public var accounts: [String: SimulatedAccount] = [:]
    /// What was asked of the vendor, in order; of more than `mostRequests` the latest.
    public private(set) var requests: [RecordedRequest] = []
    /// The tasks that the vendor still knows, by ID.
    public internal(set) var tasks: [String: SimulatedTask] = [:]
    /// Templates of Anti-Captcha's AntiGate.
    public var templates: Set<String> = ["Sign-in and wait for control text", "CloudFlare cookies for a proxy"]

    /// Requests that are remembered.
    public static let mostRequests = 20_000

    var script: VendorScript
    private var scriptStart: Timestamp?
    private var hits: [Int: Int] = [:]
    var random: SeededGenerator
    var taskCount = 0
    private var requestCount = 0
    var wrongKeys = 0
    var bannedUntil: Timestamp?
    /// Why forms refuse calls of a key for a while.
    var formBans: [String: FormBan] = [:]
    var formErrors: [String: FormCounts] = [:]
    var callbackAddresses: [String] = []
    var open: Set<String> = []
    private var nextDue = Timestamp.distantFuture
    /// Of the request under way.
    var notes: [String] = []
    let shapes: [String: [TaskShape]]
    let formShapes: [String: [TaskShape]]

    /// - Parameters:
    ///   - seed: decides solutions, latencies, outcomes and IDs.
    ///   - accounts: balances by key.
    public init(_ vendor: Vendor, seed: UInt64 = 1, accounts: [String: Money] = [:], script: VendorScript = .init()) {
        self.vendor = vendor
        self.script = script
        limits = VendorLimits(of: vendor)
        let salt = vendor.rawValue.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
        random = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ salt)
        self.accounts = accounts.mapValues(SimulatedAccount.init)
        shapes = Dictionary(grouping: vendor.taskShapes, by: \.type)
        formShapes = Dictionary(grouping: vendor.methodShapes, by: \.type)
    }

    /// Answers a request.
    ///
    /// - Parameter now: not earlier than at the call before.
    public mutating func handle(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
        settle(now)
        notes = []
        let route = Route(vendor, request)
        var answer: SimulatedAnswer
        if let fault = nextFault(for: route.call, at: now) {
            let takesEffect = fault.takesEffect ?? fault.kind.takesEffect
            let real = takesEffect ? process(route, request, now) : nil
            answer = deliver(fault, instead: real, route)
        } else {
            answer = process(route, request, now)
        }
        requestCount += 1
        requests.append(
            RecordedRequest(
                number: requestCount, at: now, call: route.call, request: request, answer: answer, notes: notes))
        if requests.count > SimulatedVendor.mostRequests + 1000 { requests.removeFirst(1000) }
        return answer
    }

    /// Forgets the recorded requests; their numbers go on.
    public mutating func forgetRequests() {
        requests = []
    }

    /// Sets another script, whose time begins with the next request or now.
    public mutating func setScript(_ script: VendorScript, at now: Timestamp? = nil) {
        self.script = script
        scriptStart = now
        hits = [:]
    }

    /// What the vendor does at a time.
    mutating func settings(at now: Timestamp) -> VendorSettings { phase(at: now).settings }

    private mutating func phase(at now: Timestamp) -> (index: Int, settings: VendorSettings) {
        let start = scriptStart ?? now
        scriptStart = start
        return script.phase(at: now.seconds(since: start))
    }

    private mutating func nextFault(for call: Call, at now: Timestamp) -> ScriptedFault? {
        let (index, settings) = phase(at: now)
        for (place, fault) in settings.faults.enumerated() where fault.call == nil || fault.call == call {
            let number = index * 1000 + place
            if let most = fault.times, hits[number, default: 0] >= most { continue }
            if fault.probability < 1, Double.random(in: 0..<1, using: &random) >= fault.probability { continue }
            hits[number, default: 0] += 1
            return fault
        }
        return nil
    }

    private mutating func process(_ route: Route, _ request: SimulatedRequest, _ now: Timestamp) -> SimulatedAnswer {
        switch route.interface {
        case .json: answerJSON(route, request, now)
        case .forms: answerForm(route, request, now)
        case .page(let answer): answer
        }
    }

    /// Tells accounts of the tasks that have ended by now.
    mutating func settle(_ now: Timestamp) {
        guard nextDue <= now else { return }
        nextDue = .distantFuture
        for id in open {
            guard var task = tasks[id] else { continue }
            guard task.finishedAt <= now else {
                nextDue = min(nextDue, task.finishedAt)
                continue
            }
            open.remove(id)
            switch task.outcome {
            case .solved: accounts[task.key]?.solved += 1
            case .failed:
                accounts[task.key]?.failed += 1
                if !vendor.chargesFailures {
                    task.isRefunded = true
                    accounts[task.key]?.refund(task.price)
                }
            }
            tasks[id] = task
        }
    }

    /// Remembers a task that was taken, and forgets those that nobody can ask for any more.
    mutating func remember(_ task: SimulatedTask, _ now: Timestamp) {
        tasks[task.id] = task
        open.insert(task.id)
        nextDue = min(nextDue, task.finishedAt)
        if taskCount % 1024 == 0 {
            let forgotten = now.adding(seconds: -1800)
            tasks = tasks.filter { $0.value.finishedAt > forgotten }
        }
    }
}

extension Vendor {
    /// Whether a task that is not solved costs all the same.
    public var chargesFailures: Bool { self == .antiCaptcha }

    /// The code with which a task ends that is not solved.
    var usualFailure: String { self == .multibot ? "WRONG_RESULT" : "ERROR_CAPTCHA_UNSOLVABLE" }

    /// The types of the JSON interface.
    var taskShapes: [TaskShape] {
        switch self {
        case .twoCaptcha: TwoCaptchaShapes.all
        case .capSolver: CapSolverShapes.all
        case .antiCaptcha: AntiCaptchaShapes.all
        case .capMonster: CapMonsterShapes.all
        case .multibot: []
        }
    }

    /// The methods of in.php.
    var methodShapes: [TaskShape] {
        switch self {
        case .twoCaptcha, .capMonster: FormShapes.twoCaptcha
        case .antiCaptcha: FormShapes.twoCaptcha.filter { $0.family == "imageToText" }
        case .multibot: FormShapes.multibot
        case .capSolver: []
        }
    }

    /// The families that the vendor sells through its JSON interface, by their canonical names.
    public var families: [String] { Set(taskShapes.map(\.family)).sorted() }

    /// The families that the vendor sells through in.php.
    public var formFamilies: [String] { Set(methodShapes.map(\.family)).sorted() }
}
