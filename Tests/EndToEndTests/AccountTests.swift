import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// Accounts and their money through the real binary, with and without a host.
@Suite("The accounts of a host", .waitsForPrograms, .serialized)
struct AccountTests {
    private func makeHost() throws -> (folder: TemporaryFolder, host: HostProcess) {
        let folder = try TemporaryFolder()
        let host = try HostProcess(
            in: folder.url, adapters: "  good:\n    enabled: true\n    prices: { altcha: 0.0002 }")
        try host.install("good")
        return (folder, host)
    }

    private func show(_ host: HostProcess, _ account: Int64) throws -> JSONValue {
        let result = try host.command("account", "show", "\(account)", "--json")
        guard result.status == 0 else { throw TestFailure("\(result.output)\(result.errors)") }
        return try JSONValue(parsing: result.output)
    }

    @Test("account show adds the account's transactions up to its balance, beside a running host as without one")
    func addsUp() async throws {
        let (folder, host) = try makeHost()
        defer { _ = folder }
        let (account, key) = try host.makeAccount(deposit: "1")
        try await host.start()
        let created = try LoopbackHTTP(port: host.port).post(
            "/createTask",
            [
                "clientKey": .string(key), "task": ["type": "AltchaTask", "challengeJSON": #"{"challenge":"x"}"#],
            ]
        ).json
        #expect(created["errorId"]?.integer == 0)
        // Until the task has ended, whichever way.
        let end = ContinuousClock.now + .seconds(30)
        var shown = try show(host, account)
        while shown["openTasks"]?.integer != 0, ContinuousClock.now < end { shown = try show(host, account) }
        #expect(shown["addsUp"]?.bool == true)
        #expect(shown["balance"]?.string == "0.9998")
        #expect(
            shown["transactions"]?.text == #"[{"kind":"DEPOSIT","count":1,"amount":"1"},"#
                + #"{"kind":"TASK_CHARGE","count":1,"amount":"-0.0002"}]"#)
        #expect(host.stop() == 0)
        #expect(try show(host, account) == shown)
        let text = try host.command("account", "show", "\(account)")
        #expect(text.status == 0)
        #expect(text.output.contains("TASK_CHARGE") && text.output.contains("-0.0002"))
        let lines = text.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("balance 0.9998") && lines.contains("reserved by 0 open tasks 0"))
    }

    @Test("account show says where there is no such account, and fails where the money does not add up")
    func refusals() async throws {
        let (folder, host) = try makeHost()
        defer { _ = folder }
        let (account, _) = try host.makeAccount(deposit: "1")
        let unknown = try host.command("account", "show", "99")
        #expect(unknown.status != 0 && unknown.errors.contains("`ucaptcha account list` shows them"))
        let edit = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        let sql = "UPDATE accounts SET balance = balance + 1"
        #expect(
            try run(URL(filePath: "/usr/bin/env"), ["python3", "-c", edit, host.database.path, sql]).status == 0)
        let wrong = try host.command("account", "show", "\(account)")
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("1.000000001"))
        #expect(wrong.errors.contains("Run `ucaptcha ledger verify`"))
    }

    @Test("A deposit without a reference is given one, with which it is booked once")
    func depositReference() throws {
        let (folder, host) = try makeHost()
        defer { _ = folder }
        let (account, _) = try host.makeAccount(deposit: "1")
        let first = try host.command("deposit", "\(account)", "2")
        let reference = try #require(first.output.split(separator: " ").first { $0.hasPrefix("deposit-") }).dropLast()
        #expect(first.output == "Booked as \(reference). The balance is 3 USD.\n")
        let again = try host.command("deposit", "\(account)", "2", "--reference", String(reference))
        #expect(again.status == 0)
        #expect(again.output == "This deposit was booked before. The balance is 3 USD.\n")
        let other = try host.command("deposit", "\(account)", "3", "--reference", String(reference))
        #expect(other.status == 1 && other.errors.contains("was used for another amount"))
        // Without the reference it is another deposit.
        #expect(try host.command("deposit", "\(account)", "2").output.contains("The balance is 5 USD."))
    }
}
