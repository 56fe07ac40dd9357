import Domain
import Foundation
import OutboundHTTP
import ProviderKit
import TestSupport
import Testing

@Suite("The transport for addresses that clients name")
struct ClientAddressTransportTests {
    /// Lets the tests' own servers through, and nothing else.
    private static let loopback = AddressPolicy { $0 == .v4(0x7F00_0001) }

    @Test(
        "No connection is made to an address that isn't public, however it is written",
        arguments: [
            "http://127.0.0.1", "http://localhost", "http://127.1", "http://2130706433", "http://0x7f000001",
            "http://0177.0.0.1", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]",
            "http://[64:ff9b::7f00:1]", "http://0.0.0.0", "http://[::]", "http://10.0.0.1", "http://172.16.0.1",
            "http://192.168.1.1", "http://169.254.169.254", "http://100.100.100.200", "http://224.0.0.1",
            "http://255.255.255.255", "http://[fd00::1]", "http://[fe80::1]", "http://[ff02::1]",
            "http://[2002:7f00:1::]",
            "https://127.0.0.1", "http://192.0.2.1", "http://198.18.0.1", "http://240.0.0.1",
        ])
    func refused(address: String) throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let failure = try #require(try ClientAddressTransport().failure("\(address):\(peer.port)/secret"))
        #expect(failure.kind == .refused)
        #expect(failure.sent == .no)
        #expect(failure.message.hasSuffix("has no address that the host may connect to."))
        #expect(peer.connections == 0)
    }

    @Test("The policy is asked about the address that a name led to")
    func name() throws {
        let peer = try NetworkPeer { $0.respondAlways() }
        defer { peer.close() }
        let asked = NetworkEvents()
        let policy = AddressPolicy { address in
            asked.note("\(address)")
            return address == .v4(0x7F00_0001)
        }
        // The name leads to ::1 as well, which this policy refuses; the address that is left serves.
        let response = try ClientAddressTransport(policy: policy).exchange("http://localhost:\(peer.port)/")
        #expect(response.status == 200)
        #expect(asked.count("\(IPAddress.v4(0x7F00_0001))") == 1)
    }

    @Test("Each exchange has a connection of its own, and no redirect is followed")
    func freshConnections() throws {
        let peer = try NetworkPeer { connection in
            while connection.request() != nil {
                connection.respond(status: "307 Temporary Redirect", headers: "Location: /\r\n")
            }
        }
        defer { peer.close() }
        let transport = try ClientAddressTransport(policy: Self.loopback)
        for _ in 0..<3 { #expect(try transport.exchange(peer.url).status == 307) }
        #expect(peer.connections == 3)
        #expect(peer.requests == 3)
        #expect(peer.events.wait(for: "connection", count: 3))
    }

    @Test("User names, passwords and other schemes are refused")
    func badURLs() throws {
        let transport = try ClientAddressTransport(policy: .any)
        for url in [
            "http://user@127.0.0.1/", "http://user:word@127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/",
            "gopher://127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "", "http://", "http:///path", "http://a b/",
            "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://[fe80::1%25eth0]/", "http://ex%61mple.com%0d%0a/",
        ] {
            let failure = try #require(try transport.failure(url))
            #expect(failure.kind == .refused, "\(url)")
            #expect(failure.sent == .no, "\(url)")
        }
    }

    @Test("Its body limit is the smaller one, and the metrics don't name the client's host")
    func limits() throws {
        let peer = try NetworkPeer {
            $0.respondAlways(String(repeating: "x", count: Limits.clientAddressBodyBytes + 1))
        }
        defer { peer.close() }
        let ends = NetworkEvents()
        let transport = try ClientAddressTransport(policy: Self.loopback) { ends.note("\($0.origin) \($0.result)") }
        let failure = try #require(try transport.failure(peer.url))
        #expect(failure.kind == .tooLarge)
        #expect(ends.count("client-address tooLarge") == 1)
    }

    @Test("It ignores the environment's proxies, which the vendors' transport follows")
    func environmentProxy() async throws {
        // In a process of its own, since an environment belongs to all tests.
        await #expect(processExitsWith: .success) {
            let target = try NetworkPeer { $0.respondAlways("direct") }
            let proxy = try NetworkPeer { $0.respondAlways("proxy") }
            for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, proxy.url, 1) }
            for name in ["no_proxy", "NO_PROXY"] { unsetenv(name) }
            let client = try ClientAddressTransport(policy: AddressPolicy { $0 == .v4(0x7F00_0001) })
            try #require(try client.exchange(target.url).text == "direct")
            try #require(try VendorTransport().exchange(target.url).text == "proxy")
            setenv("no_proxy", "127.0.0.1", 1)
            try #require(try VendorTransport().exchange(target.url).text == "direct")
        }
    }
}
