import Domain
import Observability
import Synchronization
import Testing

@testable import API

/// A clock that a test sets.
private final class Clock: Sendable {
    let time = Mutex(Timestamp(milliseconds: 1_700_000_003_500))

    @Sendable func now() -> Timestamp { time.withLock { $0 } }
    func pass(_ seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

@Suite("Counting requests by address")
struct RateLimiterTests {
    @Test("An address may send so many in a window, which ends at a multiple of its length")
    func window() throws {
        let clock = Clock()
        let limiter = RateLimiter(requests: 3, seconds: 10, now: clock.now)
        let standings = (0..<5).map { _ in limiter.count(.v4(1)) }
        #expect(standings.map(\.remaining) == [2, 1, 0, 0, 0])
        #expect(standings.map(\.isOver) == [false, false, false, true, true])
        #expect(standings.allSatisfy { $0.secondsLeft == 7 })
        #expect(standings.allSatisfy { $0.reset == 1_700_000_010 && $0.limit == 3 })
        #expect(limiter.count(.v4(2)).remaining == 2)
        clock.pass(6.4)
        #expect(limiter.count(.v4(1)).isOver)
        clock.pass(0.1)
        let next = limiter.count(.v4(1))
        #expect(!next.isOver && next.remaining == 2 && next.reset == 1_700_000_020)
        // A clock that is set back begins another window, whatever was counted.
        clock.pass(-3600)
        #expect(limiter.count(.v4(1)).remaining == 2)
    }

    @Test("IPv6 addresses count by their first 64 bits, mapped ones as IPv4")
    func prefixes() throws {
        let limiter = RateLimiter(requests: 2, seconds: 10, now: Clock().now)
        let addresses = ["2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "10.0.0.1", "::ffff:10.0.0.1"]
        let remaining = try addresses.map { limiter.count(try #require(IPAddress($0))).remaining }
        #expect(remaining == [1, 0, 1, 1, 0])
    }

    @Test("Whoever sends many stays counted however many others come by, and the others are let in")
    func crowd() throws {
        let limiter = RateLimiter(requests: 1_000, seconds: 10, addresses: 512, now: Clock().now)
        let flooder = IPAddress.v4(0xCB00_7107)
        for _ in 0..<500 { _ = limiter.count(flooder) }
        for other in 0..<200_000 as Range<UInt32> {
            #expect(!limiter.count(.v4(0x0A00_0000 + other)).isOver)
            if other.isMultiple(of: 400) { _ = limiter.count(flooder) }
        }
        #expect(limiter.count(flooder).isOver)
    }

    @Test("Requests that race are all counted", .timeLimit(.minutes(1)))
    func race() async {
        let limiter = RateLimiter(requests: 10_000, seconds: 10, now: Clock().now)
        let let_in = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<2_000).count { _ in !limiter.count(.v4(9)).isOver } }
            }
            return await group.reduce(0, +)
        }
        #expect(let_in == 10_000)
    }
}

@Suite("The limit on requests over HTTP")
struct RateLimitTests {
    private static func access(_ requests: Int) -> ListenerAccess {
        ListenerAccess(rateLimiter: RateLimiter(requests: requests, seconds: 10, now: Clock().now))
    }

    @Test("Every response tells the limit, what is left and when the window ends, whatever it answers")
    func headers() async throws {
        try await withClientServer(access: RateLimitTests.access(100)) { server in
            let requests = [
                TestServer.request("/createTask", TestServer.createTask()), TestServer.request("/createTask", "{"),
                TestServer.request("/nothing", ""), "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /createTask HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n", "nonsense\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "x: y\r\n", count: 200) + "\r\n",
            ]
            for (index, request) in requests.enumerated() {
                let response = try await server.send(request)
                #expect(response.headers["x-ratelimit-limit"] == "100", "\(request.prefix(40))")
                #expect(response.headers["x-ratelimit-remaining"] == "\(99 - index)", "\(request.prefix(40))")
                #expect(response.headers["x-ratelimit-reset"] == "1700000010")
                #expect(response.headers["retry-after"] == nil)
            }
        }
    }

    @Test("One too many is refused in the words of its dialect, and the connection goes on")
    func refused() async throws {
        let service = FakeService()
        try await withClientServer(service, access: RateLimitTests.access(1)) { server in
            let connection = try await server.connect()
            let body = TestServer.createTask()
            try await connection.send(TestServer.request("/createTask", body))
            #expect(try await connection.response().succeeded)
            try await connection.send(TestServer.request("/createTask", body))
            let root = try await connection.response()
            #expect(root.status == 200)
            #expect(try root.errorCode == "ERROR_TOO_MANY_REQUESTS")
            #expect(root.headers["x-ratelimit-remaining"] == "0" && root.headers["connection"] == nil)
            #expect(root.headers["retry-after"] == "7")
            try await connection.send("GET /v1/tasks/7/route HTTP/1.1\r\nHost: a\r\n\r\n")
            let v1 = try await connection.response()
            #expect(v1.status == 429 && v1.headers["retry-after"] == "7")
            #expect(try v1.errorCode == "ERROR_TOO_MANY_REQUESTS")
            try await connection.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await connection.response().status == 429)
            // A client that asks before it sends a body is told at once.
            let expecting = "POST /createTask HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
            try await connection.send(expecting)
            #expect(try await connection.response().errorCode == "ERROR_TOO_MANY_REQUESTS")
            #expect(service.tasks.count == 1)
            let metrics = String(decoding: server.metrics.render(), as: UTF8.self)
            #expect(metrics.contains(#"ucaptcha_api_requests_total{call="createTask",code="too_many_requests"} 2"#))
        }
    }

    @Test(
        "One too many has the status and the code that the dialect's clients know",
        arguments: [
            ("POST", "/ucaptcha/createTask", 429, #""errorCode":"ERROR_TOO_MANY_REQUESTS""#),
            ("POST", "/anticaptcha/createTask", 200, #""errorCode":"ERROR_TOO_MANY_REQUESTS""#),
            ("POST", "/capsolver/getTaskResult", 200, #""errorCode":"ERROR_RATE_LIMIT""#),
            ("POST", "/capmonster/getBalance", 200, #""errorCode":"ERROR_TOO_MUCH_REQUESTS""#),
            ("GET", "/in.php?key=k&json=1", 200, #"{"status":0,"request":"MAX_USER_TURN"}"#),
            ("GET", "/res.php?key=k&action=get&id=1", 200, "ERROR: 1005"),
            ("POST", "/api/captcha", 503, #""error":"service-overload""#),
        ])
    func perDialect(method: String, path: String, status: Int, text: String) async throws {
        let service = FakeService()
        try await withClientServer(service, access: RateLimitTests.access(1)) { server in
            _ = try await server.send("GET", "/healthz", key: nil)
            let refused = try await server.send(method, path, key: nil, body: method == "POST" ? "{}" : "")
            #expect(refused.status == status, "\(refused.body)")
            #expect(refused.body.contains(text), "\(refused.body)")
            #expect(service.keys.isEmpty, "nothing was looked up")
        }
    }

    @Test("Behind a trusted proxy each client has its own count")
    func behindProxy() async throws {
        var access = RateLimitTests.access(1)
        access.trustedProxies = [try IPRange("127.0.0.1")]
        try await withClientServer(access: access) { server in
            for (address, isOver) in [("203.0.113.1", false), ("203.0.113.2", false), ("203.0.113.1", true)] {
                let response = try await server.send(
                    TestServer.request(
                        "/createTask", TestServer.createTask(), headers: "X-Forwarded-For: \(address)\r\n"))
                #expect(response.succeeded == !isOver, "\(address)")
            }
        }
    }
}
