import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// TLS through the real binary: `tls init`, a host with its certificate, and clients that others wrote.
@Suite("TLS of a host", .waitsForPrograms, .serialized)
struct HostTLSTests {
    private struct Setup {
        let folder: TemporaryFolder
        let host: HostProcess
        let key: String
        let plainPort: Int

        init() throws {
            folder = try TemporaryFolder()
            host = try HostProcess(
                in: folder.url, adapters: "  good:\n    enabled: true\n    prices: { altcha: 0.0002 }")
            try host.install("good")
            key = try host.makeAccount(deposit: "1").key
            plainPort = try HostProcess(in: folder.url.appending(path: "other"), adapters: "  good: {}").port
        }

        func path(_ name: String) -> String { folder.url.appending(path: "tls/\(name)").path }

        func initialise(_ words: String...) throws -> ProgramResult {
            try run(HostProcess.program, ["tls", "init"] + words + ["--config", host.config.path])
        }

        /// Gives the host the certificate, and a port without TLS.
        func configure() throws {
            let lines = """
                server:
                  tls: { certificate: tls/server.pem, key: tls/server-key.pem }
                  plainPort: \(plainPort)
                """
            let text = try String(contentsOf: host.config, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "server:", with: lines).utf8).write(to: host.config)
        }

        func start() async throws {
            try host.launch()
            try await eventually("the host is ready") {
                guard host.isRunning else { throw TestFailure("The host ended:\n\(host.log)") }
                return (try? LoopbackHTTP(port: plainPort).get("/readyz").status) == 200
            }
        }

        /// The balance, or the kind of error, by name, of a client that trusts this authority.
        func balances(_ names: [String], trusting authority: String) throws -> JSONValue {
            let script = Repository.root.appending(path: "Tests/EndToEndTests/Clients/tls_client.py").path
            guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
                throw TestFailure("\(Repository.python.path) is missing. `make test` sets it up.")
            }
            let done = try run(
                Repository.python, [script, "\(host.port)", key] + names.map { "\($0)=\(authority)" })
            guard done.status == 0 else { throw TestFailure("\(done.output)\(done.errors)") }
            return try JSONValue(parsing: done.output)
        }
    }

    @Test("The client `requests` is served by names that are mapped to the host, and by none other")
    func served() async throws {
        let setup = try Setup()
        let made = try setup.initialise("api.2captcha.com", "*.example.org", "127.0.0.1")
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("certificate: tls/server.pem") && made.output.contains("REQUESTS_CA_BUNDLE"))
        for file in ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"] {
            let mode = try FileManager.default.attributesOfItem(atPath: setup.path(file))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(file)")
        }
        try setup.configure()
        try await setup.start()
        let names = ["api.2captcha.com", "a.example.org", "127.0.0.1", "api.capsolver.com"]
        let report = try setup.balances(names, trusting: setup.path("ca.pem"))
        #expect(report["api.2captcha.com"]?.numberText == "1" && report["a.example.org"]?.numberText == "1")
        #expect(report["127.0.0.1"]?.numberText == "1" && report["api.capsolver.com"] == "SSLError")
        // Beside it the port without TLS, of the same host.
        let plain = try LoopbackHTTP(port: setup.plainPort).post("/getBalance", ["clientKey": .string(setup.key)])
        #expect(plain.json["balance"]?.numberText == "1" && plain.headers["x-ratelimit-limit"] == "10000")
        #expect(setup.host.stop() == 0)
        #expect(setup.host.log.contains("https://127.0.0.1:\(setup.host.port)"))
    }

    @Test("Another certificate is shown without a restart, and a broken one leaves the former in use")
    func reloaded() async throws {
        let setup = try Setup()
        #expect(try setup.initialise("one.example").status == 0)
        try setup.configure()
        try await setup.start()
        let authority = setup.path("ca.pem")
        #expect(try setup.balances(["one.example", "two.example"], trusting: authority)["two.example"] == "SSLError")

        #expect(try setup.initialise("two.example").errors.contains("--force"))
        #expect(try setup.balances(["one.example"], trusting: authority)["one.example"]?.numberText == "1")
        let again = try setup.initialise("two.example", "--force")
        #expect(again.status == 0 && again.output.contains("is the one that was there"))
        try await eventually("the new certificate is shown") {
            try setup.balances(["two.example"], trusting: authority)["two.example"]?.numberText == "1"
        }
        #expect(try setup.balances(["one.example"], trusting: authority)["one.example"] == "SSLError")

        try Data("nothing".utf8).write(to: URL(filePath: setup.path("server.pem")))
        try await eventually("the host tells of it") { setup.host.log.contains("stays in use") }
        #expect(try setup.balances(["two.example"], trusting: authority)["two.example"]?.numberText == "1")
        #expect(setup.host.stop() == 0)
        // At a start there is no former one.
        try setup.host.launch()
        #expect(setup.host.waitForEnd() != 0)
        #expect(setup.host.log.contains("server.tls.certificate is no certificate in PEM"))
    }

    @Test("A client that never ends its handshake, and garbage, keep nobody from being served")
    func hostile() async throws {
        let setup = try Setup()
        #expect(try setup.initialise("one.example").status == 0)
        try setup.configure()
        try await setup.start()
        let hanging = try (0..<50).map { _ in try LoopbackHTTP(port: setup.host.port) }
        for (index, connection) in hanging.enumerated() {
            try connection.write(
                index.isMultiple(of: 2) ? [0x16, 0x03, 0x01, 0x02] : Array("GET / HTTP/1.1\r\n\r\n".utf8))
        }
        let report = try setup.balances(["one.example"], trusting: setup.path("ca.pem"))
        #expect(report["one.example"]?.numberText == "1")
        withExtendedLifetime(hanging) {}
        #expect(setup.host.stop() == 0)
    }

    @Test("Names and files that cannot be are refused in words, and what is there is not overwritten")
    func refused() throws {
        let setup = try Setup()
        for (name, words) in [("https://a.example", "letters, digits, hyphens"), ("a b.example", "letters, digits")] {
            let refused = try setup.initialise(name)
            #expect(refused.status != 0 && refused.errors.contains(words), "\(refused.errors)")
        }
        #expect(try setup.initialise().status != 0)
        #expect(!FileManager.default.fileExists(atPath: setup.path("ca.pem")))
        #expect(try setup.initialise("a.example").status == 0)
        let authority = try Data(contentsOf: URL(filePath: setup.path("ca.pem")))
        let server = try Data(contentsOf: URL(filePath: setup.path("server.pem")))
        #expect(try setup.initialise("b.example").status != 0)
        #expect(try Data(contentsOf: URL(filePath: setup.path("server.pem"))) == server)
        // The key stays, so that no crash leaves two files that do not fit; without it there is another one.
        let key = try Data(contentsOf: URL(filePath: setup.path("server-key.pem")))
        #expect(try setup.initialise("b_c.example.", "--force").status == 0)
        #expect(try Data(contentsOf: URL(filePath: setup.path("server-key.pem"))) == key)
        try FileManager.default.removeItem(atPath: setup.path("server-key.pem"))
        #expect(try setup.initialise("b_c.example", "--force").status == 0)
        #expect(try Data(contentsOf: URL(filePath: setup.path("server-key.pem"))) != key)
        #expect(try Data(contentsOf: URL(filePath: setup.path("server.pem"))) != server)
        #expect(try Data(contentsOf: URL(filePath: setup.path("ca.pem"))) == authority)
        try Data("nothing".utf8).write(to: URL(filePath: setup.path("server-key.pem")))
        let broken = try setup.initialise("b.example", "--force")
        #expect(broken.status != 0 && broken.errors.contains("Remove it for a new key."), "\(broken.errors)")
        try FileManager.default.removeItem(atPath: setup.path("ca-key.pem"))
        let alone = try setup.initialise("b.example", "--force")
        #expect(alone.status != 0 && alone.errors.contains("alone is there"), "\(alone.errors)")
    }
}
