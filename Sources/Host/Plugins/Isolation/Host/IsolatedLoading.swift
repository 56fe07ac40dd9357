import ProviderKit

extension PluginLoader {
    /// Verifies a plug-in and has it loaded, and its instance made, in a process of its own. Blocks, at most for twice
    /// `Limits.pluginLoadSeconds` and what reading the file takes.
    ///
    /// No code of the plug-in runs in this process, so that no note is kept of it.
    func makeIsolatedInstance(
        _ configuration: AdapterConfiguration, environment: HostEnvironment
    ) throws(PluginRefusal) -> PluginInstance {
        let file = try openVerified(configuration.plugin, pin: configuration.sha256, isContained: true)
        let adapter = IsolatedAdapter(
            configuration, file: file, program: program, limits: limits, logger: environment.logger)
        do throws(PluginRefusal) {
            let loaded = try adapter.load()
            let plugin = try LoadedPlugin(file: file.path, manifest: loaded.manifest, abilities: loaded.abilities)
            _ = try claimID(of: plugin).get()
            let instance = PluginInstance(configuration, plugin: plugin, environment: environment, limits: limits)
            instance.isolate(in: adapter)
            try adapter.create(for: instance)
            return instance
        } catch {
            adapter.giveUp()
            if case .byProcess("settingsRefused", let sentence) = error {
                throw .settingsRefused(file: file.path, adapter: configuration.name, reason: sentence)
            }
            throw error
        }
    }
}

extension PluginInstance {
    /// How the process of an isolated adapter is.
    public struct ProcessHealth: Sendable, Hashable {
        /// Its number; nil while there is none.
        public let pid: Int32?
        /// Seconds until it is started again, when it is not at once.
        public let restartsInSeconds: Double?
        /// How many processes of the adapter have ended, and how the last one did: a clause.
        public let ends: Int
        public let lastEnd: String?
    }
}
