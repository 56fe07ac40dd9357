/// The keys of one adapter instance, which may come and go while it runs.
///
/// Nobody on this side keeps a key: it is lent for the moment in which a request is prepared, and what is left of it
/// until the answer has been masked is overwritten then.
public protocol CredentialSource: Sendable {
    /// Lends the key that a placeholder stands for to `body`, which must not keep the bytes. Called for each HTTP
    /// request, on any thread.
    ///
    /// - Returns: nil when the placeholder is none of this instance's, or its key can no longer be opened.
    func withKey<Value, Failure: Error>(
        for placeholder: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value?

    /// The traces of the keys that are there now, to keep them out of the log. Called for each line that an adapter
    /// writes.
    var traces: KeyTraces { get }
}

/// For adapters without keys.
public struct NoCredentials: CredentialSource {
    public init() {}
    public func withKey<Value, Failure: Error>(
        for placeholder: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value? { nil }
    public var traces: KeyTraces { KeyTraces([]) }
}
