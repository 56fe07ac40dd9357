public import Logging
internal import ProviderKit

/// What the host gives to all instances.
public struct HostEnvironment: Sendable {
    let http: any LentHTTP
    let logger: Logger
    let count: @Sendable (PluginEvent, _ adapter: String) -> Void

    /// - Parameters:
    ///   - logger: adapters' lines and the host's words about them go there, with `adapter` in their metadata.
    ///   - count: called for each event, on any thread; must not block.
    public init(
        http: any LentHTTP, logger: Logger,
        count: @escaping @Sendable (PluginEvent, _ adapter: String) -> Void = { _, _ in }
    ) {
        self.http = http
        self.logger = logger
        self.count = count
    }
}
