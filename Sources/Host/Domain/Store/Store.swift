/// Where accounts, keys, tasks and money are kept.
///
/// A store knows whole operations of the domain, not rows. Its functions block their thread and may be called from
/// several threads; `commit` from one at a time. Implementations: `SQLiteStore`, `MemoryStore`. One suite of tests runs
/// over each of them.
public protocol Store: Sendable {
    /// Applies the operations in their order and makes them durable together.
    ///
    /// An operation that is refused changes nothing and does not touch the others. When this throws, nothing of the
    /// batch has happened and nobody may be told otherwise.
    ///
    /// - Returns: a result for each operation, in their order.
    /// - Throws: `StoreFailure`.
    func commit(_ operations: [StoreOperation], at now: Timestamp) throws(StoreFailure)
        -> [Result<StoreReply, StoreRefusal>]

    /// The key with this hash (SHA-256 of its text), revoked ones included.
    func key(hash: [UInt8]) throws(StoreFailure) -> KeyHolder?
    /// The keys of an account, or of all accounts, by number, revoked ones included.
    func keys(of account: AccountID?) throws(StoreFailure) -> [APIKey]
    func account(_ id: AccountID) throws(StoreFailure) -> Account?
    /// All accounts by number.
    func accounts() throws(StoreFailure) -> [Account]
    func task(_ id: TaskID) throws(StoreFailure) -> TaskRecord?
    /// The fields of a task as JSON; nil when there is no such task or they were erased.
    func payload(of id: TaskID) throws(StoreFailure) -> [UInt8]?
    /// Tasks that are not settled, by number, beginning behind `after`.
    func openTasks(after: TaskID?, limit: Int) throws(StoreFailure) -> [OpenTask]
    /// How a task was routed, all of it as of one moment; nil when there is no such task.
    func route(of id: TaskID) throws(StoreFailure) -> TaskRoute?
    /// What each host stored of its statistics, by host; each host's by provider and family. Those of a family that
    /// cannot be are left out.
    func statistics() throws(StoreFailure) -> [String: [StoredStatistics]]
    /// The data keys of the vault by version; none before it was set up.
    func dataKeys() throws(StoreFailure) -> [DataKeyRecord]
    /// The keys of providers in the vault by number.
    func providerKeys() throws(StoreFailure) -> [ProviderKeyRecord]
    /// Recycled keys by number, removed ones included. The work is bounded by the query's limit.
    func recycledKeys(_ query: RecycledKeyQuery) throws(StoreFailure) -> [RecycledKey]
    func recycledKey(_ id: ProviderKeyID) throws(StoreFailure) -> RecycledKey?
    /// The key of the account with this fingerprint that is not REMOVED; nil when there is none.
    func recycledKey(
        of account: AccountID, fingerprint: [UInt8]
    ) throws(StoreFailure) -> RecycledKey?
    /// What a recycled key has been through, the oldest first, beginning behind the change with that number; empty
    /// when there is no such key. The first change is kept, and the latest ones: `Limits.keptKeyChanges` in all.
    func history(
        ofRecycledKey id: ProviderKeyID, after number: Int64, limit: Int
    ) throws(StoreFailure) -> [RecycledKeyChange]
    /// The recycled keys that are not erased, as ciphertext, by number.
    func sealedRecycledKeys() throws(StoreFailure) -> [SealedProviderKey]
    /// When providers said of recycled keys that they are no good, since then, by provider, the earliest first: what
    /// vendors count against this host's address. Known for `Limits.keptRefusalSeconds`.
    func refusedRecycledKeys(since: Timestamp) throws(StoreFailure) -> [String: [Timestamp]]
    /// Transactions of an account, the newest first. The work is bounded by the query's limit, however many there are.
    func transactions(_ query: TransactionQuery) throws(StoreFailure) -> [TransactionRecord]
    /// What an account has used, by day, API key, family and provider.
    func usage(_ query: UsageQuery) throws(StoreFailure) -> [UsageRow]
    /// What an account's balance is made of; nil when there is no such account. Reads all of its transactions.
    func totals(of account: AccountID) throws(StoreFailure) -> AccountTotals?
    /// Callbacks of tasks that have ended and are due. The work is bounded by the query, however many there are.
    func dueCallbacks(_ query: CallbackQuery) throws(StoreFailure) -> CallbackPage
    /// What the callback of a task that has ended tells; nil when it was forgotten.
    func callbackMessage(of id: TaskID) throws(StoreFailure) -> CallbackMessage?
    /// Re-derives every stored total from the entries and compares.
    func verifyLedger() throws(StoreFailure) -> LedgerReport
    /// Writes a consistent copy of everything to a new file at `path`, readable by its owner alone.
    func backup(to path: String) throws(StoreFailure)
}

/// What the store is asked to do, as whole operations.
public enum StoreOperation: Sendable {
    /// An account with its first key and its first deposit, both or neither of which come with it.
    case createAccount(name: String, key: NewKey? = nil, deposit: Money? = nil)
    case setSuspended(AccountID, Bool)
    case createKey(AccountID, NewKey)
    /// A change to a key, which has to be of that account; nil: of any. The reply is the key as it is then.
    case renameKey(AccountID?, key: Int64, name: String)
    case setRouting(AccountID?, key: Int64, RoutingChange)
    /// Where a key may be used from and how much it may do. The reply is the key as it is then.
    case setAccess(AccountID?, key: Int64, AccessChange)
    /// What the key's clients speak; nil: each task shows it.
    case setDialect(AccountID?, key: Int64, ClientDialect?)
    /// Takes a key back for good; one that was taken back already stays so.
    case revokeKey(AccountID?, key: Int64)
    /// With a `reference` that the account has used before and the same amount nothing is posted again. Refused with
    /// `badAmount` when it is not positive or the balance would be above `Limits.depositedBalanceNanos`.
    case deposit(AccountID, Money, reference: String?)
    /// Stores the task and its first attempt, and reserves its ceiling. The reply is `repeated` when the task's
    /// idempotency key stands for another one already, and `accepted` otherwise. An explanation that is new takes the
    /// place of the oldest one if that was stored longer ago than `Limits.keptExplanationSeconds`, which is erased.
    case accept(NewTask)
    /// The provider has taken the attempt under its own ID.
    case attemptPending(TaskID, attempt: Int, providerTask: String)
    /// Whether it is certain that nothing of the attempt was sent, since it waits for a place, or that the provider
    /// refused it and took nothing: after a crash it is no lost one then. That it isn't certain any more has to be
    /// stored before the attempt is sent.
    case attemptUnsent(TaskID, attempt: Int, Bool)
    /// Ends an attempt and stores the next one.
    case nextAttempt(TaskID, ended: Int, AttemptEnd, next: Candidate)
    /// Ends the last attempt and the task, charges or releases, and makes its callback due: exactly once.
    case settle(TaskID, attempt: Int, AttemptEnd, TaskOutcome)
    /// Puts each of these in the place of what the host stored before for the provider and family; the others stay. Of
    /// two for the same provider and family the later in the list counts. Statistics of any host that are older than
    /// `Limits.keptStatisticsSeconds` are erased.
    case storeStatistics(host: String, [StoredStatistics])
    /// Of the oldest `atMost` tasks whose content is kept, erases that of those which have ended by then: what was to
    /// be solved, the solution, and the address of a callback, which is empty from then on. The task itself stays, and
    /// what it cost. The reply is `erased`.
    case eraseContent(endedUntil: Timestamp, atMost: Int)
    /// Data keys and keys of providers, as ciphertext.
    case vault(VaultOperation)
    /// Keys of providers that accounts have handed over.
    case recycling(RecyclingOperation)
    /// Gives the account back what it was charged for a task, once. The reply is `refunded`.
    ///
    /// Refused with `unknownTask` for a task of another account, `notCharged` for one that is open, failed or cost
    /// nothing, `alreadyRefunded`, `solvedByOwnKey` when the key that solved it is the account's own, and
    /// `refundLimit` when the account's refunds of the day, in UTC, would be more than `dailyLimit` with it; with
    /// `badAmount` when the balance would leave its bound.
    case refund(TaskID, of: AccountID, dailyLimit: Money)
    /// Takes down, once, whether the site accepted a task's solution. The reply is `reported`. Refused with
    /// `unknownTask` for a task of another account, `notSolved` for one that is open or has failed, and
    /// `alreadyReported`.
    case report(TaskID, of: AccountID, isGood: Bool)
    /// What became of an attempt to tell a client of the end of its task. Never refused.
    case callback(CallbackOperation)
}

/// What came of an operation.
public enum StoreReply: Sendable, Hashable {
    case done
    case account(Account)
    case key(APIKey)
    /// `posted` is false for a deposit that was there already.
    case deposited(posted: Bool)
    case accepted(AcceptedTask)
    case attempt(Attempt)
    /// What the client was charged, and whether a callback has become due with it.
    case settled(charged: Money, hasCallback: Bool = false)
    /// The number for a key of a provider.
    case reservedProviderKey(ProviderKeyID)
    /// The task that was accepted before under the same idempotency key; nothing was stored or reserved.
    case repeated(TaskID)
    case recycledKey(RecycledKey)
    case refunded(Money)
    /// How many tasks' content was erased.
    case erased(Int)
    case reported(ReportedTask)
}

/// Why an operation was not done. The closed set of what a store refuses.
public enum StoreRefusal: Error, Sendable, Hashable {
    case unknownAccount
    case accountSuspended
    /// The available balance does not cover the cheapest candidate.
    case insufficientBalance
    /// The key may have no further open task.
    case keyTaskLimit
    /// The key may spend less today than the cheapest candidate costs.
    case keySpendLimit
    case unknownTask
    /// The task has ended already.
    case taskSettled
    /// The attempt is not the task's last one.
    case notTheLastAttempt
    /// The reference was used with another amount.
    case referenceReused
    /// An amount is zero, negative or would leave its bound.
    case badAmount
    case duplicateKey
    /// There is no such API key, or it belongs to another account.
    case unknownKey
    /// A key may be allowed `Limits.addressesPerKey` addresses and ranges.
    case tooManyAddresses
    /// The provider has this key already.
    case duplicateProviderKey
    case unknownProviderKey
    /// The data keys are not those that the operation was made for.
    case vaultChanged
    /// The account's idempotency key came with another request before.
    case idempotencyKeyReused
    /// There is no such recycled key, or it belongs to another account.
    case unknownRecycledKey
    /// The account has as many recycled keys as it may have.
    case tooManyRecycledKeys
    /// The account has handed over as many keys within the hour as it may.
    case tooManySubmissions(until: Timestamp)
    /// Nothing was charged for the task.
    case notCharged
    case alreadyRefunded
    /// The account would be paid twice: it was credited for its own key.
    case solvedByOwnKey
    /// The account has been refunded as much today as it may.
    case refundLimit
    /// The task has no solution.
    case notSolved
    /// With what was said of the task before.
    case alreadyReported(isGood: Bool)
}

/// Why nothing could be stored or read at all.
public struct StoreFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case diskFull, newerSchema, inUse, unreadable, overloaded, stopped, other
    }

    public let kind: Kind
    /// A sentence for the operator that says what to do.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// What `ledger verify` found.
public struct LedgerReport: Sendable, Hashable {
    public var accounts: Int
    public var transactions: Int
    public var openReservations: Int
    /// A sentence for each thing that does not fit; empty when all fits.
    public var problems: [String]

    public init(accounts: Int, transactions: Int, openReservations: Int, problems: [String]) {
        self.accounts = accounts
        self.transactions = transactions
        self.openReservations = openReservations
        self.problems = problems
    }
}
