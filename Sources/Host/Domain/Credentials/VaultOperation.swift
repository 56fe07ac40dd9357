/// What the store is asked to do with the vault. It sees ciphertext only.
public enum VaultOperation: Sendable, Hashable {
    /// Puts data keys in the place of those that are there: the first one, one more, or the same ones wrapped under
    /// another master key, all at once. Refused with `vaultChanged` unless exactly `expecting` is there, and when a
    /// version would be missing.
    case replaceDataKeys(expecting: [WrappedDataKey], with: [WrappedDataKey])
    /// Hands out the number of a key that is about to be sealed: the number is part of what seals it.
    case reserveProviderKey
    /// Stores a key under a number that was handed out and is not in use.
    case addProviderKey(SealedProviderKey)
    /// Removes a key and its ciphertext. Its number is never used again.
    case removeProviderKey(ProviderKeyID)
}
