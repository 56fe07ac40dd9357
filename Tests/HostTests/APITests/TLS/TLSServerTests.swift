import Certificates
import Domain
import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Observability
import Synchronization
import TestSupport
import Testing

@testable import API

/// A certificate for localhost that a test replaces.
private final class Shelf: Sendable {
    let authority: [UInt8]
    let found: Mutex<Result<CertificateText, CertificateProblem>>
    let lines = Lines()

    init() throws {
        let made = try CertificateAuthority(days: 5)
        authority = try made.made().certificate
        found = Mutex(.success(try Shelf.text(of: made)))
    }

    static func text(of authority: CertificateAuthority, days: Int = 99) throws -> CertificateText {
        let made = try authority.issue(for: [#require(CertificateName("localhost"))], days: days)
        return CertificateText(certificate: made.certificate, key: made.key)
    }

    @Sendable func fetch() throws(CertificateProblem) -> CertificateText { try found.withLock { $0 }.get() }

    func put(_ result: Result<CertificateText, CertificateProblem>) { found.withLock { $0 = result } }

    func certificate() throws(CertificateProblem) -> ServerCertificate {
        let lines = lines
        let logger = Logger(label: "tls") { _ in lines }
        return try ServerCertificate(source: fetch, logger: logger)
    }
}

/// What was logged.
private final class Lines: LogHandler, Sendable {
    let all = Mutex<[String]>([])
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { all.withLock { $0.append("\(event.level): \(event.message)") } }

    var taken: [String] {
        all.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}

@Suite("A certificate that is replaced")
struct ServerCertificateTests {
    @Test("Another one is used from the next look on")
    func replaced() throws {
        let shelf = try Shelf()
        let certificate = try shelf.certificate()
        let first = certificate.context
        certificate.look(at: time(nil))
        #expect(certificate.context === first)
        shelf.put(.success(try Shelf.text(of: CertificateAuthority(days: 1))))
        certificate.look(at: time(nil))
        #expect(certificate.context !== first)
        #expect(shelf.lines.taken.map { $0.prefix(5) } == ["info:"])
    }

    @Test("One that cannot be used leaves the former in use, and is told once when it stays")
    func broken() throws {
        let shelf = try Shelf()
        let certificate = try shelf.certificate()
        let first = certificate.context
        let good = try shelf.fetch()
        let (other, nothing) = (try Shelf.text(of: CertificateAuthority(days: 1)), Array("nothing".utf8))
        for (text, words) in [
            (CertificateText(certificate: other.certificate, key: good.key), "not the key of the first certificate"),
            (CertificateText(certificate: nothing, key: good.key), "no certificate in PEM"),
            (CertificateText(certificate: good.certificate, key: nothing), "no private key in PEM"),
            (CertificateText(certificate: [], key: []), "no certificate in PEM"),
        ] {
            shelf.put(.success(text))
            certificate.look(at: time(nil))
            #expect(shelf.lines.taken == [], "the two files are replaced one after the other")
            for _ in 0..<3 { certificate.look(at: time(nil)) }
            let told = shelf.lines.taken
            #expect(told.count == 1 && told[0].contains(words) && told[0].contains("stays in use"), "\(told)")
            #expect(certificate.context === first)
        }
        shelf.put(.failure(CertificateProblem("The file is gone.")))
        for _ in 0..<3 { certificate.look(at: time(nil)) }
        #expect(shelf.lines.taken == ["error: The former certificate stays in use: The file is gone."])
        shelf.put(.success(good))
        certificate.look(at: time(nil))
        #expect(certificate.context === first && shelf.lines.taken == [])
        shelf.put(.success(other))
        certificate.look(at: time(nil))
        #expect(certificate.context !== first)
    }

    @Test("One that has ended does not replace one that is still valid, which is told once")
    func ended() throws {
        let shelf = try Shelf()
        let certificate = try shelf.certificate()
        let (first, now) = (certificate.context, time(nil))
        shelf.put(.success(try Shelf.text(of: CertificateAuthority(days: 99), days: 3)))
        let later = now + 4 * 86_400
        for _ in 0..<4 { certificate.look(at: later) }
        #expect(certificate.context === first)
        let words = "server.tls.certificate has ended already. Put one in its place that is still valid."
        #expect(shelf.lines.taken == ["error: The former certificate stays in use: \(words)"])
        // When neither is valid, what is there is what the operator has asked for.
        certificate.look(at: now + 100 * 86_400)
        #expect(certificate.context !== first)
        #expect(shelf.lines.taken.last?.contains("has ended: clients refuse it") == true)
    }

    @Test("Its end is told daily from two weeks before on, and afterwards")
    func reminder() throws {
        let shelf = try Shelf()
        let certificate = try shelf.certificate()
        let now = time(nil)
        certificate.remind(at: now + 84 * 86_400)
        #expect(shelf.lines.taken == [])
        for day in [86, 86, 87, 99, 100] { certificate.remind(at: now + day * 86_400 - 60) }
        let told = shelf.lines.taken
        #expect(told.count == 4 && told[0].contains("ends in 13 days") && told[3].contains("has ended"), "\(told)")
        shelf.put(.success(try Shelf.text(of: CertificateAuthority(days: 99), days: 3)))
        certificate.look(at: time(nil))
        #expect(shelf.lines.taken.last?.contains("days. Put another one") == true)
    }

    @Test("One that cannot be used at the start is refused in a sentence")
    func refused() throws {
        let shelf = try Shelf()
        shelf.put(.failure(CertificateProblem("There is no such file.")))
        #expect(throws: CertificateProblem("There is no such file.")) { try shelf.certificate() }
    }
}

@Suite("The server with TLS")
struct TLSServerTests {
    /// Runs a server for clients with TLS while `body` runs.
    private func withTLS(
        limits: ServerLimits = .patient, _ body: (TestServer, Shelf, ServerCertificate) async throws -> Void
    ) async throws {
        let shelf = try Shelf()
        let certificate = try shelf.certificate()
        try await withClientServer(limits: limits, certificate: certificate) { server in
            try await body(server, shelf, certificate)
        }
    }

    @Test("A client that trusts the authority is served, on a connection that stays")
    func served() async throws {
        try await withTLS { server, shelf, _ in
            let connection = try await RawConnection.open(server.address, trusting: shelf.authority)
            for _ in 0..<3 {
                try await connection.send(TestServer.request("/createTask", TestServer.createTask()))
                #expect(try await connection.response().succeeded)
            }
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await connection.response().status == 200)
            #expect(await connection.rest() == "")
        }
    }

    @Test("Versions before 1.2 are refused, 1.2 and 1.3 are served, and HTTP/1.1 is what is agreed on")
    func versions() async throws {
        try await withTLS { server, shelf, _ in
            for version in [TLSVersion.tlsv1, .tlsv11, .tlsv12, .tlsv13] {
                var agreed: String?
                do {
                    let connection = try await RawConnection.open(
                        server.address, trusting: shelf.authority, version: version, protocols: ["h2", "http/1.1"])
                    try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try await connection.response().status == 200)
                    agreed = connection.agreedProtocol
                    await connection.close()
                } catch {
                    #expect(version == .tlsv1 || version == .tlsv11, "\(version): \(error)")
                    continue
                }
                #expect(version == .tlsv12 || version == .tlsv13, "\(version)")
                #expect(agreed == "http/1.1")
            }
        }
    }

    @Test("A replaced certificate is shown to the connections that come then, and open ones go on")
    func reloaded() async throws {
        try await withTLS { server, shelf, certificate in
            let old = try await RawConnection.open(server.address, trusting: shelf.authority)
            try await old.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await old.response().status == 200)
            let next = try CertificateAuthority(days: 1)
            shelf.put(.success(try Shelf.text(of: next)))
            certificate.look(at: time(nil))
            let new = try await RawConnection.open(server.address, trusting: try next.made().certificate)
            for connection in [old, new] {
                try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().status == 200)
                await connection.close()
            }
            await #expect(throws: (any Error).self) {
                let refused = try await RawConnection.open(server.address, trusting: shelf.authority)
                try await refused.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await refused.response()
            }
        }
    }

    @Test("Who never ends a handshake is closed when a request's head would be overdue", .timeLimit(.minutes(1)))
    func slowHandshake() async throws {
        var limits = ServerLimits.patient
        limits.headSeconds = 2
        try await withTLS(limits: limits) { server, shelf, _ in
            let patient = try await RawConnection.open(server.address, trusting: shelf.authority)
            let health = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            try await patient.send(health)
            #expect(try await patient.response().status == 200)
            let start = ContinuousClock.now
            let (silent, slow) = (try await server.connect(), try await server.connect())
            // The beginning of a handshake record of 512 bytes that never comes. On a crowded machine the server may
            // have closed the connection by now.
            try? await slow.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
            for connection in [silent, slow] { #expect(await connection.rest() == "") }
            // Beyond that the tests' own connections end by themselves.
            #expect(ContinuousClock.now - start < .seconds(patience * 0.9))
            // One that has ended its handshake may be silent for longer.
            try await patient.send(health)
            #expect(try await patient.response().status == 200)
        }
    }

    @Test("Garbage, plain HTTP and connections that end at once do no harm", .timeLimit(.minutes(1)))
    func garbage() async throws {
        try await withTLS { server, shelf, _ in
            var random = SeededGenerator(seed: 9)
            for round in 0..<60 {
                let connection = try await server.connect()
                switch round % 4 {
                case 0: try? await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                case 1: try? await connection.send((0..<400).map { _ in UInt8.random(in: 0...255, using: &random) })
                case 2:
                    try? await connection.send([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00])
                default:
                    await connection.close()
                    continue
                }
                try? await connection.finishSending()
                #expect(!(await connection.rest()).hasPrefix("HTTP/"), "nothing is answered in plain text")
            }
            let connection = try await RawConnection.open(server.address, trusting: shelf.authority)
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await connection.response().status == 200)
            await connection.close()
            let gauge = { String(decoding: server.metrics.render(), as: UTF8.self) }
            try await eventually("no connection is left") {
                gauge().contains(#"ucaptcha_http_connections{listener="client"} 0"#)
            }
        }
    }
}
