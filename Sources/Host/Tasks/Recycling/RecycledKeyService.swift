public import Domain
import KeyPool
import NIOConcurrencyHelpers
import ProviderKit

/// The use cases of recycled keys, over the keeper and the store.
public final class RecycledKeyService: RecycledKeyUseCases {
    private let keeper: RecycledKeyKeeper
    private let vault: VaultKeeper
    private let desk: CredentialDesk
    private let names: ProviderNames
    private let isEnabled: Bool
    private let asked = NIOLockedValueBox(AskedChecks())

    /// - Parameters:
    ///   - desk: what knows of adapters and of the configuration's keys.
    ///   - market: with the providers that clients may name.
    ///   - isEnabled: whether keys are taken over. Those that are there are kept in any case.
    public init(
        keeper: RecycledKeyKeeper, vault: VaultKeeper, desk: CredentialDesk, market: Market, isEnabled: Bool = true
    ) {
        self.keeper = keeper
        self.vault = vault
        self.desk = desk
        self.isEnabled = isEnabled
        names = ProviderNames(market.providers.values)
    }

    // MARK: RecycledKeyUseCases

    public func submit(
        _ key: Secret, at provider: String, label: String, by holder: KeyHolder
    ) async throws(ClientError) -> SubmittedKey {
        try await submit(key, at: provider, label: label, for: holder.key.account)
    }

    public func recycledKeys(
        of holder: KeyHolder, after: ProviderKeyID?, limit: Int
    ) async throws(ClientError) -> (keys: [RecycledKey], hasMore: Bool) {
        // One more tells whether there are more.
        let query = RecycledKeyQuery(account: holder.key.account, after: after, limit: limit + 1)
        let keys = try await read { store throws(StoreFailure) in try store.recycledKeys(query) }
        return (keys.prefix(limit).map(shown), keys.count > limit)
    }

    public func recycledKey(
        _ id: ProviderKeyID, of holder: KeyHolder, historyAfter number: Int64, limit: Int
    ) async throws(ClientError) -> (key: RecycledKey, history: [RecycledKeyChange], hasMore: Bool) {
        let key = try await key(id, of: holder)
        let history = try await read { store throws(StoreFailure) in
            try store.history(ofRecycledKey: id, after: number, limit: limit + 1)
        }
        return (shown(key), Array(history.prefix(limit)), history.count > limit)
    }

    private func key(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> RecycledKey {
        let found = try await read { store throws(StoreFailure) in try store.recycledKey(id) }
        guard let found, found.account == holder.key.account else { throw ClientError(.noSuchRecycledKey) }
        return found
    }

    public func check(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> CheckedKey {
        let key = shown(try await key(id, of: holder))
        guard key.life.state != .removed else { return CheckedKey(key, isAnswered: false) }
        let now = keeper.now()
        if let seconds = asked.withLockedValue({ $0.take(id, now) }) {
            throw ClientError(
                tooMany: "A key is checked \(Limits.keyChecksPerHour) times an hour at most.", again: seconds)
        }
        return await check(key)
    }

    public func remove(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> RecycledKey {
        try await perform(.removed, on: id, of: holder.key.account)
    }

    // MARK: Without an API key

    /// Takes a key over for an account: `submit` without an API key.
    func submit(
        _ key: Secret, at provider: String, label: String, for account: AccountID
    ) async throws(ClientError) -> SubmittedKey {
        guard isEnabled else { throw ClientError(.recyclingUnavailable) }
        let adapter = try adapter(provider)
        try check(key, at: adapter)
        try check(label)
        let open: any OpenVault
        do {
            open = try await vault.openVault()
        } catch {
            throw ClientError(.recyclingUnavailable)
        }
        let fingerprint = open.fingerprint(of: key, provider: desk.vendor(adapter))
        // Another adapter of the same vendor may have it.
        guard !desk.adapters.contains(where: { desk.isConfigured($0.name, fingerprint) }) else {
            return try await refuseInUse(account)
        }
        if let own = try await ownKey(account, fingerprint) { return try await again(own) }
        let stored: RecycledKey
        do {
            stored = try await store(key, at: adapter, label: label, for: account, in: open)
        } catch .refused(.duplicateProviderKey) {
            // The same account may have handed it over at the same time.
            guard let own = try await ownKey(account, fingerprint) else { return try await refuseInUse(account) }
            return try await again(own)
        } catch {
            throw ClientError(recycling: error, keeper.now())
        }
        return SubmittedKey(await answer(for: stored, .submitted).key, isNew: true)
    }

    /// Has the provider asked about a key now, whosever it is. Returns when it has answered, or after a while.
    func check(_ key: RecycledKey) async -> CheckedKey {
        let checked = await answer(for: key, .asked)
        return CheckedKey(shown(checked.key), isAnswered: checked.isAnswered)
    }

    /// The key as it is shown: one that is ACTIVE and cannot be used says why.
    func shown(_ key: RecycledKey) -> RecycledKey {
        guard key.life.state == .active, !keeper.isUsable(key) else { return key }
        var shown = key
        shown.life = RecycledKeyLife(
            state: .active, reason: .unavailable, isSuspended: key.life.isSuspended, isErased: key.life.isErased)
        return shown
    }

    /// Has something happen to a key of that account; nil: of any.
    func perform(
        _ event: RecycledKeyLife.Event, on id: ProviderKeyID, of account: AccountID?
    ) async throws(ClientError) -> RecycledKey {
        let result = await withCheckedContinuation { continuation in
            keeper.perform(event, on: id, of: account) { continuation.resume(returning: $0) }
        }
        do {
            return try result.get()
        } catch {
            throw ClientError(recycling: error, keeper.now())
        }
    }
}

extension RecycledKeyService {
    // MARK: What is handed over

    /// Refuses a key that somebody else has. It counts as handed over: else anybody could find out for any number of
    /// keys whether they are in use here.
    private func refuseInUse(_ account: AccountID) async throws(ClientError) -> SubmittedKey {
        do {
            _ = try await keeper.store.perform(.recycling(.countSubmission(account)))
        } catch {
            throw ClientError(recycling: error, keeper.now())
        }
        throw ClientError(.recycledKeyInUse)
    }

    /// The adapter that a client's `provider` names.
    private func adapter(_ provider: String) throws(ClientError) -> String {
        guard let name = names.adapter(provider) else {
            throw ClientError(.badParameters, field: "provider", "There is no provider of this name here.")
        }
        return name
    }

    private func check(_ key: Secret, at adapter: String) throws(ClientError) {
        switch desk.adapters.first(where: { $0.name == adapter })?.keys {
        case .format(let format)?:
            if let refusal = KeyText.refusal(of: key, format: format) {
                throw ClientError(.badParameters, field: "key", refusal)
            }
        case CredentialDesk.Keys.none?:
            throw ClientError(.badParameters, field: "provider", "\(adapter) needs no keys here, and takes none.")
        case .unknown?, nil: throw ClientError(.recyclingUnavailable)
        }
    }

    private func check(_ label: String) throws(ClientError) {
        do {
            try OperatorError.check(label, "It")
        } catch {
            throw ClientError(.badParameters, field: "label", error.description)
        }
    }

    private func ownKey(_ account: AccountID, _ fingerprint: [UInt8]) async throws(ClientError) -> RecycledKey? {
        try await read { store throws(StoreFailure) in
            try store.recycledKey(of: account, fingerprint: fingerprint)
        }
    }

    /// Takes a key that the account has handed over before.
    private func again(_ key: RecycledKey) async throws(ClientError) -> SubmittedKey {
        let key = try await perform(.submitted, on: key.id, of: key.account)
        guard key.life.reason != .claimed else { throw ClientError(.recycledKeyInUse) }
        return SubmittedKey(await answer(for: key, .submitted).key, isNew: false)
    }

    private func store(
        _ key: Secret, at provider: String, label: String, for account: AccountID, in open: any OpenVault
    ) async throws(StoreError) -> RecycledKey {
        guard case .reservedProviderKey(let id) = try await keeper.store.perform(.vault(.reserveProviderKey)),
            let sealed = try? open.seal(
                key, id: id, provider: provider, vendor: desk.vendor(provider), owner: account, label: label)
        else { throw .failed(StoreFailure(.other, "The key could not be sealed.")) }
        return try await withCheckedContinuation { continuation in
            keeper.submit(sealed, masked: KeyText.masked(key.bytes)) { continuation.resume(returning: $0) }
        }.get()
    }

    private func answer(for key: RecycledKey, _ urgency: CheckUrgency) async -> CheckedKey {
        await withCheckedContinuation { continuation in
            keeper.check(key, urgency) { continuation.resume(returning: $0) }
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(ClientError) -> Value {
        do {
            return try await keeper.store.read(body)
        } catch {
            throw ClientError(error)
        }
    }
}

extension ClientError {
    /// What the store's refusals mean to the owner of a recycled key.
    fileprivate init(recycling error: StoreError, _ now: Timestamp) {
        switch error {
        case .refused(.duplicateProviderKey): self.init(.recycledKeyInUse)
        case .refused(.unknownRecycledKey): self.init(.noSuchRecycledKey)
        case .refused(.tooManyRecycledKeys):
            self.init(
                .tooManyRequests,
                "An account has \(Limits.recycledKeysPerAccount) recycled keys at most. Remove one first.")
        case .refused(.tooManySubmissions(let until)):
            self.init(
                tooMany: "An account hands over \(Limits.keySubmissionsPerHour) keys an hour at most.",
                again: until.seconds(since: now))
        // It was rotated between sealing and storing.
        case .refused(.vaultChanged): self.init(.recyclingUnavailable)
        default: self.init(error)
        }
    }
}
