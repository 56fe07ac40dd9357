import Domain

/// What the rules of a commit read and write: rows, whatever keeps them. The rules are written once, over this; a store
/// is an implementation of it and a way to make a batch durable.
///
/// What is written is visible to what is read after it in the same batch. Everything that throws makes the whole batch
/// undone.
protocol StoreRows: VaultRows, RecyclingRows, KeptDriftRows, HistoryRows, KeyCapRows, ContentRows, ReportRows,
    CallbackRows
{
    func account(_ id: AccountID) throws -> AccountState?
    /// Writes balance, held and suspended of an account that exists.
    func save(_ account: AccountState) throws
    func insertAccount(name: String, at now: Timestamp) throws -> AccountID

    func hasKey(hash: [UInt8]) throws -> Bool
    func insertKey(_ account: AccountID, _ key: NewKey, at now: Timestamp) throws -> APIKey
    func key(_ id: Int64) throws -> APIKey?
    /// Writes name, settings, access and revocation of a key that exists.
    func save(_ key: APIKey) throws

    /// What the account's deposit with this reference brought; nil when there is none.
    func deposited(to account: AccountID, reference: String) throws -> Money?
    /// Writes a transaction and its entries.
    ///
    /// - Returns: its number: 1, 2, ...
    func post(_ transaction: LedgerTransaction, of account: AccountID, at now: Timestamp) throws -> Int64

    /// Writes a task, and its explanation unless that is written already, in the place of one that is old enough if
    /// the oldest is.
    func insertTask(_ task: NewTask, ceiling: Money, at now: Timestamp) throws -> TaskID
    func insertAttempt(_ attempt: Attempt, of task: TaskID, at now: Timestamp) throws
    func standing(of task: TaskID) throws -> TaskStanding?
    func setPending(_ attempt: Int, of task: TaskID, providerTask: String) throws
    /// Notes whether it is certain that nothing of the attempt was sent.
    func setUnsent(_ isUnsent: Bool, _ attempt: Int, of task: TaskID) throws
    /// - Parameter credit: the number of the transaction that credits the owner of the recycled key for it.
    func end(_ attempt: Int, of task: TaskID, _ end: AttemptEnd, credit: Int64?, at now: Timestamp) throws
    /// - Parameter charge: the number of the transaction that charges for it.
    func end(_ task: TaskID, _ outcome: TaskOutcome, charge: Int64?, at now: Timestamp) throws

    /// Writes these, in the place of those that the host has of the same provider and family.
    func putStatistics(_ statistics: [StoredStatistics], of host: String) throws
    /// Erases those of all hosts that are of an earlier time.
    func eraseStatistics(before time: Timestamp) throws
}

/// What the rules have to know of an account.
struct AccountState: Sendable, Hashable {
    let id: AccountID
    var balance: Money
    var held: Money
    var suspended: Bool

    var available: Money { balance.subtracting(held) ?? .zero }
}

/// What the rules have to know of a task.
struct TaskStanding: Sendable, Hashable {
    let account: AccountID
    let key: Int64
    let family: String
    let ceiling: Money
    let ended: Bool
    /// The number of the last attempt, the provider it is at, the key that it uses there and the price that was
    /// snapshotted with it.
    let lastAttempt: Int
    let provider: String
    let credential: String?
    let cost: Money

    /// The recycled key that the last attempt uses; nil for any other.
    var recycledKey: ProviderKeyID? { credential.flatMap(ProviderKeyID.init(recycledCredential:)) }
}
