public import Domain
public import ProviderKit

/// The use cases of operators. One code serves the command line both ways: through a running host's control socket, and
/// on the file itself when no host runs.
public struct OperatorService: Sendable {
    /// What knows about plug-ins: the running host's registry, or the folder of plug-ins.
    public struct PluginDesk: Sendable {
        /// What `adapter list` shows, as a JSON array.
        public var list: @Sendable () async throws(OperatorError) -> JSONValue
        /// Releases a plug-in that was set aside; returns a sentence.
        public var release: @Sendable (String) async throws(OperatorError) -> String

        public init(
            list: @escaping @Sendable () async throws(OperatorError) -> JSONValue,
            release: @escaping @Sendable (String) async throws(OperatorError) -> String
        ) {
            self.list = list
            self.release = release
        }
    }

    private let store: any StoreAccess
    private let plugins: PluginDesk
    private let credentials: CredentialService
    private let keys: KeyService
    private let recycledKeys: RecycledKeyDesk
    private let routes: RouteService
    private let maker: KeyMaker
    private let changed: @Sendable () -> Void

    /// - Parameters:
    ///   - recycledKeys: what the running host does with recycled keys; nil when no host runs.
    ///   - routes: what the running host knows of providers; nil when no host runs.
    ///   - randomBytes: from the system's generator.
    ///   - hash: SHA-256.
    ///   - changed: called after something about keys or accounts has changed.
    public init(
        store: any StoreAccess, plugins: PluginDesk, credentials: CredentialService,
        recycledKeys: RecycledKeyService? = nil, routes: RouteDesk? = nil,
        randomBytes: @escaping @Sendable (Int) throws -> [UInt8], hash: @escaping @Sendable ([UInt8]) -> [UInt8],
        changed: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.plugins = plugins
        self.credentials = credentials
        maker = KeyMaker(randomBytes: randomBytes, hash: hash)
        keys = KeyService(store: store, maker: maker, changed: changed)
        self.recycledKeys = RecycledKeyDesk(store: store, service: recycledKeys)
        self.routes = RouteService(desk: routes, configuredKeys: credentials.desk.configured)
        self.changed = changed
    }

    /// Does what is asked for.
    ///
    /// - Throws: `OperatorError`.
    public func perform(_ request: OperatorRequest) async throws(OperatorError) -> JSONValue {
        switch request {
        case .createAccount(let name, let deposit):
            return try await createAccount(name: name, deposit: deposit)
        case .listAccounts:
            let accounts = try await read { store throws(StoreFailure) in try store.accounts() }
            return .array(accounts.map(\.json))
        case .showAccount(let account):
            let totals = try await readLong { store throws(StoreFailure) in try store.totals(of: account) }
            guard let totals else { throw OperatorError(.refused(.unknownAccount)) }
            return totals.json
        case .setSuspended(let account, let suspended):
            _ = try await write(.setSuspended(account, suspended))
            changed()
            return .object(["account": .number(JSONNumber(account.number)), "suspended": .bool(suspended)])
        case .deposit(let account, let amount, let reference):
            return try await deposit(amount, to: account, reference: reference)
        case .verifyLedger:
            return try await readLong { store throws(StoreFailure) in try store.verifyLedger() }.json
        case .listAdapters:
            return try await plugins.list()
        case .releasePlugin(let name):
            return .object(["released": .string(name), "message": .string(try await plugins.release(name))])
        case .backup(let path):
            try await readLong { store throws(StoreFailure) in try store.backup(to: path) }
            return .object(["backup": .string(path)])
        case .keys(let request):
            return try await keys.perform(request)
        case .credentials(let request):
            return try await credentials.perform(request)
        case .recycledKeys(let request):
            return try await recycledKeys.perform(request)
        case .routes(let request):
            return try routes.perform(request)
        }
    }

    /// An account with its first key, which may do everything, and its first deposit.
    private func createAccount(name: String, deposit amount: Money?) async throws(OperatorError) -> JSONValue {
        try OperatorError.check(name, "The name")
        if let amount, amount <= .zero { throw OperatorError("A deposit has to be more than nothing.") }
        let first = try maker.make(name: "first", scopes: Set(APIKey.Scope.allCases))
        // All in one: no crash leaves an account whose key nobody has seen.
        let made = try await write(.createAccount(name: name, key: first.key, deposit: amount))
        guard case .account(let account) = made else { throw unexpected }
        return .object([
            "account": .number(JSONNumber(account.id.number)), "name": .string(name), "apiKey": .string(first.text),
            "balance": .string(account.balance.description),
        ])
    }

    private func deposit(
        _ amount: Money, to account: AccountID, reference: String?
    ) async throws(OperatorError) -> JSONValue {
        if let reference {
            try OperatorError.check(reference, "The reference")
            guard !reference.isEmpty else { throw OperatorError("The reference is empty. Leave it out or name one.") }
        }
        guard case .deposited(let posted) = try await write(.deposit(account, amount, reference: reference)) else {
            throw unexpected
        }
        guard let now = try await read({ store throws(StoreFailure) in try store.account(account) }) else {
            throw unexpected
        }
        return .object([
            "account": .number(JSONNumber(account.number)), "posted": .bool(posted),
            "reference": reference.map { .string($0) } ?? .null, "balance": .string(now.balance.description),
        ])
    }

    private var unexpected: OperatorError { OperatorError("The store gave an answer to another question.") }

    private func write(_ operation: StoreOperation) async throws(OperatorError) -> StoreReply {
        do {
            return try await store.perform(operation)
        } catch {
            throw OperatorError(error)
        }
    }

    private func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(OperatorError) -> Value {
        do {
            return try await store.readLong(body)
        } catch {
            throw OperatorError(error.description)
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(OperatorError) -> Value {
        do {
            return try await store.read(body)
        } catch {
            throw OperatorError(error.description)
        }
    }
}

extension OperatorError {
    /// Refuses a text that is stored and printed again and would spoil a terminal.
    static func check(_ text: String, _ what: String) throws(OperatorError) {
        guard text.utf8.count <= Limits.nameBytes,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw OperatorError("\(what) is longer than \(Limits.nameBytes) bytes or has control characters.") }
    }

    init(_ error: StoreError) {
        switch error {
        case .failed(let failure): self.init(failure.description)
        case .refused(.unknownAccount): self.init("There is no such account. `ucaptcha account list` shows them.")
        case .refused(.unknownKey): self.init("There is no such API key. `ucaptcha key list` shows them.")
        case .refused(.tooManyAddresses):
            self.init(
                "A key can be allowed \(Limits.addressesPerKey) addresses and ranges. Remove some first, or write "
                    + "several as one range."
            )
        case .refused(.referenceReused):
            self.init("This reference was used for another amount. Give each deposit a reference of its own.")
        case .refused(.badAmount):
            self.init("The amount has to be more than nothing, and the balance must not pass 2,000,000,000 USD by it.")
        case .refused(.duplicateProviderKey):
            self.init(
                """
                The vault has this key of the provider already, among the platform's, which `ucaptcha provider-key \
                list` shows, or handed over by an account: `ucaptcha recycled-key list`.
                """)
        case .refused(.unknownProviderKey):
            self.init("There is no such key in the vault. `ucaptcha provider-key list` shows them.")
        case .refused(.vaultChanged):
            self.init("Another command has changed the vault meanwhile, and nothing was done. Try again.")
        case .refused(let refusal): self.init("The store refused: \(refusal).")
        }
    }
}

extension Account {
    /// The account as `account list` shows it.
    public var json: JSONValue {
        [
            "account": .number(JSONNumber(id.number)), "name": .string(name), "suspended": .bool(suspended),
            "balance": .string(balance.description), "held": .string(held.description),
            "available": .string(available.description),
        ]
    }
}

extension AccountTotals {
    /// The totals as `account show` shows them: the account as in `account list`, the number, the sum and each kind of
    /// its transactions, its open tasks with what they have reserved, and whether all of it adds up.
    public var json: JSONValue {
        let rows = kinds.map { total -> JSONValue in
            [
                "kind": .string(total.kind.rawValue), "count": .number(JSONNumber(total.count)),
                "amount": .string(total.amount.description),
            ]
        }
        var object = account.json.object ?? [:]
        object["transactions"] = .array(rows)
        object["openTasks"] = .number(JSONNumber(openTasks))
        object["reserved"] = .string(reserved.description)
        object["addsUp"] = .bool(addsUp)
        return .object(object)
    }
}

extension LedgerReport {
    /// The report as `ledger verify` shows it.
    public var json: JSONValue {
        [
            "accounts": .number(JSONNumber(accounts)), "transactions": .number(JSONNumber(transactions)),
            "openReservations": .number(JSONNumber(openReservations)),
            "problems": .array(problems.map { .string($0) }),
        ]
    }
}
