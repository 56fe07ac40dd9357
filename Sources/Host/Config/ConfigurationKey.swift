/// A key that a configuration file may have: the one description of it that the reader, the committed example and the
/// documentation share.
public struct ConfigurationKey: Sendable, Hashable {
    /// The path, with `<name>` for the name of an adapter: `adapters.<name>.prices`.
    public let path: String
    /// What its value has to be: `a whole number from 0 to 65535`.
    public let type: String
    /// What holds when the file leaves it out, for people.
    public let fallback: String
    /// A value as YAML text, for the example: the default where there is one.
    public let example: String
    /// What it does, in one or more sentences.
    public let sentence: String

    /// The parts of the path, with a name filled in.
    func components(_ name: String?) -> [String] {
        path.split(separator: ".").map { $0 == ConfigurationKey.anyName ? name ?? String($0) : String($0) }
    }

    /// What stands in a path for a name that the operator chooses.
    static let anyName = "<name>"
}

extension ConfigurationKey {
    /// Every key there is, in the order of the documentation.
    public static let all: [ConfigurationKey] = [
        Setting.serverHost.key, Setting.serverPort.key, Setting.serverPlainPort.key, Setting.serverRootDialect.key,
        Setting.serverDialects.key, Setting.serverTrustedProxies.key,
        Setting.rateLimitRequests.key, Setting.rateLimitSeconds.key, Setting.serverCertificate.key,
        Setting.serverKey.key,
        Setting.adminHost.key, Setting.adminPort.key,
        Setting.databasePath.key, Setting.databaseSynchronous.key,
        Setting.vaultMasterKey.key,
        Setting.pluginsDirectory.key,
        Setting.tasksDeadline.key, Setting.tasksDeadlines.key, Setting.tasksResult.key,
        Setting.routingPolicy.key,
        Setting.pricingMargin.key,
        Setting.refundsDailyLimit.key,
        Setting.recyclingEnabled.key, Setting.recyclingDriftThreshold.key,
        Setting.recyclingPackageThreshold.key, Setting.recyclingTasksPerKey.key,
        Setting.callbacksEnabled.key, Setting.callbacksAllowAddresses.key,
        Setting.adapterEnabled.key, Setting.adapterPlugin.key, Setting.adapterEndpoint.key, Setting.adapterKeys.key,
        Setting.adapterTasksPerKey.key, Setting.adapterPrices.key, Setting.adapterUnitValue.key,
        Setting.adapterSHA256.key,
        Setting.adapterIsolation.key,
    ]

    /// What may follow the parts of a path, in the order of `all`, each once. Empty for a key itself.
    static func children(of parts: [String]) -> [String] {
        var found: [String] = []
        for key in all {
            let components = key.components(nil)
            guard components.count > parts.count, components.starts(with: parts) else { continue }
            let next = components[parts.count]
            if !found.contains(next) { found.append(next) }
        }
        return found
    }
}

/// A key with the type of its value: what reads it and what holds without it.
struct Setting<Value: Sendable>: Sendable {
    let key: ConfigurationKey
    let type: ValueType<Value>
    /// The value when the file leaves the key out, given the folder of the file.
    let fallback: @Sendable (_ folder: String) -> Value

    init(
        _ path: String, _ type: ValueType<Value>, default fallback: @escaping @Sendable (String) -> Value,
        shown: String, example: String, _ sentence: String
    ) {
        key = ConfigurationKey(
            path: path, type: type.description, fallback: shown, example: example, sentence: sentence)
        self.type = type
        self.fallback = fallback
    }

    /// A key whose default is written as any value of it is.
    init(_ path: String, _ type: ValueType<Value>, default fallback: Value, shown: String, _ sentence: String) {
        self.init(path, type, default: { _ in fallback }, shown: shown, example: shown, sentence)
    }
}
