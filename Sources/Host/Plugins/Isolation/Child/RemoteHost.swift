internal import CProviderABI
import Domain
import Glibc
import ProviderKit

/// The host as the plug-in of an adapter's process sees it: the functions of the C contract, each a message.
///
/// The plug-in's functions are called on three threads, as in the host's own process, so that none waits for one that
/// hangs; one that hangs is reported, and the host ends the process.
final class RemoteHost: @unchecked Sendable {
    private let channel: FrameChannel
    private let monitor = Monitor()
    // Set by the first messages, on the thread that reads, before any other thread exists.
    private var plugin: LoadedPlugin?
    private var limits = PluginLimits()
    private var handle: UnsafeMutableRawPointer?
    // Guarded by `monitor`.
    private var starts: Lane?
    private var answers: Lane?
    private var cancels: Lane?
    private var calls: [UInt64: RemoteCall] = [:]
    private var exchanges: [UInt64: RemoteExchange] = [:]
    private var waits: [UInt64: RemoteWait] = [:]
    private var lastNumber: UInt64 = 0
    private var refusal: String?

    init(_ channel: FrameChannel) {
        self.channel = channel
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> RemoteHost? {
        context.map { Unmanaged<RemoteHost>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A message of the host, on the thread that reads.
    func handle(_ head: FrameHead, _ payload: UnsafeBufferPointer<UInt8>) {
        switch head.kind {
        case .load: load(payload)
        case .create: create(payload)
        case .start: start(head, payload)
        case .cancel:
            guard let cancel = plugin?.cancel else { return }
            run(Cancellation(cancel, handle: handle, call: head.id), on: \.cancels)
        case .exchanged:
            guard let exchange = monitor.locked({ exchanges.removeValue(forKey: head.id) }) else { return }
            exchange.reply = Array(payload)
            run(exchange, on: \.answers)
        case .fire:
            guard let wait = monitor.locked({ waits.removeValue(forKey: head.id) }) else { return }
            run(wait, on: \.answers)
        case .ping: channel.send(FrameHead(kind: .pong))
        case .loaded, .created, .refused, .complete, .send, .wait, .log, .pong, .blocked: break
        }
    }

    private func run(_ job: any LaneJob, on lane: KeyPath<RemoteHost, Lane?>) {
        monitor.lock()
        let lane = self[keyPath: lane]
        let wake = lane?.add(job) ?? false
        monitor.unlock()
        if wake { lane?.wake() }
    }

    // MARK: The plug-in

    private func load(_ payload: UnsafeBufferPointer<UInt8>) {
        guard plugin == nil, let order = ChildOrder(reading: payload), AdapterProcess.confine(order) else { _exit(1) }
        limits = order.limits
        StepsBack.begin(above: order.memoryBytes / Limits.isolatedModestShare)
        do throws(PluginRefusal) {
            let file = try VerifiedFile.inherited(AdapterProcess.pluginFile, path: order.file)
            let plugin = try PluginLoader.open(file, limits: limits)
            self.plugin = plugin
            channel.send(FrameHead(kind: .loaded, id: plugin.abilities), plugin.manifest.bytes)
        } catch {
            channel.send(FrameHead(kind: .refused), error.crossing)
        }
    }

    /// On the thread that reads, as nothing else is to be done before it has returned.
    private func create(_ settings: UnsafeBufferPointer<UInt8>) {
        guard let plugin, handle == nil else { return }
        starts = lane("")
        answers = lane("<")
        cancels = lane("!")
        let context = Unmanaged.passUnretained(self).toOpaque()
        let settings = ucaptcha_bytes(data: settings.baseAddress, count: settings.count)
        handle = plugin.create?(RemoteHostTable.make(for: self), settings, context) { context, sentence in
            RemoteHost.from(context)?.refused(sentence)
        }
        if handle != nil { return channel.send(FrameHead(kind: .created)) }
        let reason = monitor.locked { refusal } ?? "it gives no reason."
        let refused = JSONValue.object(["label": "settingsRefused", "sentence": .string(reason)])
        channel.send(FrameHead(kind: .refused), refused.bytes)
    }

    private func lane(_ mark: String) -> Lane {
        Lane(
            name: mark + "adapter", monitor: monitor, patienceMilliseconds: limits.returnMilliseconds,
            supervisor: self)
    }

    private func refused(_ sentence: ucaptcha_bytes) {
        let text = LogText.plain(sentence.buffer, limit: limits.logBytes)
        monitor.locked { refusal = refusal ?? text }
    }

    private func start(_ head: FrameHead, _ payload: UnsafeBufferPointer<UInt8>) {
        let operations = Operation.allCases
        guard Int(head.detail) < operations.count, let start = plugin?.start(operations[Int(head.detail)]) else {
            return
        }
        let call = RemoteCall(head.id, payload, start: start, handle: handle)
        monitor.locked { calls[head.id] = call }
        run(call, on: \.starts)
    }

    // MARK: What the plug-in calls

    func complete(_ call: UInt64, _ reply: ucaptcha_bytes) {
        // The lane keeps a call whose `start` has not returned, and with it the request.
        monitor.locked { _ = calls.removeValue(forKey: call) }
        send(FrameHead(kind: .complete, id: call), reply)
    }

    func send(_ call: UInt64, _ request: ucaptcha_bytes, _ exchange: RemoteExchange) {
        let id = monitor.locked {
            lastNumber += 1
            exchanges[lastNumber] = exchange
            return lastNumber
        }
        send(FrameHead(kind: .send, id: id), prefix: [call], request)
    }

    func wait(_ call: UInt64, nanoseconds: UInt64, _ wait: RemoteWait) {
        let id = monitor.locked {
            lastNumber += 1
            waits[lastNumber] = wait
            return lastNumber
        }
        channel.send(
            FrameHead(kind: .wait, id: id), prefix: [call, nanoseconds], UnsafeBufferPointer(start: nil, count: 0))
    }

    func write(_ level: Int32, _ message: ucaptcha_bytes) {
        let text = UnsafeBufferPointer(rebasing: message.buffer.prefix(limits.logBytes + RemoteHost.longestKey))
        channel.send(FrameHead(kind: .log, detail: UInt8(clamping: level)), text)
    }

    /// The host looks for keys before it cuts a line.
    private static let longestKey = 4096

    /// What is larger than the host reads is not sent: it is told so instead.
    private func send(_ head: FrameHead, prefix: [UInt64] = [], _ bytes: ucaptcha_bytes) {
        guard bytes.count <= limits.messageBytes else {
            var head = head
            head.detail = 1
            return channel.send(head, prefix: prefix, UnsafeBufferPointer(start: nil, count: 0))
        }
        channel.send(head, prefix: prefix, bytes.buffer)
    }
}

extension RemoteHost: LaneSupervisor {
    var mayHaveThread: Bool { true }

    func threadBlocked(in lane: Lane, by job: (any LaneJob)?) -> () -> Void {
        { [channel] in channel.send(FrameHead(kind: .blocked)) }
    }

    func threadReturned() {}
}
