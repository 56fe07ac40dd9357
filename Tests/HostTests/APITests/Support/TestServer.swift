import Domain
import Logging
import Observability
import ServiceLifecycle
import Tasks
import TestSupport

@testable import API

/// A server of a test that runs while its closure does.
struct TestServer: Sendable {
    let address: ServerAddress
    let metrics: MetricsRegistry
    let group: ServiceGroup

    /// The address for other programs.
    var url: String {
        get throws {
            guard case .tcp(let host, let port) = address else { throw TestFailure("It listens on a file.") }
            return "http://\(host):\(port)"
        }
    }

    func connect() async throws -> RawConnection {
        try await RawConnection.open(address)
    }

    /// One request on a connection of its own.
    func send(_ text: String) async throws -> RawResponse {
        let connection = try await connect()
        try await connection.send(text)
        let response = try await connection.response(toHEAD: text.hasPrefix("HEAD "))
        await connection.close()
        return response
    }

    func post(_ path: String, _ body: String) async throws -> RawResponse {
        try await send(post: path, body)
    }

    private func send(post path: String, _ body: String) async throws -> RawResponse {
        try await send(TestServer.request(path, body))
    }

    /// A request with or without a key in the header, and with a body where there is one.
    func send(
        _ method: String, _ path: String, key: String?, body: String = "", headers: String = ""
    ) async throws -> RawResponse {
        let key = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return try await send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(key)\(headers)\(length)\r\n\(body)")
    }

    /// The text of a POST.
    static func request(_ path: String, _ body: String, headers: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The text of a createTask that is all right, with further members.
    static func createTask(_ more: String = "") -> String {
        #"{"clientKey":"\#(FakeService.key)","task":{"type":"AltchaTask"}\#(more)}"#
    }
}

extension ServerLimits {
    /// The limits for clients, but with time for a test on a machine that has too much to do.
    static var patient: ServerLimits {
        var limits = ServerLimits.client
        limits.headSeconds = patience
        limits.bodySeconds = patience
        limits.idleSeconds = patience
        return limits
    }
}

/// Runs a server for clients with this service while `body` runs, then shuts it down.
func withClientServer(
    _ service: FakeService = FakeService(), account: FakeAccount = FakeAccount(),
    dialects: DialectRules = DialectRules(), limits: ServerLimits = .patient, readiness: Readiness = .ready,
    address: ServerAddress = .tcp(host: "127.0.0.1", port: 0), access: ListenerAccess = ListenerAccess(),
    certificate: ServerCertificate? = nil, _ body: (TestServer) async throws -> Void
) async throws {
    let metrics = MetricsRegistry()
    try await withServer(metrics: metrics) { onRunning in
        makeClientServer(
            address: address,
            useCases: ClientUseCases(
                tasks: service, feedback: service, recycledKeys: account, history: account, now: { FakeAccount.now }),
            ids: FakeCipher(), dialects: dialects, metrics: metrics, readiness: { readiness }, limits: limits,
            access: access, certificate: certificate, logger: quietLogger, onRunning: onRunning)
    } body: { server in
        try await body(server)
    }
}

/// Runs the server that `make` returns while `body` runs, then shuts it down.
func withServer(
    metrics: MetricsRegistry, _ make: (@escaping @Sendable (ServerAddress) async -> Void) -> HTTPServer,
    body: (TestServer) async throws -> Void
) async throws {
    let (addresses, running) = AsyncStream<ServerAddress>.makeStream()
    let server = make { running.yield($0) }
    let group = ServiceGroup(services: [server], logger: quietLogger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { running.finish() }
            try await group.run()
        }
        for await address in addresses {
            do {
                try await body(TestServer(address: address, metrics: metrics, group: group))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            break
        }
        try await tasks.waitForAll()
    }
}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
