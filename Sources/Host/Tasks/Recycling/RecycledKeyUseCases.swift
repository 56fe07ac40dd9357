public import Domain

/// What the owner of an account can do about its recycled keys, whatever dialect asks for it.
public protocol RecycledKeyUseCases: Sendable {
    /// Takes a key of a provider over and has the provider asked about it at once.
    ///
    /// A key that the account has handed over before and not removed is asked about again. Returns when the provider
    /// has answered, after `Limits.submissionAnswerSeconds` at the latest: the key is PENDING then.
    ///
    /// - Parameters:
    ///   - provider: a name that a client gives it, as for `createTask`.
    ///   - label: for people; may be empty.
    /// - Throws: `badParameters` for the field `provider`, `key` or `label`, `recycledKeyInUse`,
    ///   `recyclingUnavailable`, `tooManyRequests`.
    func submit(
        _ key: Secret, at provider: String, label: String, by holder: KeyHolder
    ) async throws(ClientError) -> SubmittedKey

    /// The keys of the holder's account by number, removed ones included: those behind that number, and whether there
    /// are more than that many.
    func recycledKeys(
        of holder: KeyHolder, after: ProviderKeyID?, limit: Int
    ) async throws(ClientError) -> (keys: [RecycledKey], hasMore: Bool)

    /// One key with what it has been through, the oldest first: what comes behind the change with that number, and
    /// whether there is more than that much.
    ///
    /// - Throws: `noSuchRecycledKey`.
    func recycledKey(
        _ id: ProviderKeyID, of holder: KeyHolder, historyAfter number: Int64, limit: Int
    ) async throws(ClientError) -> (key: RecycledKey, history: [RecycledKeyChange], hasMore: Bool)

    /// Has the provider asked about a key now. Returns when it has answered, or after a while as it is then.
    ///
    /// - Throws: `noSuchRecycledKey`, `tooManyRequests`.
    func check(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> CheckedKey

    /// Takes a key out of the pool for good. Tasks that are open with it go on; the key is erased when they have ended.
    ///
    /// - Throws: `noSuchRecycledKey`.
    func remove(_ id: ProviderKeyID, of holder: KeyHolder) async throws(ClientError) -> RecycledKey
}

/// What came of handing over a key.
public struct SubmittedKey: Sendable, Hashable {
    public let key: RecycledKey
    /// Whether it was not there before.
    public let isNew: Bool

    public init(_ key: RecycledKey, isNew: Bool) {
        self.key = key
        self.isNew = isNew
    }
}

/// A key after its provider was to be asked about it.
public struct CheckedKey: Sendable, Hashable {
    public let key: RecycledKey
    /// Whether the provider has said something of the key. Else it is as it was: the provider did not answer, or is not
    /// asked now.
    public let isAnswered: Bool

    public init(_ key: RecycledKey, isAnswered: Bool) {
        self.key = key
        self.isAnswered = isAnswered
    }
}
