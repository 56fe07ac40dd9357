public import ProviderKit

/// The HTTP that the host lends to adapters. It gets requests that have been checked and have their keys filled in.
public protocol LentHTTP: Sendable {
    /// Begins one exchange. Any thread; must not block.
    ///
    /// Redirects are not followed: a redirect is a response, and its target may not be a declared origin.
    ///
    /// - Parameter completion: called exactly once, also after a cancel, on any thread, possibly before this returns. A
    ///   failure says whether the request may have reached the peer.
    /// - Returns: gives the exchange up; may be called at any time, also after its end.
    func send(
        _ request: HTTPRequest, over transport: LentTransport,
        completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
    ) -> @Sendable () -> Void
}

/// Which way a request goes.
public enum LentTransport: Sendable, Hashable {
    /// To an origin that the adapter's manifest or the configuration declares.
    case vendor
    /// To an address that a client named in a task: public addresses only, nothing shared.
    case clientAddress
}
