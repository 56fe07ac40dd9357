public import Domain
public import Logging
public import Observability

/// The server for clients: the JSON dialects at the root and behind their names, `/in.php` and `/res.php`, Death By
/// Captcha's calls under `/api`, the dialect for managing an account under `/v1`, `/healthz` and `/readyz`.
///
/// - Parameters:
///   - useCases: what is asked of it.
///   - ids: turns task numbers into the UUIDs that clients see.
///   - dialects: what is spoken where neither path nor key says it.
///   - readiness: asked at each `/readyz`; it must return at once.
///   - access: how callers are known, and how many requests each may send.
///   - certificate: with what it speaks TLS; nil: it does not.
///   - onRunning: called once with the address that is listened on, its port filled in.
public func makeClientServer(
    address: ServerAddress, useCases: ClientUseCases, ids: any TaskIDCipher, dialects: DialectRules = DialectRules(),
    metrics: MetricsRegistry, readiness: @escaping @Sendable () -> Readiness, limits: ServerLimits = .client,
    access: ListenerAccess = ListenerAccess(), certificate: ServerCertificate? = nil, logger: Logger,
    onRunning: @escaping @Sendable (ServerAddress) async -> Void = { _ in }
) -> HTTPServer {
    let responder = ClientResponder(
        dialect: TaskCallDialect(
            service: useCases.tasks, feedback: useCases.feedback, ids: ids, rules: dialects),
        otherDialects: [
            InPHPDialect(service: useCases.tasks, feedback: useCases.feedback, ids: ids),
            DeathByCaptchaDialect(service: useCases.tasks, feedback: useCases.feedback, ids: ids),
            V1Dialect(useCases: useCases, ids: ids),
        ],
        health: Health(readiness: readiness), metrics: RequestMetrics(metrics), logger: logger)
    return makeServer(
        name: "client", address: address, responder: responder, limits: limits, access: access,
        certificate: certificate, metrics: metrics, logger: logger, onRunning: onRunning)
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
