import Domain
import Testing

@testable import API

@Suite("Where a request comes from")
struct CallerAddressTests {
    private static let trusted = ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"]

    @Test(
        "It is the last address of X-Forwarded-For that is no trusted proxy",
        arguments: [
            ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7, 10.0.0.9"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1, 203.0.113.7 ,\t10.0.0.9"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1", "203.0.113.7", "10.0.0.9, 10.1.1.1"], "203.0.113.7"),
            ("10.2.3.4", ["[2001:db8::7]:4711"], "2001:db8::7"), ("10.2.3.4", ["2001:db8::7"], "2001:db8::7"),
            ("10.2.3.4", ["[2001:db8::7]"], "2001:db8::7"), ("10.2.3.4", ["203.0.113.7:4711"], "203.0.113.7"),
            ("10.2.3.4", ["::ffff:203.0.113.7"], "203.0.113.7"),
            ("2001:db8:1::1", ["203.0.113.7, 2001:db8:1::2"], "203.0.113.7"),
            // All are proxies: the first of them began.
            ("127.0.0.1", ["10.0.0.1, 10.0.0.2"], "10.0.0.1"), ("127.0.0.1", [], "127.0.0.1"),
            // What cannot be read ends it at the last address that is known.
            ("127.0.0.1", ["203.0.113.7, unknown, 10.0.0.2"], "10.0.0.2"), ("127.0.0.1", [""], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7,"], "127.0.0.1"), ("127.0.0.1", ["203.0.113.7, _x"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7:port"], "127.0.0.1"), ("127.0.0.1", ["[203.0.113.7]"], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7", "a b"], "127.0.0.1"), ("127.0.0.1", ["[2001:db8::7"], "127.0.0.1"),
            ("127.0.0.1", ["[2001:db8::7]x"], "127.0.0.1"), ("127.0.0.1", ["203.0.113.07"], "127.0.0.1"),
            // Whoever is no proxy is not believed.
            ("198.51.100.1", ["203.0.113.7"], "198.51.100.1"), ("2001:db8:2::1", ["203.0.113.7"], "2001:db8:2::1"),
        ])
    func walk(peer: String, lines: [String], expected: String) throws {
        let trusted = try CallerAddressTests.trusted.map { try IPRange($0) }
        let address = CallerAddress.of(peer: IPAddress(peer), forwarded: { lines }, trusted: trusted)
        #expect(address == IPAddress(expected))
    }

    @Test("Without trusted proxies, and without an address of the peer's own, the header is not even looked at")
    func notRead() throws {
        let everybody = try [IPRange("0.0.0.0/0"), IPRange("::/0")]
        func unread() -> [String] {
            Issue.record("The header was read.")
            return []
        }
        #expect(CallerAddress.of(peer: .v4(7), forwarded: unread, trusted: []) == .v4(7))
        #expect(CallerAddress.of(peer: nil, forwarded: unread, trusted: everybody) == nil)
    }

    @Test("A list without end is looked at to a bound")
    func bounded() throws {
        let lines = ["203.0.113.7", Array(repeating: "10.0.0.9", count: 5_000).joined(separator: ",")]
        let address = CallerAddress.of(
            peer: .v4(0x7F00_0001), forwarded: { lines }, trusted: [try IPRange("0.0.0.0/0")])
        #expect(address == IPAddress("10.0.0.9"))
    }

    @Test("The use cases get the address, by the proxies that are trusted")
    func reachesUseCases() async throws {
        for (trusted, expected) in [([], "127.0.0.1"), ([try IPRange("127.0.0.1")], "203.0.113.7")] {
            let service = FakeService()
            try await withClientServer(service, access: ListenerAccess(trustedProxies: trusted)) { server in
                let lines = "X-Forwarded-For: 198.51.100.1, 203.0.113.7\r\nx-forwarded-for: 127.0.0.1\r\n"
                let response = try await server.send(
                    TestServer.request("/createTask", TestServer.createTask(), headers: lines))
                #expect(response.succeeded)
                _ = try await server.send("GET", "/v1/tasks/7/route", key: FakeService.manageKey)
                #expect(service.addresses == [IPAddress(expected), .v4(0x7F00_0001)])
            }
        }
    }

    @Test("Whatever the dialect, the use cases get the address")
    func everyDialect() async throws {
        let service = FakeService()
        let key = FakeService.key
        try await withClientServer(service) { server in
            for path in [
                "/createTask", "/getTaskResult", "/capsolver/getBalance", "/ucaptcha/reportIncorrectImageCaptcha",
            ] {
                _ = try await server.post(path, #"{"clientKey":"\#(key)"}"#)
            }
            for path in [
                "/in.php?key=\(key)&method=userrecaptcha", "/res.php?key=\(key)&action=get&id=1",
                "/res.php?key=\(key)&action=getbalance", "/api/user?authtoken=\(key)",
                "/api/captcha/7?authtoken=\(key)",
            ] {
                _ = try await server.send("GET", path, key: nil)
            }
            for path in ["/api/captcha", "/api/captcha/7/report"] {
                _ = try await server.post(path, #"{"authtoken":"\#(key)"}"#)
            }
            #expect(service.addresses == Array(repeating: .v4(0x7F00_0001), count: 11))
        }
    }

    @Test("A caller on a socket file has no address")
    func socketFile() async throws {
        let service = FakeService()
        let path = "/tmp/ucaptcha-access-\(UInt32.random(in: 0 ... .max)).socket"
        let access = ListenerAccess(
            trustedProxies: [try IPRange("0.0.0.0/0")],
            rateLimiter: RateLimiter(requests: 1, seconds: 9, now: { .zero }))
        try await withClientServer(service, address: .unixSocket(path: path), access: access) { server in
            for _ in 0..<3 {
                let header = "X-Forwarded-For: 203.0.113.7\r\n"
                let response = try await server.send(
                    TestServer.request("/createTask", TestServer.createTask(), headers: header))
                #expect(response.succeeded && response.headers["x-ratelimit-limit"] == nil)
            }
            #expect(service.addresses == [nil, nil, nil])
        }
    }
}

extension Timestamp {
    static let zero = Timestamp(milliseconds: 0)
}
