import CProviderABI
import Glibc
import ProviderKit

/// A host whose vendor says what a script makes it say. It keeps the books on what the plug-in does with its functions.
final class ScriptedHost: @unchecked Sendable {
    /// How the vendor answers the request that comes as this number (from 0) in its call.
    typealias Script = @Sendable (_ request: HTTPRequest, _ number: Int) -> Answer

    enum Answer: Sendable {
        case reply(HTTPReply)
        /// Nothing comes until the call ends.
        case silence
    }

    /// One call and what came of it. Guarded by the host's gate.
    final class Record: @unchecked Sendable {
        let id: UInt64
        let script: Script
        fileprivate let bytes: UnsafeMutableBufferPointer<UInt8>
        var replies: [[UInt8]] = []
        /// A reply that was larger than may be.
        var tooLarge = 0
        var requests: [[UInt8]] = []
        /// Whether one of the requests was for an address that the client chose.
        var asksClient = false
        fileprivate var open: [OpenEnd] = []
        var isOver = false

        deinit {
            bytes.deallocate()
        }

        fileprivate init(_ id: UInt64, _ request: [UInt8], _ script: @escaping Script) {
            self.id = id
            self.script = script
            bytes = .allocate(capacity: request.count)
            _ = bytes.initialize(from: request)
        }
    }

    /// An exchange or a wait that the plug-in has to be told the end of.
    fileprivate final class OpenEnd: @unchecked Sendable {
        let name: String
        /// With the reply of an exchange; a wait ignores it.
        let tell: ([UInt8]) -> Void

        init(_ name: String, _ tell: @escaping ([UInt8]) -> Void) {
            self.name = name
            self.tell = tell
        }
    }

    static let largestMessage = 8 * 1024 * 1024
    /// Time passes so much faster for the plug-in than for those who wait for it.
    private static let hurry: UInt64 = 20

    let gate = Gate()
    private let starts = SerialThread()
    private let answers = SerialThread()
    private let cancels = SerialThread()
    private static let began = Gate.nanoseconds
    // Guarded by `gate`.
    private(set) var records: [UInt64: Record] = [:]
    private(set) var strays = 0
    private(set) var requestsOutsideCalls = 0
    private(set) var refusal: String?
    /// Different requests of all calls, as many as are worth a look.
    private(set) var sentRequests: Set<[UInt8]> = []
    /// Calls that were forgotten and had been completed more than once.
    private(set) var forgottenTwice = 0
    private var lastCall: UInt64 = 0

    static func from(_ context: UnsafeMutableRawPointer?) -> ScriptedHost? {
        context.map { Unmanaged<ScriptedHost>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The plug-in says why it makes no instance.
    func refused(_ sentence: ucaptcha_bytes) {
        let text = String(decoding: sentence.buffer.prefix(1000), as: UTF8.self)
        let line = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        gate.locked { refusal = line }
    }

    /// The function that blocks, or has blocked, a thread of the host.
    func blocked(seconds: Double) -> String? {
        starts.blocked(seconds: seconds) ?? answers.blocked(seconds: seconds) ?? cancels.blocked(seconds: seconds)
    }

    // MARK: What the host does

    /// Begins a call.
    func start(
        _ start: @escaping @convention(c) (UnsafeMutableRawPointer?, UInt64, ucaptcha_bytes) -> Void, _ name: String,
        _ instance: UnsafeMutableRawPointer?, _ request: [UInt8], _ script: @escaping Script
    ) -> Record {
        let record = gate.locked {
            lastCall += 1
            let record = Record(lastCall, request, script)
            records[lastCall] = record
            return record
        }
        nonisolated(unsafe) let instance = instance
        starts.run("\(name)'s start") {
            start(
                instance, record.id,
                ucaptcha_bytes(data: UnsafePointer(record.bytes.baseAddress), count: record.bytes.count))
        }
        return record
    }

    /// Gives a call up, as the host does when its time is over.
    func cancel(
        _ record: Record, _ function: (@convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void)?,
        _ instance: UnsafeMutableRawPointer?
    ) {
        if let function {
            nonisolated(unsafe) let instance = instance
            cancels.run("cancel") { function(instance, record.id) }
        }
        close(record)
    }

    /// Ends what was begun for a call.
    private func close(_ record: Record) {
        let open = gate.locked {
            record.isOver = true
            defer { record.open = [] }
            return record.open
        }
        let failure = HTTPFailure(.cancelled, sent: .maybe, "The call that the request belonged to has ended.")
        for end in open { answers.run(end.name) { end.tell(HTTPReply.failure(failure).bytes) } }
    }

    /// Waits until a call is completed.
    func waitForReply(_ record: Record, seconds: Double) -> [UInt8]? {
        _ = gate.wait(seconds: seconds) { !record.replies.isEmpty }
        return gate.locked { record.replies.first }
    }

    /// Lets go of a call that was completed, so that thousands of them take no memory.
    func forget(_ record: Record) {
        gate.locked {
            if record.replies.count > 1 { forgottenTwice += 1 }
            records[record.id] = nil
        }
    }

    // MARK: What the plug-in calls

    func complete(_ call: UInt64, _ reply: ucaptcha_bytes) {
        let isTooLarge = reply.count > ScriptedHost.largestMessage
        let bytes = isTooLarge ? Array("{}".utf8) : Array(reply.buffer)
        let record = gate.locked { () -> Record? in
            guard let record = records[call] else {
                if call <= lastCall, call > 0 { forgottenTwice += 1 } else { strays += 1 }
                return nil
            }
            record.replies.append(bytes)
            if isTooLarge { record.tooLarge += 1 }
            return record
        }
        if let record { close(record) }
    }

    func send(_ call: UInt64, _ request: ucaptcha_bytes, _ done: @escaping ([UInt8]) -> Void) {
        let bytes = Array(request.buffer.prefix(ScriptedHost.largestMessage))
        let end = OpenEnd("done", done)
        let (record, number) = gate.locked { () -> (Record?, Int) in
            guard let record = records[call] else {
                requestsOutsideCalls += 1
                return (nil, 0)
            }
            record.requests.append(bytes)
            if sentRequests.count < 2_000, bytes.count < 1_000_000 { sentRequests.insert(bytes) }
            return (record, record.requests.count - 1)
        }
        guard let record, let request = try? HTTPRequest(crossing: bytes), number < 1000 else {
            return answer(end, nil, .failure(HTTPFailure(.refused, sent: .no, "The request is not of the contract.")))
        }
        let isOver = gate.locked {
            if request.addressField != nil { record.asksClient = true }
            if !record.isOver { record.open.append(end) }
            return record.isOver
        }
        guard !isOver else {
            return answer(end, nil, .failure(HTTPFailure(.cancelled, sent: .no, "The call is not running.")))
        }
        if case .reply(let reply) = record.script(request, number) { answer(end, record, reply) }
    }

    private func answer(_ end: OpenEnd, _ record: Record?, _ reply: HTTPReply) {
        if let record {
            let wasOpen = gate.locked {
                let before = record.open.count
                record.open.removeAll { $0 === end }
                return record.open.count < before
            }
            guard wasOpen else { return }
        }
        let bytes = reply.bytes
        answers.run(end.name) { end.tell(bytes) }
    }

    func wait(_ call: UInt64, nanoseconds: UInt64, _ fire: @escaping () -> Void) {
        let end = OpenEnd("fire") { _ in fire() }
        let record = gate.locked { () -> Record? in
            guard let record = records[call], !record.isOver else { return nil }
            record.open.append(end)
            return record
        }
        guard let record else { return answers.run("fire") { end.tell([]) } }
        let seconds = Double(min(nanoseconds, 1_000_000_000_000) / ScriptedHost.hurry) / 1e9
        answers.run("fire", afterSeconds: seconds) { [gate] in
            let isOpen = gate.locked {
                let before = record.open.count
                record.open.removeAll { $0 === end }
                return record.open.count < before
            }
            if isOpen { end.tell([]) }
        }
    }

    /// The plug-in's clock.
    static var nanoseconds: UInt64 { began + (Gate.nanoseconds - began) * hurry }
    static var unixMilliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64((nanoseconds - Gate.nanoseconds) / 1_000_000)
    }
}
