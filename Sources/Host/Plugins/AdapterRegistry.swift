internal import Logging
import ProviderKit

/// What the operator has configured for one adapter.
public struct AdapterConfiguration: Sendable {
    /// `adapters.<name>`.
    public var name: String
    /// The plug-in's name: that of its file, without `.so`.
    public var plugin: String
    /// Where the provider is, when it is not the usual place. Its origin may be reached beside the manifest's.
    public var endpoint: String?
    /// The SHA-256 that the file has to have, 32 bytes; nil for any.
    public var sha256: [UInt8]?
    public var credentials: any CredentialSource
    /// Whether it runs in a process of its own.
    public var isIsolated: Bool

    public init(
        name: String, plugin: String, endpoint: String? = nil, sha256: [UInt8]? = nil,
        credentials: any CredentialSource = NoCredentials(), isIsolated: Bool = false
    ) {
        self.name = name
        self.plugin = plugin
        self.endpoint = endpoint
        self.sha256 = sha256
        self.credentials = credentials
        self.isIsolated = isIsolated
    }
}

/// The adapters of a host: what could be loaded, and why the rest could not.
public struct AdapterRegistry: Sendable {
    /// By the name in the configuration.
    public let instances: [String: PluginInstance]
    /// In the order of the configuration.
    public let refusals: [Refusal]

    public struct Refusal: Sendable, Hashable {
        /// The name in the configuration.
        public let adapter: String
        public let reason: PluginRefusal
    }

    /// Files of enabled adapters that are not there: the start has to be stopped, with these sentences.
    public var missing: [Refusal] {
        refusals.filter { if case .missing = $0.reason { true } else { false } }
    }

    /// Loads the configured adapters one after the other, and goes on after a refusal. Blocks: call it from a thread of
    /// your own.
    public static func load(
        _ configurations: [AdapterConfiguration], with loader: PluginLoader, environment: HostEnvironment
    ) -> AdapterRegistry {
        var instances: [String: PluginInstance] = [:]
        var refusals: [Refusal] = []
        for configuration in configurations {
            do {
                instances[configuration.name] = try loader.makeInstance(configuration, environment: environment)
            } catch {
                environment.logger.error(
                    "The adapter \(configuration.name) is left out. \(error)",
                    metadata: ["adapter": "\(configuration.name)"])
                refusals.append(Refusal(adapter: configuration.name, reason: error))
            }
        }
        return AdapterRegistry(instances: instances, refusals: refusals)
    }
}

extension PluginLoader {
    /// Verifies, loads and creates one adapter. Blocks, at most for `Limits.pluginLoadSeconds` and what reading the
    /// file takes.
    ///
    /// - Throws: `PluginRefusal`.
    public func makeInstance(
        _ configuration: AdapterConfiguration, environment: HostEnvironment
    ) throws(PluginRefusal) -> PluginInstance {
        if let endpoint = configuration.endpoint, Origin(url: endpoint) == nil {
            throw .settingsRefused(
                file: path(of: configuration.plugin), adapter: configuration.name,
                reason: "its endpoint \(quoted(endpoint)) is no full address such as https://host/path.")
        }
        if configuration.isIsolated { return try makeIsolatedInstance(configuration, environment: environment) }
        let limits = limits
        return try load(configuration.plugin, pin: configuration.sha256) {
            plugin, seconds throws(PluginRefusal) -> PluginInstance in
            let instance = PluginInstance(configuration, plugin: plugin, environment: environment, limits: limits)
            try instance.create(
                AdapterSettings(name: configuration.name, endpoint: configuration.endpoint), seconds: seconds)
            return instance
        }
    }
}
