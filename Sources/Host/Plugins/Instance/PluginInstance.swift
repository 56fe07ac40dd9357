internal import CProviderABI
internal import Logging
public import ProviderKit
import Synchronization

/// One `adapters.<name>`: an instance of a plug-in, with threads of its own.
///
/// The plug-in's functions are called on three lanes: `start` of operations on one, the host's answers (`done`, `fire`)
/// on another, `cancel` on a third, so that none of them waits for one that hangs. One lock guards everything of the
/// instance. It is never held while code of the plug-in, a completion or the transport is called.
public final class PluginInstance: @unchecked Sendable {
    /// The name in the configuration.
    public let name: String
    public let plugin: LoadedPlugin
    public var manifest: Manifest { plugin.manifest }

    let limits: PluginLimits
    let environment: HostEnvironment
    let rules: RequestRules
    let logGate: LogGate
    private let logger: Logger
    let monitor = Monitor()

    // Guarded by `monitor`, the lanes included. They are set once, in `init`.
    private(set) var starts: Lane?
    private(set) var answers: Lane?
    private(set) var cancels: Lane?
    /// The plug-in's own pointer.
    private var handle: UnsafeMutableRawPointer?
    private var refusal: String?
    /// The adapter's process, if it has one.
    private var isolated: IsolatedAdapter?
    /// What waits, runs, or was abandoned and not completed yet.
    var calls: [UInt64: PluginCall] = [:]
    private var abandonedCalls = 0
    private var blockedThreads = 0

    private static let lastCall = Atomic<UInt64>(0)

    init(
        _ configuration: AdapterConfiguration, plugin: LoadedPlugin, environment: HostEnvironment, limits: PluginLimits
    ) {
        name = configuration.name
        self.plugin = plugin
        self.limits = limits
        self.environment = environment
        var logger = environment.logger
        logger[metadataKey: "adapter"] = "\(configuration.name)"
        self.logger = logger
        var origins = plugin.origins
        if let endpoint = configuration.endpoint.flatMap(Origin.init(url:)) { origins.insert(endpoint) }
        rules = RequestRules(
            origins: origins, addressFields: Set(plugin.manifest.addressFields),
            credentials: configuration.credentials)
        logGate = LogGate(logger: logger, credentials: configuration.credentials, limits: limits)
        starts = lane("")
        answers = lane("<")
        cancels = lane("!")
    }

    private func lane(_ mark: String) -> Lane {
        Lane(
            name: mark + name, monitor: monitor, patienceMilliseconds: limits.returnMilliseconds, supervisor: self)
    }

    // MARK: Making the plug-in's side

    /// Has the plug-in make its side of the instance, on the instance's own thread.
    ///
    /// From here on the plug-in holds pointers to this object, which therefore lives as long as the process.
    func create(_ settings: AdapterSettings, seconds: Double) throws(PluginRefusal) {
        let settings = settings.bytes
        let created = Outcome<Bool>()
        run(
            Errand { [self] in
                let host = HostTable.make(for: self)
                let context = Unmanaged.passUnretained(self).toOpaque()
                let handle = settings.withBytes { bytes in
                    plugin.create?(host, bytes, context) { context, sentence in
                        PluginInstance.from(context)?.refused(sentence)
                    }
                }
                monitor.locked { self.handle = handle }
                created.set(handle != nil)
            }, on: starts)
        guard let made = created.wait(seconds: seconds) else {
            throw .hangs(file: plugin.file, stage: .creating, seconds: limits.loadSeconds)
        }
        guard made else {
            let reason = monitor.locked { refusal } ?? "it gives no reason."
            throw .settingsRefused(file: plugin.file, adapter: name, reason: reason)
        }
    }

    /// Has the plug-in's functions reach a process of its own, where its side of the instance is made instead.
    func isolate(in adapter: IsolatedAdapter) {
        let handle = Unmanaged.passRetained(adapter).toOpaque()
        monitor.locked {
            isolated = adapter
            self.handle = handle
        }
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> PluginInstance? {
        context.map { Unmanaged<PluginInstance>.fromOpaque($0).takeUnretainedValue() }
    }

    private func refused(_ sentence: ucaptcha_bytes) {
        let text = logGate.clean(
            String(decoding: sentence.buffer.prefix(limits.logBytes), as: UTF8.self), limit: limits.logBytes)
        monitor.locked { refusal = refusal ?? text }
    }

    private func run(_ job: any LaneJob, on lane: Lane?) {
        let wake = monitor.locked { lane?.add(job) ?? false }
        if wake { lane?.wake() }
    }

    // MARK: Calls

    /// Whether the adapter has this operation.
    public func serves(_ operation: Operation) -> Bool { plugin.start(operation) != nil }

    /// Begins a call. Any thread; never waits.
    ///
    /// - Parameters:
    ///   - deadlineSeconds: after so many seconds the call ends as `overdue`, whatever the adapter does.
    ///   - completion: called exactly once, on any thread, possibly before this returns. It must not block: it may run
    ///     on a thread of the plug-in or on the one that keeps all deadlines.
    @discardableResult
    public func call(
        _ request: OperationRequest, context: CallContext = CallContext(), deadlineSeconds: Double,
        completion: @escaping @Sendable (CallResult) -> Void
    ) -> CallID {
        let id = PluginInstance.lastCall.wrappingAdd(1, ordering: .relaxed).newValue
        guard serves(request.operation) else {
            let fault = Fault(.protocolError, "The adapter has no operation \(request.operation.rawValue).")
            completion(CallResult(outcome: .reply(.fault(fault)), sent: .no))
            return CallID(number: id)
        }
        let call = PluginCall(id: id, request: request, context: context, instance: self, completion: completion)
        let deadline = Clocks.monotonicNanoseconds &+ UInt64(nanosecondsIn: max(deadlineSeconds, 0.001))
        monitor.lock()
        if let failure = refusalOfFurtherCalls {
            monitor.unlock()
            count(.refusedCall)
            completion(CallResult(outcome: .failure(failure), sent: .no))
            return CallID(number: id)
        }
        calls[id] = call
        TimerQueue.shared.schedule(call, at: deadline)
        let wake = starts?.add(call) ?? false
        monitor.unlock()
        if wake { starts?.wake() }
        return CallID(number: id)
    }

    /// Gives a call up: unless it has ended, its completion is called with `abandoned`, and the adapter is told. Any
    /// thread; may come twice and after the end.
    public func cancel(_ id: CallID) {
        if let call = monitor.locked({ calls[id.number] }) { abandon(call, as: .abandoned) }
    }

    /// How the instance is.
    public var health: Health {
        let (health, isolated) = monitor.locked {
            let health = Health(
                isBlocked: isBlocked, blockedThreads: blockedThreads, openCalls: calls.count - abandonedCalls,
                abandonedCalls: abandonedCalls)
            return (health, self.isolated)
        }
        guard let isolated else { return health }
        return Health(
            isBlocked: health.isBlocked, blockedThreads: health.blockedThreads, openCalls: health.openCalls,
            abandonedCalls: health.abandonedCalls, process: isolated.health)
    }

    public struct Health: Sendable, Hashable {
        /// Whether calls are refused because too many threads hang in the plug-in.
        public let isBlocked: Bool
        /// Threads that hang in the plug-in now.
        public let blockedThreads: Int
        /// Calls that somebody waits for.
        public let openCalls: Int
        /// Calls that nobody waits for and the plug-in has not completed. They count as calls under way.
        public let abandonedCalls: Int
        /// The adapter's process; nil when it runs in the host's.
        public var process: ProcessHealth?
    }

    /// Under the lock.
    private var isBlocked: Bool { blockedThreads >= limits.blockedThreads }

    /// Under the lock. What was given up while it waited stays in the lane's queue for a while, and is counted there.
    private var refusalOfFurtherCalls: CallFailure? {
        if isBlocked { return .blocked }
        if let refusal = isolated?.refusal { return refusal }
        if calls.count >= limits.calls || (starts?.waiting ?? 0) >= limits.calls { return .overloaded }
        return nil
    }

    /// Hands a call to the plug-in: on the lane.
    func begin(_ call: PluginCall) {
        monitor.lock()
        guard call.state == .waiting, let bytes = call.bytes, let start = plugin.start(call.request.operation) else {
            return monitor.unlock()
        }
        call.state = .running
        let handle = handle
        monitor.unlock()
        // The lane keeps the call, and with it the request, until `start` has returned.
        start(handle, call.id, ucaptcha_bytes(data: UnsafePointer(bytes.baseAddress), count: bytes.count))
    }

    /// The plug-in has completed a call.
    func complete(_ id: UInt64, _ reply: ucaptcha_bytes) {
        // A call that the plug-in has not been given is not its to complete.
        guard let call = take(id) else { return count(.strayCompletion) }
        guard let completion = call.completion else { return count(.lateCompletion) }
        completion(CallResult(outcome: .reply(read(reply, to: call.operation)), sent: call.sent))
    }

    /// Ends calls that the plug-in will never complete: the process that had them is gone, or did not get them.
    func end(_ ids: some Sequence<UInt64>, as failure: CallFailure) {
        for id in ids {
            guard let call = take(id), let completion = call.completion else { continue }
            completion(CallResult(outcome: .failure(failure), sent: call.sent))
        }
    }

    private struct EndedCall {
        let operation: Operation
        let sent: HTTPFailure.Sent
        /// Nil when the call had been given up.
        let completion: (@Sendable (CallResult) -> Void)?
    }

    /// Takes a call that the plug-in was given out of the books, and ends what was begun for it.
    private func take(_ id: UInt64) -> EndedCall? {
        monitor.lock()
        guard let call = calls[id], call.state != .waiting else {
            monitor.unlock()
            return nil
        }
        calls[id] = nil
        let ended = EndedCall(operation: call.request.operation, sent: call.sent, completion: call.completion)
        if call.state == .abandoned { abandonedCalls -= 1 }
        call.state = .ended
        call.completion = nil
        TimerQueue.shared.cancel(call)
        let closing = close(call)
        monitor.unlock()
        closing.finish(answers)
        return ended
    }

    /// Ends a call for the host while the plug-in still has it.
    func abandon(_ call: PluginCall, as failure: CallFailure) {
        monitor.lock()
        guard call.state == .waiting || call.state == .running, calls[call.id] === call else {
            return monitor.unlock()
        }
        let completion = call.completion
        let sent = call.sent
        call.completion = nil
        TimerQueue.shared.cancel(call)
        var wakeCancels = false
        if call.state == .waiting {
            calls[call.id] = nil
            call.state = .ended
            call.dropRequest()
        } else {
            call.state = .abandoned
            abandonedCalls += 1
            if let cancel = plugin.cancel {
                wakeCancels = cancels?.add(Cancellation(cancel, handle: handle, call: call.id)) ?? false
            }
        }
        let closing = close(call)
        monitor.unlock()
        if wakeCancels { cancels?.wake() }
        closing.finish(answers)
        count(.abandonedCall)
        completion?(CallResult(outcome: .failure(failure), sent: sent))
    }

    private func read(_ bytes: ucaptcha_bytes, to operation: Operation) -> OperationReply {
        guard bytes.count <= limits.messageBytes else {
            count(.malformedReply)
            return .fault(Fault(.protocolError, "The adapter's reply is larger than \(limits.messageBytes) bytes."))
        }
        do {
            let reply = try OperationReply(to: operation, parsing: bytes.buffer)
            guard case .fault(let fault) = reply, !fault.message.isEmpty else { return reply }
            return .fault(Fault(fault.kind, logGate.clean(fault.message, limit: limits.faultBytes)))
        } catch {
            count(.malformedReply)
            let reason = logGate.clean(error.description, limit: limits.faultBytes)
            return .fault(Fault(.protocolError, "The adapter's reply is not of the contract: \(reason)."))
        }
    }

    func count(_ event: PluginEvent) {
        environment.count(event, name)
    }
}

// MARK: - Threads that hang

extension PluginInstance: LaneSupervisor {
    var mayHaveThread: Bool { !isBlocked }

    func threadBlocked(in lane: Lane, by job: (any LaneJob)?) -> () -> Void {
        blockedThreads += 1
        let blocked = blockedThreads
        let waiting = isBlocked ? starts?.drain().compactMap { $0 as? PluginCall } ?? [] : []
        return { [self] in
            count(.blockedThread)
            logger.warning(
                """
                A function of the plug-in \(plugin.file) did not return within \(limits.returnMilliseconds) ms. Its \
                thread is written off: \(blocked) of at most \(limits.blockedThreads).
                """)
            if blocked >= limits.blockedThreads {
                logger.error("The adapter is blocked by its plug-in \(plugin.file) and gets no more calls.")
            }
            for call in waiting { abandon(call, as: .blocked) }
            // Its answer may come from elsewhere in time, but nobody shall wait a whole deadline for it.
            if let call = job as? PluginCall { abandon(call, as: .overdue) }
        }
    }

    func threadReturned() {
        blockedThreads -= 1
        for lane in [starts, answers, cancels] { lane?.revive() }
    }
}
