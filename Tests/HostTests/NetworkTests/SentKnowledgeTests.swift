import Foundation
import OutboundHTTP
import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("Whether a failed request was surely not sent")
struct SentKnowledgeTests {
    @Test("A refused connection and an unknown name are surely not sent")
    func noConnection() throws {
        let transport = try VendorTransport.direct()
        let port = try NetworkPeer.unusedPort()
        for url in ["http://127.0.0.1:\(port)/", "http://no-such-host.invalid/"] {
            let failure = try #require(try transport.failure(url))
            #expect(failure.kind == .connect)
            #expect(failure.sent == .no)
        }
    }

    @Test("A peer that closes before the TLS handshake surely did not get the request")
    func closedBeforeHandshake() throws {
        let peer = try NetworkPeer { _ = $0.fill() }
        defer { peer.close() }
        let failure = try #require(try VendorTransport.direct().failure("https://127.0.0.1:\(peer.port)/"))
        #expect(failure.kind == .tls)
        #expect(failure.sent == .no)
        #expect(peer.connections == 1)
    }

    @Test("A peer that says nothing during the TLS handshake surely did not get the request")
    func silentHandshake() throws {
        let peer = try NetworkPeer { $0.waitForEnd() }
        defer { peer.close() }
        let failure = try #require(
            try VendorTransport.direct().failure(
                OutboundRequest(url: "https://127.0.0.1:\(peer.port)/", timeoutSeconds: 0.3)))
        #expect(failure.kind == .timeout)
        #expect(failure.sent == .no)
    }

    @Test("A peer that reads the request and closes may have got it", arguments: ["GET", "POST"])
    func closedAfterRequest(method: String) throws {
        let peer = try NetworkPeer { _ = $0.request() }
        defer { peer.close() }
        let failure = try #require(
            try VendorTransport.direct().failure(OutboundRequest(method: method, url: peer.url)))
        #expect(failure.kind == .interrupted)
        #expect(failure.sent == .maybe)
        #expect(peer.requests == 1)
    }

    @Test(
        "A request that is lost on a reused connection is not repeated behind the caller's back",
        arguments: ["GET", "POST"])
    func reusedConnection(method: String) throws {
        let peer = try NetworkPeer { connection in
            guard connection.request() != nil else { return }
            connection.respond()
            _ = connection.request()
        }
        defer { peer.close() }
        let transport = try VendorTransport.direct()
        let request = OutboundRequest(method: method, url: peer.url)
        #expect(try transport.exchange(request).status == 200)
        let failure = try #require(try transport.failure(request))
        #expect(failure.kind == .interrupted)
        #expect(failure.sent == .maybe)
        #expect(peer.requests == 2)
        // The transport goes on with a new connection, on which nothing was sent before.
        #expect(try transport.exchange(request).status == 200)
        #expect(peer.requests == 3)
    }

    @Test("A connection that was closed while idle is replaced without a failure")
    func idleConnectionClosed() throws {
        let peer = try NetworkPeer { connection in
            guard connection.request() != nil else { return }
            connection.respond()
            connection.finish()
        }
        defer { peer.close() }
        let transport = try VendorTransport.direct()
        #expect(try transport.exchange(peer.url).status == 200)
        #expect(peer.events.wait(for: "finished", count: 1))
        #expect(try transport.exchange(OutboundRequest(method: "POST", url: peer.url)).status == 200)
        #expect(peer.requests == 2)
        #expect(peer.connections == 2)
    }

    @Test("A response that breaks off, or a body that drips past the deadline, may have been sent")
    func brokenResponse() throws {
        let peer = try NetworkPeer { connection in
            guard let request = connection.request() else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome")
            if request.line.contains("/slow") { connection.waitForEnd() }
        }
        defer { peer.close() }
        let transport = try VendorTransport.direct()
        let broken = try #require(try transport.failure(peer.url))
        #expect(broken.kind == .interrupted)
        #expect(broken.sent == .maybe)
        let begun = ContinuousClock.now
        let slow = try #require(
            try transport.failure(OutboundRequest(url: "\(peer.url)/slow", timeoutSeconds: 0.3)))
        let taken = ContinuousClock.now - begun
        #expect(slow.kind == .timeout)
        #expect(slow.sent == .maybe)
        #expect(taken >= .milliseconds(300))
        #expect(taken < .seconds(5))
        #expect(peer.events.wait(for: "end"), "the connection is closed at the deadline")
    }

    @Test("No part of URL, headers or bodies is in a failure or in a request's own description")
    func secrecy() throws {
        let secret = "sEcReT"
        let peer = try NetworkPeer { connection in
            guard let request = connection.request() else { return }
            if request.line.contains("slow") { connection.waitForEnd() }
            if request.line.contains("garbage") { connection.send("\(secret) garbage\r\n\r\n") }
        }
        defer { peer.close() }
        let port = try NetworkPeer.unusedPort()
        let transport = try VendorTransport.direct()
        let urls = [
            "http://127.0.0.1:\(port)/\(secret)?k=\(secret)", "\(peer.url)/\(secret)", "\(peer.url)/slow?\(secret)",
            "\(peer.url)/garbage", "https://127.0.0.1:\(peer.port)/\(secret)", "http://\(secret):\(secret)@localhost/",
            "ftp://host/\(secret)", "\(secret)", "http://no-such-host.invalid/\(secret)", "http://127.0.0.1:\(secret)/",
        ]
        for url in urls {
            let request = OutboundRequest(
                method: "POST", url: url, headers: [HTTPRequest.Header("X-Key", secret)], body: Array(secret.utf8),
                timeoutSeconds: 0.5)
            let failure = try #require(try transport.failure(request))
            #expect(!"\(failure)".contains(secret), "\(failure)")
            var dumped = ""
            dump(request, to: &dumped)
            for text in ["\(request)", String(reflecting: request), dumped] { #expect(!text.contains(secret)) }
        }
        for header in [HTTPRequest.Header("X-\(secret)\n", "1"), HTTPRequest.Header("X-Key", "\(secret)\r\nX: y")] {
            let failure = try #require(try transport.failure(OutboundRequest(url: peer.url, headers: [header])))
            #expect(failure.kind == .refused)
            #expect(!"\(failure)".contains(secret))
        }
    }
}
