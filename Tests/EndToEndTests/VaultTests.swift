import Foundation
import ProviderKit
import Synchronization
import TestSupport
import TestTraits
import Testing

/// A host with a vault from outside: the command line, the start, the vendor that the keys go to.
@Suite("The vault of a host", .waitsForPrograms, .serialized)
struct VaultTests {
    static let key = "c0ffee0123456789abcdef0123456789"
    static let other = "decade0123456789abcdef0123456789"

    /// A vendor that repeats whatever it is sent, and knows which keys it got.
    final class Vendor: Sendable {
        private let seen = Mutex<[String]>([])
        private let peer = Mutex<NetworkPeer?>(nil)

        init() throws {
            let made = try NetworkPeer { [self] connection in
                while let request = connection.request() {
                    let body = String(decoding: request.body, as: UTF8.self)
                    seen.withLock { $0.append("\(request.line) \(body)") }
                    let isKnown = body.contains(VaultTests.key)
                    connection.respond(request.head + body, status: isKnown ? "200 OK" : "403 Forbidden")
                }
            }
            peer.withLock { $0 = made }
        }

        var url: String { peer.withLock { $0?.url } ?? "" }
        func requests(with key: String) -> Int { seen.withLock { $0.count { $0.contains(key) } } }
    }

    struct Setup {
        let folder: TemporaryFolder
        let host: HostProcess
        let vendor: Vendor

        init(masterKey: String? = "file:secrets/master-key", keys: String = "[]") throws {
            folder = try TemporaryFolder()
            vendor = try Vendor()
            host = try HostProcess(
                in: folder.url,
                adapters: """
                      keyed:
                        enabled: true
                        endpoint: \(vendor.url)
                        keys: \(keys)
                    """, extra: masterKey.map { "vault:\n  masterKey: \($0)" } ?? "")
            try host.install("keyed")
        }

        /// Runs a subcommand with something on standard input.
        func command(_ words: String..., input: String = "", environment: [String: String] = [:]) throws
            -> ProgramResult
        {
            try run(
                HostProcess.program, words + ["--config", host.config.path], environment: environment, input: input,
                deadlineSeconds: 120)
        }

        /// Starts the host, which may have nothing to offer yet.
        func launch() async throws {
            try host.launch()
            try await eventually("the host answers") {
                guard host.isRunning else { throw TestFailure("The host ended:\n\(host.log)") }
                return (try? LoopbackHTTP(port: host.port).get("/healthz").status) == 200
            }
        }

        func solve(_ key: String) async throws -> JSONValue {
            let client = try LoopbackHTTP(port: host.port)
            let created = try client.post(
                "/createTask",
                ["clientKey": .string(key), "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#]]
            ).json
            guard let id = created["taskId"] else { return created }
            var result: JSONValue = .null
            try await eventually("the task ends") {
                result = try client.post("/getTaskResult", ["clientKey": .string(key), "taskId": id]).json
                return result["status"]?.string != "processing"
            }
            return result
        }

        /// Every file below the folder in which this text stands, apart from the plug-ins.
        func files(with text: String) throws -> [String] {
            let files = FileManager.default.enumerator(at: folder.url, includingPropertiesForKeys: nil)
            return (files?.allObjects ?? []).compactMap { $0 as? URL }.filter { url in
                guard let data = try? Data(contentsOf: url) else { return false }
                return data.range(of: Data(text.utf8)) != nil
            }.map(\.lastPathComponent)
        }
    }

    @Test("A key that was added while the host runs solves tasks, and is nowhere but at the vendor")
    func whole() async throws {
        let setup = try Setup()
        let (_, account) = try setup.host.makeAccount(deposit: "1")
        let made = try setup.command("vault", "init")
        #expect(made.status == 0 && made.output.contains("ready"), "\(made.errors)")
        try await setup.launch()
        #expect(setup.host.log.contains("has no keys"))
        #expect(try await setup.solve(account)["errorCode"]?.string == "NO_PROVIDERS_AVAILABLE")

        let added = try setup.command("provider-key", "add", "keyed", "--label", "main", input: "\(Self.key)\n")
        #expect(added.status == 0 && added.output.contains("c0ff...6789"), "\(added.errors)")
        let solved = try await setup.solve(account)
        #expect(solved["status"]?.string == "ready", "\(solved.text)")
        #expect(setup.vendor.requests(with: Self.key) == 1)
        // The two requests to other places were refused, and the vendor's echo came back without the key.
        let loot = solved["solution"]?["loot"]?.array ?? []
        #expect(loot.count == 3 && loot.prefix(2).allSatisfy { $0.text.contains("refused") }, "\(solved.text)")
        #expect(loot.last?.text.contains("ucred_") == true)

        let checked = try setup.command("provider-key", "check", "1")
        #expect(checked.status == 0 && checked.output.contains("7.5 USD"), "\(checked.output)\(checked.errors)")
        let bad = try setup.command("provider-key", "add", "keyed", input: Self.other)
        #expect(bad.status == 0)
        let all = try setup.command("provider-key", "check", "--all", "--json")
        #expect(all.status == 1 && all.output.contains("the vendor says no"), "\(all.output)")
        let listed = try setup.command("provider-key", "list")
        #expect(listed.output.contains("c0ff...6789") && listed.output.contains("deca...6789"), "\(listed.output)")
        let metrics = try LoopbackHTTP(port: setup.host.adminPort).get("/metrics").text
        let twice = try setup.command("provider-key", "add", "keyed", input: Self.key)
        #expect(twice.status != 0 && twice.errors.contains("The vault has this key"), "\(twice.errors)")

        for key in [Self.key, Self.other] {
            for text in [
                solved.text, setup.host.log, metrics, added.output, added.errors, checked.output, all.output,
                listed.output, twice.errors,
            ] { #expect(!text.contains(key)) }
            #expect(try setup.files(with: key) == [])
        }
        setup.host.stop()
        #expect(try setup.files(with: Self.key) == [] && setup.files(with: Self.other) == [])
    }

    @Test("Keys are there after a start, go when they are removed, and stand beside those of the configuration")
    func restart() async throws {
        let setup = try Setup(keys: "[\"file:config-key\"]")
        try setup.folder.write(Self.other, to: "config-key")
        let early = try setup.command("provider-key", "add", "keyed", input: Self.key)
        #expect(early.status != 0 && early.errors.contains("ucaptcha vault init"), "\(early.errors)")
        let (_, account) = try setup.host.makeAccount(deposit: "1")
        #expect(try setup.command("vault", "init").status == 0)
        // No host runs: the form is not known, the key is stored all the same.
        let added = try setup.command("provider-key", "add", "keyed", input: Self.key)
        #expect(added.status == 0 && added.output.contains("not checked"), "\(added.errors)")
        let twice = try setup.command("provider-key", "add", "keyed", input: Self.other)
        #expect(twice.status != 0 && twice.errors.contains("The configuration refers to this key"), "\(twice.errors)")
        let without = try setup.command("provider-key", "check", "--all")
        #expect(without.status != 0 && without.errors.contains("no host runs"))
        try await setup.host.start()
        let checked = try setup.command("provider-key", "check", "--all")
        #expect(checked.status == 1 && checked.output.contains("file:config-key"), "\(checked.output)")
        #expect(checked.output.contains("7.5 USD"))
        let same = try setup.command("provider-key", "add", "keyed", input: Self.other)
        #expect(same.status != 0 && same.errors.contains("The configuration refers to this key"), "\(same.errors)")
        #expect(try setup.command("provider-key", "remove", "1").status == 0)
        #expect(try setup.command("provider-key", "check", "--all").output.contains("7.5 USD") == false)
        let before = setup.vendor.requests(with: Self.key)
        _ = try await setup.solve(account)
        #expect(setup.vendor.requests(with: Self.key) == before && setup.vendor.requests(with: Self.other) > 0)
        #expect(setup.host.log.contains(Self.other) == false)
        setup.host.stop()
        #expect(try setup.files(with: Self.other) == ["config-key"])
    }

    @Test("A wrong or missing master key stops the start with a sentence, and changes nothing")
    func wrongMasterKey() async throws {
        let setup = try Setup()
        #expect(try setup.command("vault", "init").status == 0)
        #expect(try setup.command("provider-key", "add", "keyed", input: Self.key).status == 0)
        let master = setup.folder.file("secrets/master-key")
        let mode = try FileManager.default.attributesOfItem(atPath: master.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let right = try Data(contentsOf: master)
        let cases: [(content: Data?, words: String)] = [
            (nil, "no such file"), (Data(String(repeating: "ab12", count: 16).utf8), "not the one of this vault"),
            (Data("nonsense".utf8), "64 hexadecimal digits"),
        ]
        for (content, words) in cases {
            try FileManager.default.removeItem(at: master)
            if let content { try content.write(to: master) }
            let refused = try setup.command("serve")
            #expect(refused.status != 0 && refused.errors.contains(words), "\(refused.errors)")
            #expect(
                refused.errors.contains("file:secrets/master-key") && refused.errors.contains("Nothing was changed"))
            let status = try setup.command("vault", "status")
            #expect(status.status == 1 && status.output.contains("does not fit"), "\(status.output)\(status.errors)")
            #expect(try setup.command("vault", "init").errors.contains("set up already"))
            #expect((try? Data(contentsOf: master)) == content)
            if content == nil { try Data().write(to: master) }
        }
        try right.write(to: master)
        #expect(try setup.command("vault", "status").output.contains("fits"))
        try await setup.host.start()
        #expect(try setup.command("provider-key", "check", "1").status == 0)
        setup.host.stop()
    }

    @Test("The master key is rotated while the host runs: the old one stops the next start, the new one opens")
    func rotation() async throws {
        let setup = try Setup()
        #expect(try setup.command("vault", "init").status == 0)
        #expect(try setup.command("provider-key", "add", "keyed", input: Self.key).status == 0)
        try await setup.host.start()
        let rotated = try setup.command("vault", "rotate", "--to", "file:secrets/second", "--new-data-key")
        #expect(rotated.status == 0 && rotated.output.contains("masterKey: file:secrets/second"), "\(rotated.errors)")
        #expect(try setup.command("provider-key", "check", "1").status == 0)
        #expect(try setup.command("vault", "status").output.contains("If it was rotated, name the new one"))
        setup.host.stop()
        let refused = try setup.command("serve")
        #expect(refused.status != 0 && refused.errors.contains("If it was rotated, name the new one"))
        let text = try String(contentsOf: setup.host.config, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "secrets/master-key", with: "secrets/second").utf8).write(
            to: setup.host.config)
        try await setup.host.start()
        #expect(try setup.command("provider-key", "check", "1").status == 0)
        let status = try setup.command("vault", "status", "--json")
        let json = try JSONValue(parsing: status.output)
        #expect(json["dataKeys"]?.array?.count == 2 && json["fits"] == true, "\(status.output)")
        setup.host.stop()
    }

    @Test("A master key for the environment is shown once and stored nowhere")
    func environment() async throws {
        let setup = try Setup(masterKey: "env:UCAPTCHA_TEST_MASTER")
        let shown = try setup.command("vault", "init", "--json")
        let masterKey = try #require(try JSONValue(parsing: shown.output)["masterKey"]?.string)
        #expect(masterKey.count == 64)
        #expect(try setup.files(with: masterKey) == [])
        let environment = ["UCAPTCHA_TEST_MASTER": masterKey]
        #expect(try setup.command("vault", "init", environment: environment).status == 0)
        let added = try setup.command("provider-key", "add", "keyed", input: Self.key, environment: environment)
        #expect(added.status == 0, "\(added.errors)")
        let refused = try setup.command("serve")
        #expect(refused.status != 0 && refused.errors.contains("UCAPTCHA_TEST_MASTER"), "\(refused.errors)")
        setup.host.environment = environment
        try await setup.host.start()
        // The command needs no master key beside a running host.
        #expect(try setup.command("provider-key", "list").output.contains("c0ff...6789"))
        setup.host.stop()
        #expect(try setup.files(with: masterKey) == [] && setup.files(with: Self.key) == [])
    }

    @Test("A damaged key is left out and named, and the host serves with the rest")
    func damaged() async throws {
        let setup = try Setup()
        #expect(try setup.command("vault", "init").status == 0)
        #expect(try setup.command("provider-key", "add", "keyed", input: Self.other).status == 0)
        #expect(try setup.command("provider-key", "add", "keyed", input: Self.key).status == 0)
        let sql = "UPDATE provider_keys SET sealed = (SELECT sealed FROM provider_keys WHERE id = 2) WHERE id = 1"
        let edit = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        let edited = try run(
            URL(filePath: "/usr/bin/env"), ["python3", "-c", edit, setup.host.database.path, sql])
        #expect(edited.status == 0, "\(edited.errors)")
        try await setup.host.start()
        #expect(setup.host.log.contains("The key 1 of keyed is not what was sealed there"), "\(setup.host.log)")
        #expect(try setup.command("provider-key", "check", "2").status == 0)
        #expect(try setup.command("provider-key", "list").output.contains("damaged"))
        setup.host.stop()
    }

    @Test("A key is taken from a file or a variable, never from an argument, and what is none is refused")
    func inputs() throws {
        let setup = try Setup()
        let early = try setup.command("provider-key", "add", "keyed", input: Self.key)
        #expect(early.status != 0 && early.errors.contains("There is no database"), "\(early.errors)")
        #expect(try setup.command("vault", "init").status == 0)
        try setup.folder.write("\(Self.key)\n", to: "key")
        let path = setup.folder.file("key").path
        #expect(try setup.command("provider-key", "add", "keyed", "--from", "file:\(path)").status == 0)
        let variable = try setup.command(
            "provider-key", "add", "keyed", "--from", "env:UCAPTCHA_TEST_KEY",
            environment: ["UCAPTCHA_TEST_KEY": Self.other])
        #expect(variable.status == 0, "\(variable.errors)")
        let literal = try setup.command("provider-key", "add", "keyed", "--from", Self.key)
        #expect(literal.status != 0 && !literal.errors.contains(Self.key), "\(literal.errors)")
        #expect(try setup.command("provider-key", "add", "keyed", Self.key).status != 0)
        for input in ["", "\n", "two\nlines of it", String(repeating: "k", count: 5_000)] {
            let refused = try setup.command("provider-key", "add", "keyed", input: input)
            #expect(refused.status != 0, "\(refused.output)")
        }
        let unknown = try setup.command("provider-key", "add", "keyd", input: Self.key)
        #expect(unknown.status != 0 && unknown.errors.contains("Those that are there: keyed"), "\(unknown.errors)")
    }

    @Test("A terminal is asked for the key and does not show it")
    func terminal() throws {
        let setup = try Setup()
        #expect(try setup.command("vault", "init").status == 0)
        // Types the key when the question is there, and prints everything that the terminal showed.
        let program = """
            import os, pty, sys
            child, terminal = pty.fork()
            if child == 0:
                os.execv(sys.argv[1], sys.argv[1:2] + sys.argv[3:])
            shown, typed = b"", False
            while True:
                try:
                    piece = os.read(terminal, 4096)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece
                if not typed and b"Key of keyed: " in shown:
                    typed = True
                    os.write(terminal, sys.argv[2].encode() + b"\\n")
            print(shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        let result = try run(
            URL(filePath: "/usr/bin/env"),
            ["python3", "-c", program, HostProcess.program.path, Self.key]
                + ["provider-key", "add", "keyed", "--config", setup.host.config.path])
        #expect(result.output.contains("Key of keyed: ") && result.output.contains("c0ff...6789"), "\(result.output)")
        #expect(!result.output.contains(Self.key) && result.output.hasSuffix(" 0\n"), "\(result.output)")
    }

    @Test("A host that serves writes no core file")
    func cores() async throws {
        let setup = try Setup()
        try await setup.launch()
        let limits = try String(contentsOfFile: "/proc/\(setup.host.pid)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(line.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(line)")
        #expect(!setup.host.log.contains("allows the process to be dumped"))
        setup.host.stop()
    }
}
