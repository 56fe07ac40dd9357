import Foundation
import ProviderKit
import Synchronization
import TestSupport
import TestTraits
import Testing

/// Callbacks and waits through the real binary, with a server of a client's and with `kill -9`.
@Suite("How clients of a host learn of ends", .waitsForPrograms, .serialized)
struct CallbackTests {
    private static let adapter = "  good:\n    enabled: true\n    prices: { altcha: 0.0002 }"
    private static let loopback = "callbacks:\n  allowAddresses: [127.0.0.1]"

    private struct Setup {
        let folder: TemporaryFolder
        let host: HostProcess
        let key: String

        init(_ extra: String = CallbackTests.loopback) throws {
            folder = try TemporaryFolder()
            host = try HostProcess(in: folder.url, adapters: CallbackTests.adapter, extra: extra)
            try host.install("good")
            key = try host.makeAccount(deposit: "1").key
        }

        func create(_ url: String, key: String? = nil) throws -> JSONValue {
            let body: JSONObject = [
                "clientKey": .string(key ?? self.key), "callbackUrl": .string(url),
                "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#],
            ]
            return try LoopbackHTTP(port: host.port).post("/ucaptcha/createTask", .object(body)).json
        }

        func metrics() throws -> String {
            String(decoding: try LoopbackHTTP(port: host.adminPort).get("/metrics").body, as: UTF8.self)
        }
    }

    /// A server of a client's: what it was told, in order.
    private final class Server: Sendable {
        let requests = Mutex<[NetworkConnection.Request]>([])

        var lines: [String] { requests.withLock { $0.map(\.line) } }

        func serve(_ connection: NetworkConnection) {
            while let request = connection.request() {
                requests.withLock { $0.append(request) }
                connection.respond()
            }
        }
    }

    @Test("a callback tells the end as documented, signed, on a connection of its own")
    func delivered() async throws {
        let setup = try Setup()
        let server = Server()
        let peer = try NetworkPeer(server.serve)
        defer { peer.close() }
        try await setup.host.start()
        let made = try setup.create("http://127.0.0.1:\(peer.port)/hook-secret?shop=7")
        let id = try #require(made["taskId"]?.string, "\(made.text)")
        try await eventually("the callback has come") { !server.lines.isEmpty }
        let request = try #require(server.requests.withLock { $0.first })
        let expected = "GET /hook-secret?shop=7&captcha_id=\(id)&status=1&code="
        #expect(request.line.hasPrefix(expected))
        let code = request.line.dropFirst(expected.count).prefix { $0 != " " }
        #expect(!code.isEmpty)
        try await eventually("it is counted") {
            try setup.metrics().contains("ucaptcha_callbacks_total{end=\"delivered\"} 1")
        }
        #expect(try setup.metrics().contains("ucaptcha_callback_attempts_total{result=\"2xx\"} 1"))
        #expect(!setup.host.log.contains("hook-secret"))

        // The documentation's own way to verify it.
        let document = try ProjectTree.text(of: "docs/callbacks.md")
        let program = try #require(
            document.components(separatedBy: "```python\n").last?.components(separatedBy: "```").first)
        let signature = try #require(request.header("Ucaptcha-Signature"))
        func verdict(_ code: String, _ key: String, _ signature: String) throws -> String {
            let call = "\nprint(is_genuine(*__import__('sys').argv[1:]))\n"
            let result = try run(
                URL(filePath: "/usr/bin/env"),
                ["python3", "-c", program + call, key, signature, id, "1", code.removingPercentEncoding ?? ""])
            return result.output.trimmingCharacters(in: .whitespacesAndNewlines) + result.errors
        }
        #expect(try verdict(String(code), setup.key, signature) == "True")
        #expect(try verdict(String(code) + "x", setup.key, signature) == "False")
        #expect(try verdict(String(code), "ucap_" + String(repeating: "x", count: 32), signature) == "False")
        let old = signature.replacing(/t=\d+/) { _ in "t=1600000000" }
        #expect(try verdict(String(code), setup.key, String(old)) == "False")
    }

    @Test("a callback that was under way when the host was killed comes again, and then no more")
    func killed() async throws {
        let setup = try Setup()
        let server = Server()
        // The first one is left without an answer, so that the kill comes between its arrival and its end.
        let peer = try NetworkPeer { connection in
            guard let request = connection.request() else { return }
            let isFirst = server.requests.withLock { requests in
                requests.append(request)
                return requests.count == 1
            }
            if isFirst { connection.waitForEnd() } else { connection.respond() }
        }
        defer { peer.close() }
        try await setup.host.start()
        let url = "http://127.0.0.1:\(peer.port)/"
        let id = try #require(try setup.create(url)["taskId"]?.string)
        try await eventually("the first one is under way") { server.lines.count == 1 }
        setup.host.kill()
        try await setup.host.start()
        try await eventually("it has come again") { server.lines.count == 2 }
        #expect(Set(server.lines).count == 1 && server.lines[0].contains(id))
        try await eventually("it is done") {
            try setup.metrics().contains("ucaptcha_callbacks_total{end=\"delivered\"} 1")
        }
        setup.host.kill()
        try await setup.host.start()
        // Had the first one been left, it would come before another task's.
        let other = try #require(try setup.create(url)["taskId"]?.string)
        try await eventually("another one has come") { server.lines.contains { $0.contains(other) } }
        #expect(server.lines.count == 3)
    }

    @Test("callbacks of tasks that ended while the client's server was away come when it is back, after a kill too")
    func retried() async throws {
        let setup = try Setup()
        let port = try NetworkPeer.unusedPort()
        try await setup.host.start()
        let ids = try (0..<6).map { _ in
            try #require(try setup.create("http://127.0.0.1:\(port)/")["taskId"]?.string)
        }
        try await eventually("attempts have failed") {
            try setup.metrics().contains("ucaptcha_callback_attempts_total{result=\"connect\"} ")
        }
        setup.host.kill()
        let server = Server()
        let peer = try NetworkPeer(port: port, server.serve)
        defer { peer.close() }
        try await setup.host.start()
        try await eventually("all have come") { Set(server.lines).count == ids.count }
        for id in ids { #expect(server.lines.contains { $0.contains("captcha_id=\(id)&status=1") }) }
    }

    @Test("a name that leads elsewhere at the second attempt is not followed there")
    func rebinding() async throws {
        let setup = try Setup()
        let library = setup.folder.url.appending(path: "moving.so")
        let source = Repository.root.appending(path: "Tests/Support/Resolver/moving.c")
        let compiled = try run(
            URL(filePath: "/usr/bin/cc"), ["-shared", "-fPIC", "-O1", "-o", library.path, source.path, "-ldl"])
        try #require(compiled.status == 0, "\(compiled.errors)")
        setup.host.environment = ["LD_PRELOAD": library.path]
        // It listens at both addresses, and fails what comes, so that there is a second attempt.
        let peer = try NetworkPeer(anyAddress: true) { connection in
            while connection.request() != nil { connection.respond(status: "500 Oops") }
        }
        defer { peer.close() }
        try await setup.host.start()
        #expect(try setup.create("http://moving.example:\(peer.port)/")["errorId"]?.integer == 0)
        try await eventually("the first attempt has failed") {
            try setup.metrics().contains("ucaptcha_callback_attempts_total{result=\"5xx\"} 1")
        }
        try await eventually("the second one is refused") {
            try setup.metrics().contains("ucaptcha_callback_attempts_total{result=\"refused\"} 1")
        }
        #expect(peer.connections == 1)
    }

    @Test("an address in a private network is refused when the task is created, and so is any without callbacks")
    func refused() async throws {
        for (extra, url) in [("", "http://127.0.0.1:1/"), ("callbacks:\n  enabled: false", "https://a.example/")] {
            let setup = try Setup(extra)
            try await setup.host.start()
            let answer = try setup.create(url)
            #expect(answer["errorCode"]?.string == "ERROR_BAD_PARAMETERS", "\(answer.text)")
            #expect(answer["errorDescription"]?.string?.hasPrefix("callbackUrl: ") == true)
            #expect(try setup.host.account(1)["held"]?.string == "0")
        }
    }

    @Test("getTaskResult with `wait` answers when the task ends, and at once when the host stops")
    func waits() async throws {
        let folder = try TemporaryFolder()
        let host = try HostProcess(
            in: folder.url,
            adapters: ["later", "stalls"].map { "  \($0):\n    enabled: true\n    prices: { altcha: 0.0002 }\n" }
                .joined())
        for name in ["later", "stalls"] { try host.install(name) }
        let key = try host.makeAccount(deposit: "1").key
        try await host.start()
        let client = try LoopbackHTTP(port: host.port)
        func request(_ provider: String) throws -> JSONValue {
            let made = try client.post(
                "/createTask",
                [
                    "clientKey": .string(key), "provider": .string(provider),
                    "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#],
                ])
            let id = try #require(made.json["taskId"], "\(made.text)")
            return ["clientKey": .string(key), "taskId": id, "wait": 60]
        }
        for _ in 0..<8 {
            let answer = try client.post("/getTaskResult", try request("later"))
            #expect(answer.json["status"]?.string == "ready", "\(answer.text)")
        }
        let body = try request("stalls").bytes
        try client.write(Array("POST /getTaskResult HTTP/1.1\r\ncontent-length: \(body.count)\r\n\r\n".utf8) + body)
        try await eventually("the request waits") {
            String(decoding: try LoopbackHTTP(port: host.adminPort).get("/metrics").body, as: UTF8.self)
                .contains("ucaptcha_waiting_requests 1")
        }
        let begin = ContinuousClock.now
        #expect(host.stop() == 0)
        #expect(try client.answer().json["status"]?.string == "processing")
        #expect(ContinuousClock.now - begin < .seconds(30))
    }
}
