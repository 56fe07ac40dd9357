import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Provider keys that accounts hand over to a real host, in front of simulated vendors: what is on them becomes credit,
/// and nothing of them shows.
@Suite("Recycled keys of a host", .waitsForPrograms, .serialized)
struct RecycledKeyEndToEndTests {
    static let keys = [
        "2captcha": "d1ce0000111122223333444455556666", "capsolver": "CAP-D1CE0000111122223333444455556666",
        "anticaptcha": "facade00111122223333444455556666", "capmonster": "decade00111122223333444455556666",
        "multibot": "5eed0000111122223333444455556666",
    ]
    static let platformKey = "c0ffee00111122223333444455556666"

    /// A host with every vendor of the simulator, where every customer has 10 units, and one with nothing.
    final class Setup {
        let folder: TemporaryFolder
        let simulator: SimulatorProcess
        let host: HostProcess
        /// Everything that the host has answered to clients and on the command line.
        private(set) var replies = ""

        init() throws {
            folder = try TemporaryFolder()
            let customers = RecycledKeyEndToEndTests.keys.flatMap { ["--key", "\($0.key)=\($0.value):10"] }
            let quick = #"{"latency": {"uniform": [0.2, 1]}}"#
            let vendors = RecycledKeyEndToEndTests.keys.keys.map { "\"\($0)\": \(quick)" }.joined(separator: ", ")
            let script = try folder.write("{\(vendors)}", to: "vendors.json")
            simulator = try SimulatorProcess(
                ["--script", script.path, "--no-limits"] + customers + [
                    "--key", "2captcha=\(RecycledKeyEndToEndTests.platformKey):10",
                ])
            let simulator = simulator
            let prices = "{recaptchaV2: 0.002, recaptchaV3: 0.002, turnstile: 0.002, imageToText: 0.001}"
            let adapters = RecycledKeyEndToEndTests.keys.keys.sorted().map { name in
                var lines = ["  \(name):", "    enabled: true", "    endpoint: \(simulator.address(of: name))"]
                lines.append("    prices: \(prices)")
                // A token of Multibot's is worth something else than a dollar.
                if name == "multibot" { lines.append("    unitValue: 0.001") }
                if name == "2captcha" { lines.append("    keys: [env:TEST_PLATFORM_KEY]") }
                return lines.joined(separator: "\n")
            }
            host = try HostProcess(
                in: folder.url, adapters: adapters.joined(separator: "\n"),
                extra: "vault:\n  masterKey: file:secrets/master-key")
            host.environment = ["TEST_PLATFORM_KEY": RecycledKeyEndToEndTests.platformKey]
            for name in RecycledKeyEndToEndTests.keys.keys {
                try FileManager.default.copyItem(
                    at: Repository.build.appending(path: "lib\(name).so"),
                    to: host.plugins.appending(path: "\(name).so"))
            }
        }

        func command(_ words: String..., input: String = "") throws -> ProgramResult {
            let result = try run(
                HostProcess.program, words + ["--config", host.config.path], environment: host.environment,
                input: input, deadlineSeconds: 120)
            replies += result.output + result.errors
            return result
        }

        /// A call under /v1 or at the root, with its status.
        @discardableResult
        func call(
            _ method: String, _ path: String, _ key: String, _ body: JSONValue? = nil
        ) throws -> (status: Int, json: JSONValue) {
            let answer = try LoopbackHTTP(port: host.port).send(
                method, path, body.map { Array($0.text.utf8) } ?? [],
                headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")])
            replies += answer.text
            return (answer.status, answer.json)
        }

        func solve(_ key: String, at provider: String) async throws -> JSONValue {
            let task: JSONValue = [
                "type": "RecaptchaV2TaskProxyless", "websiteURL": "https://shop.example.org/login",
                "websiteKey": "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-",
            ]
            let created = try call(
                "POST", "/createTask", key, ["clientKey": .string(key), "provider": .string(provider), "task": task])
            guard let id = created.json["taskId"] else { return created.json }
            var result: JSONValue = .null
            try await eventually("the task ends at \(provider)") {
                result = try self.call("POST", "/getTaskResult", key, ["clientKey": .string(key), "taskId": id]).json
                return result["status"]?.string != "processing"
            }
            return result
        }

        /// Every file of the host's folder that holds this text, apart from the plug-ins and the places of the secrets.
        func files(with text: String) -> [String] {
            let all = FileManager.default.enumerator(at: folder.url, includingPropertiesForKeys: nil)?.allObjects ?? []
            return all.compactMap { $0 as? URL }.filter { url in
                guard !url.path.contains("/secrets/"), let data = try? Data(contentsOf: url) else { return false }
                return data.range(of: Data(text.utf8)) != nil
            }.map(\.lastPathComponent)
        }
    }

    @Test("What a vendor takes from a key is its owner's credit to the last unit, and no secret shows anywhere")
    func whole() async throws {
        let setup = try Setup()
        #expect(try setup.command("vault", "init").status == 0)
        let owner = try setup.host.makeAccount(deposit: "1")
        let client = try setup.host.makeAccount(deposit: "5")
        try await setup.host.start()
        for (provider, key) in Self.keys.sorted(by: { $0.key < $1.key }) {
            let submitted = try setup.call(
                "POST", "/v1/recycled-keys", owner.key, ["provider": .string(provider), "key": .string(key)])
            #expect(submitted.status == 201, "\(submitted.json.text)")
            #expect(submitted.json["state"]?.string == "ACTIVE", "\(provider): \(submitted.json.text)")
            let solved = try await setup.solve(client.key, at: provider)
            #expect(solved["status"]?.string == "ready", "\(provider): \(solved.text)")
        }
        // 2Captcha has a key of the platform too, whose turn may have come first; the owner's own goes before it.
        #expect(try await setup.solve(owner.key, at: "2captcha")["status"]?.string == "ready")

        var taken: [String: Decimal] = [:]
        for (provider, key) in Self.keys {
            let account = try setup.simulator.control("/accounts?vendor=\(provider)")[key]
            let (charged, refunded) = (account?["charged"]?.decimal ?? 0, account?["refunded"]?.decimal ?? 0)
            // A token of Multibot is worth a thousandth of a dollar; it does not say what it takes.
            taken[provider] = (charged - refunded) * (provider == "multibot" ? Decimal(0.001) : 1)
        }
        let page = try setup.call("GET", "/v1/transactions?kind=RECYCLE_CREDIT", owner.key)
        var credited: [String: Decimal] = [:]
        for credit in page.json["transactions"]?.array ?? [] {
            #expect(credit["kind"]?.string == "RECYCLE_CREDIT" && credit["taskId"]?.string != nil, "\(credit.text)")
            credited[credit["provider"]?.string ?? "", default: 0] += credit["amount"]?.decimal ?? 0
        }
        for provider in ["2captcha", "anticaptcha"] {
            #expect(
                credited[provider] == taken[provider] && credited[provider] ?? 0 > 0, "\(provider) \(credited) \(taken)"
            )
        }
        // These don't say what they take: it is the price that the operator has set.
        for provider in ["capmonster", "capsolver", "multibot"] {
            #expect(credited[provider] == Decimal(string: "0.002"))
        }
        let total = credited.values.reduce(0, +)
        let balance = try setup.call("POST", "/getBalance", owner.key, ["clientKey": .string(owner.key)])
        // The owner has paid for one task of its own, as much as it was credited for that.
        let spent = try setup.call("GET", "/v1/transactions?kind=TASK_CHARGE", owner.key).json["transactions"]?.array
        #expect(spent?.count == 1)
        let charged = spent?.first?["amount"]?.decimal ?? 0
        #expect(balance.json["balance"]?.decimal == 1 + total + charged)
        let usage = try setup.call("GET", "/v1/usage", client.key)
        #expect(usage.json["usage"]?.array?.compactMap { $0["solved"]?.integer }.reduce(0, +) == 5)
        let verified = try setup.command("ledger", "verify")
        #expect(verified.status == 0 && verified.output.contains("fits"), "\(verified.output)\(verified.errors)")
        try await search(setup, [owner.key, client.key])
    }

    /// Looks for every secret in everything that the host has written or said.
    private func search(_ setup: Setup, _ apiKeys: [String]) async throws {
        let listed = try setup.command("recycled-key", "list", "--json")
        #expect(listed.status == 0 && listed.output.contains("d1ce...6666"), "\(listed.output)\(listed.errors)")
        let metrics = try LoopbackHTTP(port: setup.host.adminPort).get("/metrics").text
        #expect(metrics.contains("ucaptcha_recycled_keys"))
        let backup = setup.folder.file("backup.sqlite").path
        #expect(try setup.command("backup", backup).status == 0)
        let master = try String(contentsOf: setup.folder.file("secrets/master-key"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let secrets = Self.keys.values.sorted() + [Self.platformKey, master] + apiKeys
        for secret in secrets {
            for text in [setup.host.log, metrics] { #expect(!text.contains(secret)) }
            if !apiKeys.contains(secret) { #expect(!setup.replies.contains(secret)) }
            #expect(setup.files(with: secret) == [])
        }
        // Whether it may be dumped only the process itself is told by the system, and it says so once it has asked.
        #expect(setup.host.log.contains("The process cannot be dumped and writes no core file."))
        let limits = try String(contentsOfFile: "/proc/\(setup.host.pid)/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }?.split(separator: " ")
        #expect(core?.suffix(3).prefix(2).allSatisfy { $0 == "0" } == true, "\(limits)")
        setup.host.stop()
        for secret in secrets { #expect(setup.files(with: secret) == []) }
    }

    @Test(
        "A key that is empty, wrong or somebody else's is told apart, and a removed one may come back"
    )
    func lives() async throws {
        let setup = try Setup()
        #expect(try setup.command("vault", "init").status == 0)
        let owner = try setup.host.makeAccount(deposit: "1")
        let other = try setup.host.makeAccount(deposit: "1")
        try await setup.host.start()
        func submit(_ key: String, _ provider: String = "2captcha", by who: String? = nil) throws -> (Int, JSONValue) {
            try setup.call(
                "POST", "/v1/recycled-keys", who ?? owner.key, ["provider": .string(provider), "key": .string(key)])
        }
        let poor = try submit(SimulatorProcess.poorKey).1
        #expect(poor["state"]?.string == "DEPLETED", "\(poor.text)")
        let wrong = try submit("ffffffffffffffffffffffffffffffff").1
        #expect(wrong["state"]?.string == "INVALID" && wrong["reason"]?.string == "wrongKey", "\(wrong.text)")
        let formless = try submit("not-a-key")
        #expect(formless.0 == 400 && formless.1["errorDescription"]?.string?.contains("key:") == true)
        #expect(try submit(Self.platformKey).0 == 409)
        let key = try #require(Self.keys["2captcha"])
        let first = try submit(key)
        #expect(first.0 == 201 && first.1["state"]?.string == "ACTIVE", "\(first.1.text)")
        #expect(try submit(key).0 == 200)
        #expect(try submit(key, by: other.key).0 == 409)
        let id = try #require(first.1["id"]?.integer)
        #expect(try setup.call("GET", "/v1/recycled-keys/\(id)", other.key).status == 404)
        // Topped up, and asked about again.
        let poorID = try #require(poor["id"]?.integer)
        _ = try setup.simulator.control(
            "/accounts",
            ["vendor": "2captcha", "key": .string(SimulatorProcess.poorKey), "balance": "3"])
        let checked = try setup.call("POST", "/v1/recycled-keys/\(poorID)/check", owner.key)
        #expect(
            checked.json["state"]?.string == "ACTIVE" && checked.json["balance"]?.decimal == 3, "\(checked.json.text)")
        // Removed for good, and welcome again, from another account too.
        #expect(try setup.call("DELETE", "/v1/recycled-keys/\(id)", owner.key).json["state"]?.string == "REMOVED")
        #expect(try submit(key, by: other.key).0 == 201)
        let shown = try setup.call("GET", "/v1/recycled-keys/\(poorID)", owner.key).json
        #expect(
            shown["history"]?.array?.compactMap { $0["state"]?.string } == ["PENDING", "DEPLETED", "ACTIVE"],
            "\(shown.text)")
        setup.host.stop()
        try await setup.host.start()
        let after = try setup.call("GET", "/v1/recycled-keys", owner.key).json["recycledKeys"]?.array ?? []
        #expect(after.compactMap { $0["state"]?.string } == ["ACTIVE", "INVALID", "REMOVED"], "\(after)")
        #expect(try setup.command("ledger", "verify").status == 0)
        setup.host.stop()
    }
}

extension JSONValue {
    /// A number, or text that is one, exactly.
    fileprivate var decimal: Decimal? { (numberText ?? string).flatMap { Decimal(string: $0) } }
}
