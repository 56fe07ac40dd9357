import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// The products of Package.swift that are dynamic libraries.
private let bundledPlugins: [String] = {
    let text = (try? String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)) ?? ""
    return text.components(separatedBy: ".library(name: \"").dropFirst().compactMap { part in
        part.components(separatedBy: ")").first?.contains(".dynamic") == true
            ? part.components(separatedBy: "\"").first : nil
    }
}()

/// `ucaptcha adapter check` on plug-ins that are sound, and on ones with one flaw each.
@Suite("Checking a plug-in", .waitsForPrograms)
struct AdapterCheckTests {
    /// Runs the command and returns its report, its exit status and the names of the checks that failed.
    private func check(_ file: String) throws -> (report: JSONValue, status: Int32, failed: Set<String>) {
        let result = try run(HostProcess.program, ["adapter", "check", file, "--json"])
        let report = (try? JSONValue(parsing: Array(result.output.utf8).dropLast())) ?? .null
        #expect(report != .null, "\(result.output)\(result.errors)")
        let failed = (report["checks"]?.array ?? []).filter { $0["passed"]?.bool == false }.compactMap {
            $0["check"]?.string
        }
        return (report, result.status, Set(failed))
    }

    private func built(_ name: String) throws -> String { "\(try PluginBuilder.build(name))/\(name).so" }

    @Test("passes every bundled plug-in", arguments: bundledPlugins)
    func bundled(plugin: String) throws {
        let (report, status, failed) = try check(Repository.build.path + "/lib\(plugin).so")
        #expect(failed.isEmpty && status == 0, "\(report.text)")
        #expect(report["checks"]?.array?.count == 13)
        #expect(report["plugin"]?.string == plugin)
    }

    @Test("passes a sound plug-in, in every check that applies")
    func sound() throws {
        let (report, status, failed) = try check(built("check_sound"))
        #expect(failed.isEmpty && status == 0, "\(report.text)")
        #expect(report["checks"]?.array?.allSatisfy { $0["skipped"] == nil } == true, "\(report.text)")
        #expect(report["passed"]?.bool == true)
    }

    @Test(
        "finds the one flaw of a plug-in, and says what it is",
        arguments: [
            ("check_believes", "junk", "taken for a good one"), ("check_blames", "faults", "invalidKey"),
            ("check_forgets", "cancellation", "not completed"), ("check_hangs", "faults", "done does not return"),
            ("check_leaks", "memory", "bytes a call"), ("check_crashes", "junk", "signal 11"),
            ("check_strays", "requests", "elsewhere.example"), ("check_twice", "once", "more than once"),
            ("check_forks", "junk", "signal 11"),
            ("check_manifest", "manifest", "balanceUnit"), ("check_empty", "abilities", "no operation submit"),
            ("check_bare", "abilities", "no function `ability`"), ("refuses_settings", "creation", "on this planet"),
        ])
    func flawed(plugin: String, expected: String, words: String) throws {
        let (report, status, failed) = try check(built(plugin))
        #expect(status == 1)
        #expect(failed.contains(expected), "\(report.text)")
        let problems = (report["checks"]?.array ?? []).first { $0["check"]?.string == expected }?["problems"]
        #expect(problems?.text.contains(words) == true, "\(report.text)")
        // What does not follow from the flaw is not found fault with.
        let consequences: [String: Set<String>] = [
            "check_believes": ["size"], "check_hangs": ["returning"],
        ]
        #expect(failed.subtracting([expected]).isSubset(of: consequences[plugin] ?? []), "\(failed)")
    }

    @Test("says why a file is no plug-in for this host", arguments: ["no_symbol", "wrong_abi", "crash_on_load"])
    func refused(plugin: String) throws {
        let (report, status, _) = try check(built(plugin))
        #expect(status == 1)
        #expect(report["refusal"]?.string?.isEmpty == false, "\(report.text)")
        #expect(report["checks"]?.array?.isEmpty == true)
    }

    @Test("prints a report for people, and ends with 0 or 1")
    func text() throws {
        let good = try run(HostProcess.program, ["adapter", "check", try built("check_sound")])
        #expect(good.status == 0 && good.output.contains("All checks passed."), "\(good.output)")
        let bad = try run(HostProcess.program, ["adapter", "check", try built("check_strays")])
        #expect(bad.status == 1 && bad.output.contains("FAIL requests"), "\(bad.output)")
        #expect(bad.output.contains("1 checks failed."))
        let missing = try run(HostProcess.program, ["adapter", "check", "/nowhere/x.so"])
        #expect(missing.status == 1 && missing.output.contains("is not there"), "\(missing.output)")
    }
}
