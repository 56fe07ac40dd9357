import Domain
import ProviderKit

extension Setting<String> {
    static let serverHost = Setting(
        "server.host", .host, default: "127.0.0.1", shown: "127.0.0.1",
        "The address that answers clients. 0.0.0.0 is every IPv4 address of the machine, :: every address.")
    static let adminHost = Setting(
        "admin.host", .host, default: "127.0.0.1", shown: "127.0.0.1",
        "The address that serves metrics. They tell what the service earns: keep it where only operators reach it.")
    static let databasePath = Setting(
        "database.path", .path, default: { SmallFile.join($0, "ucaptcha.sqlite") }, shown: "ucaptcha.sqlite",
        example: "ucaptcha.sqlite",
        "The SQLite file with accounts, tasks and money. It is made at the first start, with two more beside it.")
    static let pluginsDirectory = Setting(
        "plugins.directory", .path, default: { SmallFile.join($0, "plugins") }, shown: "plugins", example: "plugins",
        "The folder with the plug-ins' .so files. Only the operator may be able to write there: their code is run.")
}

extension Setting<Int> {
    static let serverPort = Setting(
        "server.port", .integer(0...65535), default: 8080, shown: "8080",
        "The port that answers clients. With 0 the system chooses a free one, which is logged.")
    static let rateLimitRequests = Setting(
        "server.rateLimit.requests", .integer(0...1_000_000_000), default: Limits.requestsPerWindow,
        shown: String(Limits.requestsPerWindow),
        """
        Requests that one address may send within a window; for IPv6 an address is its first 64 bits. Further ones are \
        ERROR_TOO_MANY_REQUESTS. With 0 requests are not counted.
        """)
    static let rateLimitSeconds = Setting(
        "server.rateLimit.seconds", .integer(1...3600), default: Limits.requestWindowSeconds,
        shown: String(Limits.requestWindowSeconds), "The length of that window in seconds.")
    static let adminPort = Setting(
        "admin.port", .integer(0...65535), default: 9090, shown: "9090",
        "The port that serves metrics. With 0 the system chooses a free one, which is logged.")
    static let tasksDeadline = Setting(
        "tasks.deadlineSeconds", .integer(1...3600), default: Limits.taskDeadlineSeconds,
        shown: String(Limits.taskDeadlineSeconds),
        "Seconds after which a task that nobody has solved fails and its price is released.")
    static let tasksResult = Setting(
        "tasks.resultSeconds", .integer(60...2_592_000), default: Limits.resultSeconds,
        shown: String(Limits.resultSeconds),
        """
        Seconds for which a result can be fetched after its task has ended. Then the task is not known any more, and \
        what was to be solved is erased from the database, with the solution. The account's history stays.
        """)
}

extension Setting<Int?> {
    static let serverPlainPort = Setting(
        "server.plainPort", ValueType<Int>.integer(0...65535).optional, default: { _ in nil }, shown: "none",
        example: "8081",
        """
        A further port of server.host that answers clients without TLS, once server.tls has a certificate: for \
        programs on this machine, or behind a proxy that speaks TLS.
        """)
}

extension Setting<[IPRange]> {
    static let serverTrustedProxies = Setting(
        "server.trustedProxies", .ranges(most: Limits.trustedProxies), default: { _ in [] }, shown: "none",
        example: "[127.0.0.1, \"2001:db8::/32\"]",
        """
        Proxies whose X-Forwarded-For is believed. A request's address is the last one there that is not in this list; \
        without a proxy that is, it is the other end of the connection.
        """)
}

extension Setting<String?> {
    static let serverCertificate = Setting(
        "server.tls.certificate", ValueType<String>.path.optional, default: { _ in nil }, shown: "none",
        example: "tls/server.pem",
        """
        The certificate for TLS and those that lead from it to its authority, as PEM. With it server.port speaks TLS \
        1.2 and later. `ucaptcha tls init` makes one. Another one in its place is used within seconds, without a \
        restart.
        """)
    static let serverKey = Setting(
        "server.tls.key", ValueType<String>.path.optional, default: { _ in nil }, shown: "none",
        example: "tls/server-key.pem",
        "The private key of the certificate, as PEM without a password. Only the operator may be able to read it.")
}

extension Setting<[TaskFamily: Int]> {
    static let tasksDeadlines = Setting(
        "tasks.deadlines", .byFamily("seconds", 1...3600, example: "imageToText: 60"), default: { _ in [:] },
        shown: "tasks.deadlineSeconds for all", example: "{imageToText: 60, altcha: 120}",
        "Seconds for single task families, where they are to differ.")
}

extension Setting<RoutingAlgorithm> {
    static let routingPolicy = Setting(
        "routing.policy", .choice(), default: .standard, shown: RoutingAlgorithm.standard.rawValue,
        "How a provider is chosen for a task that may go to several. docs/routing.md describes both ways.")
}

extension Setting<Int?> {
    static let adapterTasksPerKey = Setting(
        "adapters.<name>.tasksPerKey", ValueType<Int>.integer(1...100_000).optional, default: { _ in nil },
        shown: "any number", example: "50",
        """
        Tasks that may be open at the provider with one key at once. Further ones go to another key or provider, or \
        wait.
        """)
}

extension Setting<Configuration.Synchronous> {
    static let databaseSynchronous = Setting(
        "database.synchronous", .choice(), default: .full, shown: "full",
        """
        Whether a commit waits until it is on the disk. With off, a power cut loses what was stored last, tasks and \
        money included, and can damage the file: for trials alone.
        """)
}

extension Setting<Bool> {
    static let adapterEnabled = Setting(
        "adapters.<name>.enabled", .boolean, default: false, shown: "false",
        "Whether the adapter is started. When its plug-in is not there, the host does not start.")
}

extension Setting<String?> {
    static let adapterPlugin = Setting(
        "adapters.<name>.plugin", ValueType<String>.adapterName.optional, default: { _ in nil },
        shown: "the adapter's name",
        example: "native",
        "The plug-in to use: the file <plugin>.so. Several adapters may share one, each with settings of its own.")
    static let adapterEndpoint = Setting(
        "adapters.<name>.endpoint", ValueType<String>.endpoint.optional, default: { _ in nil },
        shown: "the vendor's own",
        example: "https://api.example.com",
        "The address to call instead of the vendor's own. With http:// keys cross the network unprotected.")
    static let adapterSHA256 = Setting(
        "adapters.<name>.sha256", ValueType<String>.sha256.optional, default: { _ in nil }, shown: "not checked",
        example: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "The SHA-256 that the plug-in's file has to have (sha256sum tells it). Another file is refused.")
}

extension Setting<SecretReference?> {
    static let vaultMasterKey = Setting(
        "vault.masterKey", ValueType<SecretReference>.secretReference.optional, default: { _ in nil }, shown: "none",
        example: "file:secrets/master-key",
        """
        Where the master key is found: env:NAME or file:PATH. `ucaptcha vault init` makes one. Without it the host \
        does not start once the database holds keys of providers.
        """)
}

extension Setting<Configuration.Isolation?> {
    static let adapterIsolation = Setting(
        "adapters.<name>.isolation", ValueType<Configuration.Isolation>.choice().optional, default: { _ in nil },
        shown: "process for the plug-in native, none for others", example: "process",
        """
        Whether the adapter runs in a process of its own (process) or in the host's (none). One of its own may crash, \
        hang or leak: it is started again and no task is lost. A call costs some hundredths of a millisecond more.
        """)
}

extension Setting<[SecretReference]> {
    static let adapterKeys = Setting(
        "adapters.<name>.keys", .secretReferences, default: { _ in [] }, shown: "none",
        example: "[env:PROVIDER_KEY, file:secrets/provider-key]",
        """
        Where the platform's keys at the provider are found: env:NAME is a variable of the environment, file:PATH a \
        file with one key. A key itself is refused here.
        """)
}

extension Setting<[TaskFamily: Money]> {
    static let adapterPrices = Setting(
        "adapters.<name>.prices", .prices, default: { _ in [:] }, shown: "the plug-in's list prices",
        example: "{altcha: 0.0002}",
        """
        What a task costs, in USD by task family: reserved, and charged unless the provider reports its cost. A \
        family that has neither a price here nor a list price is not offered.
        """)
}

extension Setting<UnitValue?> {
    static let adapterUnitValue = Setting(
        "adapters.<name>.unitValue", ValueType<UnitValue>.unitValue.optional, default: { _ in nil }, shown: "none",
        example: "0.001",
        """
        What one unit of the provider's balance is worth in USD, for a provider that counts in points or tokens. \
        Without it such a provider's list prices and reported costs mean nothing, and only `prices` count.
        """)
}
