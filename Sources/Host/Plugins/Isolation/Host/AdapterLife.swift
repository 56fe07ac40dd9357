import CProviderABI
import Glibc

/// One process of an isolated adapter from its start to its end, on the thread that supervises the adapter.
final class AdapterLife {
    private let adapter: IsolatedAdapter
    private let process: ChildProcess
    let channel: FrameChannel
    private let reader: FrameReader
    private let limits: PluginLimits
    private var watch: ChildWatch
    private var nextLook: UInt64
    private var isReady = false
    /// What was printed and has no end of line yet.
    private var words: [UInt8] = []
    private var offence: ChildOffence?
    /// The most memory that it was seen to have, in bytes.
    private var seenBytes = 0
    private let began = Clocks.monotonicNanoseconds

    struct End {
        /// How it ended: a clause.
        let clause: String
        let event: PluginEvent
        let peakBytes: Int

        /// The process that could not be started.
        init(notStarted reason: String) {
            clause = reason
            event = .crashedProcess
            peakBytes = 0
        }

        /// The process that ended like that, perhaps for an offence. One that ends by itself with more memory than it
        /// may have has come upon the system's bounds before the host looked.
        init(_ end: ChildEnd, for offence: ChildOffence?, limits: PluginLimits) {
            peakBytes = end.peakBytes
            if let offence {
                clause = offence.clause
                event = offence.event
            } else if end.peakBytes > limits.memoryBytes {
                clause = "\(end.clause) with \(end.peakBytes / 1_048_576) MiB of memory, more than it may have"
                event = .greedyProcess
            } else {
                clause = end.clause
                event = .crashedProcess
            }
        }
    }

    /// Starts the process and tells it what to load.
    ///
    /// - Throws: `ChildProcess.Failure`.
    init(of adapter: IsolatedAdapter) throws(ChildProcess.Failure) {
        self.adapter = adapter
        limits = adapter.limits
        process = try ChildProcess.start(
            adapter.program, adapter: adapter.name, file: adapter.file.descriptor)
        channel = FrameChannel(descriptor: process.socket)
        reader = FrameReader(descriptor: process.socket, most: limits.messageBytes + FrameHead.callSize)
        watch = ChildWatch(limits, beganAt: began)
        nextLook = began
        let order = ChildOrder(file: adapter.file.path, limits: limits, hostProcess: getpid())
        channel.send(FrameHead(kind: .load), order.bytes)
    }

    deinit {
        close(process.words)
        if process.end >= 0 { close(process.end) }
    }

    var processID: Int32 { process.pid }

    /// Serves the process until it has ended.
    func run() -> End {
        var sources = [
            pollfd(fd: process.socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: process.words, events: Int16(POLLIN), revents: 0),
            pollfd(fd: process.end, events: Int16(POLLIN), revents: 0),
        ]
        var isOpen = true
        // Its connection ends with it, unless something that it has started has that too.
        var over = UInt64.max
        while isOpen, Clocks.monotonicNanoseconds < over {
            let now = Clocks.monotonicNanoseconds
            let milliseconds = nextLook > now ? (nextLook - now) / 1_000_000 + 1 : 0
            _ = poll(&sources, 3, Int32(min(milliseconds, 10_000)))
            if sources[1].revents & Int16(POLLIN) != 0 {
                pass(on: process.printed())
            } else if sources[1].revents != 0 {
                sources[1].fd = -1
            }
            if sources[0].revents != 0 { isOpen = read() }
            if sources[2].revents != 0 {
                process.kill()
                over = now &+ UInt64(nanosecondsIn: limits.watchSeconds)
                sources[2].fd = -1
            }
            if Clocks.monotonicNanoseconds >= nextLook { look() }
        }
        channel.close()
        let end = process.reap(seenBytes: seenBytes)
        pass(on: process.printed() + [0x0A])
        return End(end, for: offence, limits: limits)
    }

    private func read() -> Bool {
        do {
            return try reader.read { handle($0, $1) }
        } catch {
            finish(.nonsense)
            return false
        }
    }

    /// Ends the process; how it ends is read from its connection.
    private func finish(_ offence: ChildOffence) {
        guard self.offence == nil else { return }
        self.offence = offence
        process.kill()
    }

    private func look() {
        let now = Clocks.monotonicNanoseconds
        nextLook = now &+ UInt64(nanosecondsIn: limits.watchSeconds)
        let health = adapter.callCounts
        let memory = process.memory
        seenBytes = max(seenBytes, memory)
        let verdict = watch.look(
            ChildWatch.Reading(
                now: now, isReady: isReady, memory: memory,
                processorNanoseconds: process.processorNanoseconds, openCalls: health.open, owedCalls: health.owed,
                waitingBytes: channel.waitingBytes))
        if let offence = verdict.offence { finish(offence) }
        if verdict.asks { channel.send(FrameHead(kind: .ping)) }
    }

    /// What it prints goes to the log, line by line.
    private func pass(on bytes: [UInt8]) {
        words += bytes
        var start = 0
        while let end = words[start...].firstIndex(of: 0x0A) {
            if end > start { adapter.printed(words[start..<end]) }
            start = end + 1
        }
        words.removeFirst(start)
        if words.count > limits.logBytes {
            adapter.printed(words[...])
            words = []
        }
    }

    // MARK: Messages

    private func handle(_ head: FrameHead, _ payload: UnsafeBufferPointer<UInt8>) {
        switch head.kind {
        case .complete: adapter.completed(head.id, bytes(head, payload))
        case .send:
            guard let call = number(payload, 0) else { return finish(.nonsense) }
            adapter.send(call, bytes(head, payload, after: FrameHead.callSize), head.id, channel)
        case .wait:
            guard let call = number(payload, 0), let delay = number(payload, 8) else { return finish(.nonsense) }
            adapter.wait(call, nanoseconds: delay, head.id, channel)
        case .log: adapter.log(Int32(head.detail), bytes(head, payload))
        case .pong: watch.answered()
        case .loaded: adapter.loaded(abilities: head.id, manifest: Array(payload), channel)
        case .created:
            guard adapter.created(self) else { return finish(.nonsense) }
            isReady = true
        case .refused:
            let refusal = PluginRefusal(crossing: payload)
            adapter.refused(refusal)
            finish(.refuses("\(refusal)"))
        case .blocked: finish(.blocked(limits.returnMilliseconds))
        case .load, .create, .start, .cancel, .exchanged, .fire, .ping: finish(.nonsense)
        }
    }

    /// The payload as the contract's functions take it. One that was too large to be sent is told by its size alone,
    /// which is what these functions look at first.
    private func bytes(
        _ head: FrameHead, _ payload: UnsafeBufferPointer<UInt8>, after offset: Int = 0
    ) -> ucaptcha_bytes {
        if head.kind != .log, head.detail == 1 { return ucaptcha_bytes(data: nil, count: limits.messageBytes + 1) }
        return ucaptcha_bytes(data: payload.baseAddress.map { $0 + offset }, count: payload.count - offset)
    }

    private func number(_ payload: UnsafeBufferPointer<UInt8>, _ offset: Int) -> UInt64? {
        guard payload.count >= offset + 8 else { return nil }
        return UnsafeRawBufferPointer(payload).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
