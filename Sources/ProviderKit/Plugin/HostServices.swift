import CProviderABI

/// The host's tables as one instance of a plug-in holds them.
struct HostServices: Sendable {
    private nonisolated(unsafe) let host: UnsafePointer<ucaptcha_host>
    private nonisolated(unsafe) let http: UnsafePointer<ucaptcha_http_service>
    private nonisolated(unsafe) let log: UnsafePointer<ucaptcha_log_service>
    private nonisolated(unsafe) let time: UnsafePointer<ucaptcha_time_service>

    /// Fails when the host speaks another version or lacks a service.
    init?(_ host: UnsafePointer<ucaptcha_host>) {
        func service<Service>(_ id: String, as: Service.Type) -> UnsafePointer<Service>? {
            host.pointee.service(host.pointee.context, id)?.assumingMemoryBound(to: Service.self)
        }
        guard host.pointee.abi_version == UCAPTCHA_PROVIDER_ABI_VERSION,
            let http = service(UCAPTCHA_SERVICE_HTTP, as: ucaptcha_http_service.self),
            let log = service(UCAPTCHA_SERVICE_LOG, as: ucaptcha_log_service.self),
            let time = service(UCAPTCHA_SERVICE_TIME, as: ucaptcha_time_service.self)
        else { return nil }
        self.host = host
        self.http = http
        self.log = log
        self.time = time
    }

    func complete(_ call: UInt64, _ reply: OperationReply) {
        reply.bytes.withBytes { host.pointee.complete(host.pointee.context, call, $0) }
    }

    func send(_ call: UInt64, _ request: [UInt8], _ done: Box<[UInt8]>) {
        request.withBytes { bytes in
            http.pointee.send(host.pointee.context, call, bytes, done.retained) { user, reply in
                Box<[UInt8]>.release(user)?(Array(reply.buffer))
            }
        }
    }

    func after(_ call: UInt64, seconds: Double, _ fire: Box<Void>) {
        let nanoseconds = UInt64(min(max(seconds.isNaN ? 0 : seconds, 0), 1e9) * 1e9)
        time.pointee.after(host.pointee.context, call, nanoseconds, fire.retained) { user in
            Box<Void>.release(user)?(())
        }
    }

    func write(_ level: LogLevel, _ message: String) {
        Array(message.utf8).withBytes { log.pointee.write(host.pointee.context, level.rawValue, $0) }
    }

    var monotonicNanoseconds: UInt64 { time.pointee.monotonic_nanoseconds(host.pointee.context) }
    var unixMilliseconds: Int64 { time.pointee.unix_milliseconds(host.pointee.context) }
}

/// Carries a Swift closure through the `user` pointer of a service, for exactly one call back.
final class Box<Value> {
    private let body: (Value) -> Void

    init(_ body: @escaping (Value) -> Void) {
        self.body = body
    }

    var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static func release(_ user: UnsafeMutableRawPointer?) -> ((Value) -> Void)? {
        user.map { Unmanaged<Box<Value>>.fromOpaque($0).takeRetainedValue().body }
    }
}

/// The services of the host for one running call.
struct HostCall: Call {
    let id: UInt64
    let services: HostServices

    func http(_ request: HTTPRequest) async throws -> HTTPResponse {
        let bytes = await withCheckedContinuation { continuation in
            services.send(id, request.crossingBytes, Box { continuation.resume(returning: $0) })
        }
        switch try HTTPReply(crossing: bytes) {
        case .response(let response): return response
        case .failure(let failure): throw failure
        }
    }

    func sleep(seconds: Double) async {
        await withCheckedContinuation { continuation in
            services.after(id, seconds: seconds, Box { continuation.resume() })
        }
    }

    var monotonicSeconds: Double { Double(services.monotonicNanoseconds) / 1e9 }
    var unixMilliseconds: Int64 { services.unixMilliseconds }
    func log(_ level: LogLevel, _ message: String) { services.write(level, message) }
}
