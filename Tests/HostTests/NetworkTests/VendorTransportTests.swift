import Domain
import Foundation
import OutboundHTTP
import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("The transport for vendors")
struct VendorTransportTests {
    @Test("One connection serves exchanges that follow one another")
    func reuse() throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let transport = try VendorTransport.direct()
        for _ in 0..<5 { #expect(try transport.exchange(peer.url).text == "ok") }
        #expect(peer.requests == 5)
        #expect(peer.connections == 1)
    }

    @Test("A POST arrives byte for byte, with the caller's headers and none that libcurl makes up")
    func post() throws {
        let seen = Mutex<NetworkConnection.Request?>(nil)
        let peer = try NetworkPeer { connection in
            while let request = connection.request() {
                seen.withLock { $0 = request }
                connection.respond(status: "201 Created", headers: "X-Reply: yes\r\n")
            }
        }
        defer { peer.close() }
        // Zero bytes, and more than the size at which curl would ask for "100 Continue" first.
        let body = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try VendorTransport.direct().exchange(
            OutboundRequest(
                method: "POST", url: "\(peer.url)/a/../b?q=1&r=%20x#part",
                headers: [HTTPRequest.Header("X-Empty", ""), HTTPRequest.Header("X-Text", "größe")], body: body))
        #expect(response.status == 201)
        #expect(response.header("x-reply") == "yes")
        let request = try #require(seen.withLock { $0 })
        #expect(request.line.hasPrefix("POST "))
        #expect(request.line.contains("?q=1&r=%20x HTTP/1.1"))
        #expect(request.body == body)
        #expect(request.header("x-empty") == "")
        #expect(request.header("x-text") == "größe")
        #expect(request.header("content-type") == nil)
        #expect(request.header("expect") == nil)
    }

    @Test("Each method arrives as it was asked for", arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    func methods(method: String) throws {
        let line = Mutex("")
        let peer = try NetworkPeer { connection in
            while let request = connection.request() {
                line.withLock { $0 = "\(request.line) \(request.body.count)" }
                if method == "HEAD" { connection.respond("") } else { connection.respond() }
            }
        }
        defer { peer.close() }
        let transport = try VendorTransport.direct()
        let takesBody = !["GET", "HEAD"].contains(method)
        for body in takesBody ? [[], [1, 2, 3]] : [[]] as [[UInt8]] {
            let response = try transport.exchange(OutboundRequest(method: method, url: peer.url, body: body))
            #expect(response.status == 200)
            #expect(line.withLock { $0 } == "\(method) / HTTP/1.1 \(body.count)")
        }
    }

    @Test("A redirect is a response and is not followed")
    func redirect() throws {
        let peer = try NetworkPeer { connection in
            while connection.request() != nil {
                connection.respond(status: "302 Found", headers: "Location: /next\r\n")
            }
        }
        defer { peer.close() }
        let response = try VendorTransport.direct().exchange(peer.url)
        #expect(response.status == 302)
        #expect(response.header("location") == "/next")
        #expect(peer.requests == 1)
    }

    @Test("Only the final response's headers are handed on")
    func informational() throws {
        let peer = try NetworkPeer { connection in
            while connection.request() != nil {
                connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
                connection.respond(headers: "X-Final: 2\r\n")
            }
        }
        defer { peer.close() }
        let response = try VendorTransport.direct().exchange(peer.url)
        #expect(response.status == 200)
        #expect(response.header("x-early") == nil)
        #expect(response.header("x-final") == "2")
    }

    @Test("A body that is too large, plain or once decompressed, is refused")
    func bodyLimit() throws {
        let compressed = Array(
            try NetworkProgram.run([
                "python3", "-c", "import gzip,sys; sys.stdout.buffer.write(gzip.compress(b'0' * 200000))",
            ]))
        #expect(compressed.count < 2_000)
        let peer = try NetworkPeer { connection in
            while let request = connection.request() {
                switch request.line {
                case "GET /plain HTTP/1.1": connection.respond(String(repeating: "0", count: 200_000))
                case "GET /chunked HTTP/1.1":
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while connection.send("1000\r\n\(String(repeating: "0", count: 4096))\r\n") {}
                default: connection.respond(compressed, headers: "Content-Encoding: gzip\r\n")
                }
            }
        }
        defer { peer.close() }
        var limits = TransportLimits.vendors
        limits.responseBytes = 199_999
        let small = try VendorTransport.direct(limits: limits)
        for path in ["plain", "chunked", "gzip"] {
            let failure = try #require(try small.failure("\(peer.url)/\(path)"))
            #expect(failure.kind == .tooLarge)
            #expect(failure.sent == .maybe)
        }
        limits.responseBytes = 200_000
        let large = try VendorTransport.direct(limits: limits)
        for path in ["plain", "gzip"] {
            let response = try large.exchange("\(peer.url)/\(path)")
            #expect(response.body == [UInt8](repeating: 0x30, count: 200_000))
            #expect(response.header("content-encoding") == nil)
        }
    }

    @Test("Headers beyond the limit are refused")
    func headerLimit() throws {
        let peer = try NetworkPeer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Pad: \(String(repeating: "p", count: 1000))\r\n") {}
        }
        defer { peer.close() }
        let failure = try #require(try VendorTransport.direct().failure(peer.url))
        #expect(failure.kind == .tooLarge)
        #expect(failure.sent == .maybe)
    }

    @Test("Each end is told with host, result and duration, before its completion")
    func metrics() throws {
        let peer = try NetworkPeer { connection in
            while connection.request() != nil { connection.respond(status: "404 Not Found") }
        }
        let ends = Mutex<[ExchangeEnd]>([])
        let transport = try VendorTransport.direct { end in ends.withLock { $0.append(end) } }
        _ = try transport.exchange(peer.url)
        peer.close()
        let refused = try NetworkPeer.unusedPort()
        _ = try transport.failure("http://127.0.0.1:\(refused)")
        let seen = ends.withLock { $0 }
        #expect(seen.map(\.origin) == ["127.0.0.1", "127.0.0.1"])
        #expect(seen.map(\.result) == ["4xx", "connect"])
        #expect(seen.allSatisfy { $0.seconds > 0 && $0.seconds < 20 })
    }
}
