import Domain
import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Clients that others published, unmodified and at their own pace, against one host with every vendor's adapter.
@Suite("Published clients", .waitsForPrograms, .serialized)
struct PublishedClientTests {
    /// What a client tells its caller of a step.
    enum Told: Sendable {
        /// What is left of the account's 10 USD.
        case balance
        /// What a vendor has solved.
        case solution
        /// Words of the failure, and nothing that could be taken for a success.
        case failure(String)
        /// Solutions, then what the client says of the reports on them.
        case report([JSONValue])
        case exactly(JSONValue)
    }

    struct Client: Sendable {
        let script: String
        let steps: [String: Told]

        /// - Parameters:
        ///   - unsolvable: nil for a client that returns nothing then.
        ///   - report: nil for a client that has no such call.
        ///   - suffix: of the steps' names.
        init(
            _ script: String, solves: [String], wrongKey: String, unsolvable: String?, report: [JSONValue]?,
            more: [String: Told] = ["balance": .balance]
        ) {
            var steps = more
            for name in solves { steps[name] = .solution }
            steps["wrongKey"] = .failure(wrongKey)
            steps["unsolvable"] = unsolvable.map { .failure($0) } ?? .exactly(.null)
            steps["report"] = report.map { .report($0) }
            self.script = script
            self.steps = steps
        }

        /// A client that speaks for several services, with the steps of all of them.
        init(_ script: String, services: [(suffix: String, client: Client)]) {
            self.script = script
            steps = services.reduce(into: [:]) { steps, service in
                for (name, told) in service.client.steps { steps[name + service.suffix] = told }
            }
        }
    }

    private static let all = ["recaptchaV2", "turnstile", "image"]

    static let clients: [Client] = [
        Client(
            "2captcha_python", solves: all + ["asynchronous"], wrongKey: "ApiException: ERROR_KEY_DOES_NOT_EXIST",
            unsolvable: "ApiException: ERROR_CAPTCHA_UNSOLVABLE", report: ["OK_REPORT_RECORDED"]),
        Client(
            "python_rucaptcha", solves: all + ["asynchronous"], wrongKey: "ERROR_KEY_DOES_NOT_EXIST",
            unsolvable: "ERROR_CAPTCHA_UNSOLVABLE", report: ["ERROR_DUPLICATE_REPORT"]),
        Client(
            "anticaptchaofficial", solves: all, wrongKey: "ERROR_KEY_DOES_NOT_EXIST",
            unsolvable: "ERROR_CAPTCHA_UNSOLVABLE", report: ["success", "success"]),
        Client(
            "python3_anticaptcha", solves: all + ["asynchronous"], wrongKey: "ERROR_KEY_DOES_NOT_EXIST",
            unsolvable: "ERROR_CAPTCHA_UNSOLVABLE", report: ["success"]),
        Client(
            "python_anticaptcha", solves: ["recaptchaV2", "image", "asynchronous"],
            wrongKey: "AnticaptchaException: [ERROR_KEY_DOES_NOT_EXIST:1]This API key is not known here.",
            unsolvable: "AnticaptchaException: [ERROR_CAPTCHA_UNSOLVABLE:1]", report: [true, true]),
        Client(
            "capsolver", solves: all, wrongKey: "This API key is not known here.",
            unsolvable: "The task could not be solved.", report: nil),
        Client(
            "python3_capsolver", solves: all + ["asynchronous"], wrongKey: "ERROR_KEY_D",
            unsolvable: "ERROR_CAPTCHA_UNSOLVABLE", report: nil),
        Client(
            "capmonstercloudclient", solves: all, wrongKey: "GetBalanceError", unsolvable: "[ERROR_CAPTCHA_UNSOLVABLE]",
            report: nil),
        Client(
            "captchaai", solves: all + ["asynchronous"], wrongKey: "InvalidKeyError: Key not found",
            unsolvable: "UnsolvableError", report: nil, more: [:]),
        Client(
            "deathbycaptcha_official", solves: all, wrongKey: "AccessDeniedException", unsolvable: nil, report: [true],
            more: ["balance": .balance, "tokenBalance": .balance]),
        Client(
            "unicaps",
            services: [
                ("", unicaps("AccessDeniedError: ERROR_KEY_DOES_NOT_EXIST", "UnableToSolveError: ERROR_CAPTCHA")),
                (
                    "AntiCaptcha",
                    unicaps("AccessDeniedError: ERROR_KEY_DOES_NOT_EXIST", "UnableToSolveError: ERROR_CAPTCHA")
                ),
                ("DeathByCaptcha", unicaps("invalid-credentials", "UnableToSolveError: is_correct=false")),
            ]),
    ]

    private static func unicaps(_ wrongKey: String, _ unsolvable: String) -> Client {
        Client(
            "unicaps", solves: ["recaptchaV2", "image", "asynchronous"], wrongKey: wrongKey, unsolvable: unsolvable,
            report: [true])
    }

    @Test("Each of them solves, is told of a wrong key and of what can't be solved, and reports")
    func all() async throws {
        let setup = try Setup()
        try await setup.start()
        let report = try setup.run(PublishedClientTests.clients.map(\.script))
        let solutions = try setup.solutions()
        for client in PublishedClientTests.clients {
            let found = report[client.script]
            let printed = "\(client.script) printed:\n\(found?["printed"]?.string ?? "nothing")"
            #expect(
                Set((found?["steps"]?.object?.members ?? []).map(\.name))
                    == Set(client.steps.keys)
                    .union(client.script == "captchaai" ? ["threads"] : []), "\(printed)")
            for (name, told) in client.steps {
                let step = found?["steps"]?[name] ?? .null
                #expect(fits(step, told, solutions), "\(client.script), \(name): \(step.text)\n\(printed)")
            }
        }
        // It asks how many threads the account has before anything else, and works with what it is told.
        let threads = report["captchaai"]?["steps"]?["threads"]?["value"]
        #expect((threads?["threads"]?.integer ?? 0) > (threads?["working_threads"]?.integer ?? 0))
        let verified = try setup.host.command("ledger", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(setup.host.stop() == 0)
    }

    /// Whether what became of a step is what the client should tell of it.
    private func fits(_ step: JSONValue, _ told: Told, _ solutions: Set<String>) -> Bool {
        let value = step["value"]
        switch told {
        case .balance:
            // A client that was told cents divides them by 100 in binary: 9.943999999999999.
            let left = (value?.numberText).flatMap { Money(decimal: $0, remainder: .roundedUp) }
            return left.map { $0.nanos > 9_000_000_000 && $0.nanos <= 10_000_000_000 } == true
        case .solution: return value?.string.map { solutions.contains($0) } == true
        case .failure(let words):
            // What a client returns, and does not raise, has a name in the scripts that no success has.
            let said = step["error"]?.string ?? value?["reason"]?.string ?? value?.string ?? ""
            return said.contains(words) && !solutions.contains(said)
        case .report(let answers):
            let all = value?.array ?? []
            return all.count > answers.count && Array(all.suffix(answers.count)) == answers
                && all.dropLast(answers.count).allSatisfy { $0.string.map { solutions.contains($0) } == true }
        case .exactly(let wanted): return value == wanted
        }
    }
}

/// Every vendor of the simulator, of whom none can solve a reCAPTCHA v3, and a host in front of them that speaks TLS as
/// the guide on clients whose address is built in says.
private final class Setup {
    private static let vendors = ["2captcha", "capsolver", "anticaptcha", "capmonster", "multibot"]
    private static let names = [
        "localhost", "2captcha.com", "api.2captcha.com", "api.anti-captcha.com", "api.capsolver.com",
    ]

    let folder: TemporaryFolder
    let host: HostProcess
    private let simulator: SimulatorProcess
    private let plainPort: Int
    private let key: String

    init() throws {
        folder = try TemporaryFolder()
        simulator = try SimulatorProcess(["--no-limits"])
        let behaviour: JSONValue = [
            "latency": ["uniform": [0, 2]], "families": ["recaptchaV3": ["successRate": 0]],
        ]
        _ = try simulator.control(
            "/script", .object(Setup.vendors.reduce(into: JSONObject()) { $0[$1] = behaviour }))
        let key = try folder.write(SimulatorProcess.key + "\n", to: "vendors-key")
        let simulator = simulator
        let adapters = Setup.vendors.map { name in
            """
              \(name):
                enabled: true
                endpoint: \(simulator.address(of: name))
                keys: ["file:\(key.path)"]
                prices: {recaptchaV2: 0.002, recaptchaV3: 0.002, turnstile: 0.002, imageToText: 0.001}
            """ + (name == "multibot" ? "\n    unitValue: 0.001" : "")
        }
        host = try HostProcess(in: folder.url, adapters: adapters.joined(separator: "\n"))
        plainPort = try HostProcess(in: folder.url.appending(path: "other"), adapters: "  none: {}").port
        for name in Setup.vendors {
            try FileManager.default.copyItem(
                at: Repository.build.appending(path: "lib\(name).so"), to: host.plugins.appending(path: "\(name).so"))
        }
        self.key = try host.makeAccount(deposit: "10").key
    }

    /// Gives the host a certificate for the names that clients have built in, and starts it.
    func start() async throws {
        let made = try TestSupport.run(
            HostProcess.program, ["tls", "init"] + Setup.names + ["--config", host.config.path])
        guard made.status == 0 else { throw TestFailure("tls init: \(made.output)\(made.errors)") }
        let lines = """
            server:
              tls: { certificate: tls/server.pem, key: tls/server-key.pem }
              plainPort: \(plainPort)
            """
        let text = try String(contentsOf: host.config, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "server:", with: lines).utf8).write(to: host.config)
        try host.launch()
        try await eventually("the host is ready") { [self] in
            guard host.isRunning else { throw TestFailure("The host ended:\n\(host.log)") }
            return (try? LoopbackHTTP(port: plainPort).get("/readyz").status) == 200
        }
    }

    /// What each client found and printed, by its script.
    func run(_ clients: [String]) throws -> JSONValue {
        guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
            throw TestFailure("\(Repository.python.path) is missing. `make test` sets it up.")
        }
        let settings: JSONValue = [
            "plain": .number(JSONNumber(plainPort)), "tls": .number(JSONNumber(host.port)),
            "authority": .string(folder.url.appending(path: "tls/ca.pem").path), "key": .string(key),
            "wrong": .string("ucap_" + String(repeating: "x", count: 32)), "folder": .string(folder.url.path),
            "seconds": 240,
        ]
        let script = Repository.root.appending(path: "Tests/EndToEndTests/Clients/published.py").path
        let done = try TestSupport.run(
            Repository.python, [script, settings.text] + clients, deadlineSeconds: 300)
        guard done.status == 0 else { throw TestFailure("published.py: \(done.output)\(done.errors)") }
        return try JSONValue(parsing: done.output)
    }

    /// Every text in what the vendors have solved.
    func solutions() throws -> Set<String> {
        var found: Set<String> = []
        for vendor in Setup.vendors {
            let tasks = try simulator.control("/tasks?vendor=\(vendor)")["tasks"]?.array ?? []
            for task in tasks { Setup.gather(task["solution"] ?? .null, into: &found) }
        }
        return found
    }

    private static func gather(_ value: JSONValue, into found: inout Set<String>) {
        if let text = value.string, !text.isEmpty { found.insert(text) }
        for part in value.array ?? value.object?.members.map(\.value) ?? [] { gather(part, into: &found) }
    }
}
