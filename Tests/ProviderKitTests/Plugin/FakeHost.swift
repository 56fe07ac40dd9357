import CProviderABI
import Foundation
import ProviderKit
import Synchronization
import TestSupport

/// The host's side of the contract in C tables, as the plug-in sees it, around one instance of `TestAdapter`. Records
/// every completion and lets the test play the services. It stays: the tables have to live as long as the process.
final class FakeHost: Sendable {
    struct Exchange: Sendable {
        var call: UInt64
        var request: [UInt8]
        nonisolated(unsafe) var user: UnsafeMutableRawPointer?
        var done: @convention(c) (UnsafeMutableRawPointer?, ucaptcha_bytes) -> Void

        func answer(_ reply: HTTPReply) { answer(reply.bytes) }
        func answer(_ bytes: [UInt8]) { bytes.withBytes { done(user, $0) } }
    }

    struct Timer: Sendable {
        var call: UInt64
        var nanoseconds: UInt64
        nonisolated(unsafe) var user: UnsafeMutableRawPointer?
        var fireFunction: @convention(c) (UnsafeMutableRawPointer?) -> Void

        func fire() { fireFunction(user) }
    }

    struct Record: Sendable {
        var completions: [UInt64: [[UInt8]]] = [:]
        var exchanges: [Exchange] = []
        var timers: [Timer] = []
        var lines: [String] = []
        var refusals: [String] = []
        var withheld: String?
    }
    let record = Mutex(Record())
    private let ids = Atomic<UInt64>(1)

    nonisolated(unsafe) private(set) var instance: UnsafeMutableRawPointer?
    nonisolated(unsafe) private let plugin = PluginTable.of(TestAdapter.self)

    /// Makes an instance with these settings, or records why the plug-in refused to.
    init(settings: [UInt8] = AdapterSettings(name: "test").bytes, version: UInt32 = 1, withheld: String? = nil) {
        record.withLock { $0.withheld = withheld }
        let context = Unmanaged.passRetained(self).toOpaque()
        let host = UnsafeMutablePointer<ucaptcha_host>.allocate(capacity: 1)
        host.initialize(
            to: ucaptcha_host(
                abi_version: version, context: context,
                complete: { context, call, reply in
                    let bytes = Array(reply.buffer)
                    FakeHost.from(context)?.record.withLock { $0.completions[call, default: []].append(bytes) }
                },
                service: { context, id in
                    guard let id else { return nil }
                    return FakeHost.from(context)?.service(String(cString: id))
                }))
        instance = settings.withBytes { bytes in
            plugin.pointee.create(host, bytes, context) { context, sentence in
                let text = String(decoding: sentence.buffer, as: UTF8.self)
                FakeHost.from(context)?.record.withLock { $0.refusals.append(text) }
            }
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> FakeHost? {
        context.map { Unmanaged<FakeHost>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func permanent<Service>(_ service: Service) -> UnsafeRawPointer {
        let pointer = UnsafeMutablePointer<Service>.allocate(capacity: 1)
        pointer.initialize(to: service)
        return UnsafeRawPointer(pointer)
    }

    private func service(_ id: String) -> UnsafeRawPointer? {
        if record.withLock({ $0.withheld }) == id { return nil }
        switch id {
        case UCAPTCHA_SERVICE_HTTP:
            return Self.permanent(
                ucaptcha_http_service(send: { context, call, request, user, done in
                    guard let done else { return }
                    let exchange = Exchange(call: call, request: Array(request.buffer), user: user, done: done)
                    FakeHost.from(context)?.record.withLock { $0.exchanges.append(exchange) }
                }))
        case UCAPTCHA_SERVICE_LOG:
            return Self.permanent(
                ucaptcha_log_service(write: { context, level, message in
                    let line = "\(level) \(String(decoding: message.buffer, as: UTF8.self))"
                    FakeHost.from(context)?.record.withLock { $0.lines.append(line) }
                }))
        case UCAPTCHA_SERVICE_TIME:
            return Self.permanent(
                ucaptcha_time_service(
                    monotonic_nanoseconds: { _ in 2_500_000_000 }, unix_milliseconds: { _ in 1_790_000_000_123 },
                    after: { context, call, delay, user, fire in
                        guard let fire else { return }
                        let timer = Timer(call: call, nanoseconds: delay, user: user, fireFunction: fire)
                        FakeHost.from(context)?.record.withLock { $0.timers.append(timer) }
                    }))
        default: return nil
        }
    }

    /// An id that no call of this process has had.
    func freshID() -> UInt64 { ids.add(1, ordering: .relaxed).newValue }

    /// Starts an operation of the plug-in. The request's bytes are gone when this returns, unless the call is over.
    func start(_ operation: ProviderKit.Operation, _ request: [UInt8], id: UInt64) {
        let found = plugin.pointee.ability(operation.identifier)?.assumingMemoryBound(to: ucaptcha_operation.self)
        request.withBytes { found?.pointee.start(instance, id, $0) }
    }

    func submit(_ fields: JSONObject, id: UInt64) {
        let task = TaskRequest(family: .altcha, fields: fields, credential: nil, secondsLeft: 60)
        start(.submit, OperationRequest.submit(task).bytes, id: id)
    }

    func cancel(_ id: UInt64) {
        let found = plugin.pointee.ability(UCAPTCHA_ABILITY_CANCEL)?
            .assumingMemoryBound(to: ucaptcha_cancellation.self)
        found?.pointee.cancel(instance, id)
    }

    func completions(of id: UInt64) -> [[UInt8]] { record.withLock { $0.completions[id] ?? [] } }

    /// Waits for the first completion of a call and reads it.
    func reply(to operation: ProviderKit.Operation, _ id: UInt64) async throws -> OperationReply {
        try await eventually("call \(id) is completed") { !completions(of: id).isEmpty }
        return try OperationReply(to: operation, parsing: completions(of: id)[0])
    }

    /// Starts a submit and waits for its reply.
    func reply(_ fields: JSONObject) async throws -> OperationReply {
        let id = freshID()
        submit(fields, id: id)
        return try await reply(to: .submit, id)
    }

    func exchange() async throws -> Exchange {
        try await eventually("a request is sent") { record.withLock { !$0.exchanges.isEmpty } }
        return record.withLock { $0.exchanges.removeFirst() }
    }

    func timer() async throws -> Timer {
        try await eventually("a timer is set") { record.withLock { !$0.timers.isEmpty } }
        return record.withLock { $0.timers.removeFirst() }
    }
}
