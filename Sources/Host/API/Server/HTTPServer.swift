public import Logging
public import Observability
public import ServiceLifecycle
import HummingbirdCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Where a server listens.
public enum ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// A host name or address and a port; port 0 lets the system choose one.
    case tcp(host: String, port: Int)
    /// A socket file. One that is left over from before is replaced.
    case unixSocket(path: String)

    /// The address as it is written in messages: `127.0.0.1:8080`, or the path.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }
}

/// A server that could not start to listen.
public struct CannotListen: Error, Sendable, CustomStringConvertible {
    /// The address that was asked for.
    public let address: ServerAddress
    /// The system's words.
    public let reason: String

    /// A sentence that says what to do.
    public var description: String {
        "Cannot listen on \(address): \(reason). Stop what uses this address, or choose another one."
    }
}

/// An HTTP/1.1 server on one address.
///
/// It stops gracefully with its service group: no new connections, idle ones closed, requests under way answered.
public struct HTTPServer: Service {
    private let address: ServerAddress
    private let setup: ConnectionSetup
    private let logger: Logger
    private let onRunning: @Sendable (ServerAddress) async -> Void

    init(
        address: ServerAddress, server: ServerContext, certificate: ServerCertificate? = nil, logger: Logger,
        onRunning: @escaping @Sendable (ServerAddress) async -> Void
    ) {
        self.address = address
        self.setup = ConnectionSetup(server: server, certificate: certificate)
        self.logger = logger
        self.onRunning = onRunning
    }

    /// The same server on a further address, without TLS: limits and counts are those of both together.
    public func plain(
        on address: ServerAddress, onRunning: @escaping @Sendable (ServerAddress) async -> Void = { _ in }
    ) -> HTTPServer {
        HTTPServer(address: address, server: setup.server, logger: logger, onRunning: onRunning)
    }

    /// Listens and serves until the service group shuts down or the task is cancelled.
    ///
    /// - Throws: `CannotListen`.
    public func run() async throws {
        let limits = setup.server.limits
        let bind: BindAddress =
            switch address {
            case .tcp(let host, let port): .hostname(host, port: port)
            case .unixSocket(let path): .unixDomainSocket(path: path)
            }
        let configuration = ServerConfiguration(
            address: bind, backlog: limits.backlog,
            availableConnectionsDelegate: MaximumAvailableConnections(
                limits.connections + limits.refusedConnections, logger: logger))
        let service = setup.server(
            configuration: configuration,
            onServerRunning: { [address, logger, onRunning] channel in
                let failures = channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(AcceptFailures(logger: logger), position: .first)
                }
                try? await failures.get()
                await onRunning(HTTPServer.bound(address, to: channel))
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        do {
            try await service.run()
        } catch let error as IOError {
            throw CannotListen(address: address, reason: HTTPServer.words(error))
        } catch let error as SocketAddressError {
            throw CannotListen(address: address, reason: "\(error)")
        } catch let error as NIOConnectionError {
            throw CannotListen(address: address, reason: "\(error)")
        } catch is SocketAddressError.UnknownHost {
            throw CannotListen(address: address, reason: "no address of this name is known")
        }
    }

    private static func bound(_ address: ServerAddress, to channel: any Channel) -> ServerAddress {
        guard case .tcp(let host, _) = address, let port = channel.localAddress?.port else { return address }
        return .tcp(host: host, port: port)
    }

    /// The system's words for an error, without the name of the function that met it.
    private static func words(_ error: IOError) -> String {
        String(cString: strerror(error.errnoCode)).lowercased()
    }
}

/// A server with an arbitrary responder, such as that of the control socket.
///
/// - Parameters:
///   - name: the listener's name in metrics: `client`, `admin`, `control`.
///   - access: how callers are known, and how many requests each may send.
///   - certificate: with what it speaks TLS; nil: it does not.
///   - onRunning: called once with the address that is listened on, its port filled in.
public func makeServer(
    name: String, address: ServerAddress, responder: any RequestResponder, limits: ServerLimits,
    access: ListenerAccess = ListenerAccess(), certificate: ServerCertificate? = nil, metrics: MetricsRegistry,
    logger: Logger, onRunning: @escaping @Sendable (ServerAddress) async -> Void = { _ in }
) -> HTTPServer {
    let connections = metrics.gauges(
        "ucaptcha_http_connections", "Open connections by listener.", labels: [MetricLabel("listener")])
    let server = ServerContext(
        responder: responder, limits: limits, access: access, connections: connections.with(name))
    return HTTPServer(
        address: address, server: server, certificate: certificate, logger: logger, onRunning: onRunning)
}
