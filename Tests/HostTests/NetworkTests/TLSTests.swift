import Domain
import Foundation
import OutboundHTTP
import ProviderKit
import TestSupport
import Testing

@Suite("TLS")
struct TLSTests {
    /// Runs `body` with a server that shows a certificate for these names, and the certificate's file.
    private func withPeer(names: String, _ body: (Int, String) throws -> Void) throws {
        try NetworkProgram.withFolder { folder in
            try NetworkProgram.makeCertificate("peer", names: names, in: folder)
            let (server, port) = try NetworkServers.tls(certificate: "peer", in: folder)
            defer { server.close() }
            try body(port, folder.appendingPathComponent("peer.pem").path)
        }
    }

    private let loopback = AddressPolicy { $0 == .v4(0x7F00_0001) }

    @Test("A certificate that nobody known signed is refused, surely not sent; a trusted one is accepted and reused")
    func verification() throws {
        try withPeer(names: "IP:127.0.0.1,DNS:localhost") { port, certificate in
            for transport in [
                try VendorTransport.direct(), try ClientAddressTransport(policy: loopback),
            ] as [any OutboundTransport] {
                let failure = try #require(try transport.failure("https://127.0.0.1:\(port)/"))
                #expect(failure.kind == .tls)
                #expect(failure.sent == .no)
            }
            let trusting = try VendorTransport.direct(caFile: certificate)
            let replies = try (0..<3).map { _ in try trusting.exchange("https://127.0.0.1:\(port)/").text }
            #expect(Set(replies.map { $0.prefix { $0 != " " } }).count == 1, "one connection serves all")
            #expect(replies.map { $0.suffix(1) } == ["1", "2", "3"])
            #expect(try trusting.exchange("https://localhost:\(port)/").status == 200)

            let fresh = try ClientAddressTransport(policy: loopback, caFile: certificate)
            let fromFresh = try (0..<3).map { _ in try fresh.exchange("https://127.0.0.1:\(port)/").text }
            #expect(fromFresh.allSatisfy { $0.hasSuffix(" 1") }, "each has a connection of its own")
        }
    }

    @Test("A trusted certificate for another name is refused")
    func wrongName() throws {
        try withPeer(names: "DNS:other.example") { port, certificate in
            for transport in [
                try VendorTransport.direct(caFile: certificate),
                try ClientAddressTransport(policy: loopback, caFile: certificate),
            ] as [any OutboundTransport] {
                let failure = try #require(try transport.failure("https://127.0.0.1:\(port)/"))
                #expect(failure.kind == .tls)
                #expect(failure.sent == .no)
            }
        }
    }

    @Test("A file of certificates that isn't there is said")
    func missingFile() throws {
        let port = try NetworkPeer { $0.waitForEnd() }.port
        let failure = try #require(
            try VendorTransport.direct(caFile: "/nonexistent.pem").failure("https://127.0.0.1:\(port)/"))
        #expect(failure.kind == .tls)
        #expect(failure.sent == .no)
    }

    @Test("Over HTTP/1.1 with TLS too, exchanges at once get connections of their own")
    func parallel() throws {
        try withPeer(names: "IP:127.0.0.1") { port, certificate in
            let transport = try VendorTransport.direct(
                caFile: certificate, limits: TransportLimits(exchangesPerOrigin: 4))
            let results = Results()
            for _ in 0..<40 {
                _ = transport.send(
                    OutboundRequest(url: "https://127.0.0.1:\(port)/"), completion: results.completion)
            }
            for _ in 0..<40 { #expect(results.wait()) }
            #expect(results.failures.isEmpty)
            let connections = Set(results.all.compactMap { try? $0.get().text.prefix { $0 != " " } })
            #expect((2...4).contains(connections.count))
        }
    }
}
