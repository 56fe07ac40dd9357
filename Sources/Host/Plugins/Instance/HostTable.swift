internal import CProviderABI

/// The C tables that plug-ins hold. They live as long as the process, as does the instance behind `context`.
enum HostTable {
    static func make(for instance: PluginInstance) -> UnsafePointer<ucaptcha_host> {
        permanent(
            ucaptcha_host(
                abi_version: UCAPTCHA_PROVIDER_ABI_VERSION, context: Unmanaged.passRetained(instance).toOpaque(),
                complete: { context, call, reply in PluginInstance.from(context)?.complete(call, reply) },
                service: { _, id in HostTable.service(id) }))
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
            guard let instance = PluginInstance.from(context), let done else { return }
            instance.send(call, request, Exchange(user: user, done: done))
        }))

    private nonisolated(unsafe) static let log = permanent(
        ucaptcha_log_service(write: { context, level, message in
            PluginInstance.from(context)?.write(level, message)
        }))

    private nonisolated(unsafe) static let time = permanent(
        ucaptcha_time_service(
            monotonic_nanoseconds: { _ in Clocks.monotonicNanoseconds },
            unix_milliseconds: { _ in Clocks.unixMilliseconds },
            after: { context, call, delay, user, fire in
                guard let instance = PluginInstance.from(context), let fire else { return }
                instance.wait(call, nanoseconds: delay, Wait(user: user, fire: fire, instance: instance, call: call))
            }))

    private static func permanent<Table>(_ table: Table) -> UnsafePointer<Table> {
        let pointer = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        pointer.initialize(to: table)
        return UnsafePointer(pointer)
    }
}
