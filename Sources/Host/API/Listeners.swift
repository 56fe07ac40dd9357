public import Domain
public import Logging
public import Observability

/// The server for clients: the JSON dialect at the root, the one for managing an account under `/v1`, `/healthz` and
/// `/readyz`.
///
/// - Parameters:
///   - useCases: what is asked of it.
///   - ids: turns task numbers into the UUIDs that clients see.
///   - readiness: asked at each `/readyz`; it must return at once.
///   - onRunning: called once with the address that is listened on, its port filled in.
public func makeClientServer(
    address: ServerAddress, useCases: ClientUseCases, ids: any TaskIDCipher, metrics: MetricsRegistry,
    readiness: @escaping @Sendable () -> Readiness, limits: ServerLimits = .client, logger: Logger,
    onRunning: @escaping @Sendable (ServerAddress) async -> Void = { _ in }
) -> HTTPServer {
    let responder = ClientResponder(
        dialect: RootDialect(service: useCases.tasks, ids: ids),
        otherDialects: [V1Dialect(useCases: useCases, ids: ids)],
        health: Health(readiness: readiness), metrics: RequestMetrics(metrics), logger: logger)
    return makeServer(
        name: "client", address: address, responder: responder, limits: limits, metrics: metrics, logger: logger,
        onRunning: onRunning)
}

/// The server for operators: `/metrics`, `/healthz` and `/readyz`, all read-only. It has no authentication and
/// belongs on an address that only operators reach.
public func makeAdminServer(
    address: ServerAddress, metrics: MetricsRegistry, readiness: @escaping @Sendable () -> Readiness,
    limits: ServerLimits = .admin, logger: Logger,
    onRunning: @escaping @Sendable (ServerAddress) async -> Void = { _ in }
) -> HTTPServer {
    makeServer(
        name: "admin", address: address,
        responder: AdminResponder(metrics: metrics, health: Health(readiness: readiness)), limits: limits,
        metrics: metrics, logger: logger, onRunning: onRunning)
}
