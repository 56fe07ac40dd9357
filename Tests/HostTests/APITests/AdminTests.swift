import Domain
import Observability
import Testing

@testable import API

@Suite("Health and metrics")
struct AdminTests {
    @Test("The listener for clients tells health and readiness")
    func health() async throws {
        try await withClientServer(readiness: .notReady("The disk is full.")) { server in
            let health = try await server.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect((health.status, health.body) == (200, "ok\n"))
            let ready = try await server.send("GET //readyz/ HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect((ready.status, ready.body) == (503, "The disk is full.\n"))
            let head = try await server.send("HEAD /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(head.status == 503)
            #expect((try await server.post("/healthz", "")).status == 405)
        }
        try await withClientServer { server in
            let ready = try await server.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect((ready.status, ready.body) == (200, "ready\n"))
        }
    }

    @Test("The listener for clients has no metrics")
    func noMetrics() async throws {
        try await withClientServer { server in
            let response = try await server.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try response.errorCode == "ERROR_NO_SUCH_METHOD")
        }
    }

    @Test("The admin listener has metrics and health, and nothing else")
    func admin() async throws {
        let metrics = MetricsRegistry()
        metrics.counter("things_total", "Things.").increment(by: 3)
        try await withServer(metrics: metrics) { onRunning in
            makeAdminServer(
                address: .tcp(host: "127.0.0.1", port: 0), metrics: metrics, readiness: { .ready }, logger: quietLogger,
                onRunning: onRunning)
        } body: { server in
            let response = try await server.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(response.body.contains("\nthings_total 3\n"))
            #expect(response.body.contains("ucaptcha_http_connections{listener=\"admin\"} 1\n"))
            #expect((try await server.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")).body == "ok\n")
            #expect((try await server.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")).status == 200)
            #expect((try await server.post("/metrics", "")).status == 405)
            #expect((try await server.post("/createTask", TestServer.createTask())).status == 404)
        }
    }

    @Test("Requests are counted by call and result")
    func counts() async throws {
        try await withClientServer { server in
            for _ in 0..<3 { _ = try await server.post("/createTask", TestServer.createTask()) }
            _ = try await server.post("/createTask", "{")
            _ = try await server.post("/getTaskResult", #"{"clientKey":"wrong"}"#)
            _ = try await server.post("/nothing", "")
            let tooLarge = "POST /getBalance HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
            _ = try await server.send(tooLarge)
            let text = String(decoding: server.metrics.render(), as: UTF8.self)
            let requests = "ucaptcha_api_requests_total"
            #expect(text.contains("\(requests){call=\"createTask\",code=\"ok\"} 3\n"))
            #expect(text.contains("\(requests){call=\"createTask\",code=\"bad_json\"} 1\n"))
            #expect(text.contains("\(requests){call=\"getTaskResult\",code=\"key_does_not_exist\"} 1\n"))
            #expect(text.contains("\(requests){call=\"getBalance\",code=\"request_too_large\"} 1\n"))
            #expect(text.contains("\(requests){call=\"other\",code=\"no_such_method\"} 1\n"))
            #expect(text.contains("ucaptcha_api_request_seconds_count{call=\"createTask\"} 4\n"))
        }
    }
}
