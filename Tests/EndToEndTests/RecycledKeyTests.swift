import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Recycled keys from outside: the command line, the vendor, restarts, and what becomes of the key itself.
@Suite("The recycled keys of a host", .waitsForPrograms, .serialized)
struct RecycledKeyTests {
    private func show(_ setup: VaultTests.Setup, _ id: String = "1") throws -> JSONValue {
        try JSONValue(parsing: Array(setup.command("recycled-key", "show", id, "--json").output.utf8))
    }

    @Test("A key that an account has handed over is validated, listed masked, checked, removed and erased")
    func whole() async throws {
        let setup = try VaultTests.Setup()
        let (account, _) = try setup.host.makeAccount(deposit: "1")
        let words = ["recycled-key", "add", "--account", "\(account)", "--provider", "keyed"]
        let config = ["--config", setup.host.config.path]
        #expect(try setup.command("vault", "init").status == 0)
        let early = try run(HostProcess.program, words + config, input: VaultTests.key)
        #expect(early.status != 0 && early.errors.contains("no host runs"), "\(early.errors)")
        try await setup.launch()

        let added = try run(HostProcess.program, words + config, input: VaultTests.key + "\n")
        #expect(added.status == 0, "\(added.errors)")
        #expect(added.output.contains("c0ff...6789: ACTIVE, balance 7.5 USD"), "\(added.output)")
        let wrong = try run(HostProcess.program, words + config, input: VaultTests.other)
        #expect(wrong.status == 0 && wrong.output.contains("INVALID (wrongKey)"), "\(wrong.output)\(wrong.errors)")
        let again = try run(HostProcess.program, words + config, input: VaultTests.key)
        #expect(again.output.contains("has handed it over before"), "\(again.output)\(again.errors)")
        let listed = try setup.command("recycled-key", "list")
        #expect(listed.output.contains("c0ff...6789") && listed.output.contains("deca...6789"), "\(listed.output)")
        let checked = try setup.command("recycled-key", "check", "1")
        #expect(checked.status == 0 && checked.output.contains("7.5 USD"), "\(checked.errors)")
        #expect(try setup.command("recycled-key", "check", "2").status == 1)
        let status = try setup.command("vault", "status")
        #expect(status.output.contains("recycled"), "\(status.output)")
        let metrics = try LoopbackHTTP(port: setup.host.adminPort).get("/metrics").text
        #expect(metrics.contains(#"ucaptcha_recycled_keys{provider="keyed",state="ACTIVE"} 1"#))
        #expect(metrics.contains(#"ucaptcha_recycled_keys{provider="keyed",state="INVALID"} 1"#))

        // After a start it is there again, and not before somebody wants it.
        setup.host.stop()
        #expect(try show(setup)["state"]?.string == "ACTIVE")
        try await setup.launch()
        #expect(try setup.command("recycled-key", "check", "1").status == 0)
        let removed = try setup.command("recycled-key", "remove", "1")
        #expect(removed.output.contains("REMOVED"), "\(removed.errors)")
        try await eventually("the key is erased") { try show(setup)["erased"]?.bool == true }
        let history = try show(setup)["history"]?.array?.compactMap { $0["state"]?.string }
        #expect(history == ["PENDING", "ACTIVE", "REMOVED", "REMOVED"])
        let unknown = try setup.command("recycled-key", "show", "99")
        #expect(unknown.status != 0 && unknown.errors.contains("no such recycled key"))

        for key in [VaultTests.key, VaultTests.other] {
            let texts = [setup.host.log, metrics, added.output, wrong.output, listed.output, checked.output]
            for text in texts { #expect(!text.contains(key)) }
            #expect(try setup.files(with: key) == [])
        }
        setup.host.stop()
        #expect(try setup.command("ledger", "verify").status == 0)
    }

    @Test("A host whose vault holds only recycled keys does not start without the master key")
    func masterKey() async throws {
        let setup = try VaultTests.Setup()
        let (account, _) = try setup.host.makeAccount(deposit: "1")
        #expect(try setup.command("vault", "init").status == 0)
        try await setup.launch()
        let added = try setup.command(
            "recycled-key", "add", "--account", "\(account)", "--provider", "keyed", input: VaultTests.key)
        #expect(added.status == 0, "\(added.errors)")
        setup.host.stop()
        try FileManager.default.removeItem(at: setup.folder.file("secrets/master-key"))
        let refused = try setup.command("serve")
        #expect(refused.status != 0 && refused.errors.contains("holds keys of providers"), "\(refused.errors)")
    }
}
