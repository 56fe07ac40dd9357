internal import CProviderABI

/// The C tables that the plug-in of an adapter's process holds. They live as long as the process.
enum RemoteHostTable {
    static func make(for host: RemoteHost) -> UnsafePointer<ucaptcha_host> {
        permanent(
            ucaptcha_host(
                abi_version: UCAPTCHA_PROVIDER_ABI_VERSION, context: Unmanaged.passRetained(host).toOpaque(),
                complete: { context, call, reply in RemoteHost.from(context)?.complete(call, reply) },
                service: { _, id in RemoteHostTable.service(id) }))
    }

    private static func service(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id else { return nil }
        return switch String(cString: id) {
        case UCAPTCHA_SERVICE_HTTP: UnsafeRawPointer(http)
        case UCAPTCHA_SERVICE_LOG: UnsafeRawPointer(log)
        case UCAPTCHA_SERVICE_TIME: UnsafeRawPointer(time)
        default: nil
        }
    }

    private nonisolated(unsafe) static let http = permanent(
        ucaptcha_http_service(send: { context, call, request, user, done in
            guard let done else { return }
            RemoteHost.from(context)?.send(call, request, RemoteExchange(user: user, done: done))
        }))

    private nonisolated(unsafe) static let log = permanent(
        ucaptcha_log_service(write: { context, level, message in RemoteHost.from(context)?.write(level, message) }))

    /// The clocks are the machine's, and need no message.
    private nonisolated(unsafe) static let time = permanent(
        ucaptcha_time_service(
            monotonic_nanoseconds: { _ in Clocks.monotonicNanoseconds },
            unix_milliseconds: { _ in Clocks.unixMilliseconds },
            after: { context, call, delay, user, fire in
                guard let fire else { return }
                RemoteHost.from(context)?.wait(call, nanoseconds: delay, RemoteWait(user: user, fire: fire))
            }))

    private static func permanent<Table>(_ table: Table) -> UnsafePointer<Table> {
        let pointer = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        pointer.initialize(to: table)
        return UnsafePointer(pointer)
    }
}
