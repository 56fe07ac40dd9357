internal import Foundation
public import ProviderKit

/// Outbound HTTP to origins that the operator has chosen: connections are reused, HTTP/2 is spoken where it is offered.
///
/// Whether an origin is one of those is for the caller to check, with `Origin`. A request reaches a connection at most
/// once: when a reused connection breaks off, the exchange ends with `.interrupted` and `sent` is `.maybe`.
public final class VendorTransport: OutboundTransport {
    private let engine: ExchangeEngine

    /// Starts the transport and its thread.
    ///
    /// - Parameters:
    ///   - proxies: what goes through a proxy; the environment's by default.
    ///   - caFile: a PEM file of certificates to trust instead of the system's.
    ///   - onEnd: told of each exchange that ended, before its completion; must not block.
    public init(
        proxies: ProxySettings? = nil, caFile: String? = nil, limits: TransportLimits = .vendors,
        onEnd: @escaping @Sendable (ExchangeEnd) -> Void = { _ in }
    ) throws(TransportUnavailable) {
        let proxies = proxies ?? ProxySettings(environment: ProcessInfo.processInfo.environment)
        engine = try ExchangeEngine(
            name: "http-vendors", label: nil,
            options: TransferOptions(
                addressPolicy: .any, proxies: proxies, caFile: caFile, reusesConnections: true,
                bodyBytes: limits.responseBytes),
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
