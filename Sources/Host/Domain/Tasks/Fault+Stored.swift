public import ProviderKit

extension Fault {
    private static let removedSentence = "The key was removed."

    /// The host's own word, for an attempt that cannot begin because its key is gone: no provider has said it.
    public static let keyRemoved = Fault(.invalidKey, removedSentence)
    /// The same for a task that a provider has and nobody can ask for any more.
    public static let removedWithTask = Fault(.taskNotFound, removedSentence)

    /// The word under which an attempt's end is stored and counted: `label`, and `keyRemoved` where the host itself
    /// has ended it because the key is gone.
    var storedLabel: String { self == .keyRemoved || self == .removedWithTask ? "keyRemoved" : label }
}
