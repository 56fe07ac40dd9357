import Foundation
import OutboundHTTP
import ProviderKit
import TestSupport
import Testing

private let hasNginx = (try? NetworkProgram.run(["nginx", "-v"])) != nil

@Suite("HTTP/2", .enabled(if: hasNginx, "nginx is not installed; it is the tests' HTTP/2 server."))
struct HTTP2Tests {
    /// Runs `body` with nginx, which answers with the protocol and the number of the connection.
    private func withNginx(_ rules: String = "", _ body: (Int, VendorTransport) throws -> Void) throws {
        try NetworkProgram.withFolder { folder in
            try NetworkProgram.makeCertificate("peer", names: "IP:127.0.0.1", in: folder)
            let port = try NetworkPeer.unusedPort()
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \($0);" }
            try """
            pid nginx.pid; error_log error.log; worker_processes 1; events { worker_connections 512; }
            http {
                access_log off; \(temporary.joined(separator: " ")) \(rules)
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    ssl_certificate \(folder.path)/peer.pem; ssl_certificate_key \(folder.path)/peer.key;
                    location / { return 200 "$server_protocol $connection"; }
                }
            }
            """.write(to: folder.appendingPathComponent("nginx.conf"), atomically: true, encoding: .utf8)
            let server = try NetworkServers.nginx(in: folder)
            defer { server.close() }
            let caFile = folder.appendingPathComponent("peer.pem").path
            try body(port, VendorTransport.direct(caFile: caFile))
        }
    }

    @Test("Exchanges at once share one HTTP/2 connection")
    func shared() throws {
        try withNginx { port, transport in
            let results = Results()
            for _ in 0..<200 {
                let request = OutboundRequest(method: "POST", url: "https://127.0.0.1:\(port)/", body: [1, 2, 3])
                _ = transport.send(request, completion: results.completion)
            }
            for _ in 0..<200 { #expect(results.wait()) }
            #expect(results.failures == [])
            let replies = Set(results.all.compactMap { try? $0.get().text })
            #expect(replies.count == 1)
            #expect(replies.first?.hasPrefix("HTTP/2.0 ") == true)
        }
    }

    @Test("A connection that the server retires is replaced")
    func retired() throws {
        try withNginx("keepalive_requests 10;") { port, transport in
            let replies = try (0..<35).map { _ in try transport.exchange("https://127.0.0.1:\(port)/").text }
            #expect(Set(replies).count == 4)
        }
    }
}
