/// Why something of the vault could not be done: libcrypto or the system refused.
public struct VaultFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence for the operator; never holds a secret.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
