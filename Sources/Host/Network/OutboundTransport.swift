public import ProviderKit
internal import Synchronization

/// Sends HTTP requests out of the host.
public protocol OutboundTransport: Sendable {
    /// Begins one exchange. Any thread; never waits for the network.
    ///
    /// `completion` is called exactly once, also after a cancel or a shutdown: on the transport's own thread, which it
    /// must not block, or before `send` returns when the request is refused or is one too many. A response comes with
    /// any status; a redirect is a response. Messages of failures name the host of the URL at most.
    func send(
        _ request: OutboundRequest, completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
    ) -> ExchangeHandle

    /// Ends everything that is under way with `.cancelled` and returns when the last completion has returned. Later
    /// requests get `.cancelled` too. May be called twice, and from a completion; there it doesn't wait.
    func shutdown()
}

/// An exchange that may be given up.
public final class ExchangeHandle: Sendable {
    private let action: Mutex<(@Sendable () -> Void)?>

    /// `action` is called at the first `cancel()`, on the thread that cancels.
    public init(_ action: @escaping @Sendable () -> Void) {
        self.action = Mutex(action)
    }

    /// Gives the exchange up: its completion is called with `.cancelled` unless it is already on its way. Any thread;
    /// may come twice, or after the end.
    public func cancel() {
        let action = self.action.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}

/// One exchange that has ended, for metrics.
public struct ExchangeEnd: Sendable, Hashable {
    /// The host of the URL; `client-address` on the transport for addresses that clients name, so that clients can't
    /// make names in the metrics.
    public let origin: String
    /// `1xx`...`5xx`, or the name of an `HTTPFailure.Kind`.
    public let result: String
    /// From `send` to the completion.
    public let seconds: Double

    init(origin: String, result: Result<HTTPResponse, HTTPFailure>, seconds: Double) {
        self.origin = origin
        self.seconds = seconds
        switch result {
        case .success(let response): self.result = "\(response.status / 100)xx"
        case .failure(let failure): self.result = failure.kind.rawValue
        }
    }
}

/// Why a transport could not be started.
public struct TransportUnavailable: Error, Sendable, CustomStringConvertible {
    /// A sentence for the operator.
    public let description: String
}
