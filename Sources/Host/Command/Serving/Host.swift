import API
import Config
import Domain
import Logging
import Observability
import OutboundHTTP
import Plugins
import Routing
import ServiceLifecycle
import Storage
import Synchronization
import Tasks
import Vault

/// A host put together from its configuration: the one place where the parts meet.
struct Host {
    /// In the order in which they start; they stop in the reverse order.
    let services: [any Service]

    /// Opens the database, loads the plug-ins and takes up open tasks. Nothing listens yet.
    ///
    /// - Throws: errors whose description is a sentence for the operator.
    init(_ configuration: Configuration, logger: Logger) async throws {
        let metrics = MetricsRegistry()
        try ControlSocket.check(configuration)
        let database = try await Host.openDatabase(configuration, logger)
        let threads = try StoreThreads(database, now: WallClock.now)
        let store = WatchedStore(threads, metrics: metrics, logger: logger)
        let vendors = try VendorTransport(onEnd: Host.counting(metrics, "ucaptcha_vendor_exchanges_total"))
        let addresses = try ClientAddressTransport(
            onEnd: Host.counting(metrics, "ucaptcha_client_address_exchanges_total"))
        let keeper = VaultKeeper(store: store, opener: KeyVaultOpener(), masterKey: .of(configuration))
        let book = try await Host.openBook(configuration, keeper, logger)
        let adapters = try await AdapterSetup.load(
            configuration, keys: book, http: LentTransports(vendors: vendors, addresses: addresses), metrics: metrics,
            logger: logger)
        let clock = SteadyClock()
        let market = Market(
            providers: adapters.providers,
            board: RouteBoard(offers: adapters.offers, algorithm: configuration.routing.policy),
            margin: configuration.pricing.margin)
        let engine = TaskEngine(
            market: market, store: store, observer: HostMetrics(metrics), logger: logger, now: clock.now)
        Host.keep(market, upToDateWith: book, adapters)
        let recycling = RecycledKeyKeeper(
            configuration, engine: engine, adapters: adapters.registry, book: book, store: store, metrics: metrics,
            logger: logger, now: clock.now)
        let ids = try AESTaskIDCipher(key: database.serverKey)
        let callbacks = try HostCallbacks(
            configuration.callbacks, engine: engine, store: store, ids: ids, metrics: metrics, logger: logger)
        try await EngineService.recover(engine, logger: logger)
        let recycled = try await recycling.load()
        if recycled > 0 { logger.info("Took up \(recycled) recycled keys.") }
        metrics.gauge("ucaptcha_open_tasks", "Tasks accepted and not ended.") { Double(engine.openTasks) }
        let service = Host.taskService(configuration, engine, callbacks.rules)
        let desk = CredentialDesk.running(configuration, adapters.registry, book, market) { recycling.wrongKey(at: $0) }
        let recycledKeys = RecycledKeyService(
            keeper: recycling, vault: keeper, desk: desk, market: market, isEnabled: configuration.recycling.enabled)
        let operators = OperatorService(
            store: store, plugins: .running(configuration, adapters.registry),
            credentials: CredentialService(store: store, keeper: keeper, desk: desk), recycledKeys: recycledKeys,
            routes: RouteDesk(market: market, now: clock.now),
            randomBytes: SecureRandom.bytes, hash: { SHA256.hash($0) },
            changed: { service.forgetKeys() })
        let readiness = Host.readiness(store, engine)
        let clients = Host.useCases(
            configuration, service, market, recycledKeys: recycledKeys, store: store, logger: logger, now: clock.now)
        var services: [any Service] = [
            StorageService(threads: threads, store: database),
            TransportService(transports: [vendors, addresses, callbacks.transport]),
            callbacks.service,
            makeServer(
                name: "control", address: .unixSocket(path: ControlSocket.path(of: configuration)),
                responder: ControlResponder(service: operators), limits: .admin, metrics: metrics, logger: logger),
            makeAdminServer(
                address: .tcp(host: configuration.admin.host, port: configuration.admin.port), metrics: metrics,
                readiness: readiness, logger: logger
            ) { logger.info("Metrics and health on http://\($0)") },
        ]
        services += try Host.clientServices(
            configuration, useCases: clients, ids: ids, metrics: metrics,
            // Why the host is not ready is the operator's to know.
            readiness: { readiness() == .ready ? .ready : .notReady("The service is not ready.") }, logger: logger)
        services += [
            // Stops first: while the tasks under way are waited for, clients fetch results, and /readyz says why not.
            EngineService(
                engine: engine, resultSeconds: Double(configuration.tasks.resultSeconds), clock: clock, logger: logger),
            // Before it, so that nobody who waits for a check keeps the servers from ending.
            RecycledKeyTimekeeper(keeper: recycling, clock: clock, logger: logger),
        ]
        self.services = services
    }

    private static func openDatabase(_ configuration: Configuration, _ logger: Logger) async throws -> SQLiteStore {
        let database = try await SQLiteStore.opening(configuration)
        if configuration.database.synchronous != .full {
            logger.warning("database.synchronous is not full: tasks and money are lost when the power goes.")
        }
        return database
    }

    /// Opens the vault, and with it the keys of all adapters.
    private static func openBook(
        _ configuration: Configuration, _ keeper: VaultKeeper, _ logger: Logger
    ) async throws -> CredentialBook {
        let vault = try await keeper.openAtStart()
        for warning in [vault.warning, MasterKeySource.warning(of: configuration)].compactMap(\.self) {
            logger.warning("\(warning)")
        }
        return try CredentialBook(configuration, vaultKeys: vault.keys, keeper: keeper, logger: logger)
    }

    /// Has the market offer what there are keys for, whenever the platform's keys have changed.
    private static func keep(_ market: Market, upToDateWith book: CredentialBook, _ adapters: AdapterSetup) {
        let turn = Mutex(())
        book.onChange {
            // One after the other: the last word has to be about the last change.
            turn.withLock { _ in
                let (providers, offers) = adapters.market()
                market.replace(providers: providers, offers: offers)
            }
        }
    }

    private static func taskService(
        _ configuration: Configuration, _ engine: TaskEngine, _ callbacks: CallbackRules
    ) -> TaskService {
        TaskService(
            engine: engine, deadlineSeconds: configuration.tasks.seconds,
            resultSeconds: Double(configuration.tasks.resultSeconds), hash: { SHA256.hash($0) }, callbacks: callbacks)
    }

    private static func useCases(
        _ configuration: Configuration, _ service: TaskService, _ market: Market, recycledKeys: RecycledKeyService,
        store: WatchedStore, logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) -> ClientUseCases {
        let refunds = RefundService(store: store, dailyLimit: configuration.refunds.dailyLimit)
        let feedback = FeedbackService(
            store: store, market: market, refunds: refunds, resultSeconds: Double(configuration.tasks.resultSeconds),
            logger: logger, now: now)
        return ClientUseCases(
            tasks: service, feedback: feedback, recycledKeys: recycledKeys, history: HistoryService(store: store),
            now: now)
    }

    private static func readiness(
        _ store: WatchedStore, _ engine: TaskEngine
    ) -> @Sendable () -> Readiness {
        {
            if engine.isStopping { return .notReady("The host is being stopped.") }
            if let failure = store.failure { return .notReady(failure.description) }
            if !engine.market.hasTakers {
                return .notReady("No adapter offers anything. Enable one in the configuration, or add a key for one.")
            }
            return .ready
        }
    }

    private static func counting(_ metrics: MetricsRegistry, _ name: String) -> @Sendable (ExchangeEnd) -> Void {
        let exchanges = metrics.counters(
            name, "HTTP exchanges by origin and result.", labels: [MetricLabel("origin"), MetricLabel("result")])
        return { exchanges.with($0.origin, $0.result).increment() }
    }
}
