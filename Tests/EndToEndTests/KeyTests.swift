import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// API keys through the real binary: the command line, with and without a host, and the HTTP API.
@Suite("The API keys of a host", .waitsForPrograms, .serialized)
struct KeyTests {
    private struct Setup {
        let folder: TemporaryFolder
        let host: HostProcess

        init(plugin: String = "good") throws {
            folder = try TemporaryFolder()
            host = try HostProcess(
                in: folder.url, adapters: "  \(plugin):\n    enabled: true\n    prices: { altcha: 0.0002 }")
            try host.install(plugin)
        }

        /// The answer of a subcommand that has to succeed.
        func json(_ words: String...) throws -> JSONValue {
            let result = try run(HostProcess.program, words + ["--json", "--config", host.config.path])
            guard result.status == 0 else { throw TestFailure("\(words): \(result.output)\(result.errors)") }
            return try JSONValue(parsing: result.output)
        }

        /// What a subcommand that has to fail says.
        func refusal(_ words: String...) throws -> String {
            let result = try run(HostProcess.program, words + ["--config", host.config.path])
            guard result.status != 0 else { throw TestFailure("\(words): \(result.output)") }
            return result.errors
        }

        func create(_ key: String, selectionMode: JSONValue? = nil) throws -> JSONValue {
            var body: JSONObject = [
                "clientKey": .string(key), "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#],
            ]
            body["selectionMode"] = selectionMode
            return try LoopbackHTTP(port: host.port).post("/createTask", .object(body)).json
        }
    }

    @Test("are made, listed, set, renamed and revoked while it runs, and a revoked one is refused at once")
    func running() async throws {
        let setup = try Setup()
        let (account, first) = try setup.host.makeAccount(deposit: "1")
        try await setup.host.start()
        let made = try setup.json("key", "create", "\(account)", "--name", "shop")
        let key = try #require(made["apiKey"]?.string)
        #expect(made["id"]?.integer == 2)
        let listed = try setup.json("key", "list")
        #expect(!listed.text.contains(key) && !listed.text.contains(first))
        #expect(listed.array?.map { $0["scopes"]?.text } == [#"["solve","manage"]"#, #"["solve"]"#])
        let table = try setup.host.command("key", "list", "--account", "\(account)")
        #expect(table.output.contains("shop") && !table.output.contains("ucap_"))

        #expect(try setup.create(key)["errorId"]?.integer == 0)
        let set = try setup.json("key", "settings", "2", "--preset", "Reliable", "--mode", "lightning")
        #expect(set["preset"]?.string == "reliable" && set["mode"]?.string == "LIGHTNING")
        // Without tokens that are solved ahead, such a key's tasks are routed like others.
        #expect(try setup.create(key)["errorId"]?.integer == 0)
        #expect(try setup.json("key", "rename", "2", "shop 2")["name"]?.string == "shop 2")

        let manage = try setup.json("key", "create", "\(account)", "--scope", "manage")
        let refused = try setup.create(try #require(manage["apiKey"]?.string))
        #expect(refused["errorCode"]?.string == "ERROR_KEY_NOT_PERMITTED")

        // The host has just answered for this key and remembers it.
        #expect(try setup.create(key)["errorId"]?.integer == 0)
        #expect(try setup.json("key", "revoke", "2")["revoked"]?.bool == true)
        #expect(try setup.create(key)["errorCode"]?.string == "ERROR_KEY_DOES_NOT_EXIST")
        #expect(try setup.create(first)["errorId"]?.integer == 0)
        #expect(setup.host.stop() == 0)
        #expect(!setup.host.log.contains(key))
    }

    @Test("are for the addresses of their list, in any spelling of the key, while the host runs")
    func addresses() async throws {
        let setup = try Setup()
        let (_, key) = try setup.host.makeAccount(deposit: "1")
        try await setup.host.start()
        let bare = String(key.dropFirst("ucap_".count))
        #expect(try setup.create(bare)["errorId"]?.integer == 0)
        let listed = try setup.json("key", "allow-ip", "1", "192.0.2.0/24", "::ffff:198.51.100.7")
        #expect(listed["addresses"] == ["192.0.2.0/24", "198.51.100.7"])
        for text in [key, bare] {
            let refused = try setup.create(text)
            #expect(refused["errorCode"]?.string == "ERROR_IP_NOT_ALLOWED", "\(refused.text)")
        }
        let v1 = try LoopbackHTTP(port: setup.host.port).get("/v1/tasks/1/route", key: key)
        #expect(v1.status == 403 && v1.json["errorCode"]?.string == "ERROR_IP_NOT_ALLOWED")
        // Nobody is believed about other addresses unless the configuration says so.
        let forged = try LoopbackHTTP(port: setup.host.port)
        let body = JSONValue.object(["clientKey": .string(key)]).text
        let head = "POST /getBalance HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 192.0.2.1\r\n"
        try forged.write(Array("\(head)content-length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
        #expect(try forged.answer().json["errorCode"]?.string == "ERROR_IP_NOT_ALLOWED")

        _ = try setup.json("key", "allow-ip", "1", "127.0.0.0/8")
        #expect(try setup.create(bare)["errorId"]?.integer == 0)
        _ = try setup.json("key", "allow-ip", "1", "--remove", "127.0.0.0/8")
        #expect(try setup.create(key)["errorCode"]?.string == "ERROR_IP_NOT_ALLOWED")
        #expect(try setup.json("key", "allow-ip", "1", "--clear")["addresses"] == [])
        #expect(try setup.create(key)["errorId"]?.integer == 0)
        #expect(try setup.refusal("key", "allow-ip", "1", "192.0.2.7/24").contains("Write 192.0.2.0/24"))
        #expect(try setup.refusal("key", "allow-ip", "1", "--clear", "::1").contains("--clear takes no addresses"))
        #expect(try setup.json("key", "revoke", "1")["revoked"]?.bool == true)
        #expect(try setup.create(bare)["errorCode"]?.string == "ERROR_KEY_DOES_NOT_EXIST")
        setup.host.stop()
    }

    @Test("may have no more tasks open, and spend no more, than their caps say; over a kill of the host too")
    func caps() async throws {
        let setup = try Setup(plugin: "stalls")
        let (_, key) = try setup.host.makeAccount(deposit: "1")
        try await setup.host.start()
        #expect(try setup.json("key", "settings", "1", "--open-tasks", "3")["openTasks"]?.integer == 3)
        for _ in 0..<3 { #expect(try setup.create(key)["errorId"]?.integer == 0) }
        #expect(try setup.create(key)["errorCode"]?.string == "ERROR_KEY_TASK_LIMIT")
        setup.host.kill()
        try await setup.host.start()
        #expect(try setup.create(key)["errorCode"]?.string == "ERROR_KEY_TASK_LIMIT")
        // Three tasks hold 0.0006 USD.
        _ = try setup.json("key", "settings", "1", "--open-tasks", "none", "--daily-spend", "0.0009")
        #expect(try setup.create(key)["errorId"]?.integer == 0)
        #expect(try setup.create(key)["errorCode"]?.string == "ERROR_KEY_SPEND_LIMIT")
        let shown = try setup.host.command("key", "settings", "1")
        #expect(shown.output.contains("Caps: at most 0.0009 USD a day (UTC)."), "\(shown.output)")
        #expect(try setup.refusal("key", "settings", "1", "--open-tasks", "0").contains("from 1 to"))
        #expect(try setup.refusal("key", "settings", "1", "--daily-spend", "0").contains("above nothing"))
        setup.host.stop()
    }

    @Test("keep what was set without a host, and a host then finds it")
    func withoutHost() async throws {
        let setup = try Setup()
        let (account, _) = try setup.host.makeAccount(deposit: "1")
        let made = try setup.json("key", "create", "\(account)", "--scope", "both")
        let key = try #require(made["apiKey"]?.string)
        #expect(try setup.json("key", "settings", "2", "--slider", "80")["preset"]?.string == "custom")
        #expect(try setup.json("key", "settings", "2", "--preset", "fastest")["slider"]?.integer == 80)
        try await setup.host.start()
        #expect(try setup.create(key)["errorId"]?.integer == 0)
        let kept = try setup.json("key", "settings", "2")
        #expect(kept["preset"]?.string == "fastest" && kept["slider"]?.integer == 80)
        #expect(setup.host.stop() == 0)
        #expect(try setup.json("key", "revoke", "2")["revoked"]?.bool == true)
        try await setup.host.start()
        #expect(try setup.create(key)["errorCode"]?.string == "ERROR_KEY_DOES_NOT_EXIST")
        setup.host.stop()
    }

    @Test("are told what a wrong value has to be")
    func wrongValues() throws {
        let setup = try Setup()
        #expect(try setup.refusal("key", "list").contains("There is no database"))
        _ = try setup.host.makeAccount(deposit: "1")
        #expect(try setup.refusal("key", "settings", "1", "--slider", "101").contains("from 0, cheapest, to 100"))
        #expect(try setup.refusal("key", "settings", "1", "--slider", "-1").contains("from 0, cheapest, to 100"))
        #expect(try setup.refusal("key", "settings", "1", "--slider", "half").contains("from 0, cheapest, to 100"))
        let preset = try setup.refusal("key", "settings", "1", "--preset", "best")
        #expect(preset.contains("'cheapest', 'fastest', 'reliable' or 'custom'"))
        #expect(try setup.refusal("key", "settings", "1", "--mode", "x").contains("'NORMAL' and 'LIGHTNING'"))
        let both = try setup.refusal("key", "settings", "1", "--preset", "reliable", "--slider", "5")
        #expect(both.contains("Give either the slider or the preset reliable"))
        #expect(try setup.refusal("key", "settings", "7").contains("`ucaptcha key list` shows them"))
        #expect(try setup.refusal("key", "create", "1", "--scope", "all").contains("'solve', 'manage' or 'both'"))
        #expect(try setup.refusal("key", "create", "7").contains("`ucaptcha account list` shows them"))
        #expect(try setup.json("key", "settings", "1")["slider"]?.integer == 50)
    }

    @Test("come with every mode of selection that a request names; what is none is refused with the field")
    func selectionMode() async throws {
        let setup = try Setup()
        let (_, key) = try setup.host.makeAccount(deposit: "1")
        try await setup.host.start()
        for mode in ["autoCheapest", "autoFastest", "autoMostReliable", "priority", "AUTOFASTEST"] {
            #expect(try setup.create(key, selectionMode: .string(mode))["errorId"]?.integer == 0, "\(mode)")
        }
        for wrong in ["best", 7, ["autoFastest"]] as [JSONValue] {
            let refused = try setup.create(key, selectionMode: wrong)
            #expect(refused["errorCode"]?.string == "ERROR_BAD_PARAMETERS", "\(wrong.text)")
            #expect(refused["errorDescription"]?.string?.hasPrefix("selectionMode: ") == true, "\(refused.text)")
        }
        setup.host.stop()
    }
}
