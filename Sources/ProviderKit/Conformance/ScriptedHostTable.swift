import CProviderABI
import ProviderKit

/// The C tables that a plug-in under test holds. They live as long as the process.
enum ScriptedHostTable {
    static func make(for host: ScriptedHost) -> UnsafePointer<ucaptcha_host> {
        permanent(
            ucaptcha_host(
                abi_version: UCAPTCHA_PROVIDER_ABI_VERSION, context: Unmanaged.passRetained(host).toOpaque(),
                complete: { context, call, reply in ScriptedHost.from(context)?.complete(call, reply) },
                service: { _, id in ScriptedHostTable.service(id) }))
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
            ScriptedHost.from(context)?.send(call, request) { reply in reply.withBytes { done(user, $0) } }
        }))

    private nonisolated(unsafe) static let log = permanent(ucaptcha_log_service(write: { _, _, _ in }))

    private nonisolated(unsafe) static let time = permanent(
        ucaptcha_time_service(
            monotonic_nanoseconds: { _ in ScriptedHost.nanoseconds },
            unix_milliseconds: { _ in ScriptedHost.unixMilliseconds },
            after: { context, call, delay, user, fire in
                guard let fire else { return }
                ScriptedHost.from(context)?.wait(call, nanoseconds: delay) { fire(user) }
            }))

    private static func permanent<Table>(_ table: Table) -> UnsafePointer<Table> {
        let pointer = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        pointer.initialize(to: table)
        return UnsafePointer(pointer)
    }
}
