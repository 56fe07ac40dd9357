/// What the store is asked to do with recycled keys. It sees ciphertext only.
public enum RecyclingOperation: Sendable, Hashable {
    /// Stores a key that was sealed for its owner under a number that was handed out, as PENDING. The reply is
    /// `recycledKey`.
    ///
    /// Refused with `unknownAccount`; with `duplicateProviderKey` when the platform has the key, or an account has it
    /// in a state that claims it; with `tooManyRecycledKeys` and `tooManySubmissions` beyond
    /// `Limits.recycledKeysPerAccount` and `Limits.keySubmissionsPerHour`; with `vaultChanged` when its data key is not
    /// of the store.
    case submit(SealedProviderKey, masked: String)
    /// Counts a key that an account has handed over and that somebody else has, against
    /// `Limits.keySubmissionsPerHour`. The reply is `done`.
    ///
    /// Refused with `tooManySubmissions`.
    case countSubmission(AccountID)
    /// Something has happened to a key, which has to be of that account; nil: of any. The reply is `recycledKey`, the
    /// key as it is then, whether or not the event has changed it.
    ///
    /// An event that would have the key claim what another account, or the platform, claims meanwhile makes it INVALID
    /// with the reason `claimed` instead. `submitted` counts against `Limits.keySubmissionsPerHour`. `drained` erases
    /// the ciphertext and the fingerprint of a REMOVED key, and changes nothing while a stored attempt with the key is
    /// open; `resumed` has its drift begin anew.
    ///
    /// Refused with `unknownRecycledKey` and `tooManySubmissions`.
    case event(ProviderKeyID, of: AccountID?, RecycledKeyLife.Event)
    /// A check has come to a result. With a reading of the balance the drift is worked out anew, and a key whose drift
    /// is beyond `bounds` is suspended in the same commit. The reply is `recycledKey`, also for
    /// a REMOVED key, which a check changes in nothing.
    ///
    /// A balance beside which the key has other means to pay does not tell what was deducted: counting the drift begins
    /// anew with the next one that does, and what is recorded meanwhile counts as unseen. Refused with
    /// `unknownRecycledKey`.
    case checked(ProviderKeyID, RecycledKeyCheck, BalanceDrift.Bounds)
}

/// What a check of a recycled key came to.
public struct RecycledKeyCheck: Sendable, Hashable {
    public var finding: RecycledKeyLife.Finding
    /// In USD; nil when the provider did not say it or nobody knows what its unit is worth.
    public var balance: Money?
    /// Whether the key can pay although its balance is zero.
    public var otherMeans: Bool
    /// What the attempts that were open with the key at any time while it was checked will cost, all together, those
    /// that ended meanwhile included.
    public var open: Money
    /// What was credited for the key before its provider looked; nil: as much as is now. What was credited since is as
    /// uncertain as what is open.
    public var creditedBefore: Money?

    public init(
        _ finding: RecycledKeyLife.Finding, balance: Money? = nil, otherMeans: Bool = false, open: Money = .zero,
        creditedBefore: Money? = nil
    ) {
        self.creditedBefore = creditedBefore
        self.finding = finding
        self.balance = balance
        self.otherMeans = otherMeans
        self.open = open
    }
}
