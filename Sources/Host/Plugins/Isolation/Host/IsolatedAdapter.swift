import CProviderABI
import Logging
import ProviderKit

/// An adapter in a process of its own, seen from the host.
///
/// To the rest of the host it is a plug-in like any other: its functions are those of the C contract, and each becomes
/// a message. Keys, deadlines, rules and lent services stay on this side. One thread supervises it: it starts the
/// process, reads from it, and starts it again when it has ended.
final class IsolatedAdapter: @unchecked Sendable {
    let name: String
    let file: VerifiedFile
    let program: AdapterProgram
    let limits: PluginLimits
    private let settings: [UInt8]
    let logger: Logger

    private let monitor = Monitor()
    private let givenUp = Signal()
    // Guarded by `monitor`, which is never held while the instance is called or something is sent.
    private var state = State.starting
    /// What was started while the process was on its way.
    private var waiting: [Waiting] = []
    private var life: AdapterLife?
    private var instance: PluginInstance?
    /// What the process was given and has not completed.
    private var inFlight: Set<UInt64> = []
    /// Whether the first process has made the instance: only then others follow.
    private var isMade = false
    private var isGivenUp = false
    private var ends = 0
    private var lastEnd: String?
    private var endedAt: UInt64 = 0

    private let loadedOutcome = Outcome<Result<Loaded, PluginRefusal>>()
    private let createdOutcome = Outcome<Result<Bool, PluginRefusal>>()

    private enum State {
        /// The process is on its way; what is started meanwhile waits for it.
        case starting
        case up(FrameChannel)
        /// It has ended too often: until then calls are refused.
        case pausing(until: UInt64)
    }

    private struct Waiting {
        let call: UInt64
        let head: FrameHead
        let payload: [UInt8]
    }

    /// What a process says of the plug-in that it has loaded.
    struct Loaded: Sendable {
        let abilities: UInt64
        let manifest: Manifest
    }

    init(
        _ configuration: AdapterConfiguration, file: VerifiedFile, program: AdapterProgram, limits: PluginLimits,
        logger: Logger
    ) {
        name = configuration.name
        self.file = file
        self.program = program
        self.limits = limits
        settings = AdapterSettings(name: configuration.name, endpoint: configuration.endpoint).bytes
        var logger = logger
        logger[metadataKey: "adapter"] = "\(configuration.name)"
        self.logger = logger
    }

    static func from(_ handle: UnsafeMutableRawPointer?) -> IsolatedAdapter? {
        handle.map { Unmanaged<IsolatedAdapter>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Making it

    /// Starts the first process and waits until the plug-in is loaded there.
    func load() throws(PluginRefusal) -> Loaded {
        guard OSThread.start(named: "@" + name, { [self] in supervise() }) else {
            throw .processEnded(file: file.path, reason: "the system has no more threads")
        }
        guard let loaded = loadedOutcome.wait(seconds: limits.loadSeconds) else { throw hangs(.loading) }
        return try loaded.get()
    }

    /// Has the instance made there, and waits for it. From here on the process is started again whenever it ends.
    func create(for instance: PluginInstance) throws(PluginRefusal) {
        let life = monitor.locked {
            self.instance = instance
            return self.life
        }
        life?.channel.send(FrameHead(kind: .create), settings)
        guard let created = createdOutcome.wait(seconds: limits.loadSeconds) else { throw hangs(.creating) }
        _ = try created.get()
    }

    private func hangs(_ stage: PluginRefusal.Stage) -> PluginRefusal {
        let doing = stage == .loading ? "being loaded" : "making an instance"
        return .processEnded(
            file: file.path, reason: "it did not return within \(limits.loadSeconds) seconds while it was \(doing)")
    }

    /// The adapter is not used after all: its process ends and is not started again.
    func giveUp() {
        let life = monitor.locked {
            isGivenUp = true
            return self.life
        }
        life?.channel.close()
        givenUp.wakeAll()
    }

    // MARK: Calls, from the instance's lanes

    func start(_ operation: Operation, _ call: UInt64, _ request: ucaptcha_bytes) {
        let head = FrameHead(kind: .start, detail: UInt8(operation.place), id: call)
        monitor.lock()
        switch state {
        case .up(let channel):
            inFlight.insert(call)
            monitor.unlock()
            channel.send(head, request.buffer)
        case .starting:
            waiting.append(Waiting(call: call, head: head, payload: Array(request.buffer)))
            monitor.unlock()
        case .pausing:
            let instance = instance
            monitor.unlock()
            instance?.end([call], as: .restarting)
        }
    }

    func cancel(_ call: UInt64) {
        monitor.lock()
        switch state {
        case .up(let channel):
            monitor.unlock()
            channel.send(FrameHead(kind: .cancel, id: call))
        case .starting where waiting.contains { $0.call == call }:
            waiting.removeAll { $0.call == call }
            let instance = instance
            monitor.unlock()
            instance?.end([call], as: .abandoned)
        case .starting, .pausing:
            monitor.unlock()
        }
    }

    /// Why a call would be refused now, if it would.
    var refusal: CallFailure? {
        monitor.lock()
        defer { monitor.unlock() }
        switch state {
        case .pausing: return .restarting
        case .starting: return nil
        case .up(let channel): return channel.waitingBytes > limits.outboxBytes ? .overloaded : nil
        }
    }

    /// How the process is.
    var health: PluginInstance.ProcessHealth {
        monitor.locked {
            let pause: Double? =
                if case .pausing(let until) = state {
                    Double(until &- min(until, Clocks.monotonicNanoseconds)) / 1e9
                } else { nil }
            return PluginInstance.ProcessHealth(
                pid: life?.processID, restartsInSeconds: pause, ends: ends, lastEnd: lastEnd)
        }
    }
}

// MARK: - What the process says

extension IsolatedAdapter {
    /// Calls that somebody waits for, and given-up ones that were not completed.
    var callCounts: (open: Int, owed: Int) {
        guard let health = monitor.locked({ instance })?.health else { return (0, 0) }
        return (health.openCalls, health.abandonedCalls)
    }

    func loaded(abilities: UInt64, manifest: [UInt8], _ channel: FrameChannel) {
        if monitor.locked({ instance }) != nil { return channel.send(FrameHead(kind: .create), settings) }
        do {
            loadedOutcome.set(.success(Loaded(abilities: abilities, manifest: try Manifest(parsing: manifest))))
        } catch {
            let reason = LogText.plain(error.description, limit: 300)
            loadedOutcome.set(.failure(.badManifest(file: file.path, reason: reason)))
        }
    }

    /// - Returns: false when nobody has asked for it.
    func created(_ life: AdapterLife) -> Bool {
        monitor.lock()
        guard instance != nil, case .starting = state else {
            monitor.unlock()
            return false
        }
        state = .up(life.channel)
        isMade = true
        let waiting = waiting
        self.waiting = []
        inFlight = Set(waiting.map(\.call))
        let gone = ends == 0 ? nil : Clocks.monotonicNanoseconds &- endedAt
        monitor.unlock()
        if let gone { logger.notice("The adapter works again, \(gone / 1_000_000) ms after its process ended.") }
        for waiting in waiting { life.channel.send(waiting.head, waiting.payload) }
        createdOutcome.set(.success(true))
        return true
    }

    /// Whoever makes the adapter is told, unless there is an answer already.
    func refused(_ refusal: PluginRefusal) {
        if !loadedOutcome.isSet { loadedOutcome.set(.failure(refusal)) }
        if !createdOutcome.isSet { createdOutcome.set(.failure(refusal)) }
    }

    func completed(_ call: UInt64, _ reply: ucaptcha_bytes) {
        let instance = monitor.locked {
            inFlight.remove(call)
            return self.instance
        }
        instance?.complete(call, reply)
    }

    func send(_ call: UInt64, _ request: ucaptcha_bytes, _ exchange: UInt64, _ channel: FrameChannel) {
        monitor.locked { instance }?.send(call, request, ReturnPath.exchange(exchange, channel))
    }

    func wait(_ call: UInt64, nanoseconds: UInt64, _ wait: UInt64, _ channel: FrameChannel) {
        guard let instance = monitor.locked({ instance }) else { return }
        instance.wait(call, nanoseconds: nanoseconds, ReturnPath.wait(wait, channel, instance, call: call))
    }

    func log(_ level: Int32, _ message: ucaptcha_bytes) {
        monitor.locked { instance }?.write(level, message)
    }

    /// What the process printed, as a warning: a plug-in has a log for what it has to say.
    func printed(_ line: ArraySlice<UInt8>) {
        Array(line).withBytes { log(LogLevel.warning.rawValue, $0) }
    }
}

// MARK: - Its lives

extension IsolatedAdapter {
    /// The thread of the adapter: one process after the other.
    private func supervise() {
        defer { file.close() }
        var plan = RestartPlan(limits)
        while !monitor.locked({ isGivenUp }) {
            let began = Clocks.monotonicNanoseconds
            let end: AdapterLife.End
            do {
                let life = try AdapterLife(of: self)
                monitor.locked { self.life = life }
                end = life.run()
            } catch {
                end = AdapterLife.End(notStarted: error.reason)
            }
            let lived = Double(Clocks.monotonicNanoseconds - began) / 1e9
            guard goesOn(after: end, livedSeconds: lived, pause: plan.ended(afterSeconds: lived)) else { return }
            pause()
        }
    }

    /// - Returns: whether the process is to be started again.
    private func goesOn(after end: AdapterLife.End, livedSeconds: Double, pause: Double) -> Bool {
        monitor.lock()
        life = nil
        let lost = inFlight
        inFlight = []
        ends += 1
        lastEnd = end.clause
        endedAt = Clocks.monotonicNanoseconds
        var unsent: [UInt64] = []
        state = .starting
        if pause > 0 {
            state = .pausing(until: Clocks.monotonicNanoseconds &+ UInt64(nanosecondsIn: pause))
            unsent = waiting.map(\.call)
            waiting = []
        }
        let isOver = isGivenUp || !isMade
        let instance = instance
        monitor.unlock()
        guard !isOver else {
            refused(.processEnded(file: file.path, reason: end.clause))
            return false
        }
        instance?.count(end.event)
        logger.error(
            """
            The adapter's process is gone: \(file.path): \(end.clause). It lived \(Int(livedSeconds)) s, had at most \
            \(end.peakBytes / 1_048_576) MiB and \(lost.count) calls under way. \
            \(pause > 0 ? "It is started again in \(pause) s." : "It is started again at once.")
            """)
        instance?.end(lost, as: .crashed)
        instance?.end(unsent, as: .restarting)
        return true
    }

    /// Waits until the next process is to be started.
    private func pause() {
        monitor.locked {
            guard case .pausing(let until) = state else { return }
            while Clocks.monotonicNanoseconds < until, !isGivenUp { givenUp.wait(monitor, until: until) }
            state = .starting
        }
    }
}
