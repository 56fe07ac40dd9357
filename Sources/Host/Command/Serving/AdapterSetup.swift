import Config
import Dispatch
import Domain
import FoundationEssentials
import Logging
import Observability
import Plugins
import ProviderKit
import Routing
import Tasks
import Vault

/// The adapters of a host: loaded, priced, and ready for the engine.
struct AdapterSetup: Sendable {
    let providers: [Provider]
    let offers: OfferTable
    let registry: AdapterRegistry
    let loader: PluginLoader
    private let configuration: Configuration
    private let keys: CredentialBook
    private let logger: Logger

    /// Loads what the configuration enables. A plug-in that is refused is named in the log and left out.
    ///
    /// - Throws: a sentence when the file of an enabled plug-in is not there.
    static func load(
        _ configuration: Configuration, keys: CredentialBook, http: any LentHTTP, metrics: MetricsRegistry,
        logger: Logger
    ) async throws -> AdapterSetup {
        let events = metrics.counters(
            "ucaptcha_plugin_events_total", "What plug-ins should not have done, by adapter.",
            labels: [MetricLabel("adapter"), MetricLabel("event", values: PluginEvent.allCases.map(\.rawValue))])
        let environment = HostEnvironment(http: http, logger: logger) { event, adapter in
            events.with(adapter, event.rawValue).increment()
        }
        let loader = PluginLoader(of: configuration)
        let wanted = configuration.enabledAdapters.map { adapter in
            AdapterConfiguration(
                name: adapter.name, plugin: adapter.plugin, endpoint: adapter.endpoint,
                sha256: adapter.sha256.flatMap(AdapterSetup.bytes(hexadecimal:)),
                credentials: keys.source(of: adapter.name), isIsolated: adapter.isolation == .process)
        }
        let registry = await withCheckedContinuation { continuation in
            // Loading blocks: it runs code of plug-ins and waits for disks.
            DispatchQueue.global().async {
                continuation.resume(returning: AdapterRegistry.load(wanted, with: loader, environment: environment))
            }
        }
        guard registry.missing.isEmpty else {
            throw OperatorError(
                registry.missing.map { "adapters.\($0.adapter): \($0.reason)" }.joined(separator: "\n"))
        }
        if registry.refusals.contains(where: \.reason.needsNewProcess) { throw NewProcessNeeded() }
        return AdapterSetup(configuration, registry, loader, keys, logger)
    }

    private init(
        _ configuration: Configuration, _ registry: AdapterRegistry, _ loader: PluginLoader,
        _ keys: CredentialBook, _ logger: Logger
    ) {
        self.registry = registry
        self.loader = loader
        self.configuration = configuration
        self.keys = keys
        self.logger = logger
        (providers, offers) = AdapterSetup.market(configuration, registry, keys, logger)
    }

    /// The providers and what they sell with the keys that there are now.
    func market() -> (providers: [Provider], offers: OfferTable) {
        AdapterSetup.market(configuration, registry, keys, logger)
    }

    private static func market(
        _ configuration: Configuration, _ registry: AdapterRegistry, _ keys: CredentialBook, _ logger: Logger
    ) -> (providers: [Provider], offers: OfferTable) {
        var offers: [ProviderOffer] = []
        var providers: [Provider] = []
        for adapter in configuration.enabledAdapters {
            guard let instance = registry.instances[adapter.name] else { continue }
            let manifest = instance.manifest
            // A provider without keys takes no money, and its tasks are charged at their price.
            let needsKeys = manifest.keyFormat(withEndpoint: adapter.endpoint != nil) != nil
            let credentials = needsKeys ? keys.platformCredentials(of: adapter.name) : [:]
            if !needsKeys, !adapter.keys.isEmpty {
                logger.warning("adapters.\(adapter.name) needs no keys: those of the configuration are left unused.")
            }
            providers.append(
                Provider(
                    name: adapter.name, manifest: manifest, unitValue: adapter.unitValue,
                    // Asked each time: recycled keys come and go.
                    credential: { [name = adapter.name] in needsKeys ? keys.credential($0, of: name) : nil },
                    caller: PluginCaller(instance: instance)))
            if needsKeys, credentials.isEmpty {
                logger.warning(
                    """
                    adapters.\(adapter.name) has no keys, so nothing goes there but through recycled keys. Add one \
                    with `ucaptcha provider-key add \(adapter.name)`, or name some in `keys`.
                    """)
            }
            offers += AdapterSetup.offers(
                of: adapter, manifest, needsKeys ? credentials : nil, configuration.tasks,
                configuration.pricing.margin, logger)
        }
        let table = OfferTable(offers)
        for family in table.families {
            let offers = table.offers(of: family).filter { !$0.needsKeys || !$0.credentials.isEmpty }
            guard !offers.isEmpty else { continue }
            let names = offers.map { "\($0.provider) at \($0.price) USD" }
            logger.info("Offering \(family): \(names.joined(separator: ", ")).")
        }
        return (providers, table)
    }

    /// What an adapter offers: each family whose price is known from the configuration or the manifest.
    ///
    /// - Parameters:
    ///   - credentials: the platform's keys; nil for a provider without keys.
    ///   - margin: what the platform adds to what a provider takes. Where there is nothing to be taken the price is the
    ///     client's as it stands.
    private static func offers(
        of adapter: Configuration.Adapter, _ manifest: Manifest, _ credentials: [String: Credential]?,
        _ tasks: Configuration.Tasks, _ margin: Margin, _ logger: Logger
    ) -> [ProviderOffer] {
        let list = PriceList(manifest, prices: adapter.prices, unitValue: adapter.unitValue)
        for note in list.notes { logger.warning("\(note.sentence(of: adapter.name))") }
        return list.prices.map { family, price in
            ProviderOffer(
                provider: adapter.name, family: family,
                price: credentials == nil ? price : margin.price(of: price),
                cost: credentials == nil ? .zero : price, needsKeys: credentials != nil,
                // By number: the tenth does not come before the second.
                credentials: (credentials ?? [:]).keys.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) },
                tasksPerKey: adapter.tasksPerKey, pollPlan: manifest.pollPlan(for: family),
                resultLifetimeSeconds: manifest.resultLifetimeSeconds, reportWindow: manifest.reportWindow,
                horizonSeconds: tasks.seconds(for: family))
        }
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

/// A plug-in hangs in the dynamic loader, so that this process can load nothing any more. The plug-in is set aside; a
/// new process starts with the rest.
struct NewProcessNeeded: Error {}

extension PluginLoader {
    /// The loader for the configuration's folder of plug-ins; its notes are beside the database.
    convenience init(of configuration: Configuration) {
        self.init(
            directory: configuration.plugins.directory, markers: .of(configuration),
            sha256OfFile: { try SHA256.hash(descriptor: $0) })
    }
}

extension LoadMarkers {
    static func of(_ configuration: Configuration) -> LoadMarkers {
        LoadMarkers(directory: configuration.database.path + ".plugins")
    }
}
