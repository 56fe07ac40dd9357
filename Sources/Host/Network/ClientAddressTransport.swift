public import ProviderKit

/// Outbound HTTP to addresses that clients name: no proxy, no redirects, a connection of its own for each exchange, and
/// only towards addresses that the policy allows, asked with the address of the connection itself.
public final class ClientAddressTransport: OutboundTransport {
    private let engine: ExchangeEngine

    /// Starts the transport and its thread.
    ///
    /// - Parameters:
    ///   - policy: which addresses may be connected to; a refusal is `.refused`.
    ///   - caFile: a PEM file of certificates to trust instead of the system's.
    ///   - onEnd: told of each exchange that ended, before its completion; must not block.
    public init(
        policy: AddressPolicy = .publicOnly, caFile: String? = nil, limits: TransportLimits = .clientAddresses,
        onEnd: @escaping @Sendable (ExchangeEnd) -> Void = { _ in }
    ) throws(TransportUnavailable) {
        engine = try ExchangeEngine(
            name: "http-clients", label: "client-address",
            options: TransferOptions(
                addressPolicy: policy, proxies: .none, caFile: caFile, reusesConnections: false,
                bodyBytes: limits.responseBytes, takesStatusAlone: limits.takesStatusAlone),
            limits: limits, onEnd: onEnd)
    }

    deinit {
        engine.shutdown()
    }

    /// See `OutboundTransport`.
    public func send(
        _ request: OutboundRequest, completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
    ) -> ExchangeHandle {
        engine.send(request, completion: completion)
    }

    /// See `OutboundTransport`.
    public func shutdown() {
        engine.shutdown()
    }
}
