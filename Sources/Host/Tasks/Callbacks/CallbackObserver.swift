/// Is told what becomes of callbacks, for metrics. Called on any thread; has to be quick.
public protocol CallbackObserver: Sendable {
    /// An attempt has ended: `1xx`...`5xx`, or the name of an `HTTPFailure.Kind`.
    func attempted(_ result: String, seconds: Double)
    /// Nothing more is done for a callback.
    func ended(_ end: CallbackEnd)
}

/// How a callback ended.
public enum CallbackEnd: String, Sendable, Hashable, CaseIterable {
    case delivered
    /// The client's server took it in no attempt.
    case givenUp
    /// There was nothing to tell any more.
    case erased
}

/// Observes nothing.
public struct NoCallbackObserver: CallbackObserver {
    public init() {}
    public func attempted(_ result: String, seconds: Double) {}
    public func ended(_ end: CallbackEnd) {}
}
