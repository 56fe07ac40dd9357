import API
import Config
import Domain
import Logging
import Observability
import ServiceLifecycle
import Tasks

extension Host {
    /// What answers clients: a server, with TLS what looks after its certificate, and the port without TLS.
    ///
    /// - Throws: `CertificateProblem`.
    static func clientServices(
        _ configuration: Configuration, useCases: ClientUseCases, ids: any TaskIDCipher, metrics: MetricsRegistry,
        readiness: @escaping @Sendable () -> Readiness, logger: Logger
    ) throws -> [any Service] {
        let certificate = try configuration.tls.map { tls in
            try ServerCertificate(source: { () throws(CertificateProblem) in try tls.text() }, logger: logger)
        }
        if let warning = configuration.tls?.warning { logger.warning("\(warning)") }
        let scheme = certificate == nil ? "http" : "https"
        let host = configuration.server.host
        let server = makeClientServer(
            address: .tcp(host: host, port: configuration.server.port), useCases: useCases, ids: ids,
            dialects: configuration.dialects, metrics: metrics, readiness: readiness,
            access: ListenerAccess(configuration.callers), certificate: certificate,
            logger: logger
        ) { logger.info("Taking tasks on \(scheme)://\($0)") }
        guard let certificate else { return [server] }
        let plain = configuration.tls?.plainPort.map { port in
            server.plain(on: .tcp(host: host, port: port)) { logger.info("Taking tasks on http://\($0)") }
        }
        return [certificate, server] + (plain.map { [$0] } ?? [])
    }
}

extension Configuration.TLS {
    fileprivate func text() throws(CertificateProblem) -> CertificateText {
        do throws(UnreadableFile) {
            let (certificate, key) = try read()
            return CertificateText(certificate: certificate, key: key)
        } catch {
            throw CertificateProblem(error.description)
        }
    }
}

extension ListenerAccess {
    /// What the configuration says of clients' addresses and requests.
    fileprivate init(_ callers: Configuration.Callers) {
        self.init(
            trustedProxies: callers.trustedProxies,
            rateLimiter: callers.requests.map {
                // The clock that clients go by too: they are told when the window ends.
                RateLimiter(requests: $0, seconds: callers.seconds, now: WallClock.now)
            })
    }
}
