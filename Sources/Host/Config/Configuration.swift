public import Domain
public import ProviderKit

/// Everything that the operator decides, as values. It comes from one YAML file; `ConfigurationKey.all` is the list of
/// its keys, and what the file leaves out has the default given there.
///
/// Paths are absolute. Keys of providers are references: nothing secret is in here.
public struct Configuration: Sendable, Hashable {
    /// Where clients' requests are answered.
    public var server: Listener
    /// How the addresses of clients are known, and how many requests each may send.
    public var callers: Callers
    /// With what the server speaks TLS; nil: it does not.
    public var tls: TLS?
    /// What clients are taken to speak where neither path nor key says it.
    public var dialects: DialectRules
    /// Where metrics are served to the operator.
    public var admin: Listener
    /// Where accounts, tasks and money are kept.
    public var database: Database
    /// How the keys of providers in the database are protected.
    public var vault: Vault
    /// Where plug-ins are found.
    public var plugins: Plugins
    /// What holds for every task.
    public var tasks: Tasks
    /// How a task finds its provider.
    public var routing: Routing
    /// What clients pay beyond what solving costs.
    public var pricing: Pricing
    /// What is given back for solutions that were reported as wrong.
    public var refunds: Refunds
    /// How keys are treated that accounts hand over.
    public var recycling: Recycling
    /// How clients are told of the ends of their tasks.
    public var callbacks: Callbacks
    /// By name, in the order of their names. Those that are not enabled are included.
    public var adapters: [Adapter]

    /// An address to listen on.
    public struct Listener: Sendable, Hashable {
        /// An address or a name of this machine.
        public var host: String
        /// 0...65535; 0 lets the system choose a free port.
        public var port: Int
    }

    /// How the addresses of clients are known, and how many requests each may send.
    public struct Callers: Sendable, Hashable {
        /// Proxies whose X-Forwarded-For is believed.
        public var trustedProxies: [IPRange]
        /// Requests of one address within a window: 1...10^9; nil: they are not counted.
        public var requests: Int?
        /// The seconds of the window: 1...3600.
        public var seconds: Int
    }

    /// With what the server speaks TLS.
    public struct TLS: Sendable, Hashable {
        /// The absolute path of the certificate's PEM file.
        public var certificate: String
        /// The absolute path of its private key's PEM file.
        public var key: String
        /// A further port, without TLS: 0...65535; nil: none.
        public var plainPort: Int?
    }

    /// Where accounts, tasks and money are kept.
    public struct Database: Sendable, Hashable {
        /// The absolute path of the SQLite file.
        public var path: String
        /// Whether a commit waits for the disk.
        public var synchronous: Synchronous
    }

    /// How the keys of providers in the database are protected.
    public struct Vault: Sendable, Hashable {
        /// Where the master key is found; nil when the database holds no keys, or none yet.
        public var masterKey: SecretReference?
    }

    /// Whether a commit waits for the disk.
    public enum Synchronous: String, Sendable, Hashable, CaseIterable {
        /// A commit is on the disk before anybody is told of it.
        case full
        /// A commit may be lost, or the file be damaged, when the power goes.
        case off
    }

    /// Where plug-ins are found.
    public struct Plugins: Sendable, Hashable {
        /// The absolute path of the folder with the `.so` files.
        public var directory: String
    }

    /// What holds for every task.
    public struct Tasks: Sendable, Hashable {
        /// Seconds from the acceptance of a task to its failure: 1...3600.
        public var deadlineSeconds: Int
        /// The same for single families: 1...3600.
        public var deadlines: [TaskFamily: Int]
        /// Seconds for which a result is kept after the end of its task: 60...2,592,000.
        public var resultSeconds: Int

        /// The seconds that tasks of the family have.
        @Sendable public func seconds(for family: TaskFamily) -> Double {
            Double(deadlines[family] ?? deadlineSeconds)
        }
    }

    /// How a task finds its provider.
    public struct Routing: Sendable, Hashable {
        /// How a provider is chosen for a task that may go to several.
        public var policy: RoutingAlgorithm
    }

    /// What clients pay beyond what solving costs.
    public struct Pricing: Sendable, Hashable {
        /// What is added to the price of a provider that takes money.
        public var margin: Margin
    }

    /// What is given back for solutions that were reported as wrong.
    public struct Refunds: Sendable, Hashable {
        /// What one account is given back in one day at most, in USD.
        public var dailyLimit: Money
    }

    /// How keys are treated that accounts hand over.
    public struct Recycling: Sendable, Hashable {
        /// Whether keys are taken over. Those that are there are kept and used in any case.
        public var enabled: Bool
        /// How far what was recorded of a key may be from what its provider deducted, in USD, before the key is
        /// suspended.
        public var driftThreshold: Money
        /// What a key may be credited while its balance does not tell what is deducted, in USD, before it is suspended.
        public var packageThreshold: Money
        /// Tasks that may be open with one recycled key at once; nil: as many as with another key of its adapter.
        public var tasksPerKey: Int?

        /// What may come together of a key before it is suspended.
        public var bounds: BalanceDrift.Bounds {
            BalanceDrift.Bounds(drift: driftThreshold, unseen: packageThreshold)
        }
    }

    /// How clients are told of the ends of their tasks.
    public struct Callbacks: Sendable, Hashable {
        /// Whether clients may name addresses for that.
        public var enabled: Bool
        /// Addresses that callbacks may go to beside the public ones.
        public var allowAddresses: [IPRange]
    }

    /// One instance of a plug-in.
    public struct Adapter: Sendable, Hashable {
        /// The name under `adapters`: 1 to 32 lower-case letters, digits and hyphens.
        public var name: String
        /// Whether the host starts it.
        public var enabled: Bool
        /// The plug-in's name: its file is `<plugin>.so` in the folder of plug-ins.
        public var plugin: String
        /// The address to use instead of the vendor's own, without a slash at its end; nil for the vendor's own.
        public var endpoint: String?
        /// Where the platform's keys at the provider are found, in the order of the file.
        public var keys: [SecretReference]
        /// Tasks that may be open with one key at once; nil: any number.
        public var tasksPerKey: Int?
        /// What the client pays for a task of a family. Families that are absent have the plug-in's list price.
        public var prices: [TaskFamily: Money]
        /// What one unit of the provider's balance is worth, for a provider that does not count in USD.
        public var unitValue: UnitValue?
        /// SHA-256 of the plug-in's file as 64 lower-case hexadecimal digits; nil when it is not pinned.
        public var sha256: String?
        /// Where it runs.
        public var isolation: Isolation
    }

    /// Where an adapter runs.
    public enum Isolation: String, Sendable, Hashable, CaseIterable {
        /// In a process of its own, which can crash, hang or leak without harm to others.
        case process
        /// In the host's process.
        case shared = "none"
    }

    /// The names that are set aside for the adapters of this project. Others are as good.
    public static let knownAdapters = ["native", "2captcha", "capsolver", "anticaptcha", "capmonster", "multibot"]

    /// The plug-ins that run in a process of their own unless the file says otherwise: they read clients' images.
    public static let isolatedPlugins = ["native"]

    /// The adapters that the host has to start, in the order of their names.
    public var enabledAdapters: [Adapter] { adapters.filter(\.enabled) }
}

extension Configuration {
    /// Reads a configuration file. Relative paths in it are relative to its folder.
    ///
    /// - Parameter path: the file; when it is relative, to the folder that the process works in.
    /// - Throws: `ConfigurationError` with every problem of the file.
    public init(file path: String) throws(ConfigurationError) {
        let bytes: [UInt8]
        switch SmallFile.read(path, most: Limits.configurationBytes) {
        case .success(let read): bytes = read
        case .failure(let problem):
            throw ConfigurationError(file: path, "\(problem.sentence) Name the file with --config FILE.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file: path, "The file is not UTF-8 text. Save it as UTF-8.")
        }
        try self.init(yaml: text, file: path)
    }

    /// The absolute path of the folder that a configuration file is in, to which relative paths in it are relative.
    public static func folder(of path: String) -> String { SmallFile.folder(of: path) }

    /// Reads the text of a configuration file.
    ///
    /// - Parameters:
    ///   - text: the YAML text.
    ///   - path: where it comes from, for messages, and for the folder that relative paths in it are relative to.
    /// - Throws: `ConfigurationError` with every problem of the text.
    public init(yaml text: String, file path: String) throws(ConfigurationError) {
        let document = try ConfigurationDocument(text, file: path)
        var reader = ConfigurationReader(document, folder: SmallFile.folder(of: path))
        self.init(from: &reader)
        try reader.finish()
    }

    private init(from reader: inout ConfigurationReader) {
        server = Listener(host: reader.value(.serverHost), port: reader.value(.serverPort))
        let requests = reader.value(.rateLimitRequests)
        callers = Callers(
            trustedProxies: reader.value(.serverTrustedProxies), requests: requests == 0 ? nil : requests,
            seconds: reader.value(.rateLimitSeconds))
        tls = Configuration.tls(from: &reader)
        dialects = DialectRules(
            root: reader.value(.serverRootDialect).dialect, hosts: reader.value(.serverDialects))
        admin = Listener(host: reader.value(.adminHost), port: reader.value(.adminPort))
        if server.port == admin.port, server.port != 0, server.host == admin.host {
            reader.refuse(.adminPort, "The server has the same host and port. Choose another port.")
        }
        if let plain = tls?.plainPort, plain != 0 {
            if plain == server.port {
                reader.refuse(.serverPlainPort, "server.port speaks TLS. Choose another port.")
            } else if plain == admin.port, server.host == admin.host {
                reader.refuse(.serverPlainPort, "The admin listener has the same host and port. Choose another port.")
            }
        }
        database = Database(path: reader.value(.databasePath), synchronous: reader.value(.databaseSynchronous))
        vault = Vault(masterKey: reader.value(.vaultMasterKey))
        plugins = Plugins(directory: reader.value(.pluginsDirectory))
        tasks = Tasks(
            deadlineSeconds: reader.value(.tasksDeadline), deadlines: reader.value(.tasksDeadlines),
            resultSeconds: reader.value(.tasksResult))
        routing = Routing(policy: reader.value(.routingPolicy))
        pricing = Pricing(margin: reader.value(.pricingMargin))
        refunds = Refunds(dailyLimit: reader.value(.refundsDailyLimit))
        recycling = Recycling(
            enabled: reader.value(.recyclingEnabled), driftThreshold: reader.value(.recyclingDriftThreshold),
            packageThreshold: reader.value(.recyclingPackageThreshold),
            tasksPerKey: reader.value(.recyclingTasksPerKey))
        callbacks = Callbacks(
            enabled: reader.value(.callbacksEnabled), allowAddresses: reader.value(.callbacksAllowAddresses))
        adapters = []
        for name in reader.adapterNames {
            let plugin = reader.value(.adapterPlugin, of: name) ?? name
            adapters.append(
                Adapter(
                    name: name, enabled: reader.value(.adapterEnabled, of: name), plugin: plugin,
                    endpoint: reader.value(.adapterEndpoint, of: name), keys: reader.value(.adapterKeys, of: name),
                    tasksPerKey: reader.value(.adapterTasksPerKey, of: name),
                    prices: reader.value(.adapterPrices, of: name),
                    unitValue: reader.value(.adapterUnitValue, of: name),
                    sha256: reader.value(.adapterSHA256, of: name),
                    isolation: reader.value(.adapterIsolation, of: name)
                        ?? (Configuration.isolatedPlugins.contains(plugin) ? .process : .shared)))
        }
    }

    private static func tls(from reader: inout ConfigurationReader) -> TLS? {
        let plainPort = reader.value(.serverPlainPort)
        switch (reader.value(.serverCertificate), reader.value(.serverKey)) {
        case (let certificate?, let key?): return TLS(certificate: certificate, key: key, plainPort: plainPort)
        case (.some, nil): reader.refuse(.serverCertificate, "A certificate needs its key. Give server.tls.key too.")
        case (nil, .some): reader.refuse(.serverKey, "A key needs its certificate. Give server.tls.certificate too.")
        case (nil, nil):
            if plainPort != nil {
                reader.refuse(
                    .serverPlainPort, "Without server.tls.certificate server.port is plain itself. Remove this line.")
            }
        }
        return nil
    }
}
