import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Libraries that others wrote, unmodified, against a real host with the bundled adapter.
@Suite("Real client libraries", .waitsForPrograms, .serialized)
struct ClientLibraryTests {
    private func withHost(_ body: (HostProcess, String, Int64) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let host = try HostProcess(in: folder.url, adapters: "  native:\n    enabled: true")
        try host.installNative()
        let (account, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        try await body(host, key, account)
        #expect(host.stop() == 0)
    }

    private func python(_ script: String, _ arguments: [String], _ environment: [String: String] = [:]) throws
        -> JSONValue
    {
        let path = Repository.root.appending(path: "Tests/EndToEndTests/Clients/\(script)").path
        guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
            throw TestFailure("\(Repository.python.path) is missing. `make test` sets it up.")
        }
        let done = try run(Repository.python, [path] + arguments, environment: environment)
        guard done.status == 0 else { throw TestFailure("\(script): \(done.output)\(done.errors)") }
        return try JSONValue(parsing: done.output)
    }

    @Test(
        "the official ALTCHA library accepts what the host solved; the balance fell by exactly the price"
    )
    func altcha() async throws {
        try await withHost { host, key, account in
            let report = try python("altcha_round_trip.py", ["\(host.port)", key])
            #expect(report["verified"]?.array?.count == 12)
            #expect(report["costs"]?.array?.allSatisfy { $0.numberText == "0.0002" } == true)
            #expect(report["balance"]?.numberText == "0.9976")
            #expect(try host.account(account)["balance"]?.string == "0.9976")
            let verified = try host.command("ledger", "verify")
            #expect(verified.status == 0 && verified.output.contains("12 ") == false, "\(verified.output)")
            #expect(verified.output.contains("13 transactions"))
        }
    }

    @Test("the client `capsolver` reads the balance, gets an ALTCHA and understands errors")
    func capsolver() async throws {
        try await withHost { host, key, _ in
            let report = try python(
                "capsolver_client.py", [key], ["CAPSOLVER_API_BASE": "http://127.0.0.1:\(host.port)/capsolver"])
            #expect(report["balance"]?.numberText == "1")
            #expect(report["verified"]?.bool == true)
            #expect(report["unknownTask"]?.string?.contains("task.type") == true, "\(report.text)")
            #expect(report["wrongKey"]?.string?.contains("API key") == true, "\(report.text)")
        }
    }

    @Test("the client `anticaptchaofficial`, its name resolved to loopback, does too")
    func anticaptcha() async throws {
        try await withHost { host, key, _ in
            let report = try python("anticaptcha_client.py", ["\(host.port)", key, host.folder.path])
            #expect(report["balance"]?.numberText == "1")
            #expect(report["verified"]?.bool == true)
            // Its type is known, and nobody sells it here.
            #expect(report["unsoldTask"]?.string == "NO_PROVIDERS_AVAILABLE")
            #expect(report["wrongKey"]?.string == "ERROR_KEY_DOES_NOT_EXIST")
        }
    }
}
