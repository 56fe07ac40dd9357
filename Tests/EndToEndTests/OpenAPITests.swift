import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// The description of the calls, held against what others have written about OpenAPI and against a running host.
@Suite("OpenAPI", .waitsForPrograms, .serialized)
struct OpenAPITests {
    private func python(_ script: String, _ arguments: [String]) throws -> JSONValue {
        let path = Repository.root.appending(path: "Tests/EndToEndTests/Clients/\(script)").path
        guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
            throw TestFailure("\(Repository.python.path) is missing. `make test` sets it up.")
        }
        // The order of sets is to be the same each time, too.
        let done = try run(Repository.python, [path] + arguments, environment: ["PYTHONHASHSEED": "0"])
        guard done.status == 0 else { throw TestFailure("\(script): \(done.output)\(done.errors)") }
        return try JSONValue(parsing: done.output)
    }

    @Test("The description is valid OpenAPI 3.1, and every example in it is of its schema")
    func valid() throws {
        let report = try python("openapi_check.py", [Repository.root.appending(path: "docs/openapi.json").path])
        #expect(report["problems"] == [], "\(report.text)")
        #expect(try #require(report["examples"]?.integer) > 100)
    }

    /// Keys at providers with which nothing is bought yet, by provider.
    private static let recyclable: [(provider: String, key: String)] =
        ["2captcha", "anticaptcha", "capmonster", "multibot"].flatMap { provider in
            (1...3).map { (provider, "0123456789abcdef0123456789abcde\($0)") }
        } + [("capsolver", "CAP-0123456789ABCDEF0123456789ABCDEF")]

    @Test("schemathesis finds no server error, and no answer that the description doesn't have")
    func fuzzed() async throws {
        let isSoak = ProcessInfo.processInfo.environment["UCAPTCHA_SOAK"] == "1"
        let money = "fedcba9876543210fedcba9876543210"
        let simulator = try SimulatorProcess(
            ["--no-limits"] + OfferedPrices.providers.flatMap { ["--key", "\($0)=\(money):1000000"] }
                + Self.recyclable.flatMap { ["--key", "\($0.provider)=\($0.key):5"] })
        let behaviour = try JSONValue(parsing: #"{"latency": {"uniform": [0, 1]}, "successRate": 0.9}"#)
        _ = try simulator.control(
            "/script", .object(JSONObject(OfferedPrices.providers.map { .init($0, behaviour) })))
        let prices = try OfferedPrices()
        let through = try await ProviderHost(
            simulator,
            OfferedPrices.providers.map {
                .init(name: $0, plugin: $0, key: money, prices: prices.configuration(of: $0))
            }, extra: "vault:\n  masterKey: file:secrets/master-key"
        ) { host in
            guard try host.command("vault", "init").status == 0 else { throw TestFailure("vault init failed.") }
        }
        let deposit = try through.host.command("deposit", "\(through.account)", "100000")
        #expect(deposit.status == 0, "\(deposit.errors)")
        let made = try through.host.command("key", "create", "\(through.account)", "--json")
        let solving = try #require(try JSONValue(parsing: made.output)["apiKey"]?.string)
        let poor = try through.host.makeAccount(deposit: "0.0001").key
        // What fails once fails always: the seed changes in the long run alone.
        let seed = isSoak ? Int.random(in: 1...1_000_000_000) : 20_260_131
        let requests = isSoak ? 20_000 : 2_000
        let settings: JSONValue = [
            "port": .number(JSONNumber(through.host.port)), "requests": .number(JSONNumber(requests)),
            "seed": .number(JSONNumber(seed)), "keys": .array([through.key, solving, poor].map { .string($0) }),
            "recyclable": .array(
                Self.recyclable.map { ["provider": .string($0.provider), "key": .string($0.key)] }),
        ]
        let report = try python("openapi_fuzz.py", [settings.text])
        #expect(report["failures"] == [], "with seed \(seed): \(report.text)")
        // It got past the first checks: tasks were taken and solved, and what is wrong was told in many ways.
        let least = [
            "requests": requests, "successes": requests / 10, "tasks": requests / 40, "solutions": requests / 200,
            "accountSuccesses": requests / 40,
        ]
        for (name, count) in least {
            #expect(try #require(report[name]?.integer) >= count, "\(name): \(report.text)")
        }
        #expect(try #require(report["codes"]?.object?.members.count) > 20, "\(report.text)")
        #expect(through.host.isRunning)
        let verified = try through.host.command("ledger", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(through.host.stop() == 0)
    }
}
