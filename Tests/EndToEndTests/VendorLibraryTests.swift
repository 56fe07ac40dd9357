import Foundation
import ProviderKit
import ProviderSimulator
import TestSupport
import TestTraits
import Testing

/// The vendors' own client libraries, unmodified, against the provider simulator: whoever wrote the simulator, these
/// were written by others. What they send is kept in Tests/Support/SDKRequests for the adapters to be compared with.
@Suite("The vendors' own libraries and the simulator", .waitsForPrograms, .serialized)
struct VendorLibraryTests {
    /// Runs a script of Clients/ against a simulator of its own, on a clock that is ten times as fast.
    private func report(_ script: String, vendor: Vendor, golden: String) throws -> JSONValue {
        guard FileManager.default.isExecutableFile(atPath: Repository.python.path) else {
            throw TestFailure("\(Repository.python.path) is missing. `make test` sets it up.")
        }
        let simulator = try SimulatorProcess(timeScale: 10)
        let folder = try TemporaryFolder()
        var config: JSONObject = [
            "vendor": .string(vendor.rawValue), "address": .string(simulator.address(of: vendor.rawValue)),
            "control": simulator.addresses["control"] ?? .null, "key": .string(SimulatorProcess.key),
            "poor": .string(SimulatorProcess.poorKey), "folder": .string(folder.url.path),
        ]
        // Written anew when a library's version or the list of tasks changes.
        if ProcessInfo.processInfo.environment["UCAPTCHA_WRITE_GOLDEN"] == "1" {
            config["golden"] = .string(SDKRequest.folder(golden).path)
        }
        let path = Repository.root.appending(path: "Tests/EndToEndTests/Clients/\(script)").path
        let done = try run(Repository.python, [path, JSONValue.object(config).text])
        guard done.status == 0 else { throw TestFailure("\(script): \(done.output)\(done.errors)") }
        return try JSONValue(parsing: done.output)
    }

    /// Every case was solved, the simulator knew every field, and what was sent is what was recorded.
    private func check(_ report: JSONValue, golden: String, _ sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        #expect(report["failures"] == nil, "\(report["failures"]?.text ?? "")", sourceLocation: sourceLocation)
        let cases = report["cases"]?.object?.members ?? []
        let recorded = try SDKRequest.all(of: golden)
        #expect(cases.map(\.name).sorted() == recorded.map(\.name), sourceLocation: sourceLocation)
        for member in cases {
            let found = member.value
            #expect(
                found["solution"] != .null && found["solution"] != "", "\(member.name)", sourceLocation: sourceLocation)
            #expect(found["notes"] == [], "\(member.name): \(found.text)", sourceLocation: sourceLocation)
            guard let kept = recorded.first(where: { $0.name == member.name }) else { continue }
            #expect(found["family"]?.string == kept.family, "\(member.name)", sourceLocation: sourceLocation)
            #expect(found["task"] == .object(kept.task), "\(member.name)", sourceLocation: sourceLocation)
            #expect(found["request"] == .object(kept.request), "\(member.name)", sourceLocation: sourceLocation)
        }
        #expect(report["late"] == true, sourceLocation: sourceLocation)
        #expect(report["account"]?["failed"] == 1, sourceLocation: sourceLocation)
    }

    /// Those of the families that a library did not solve.
    private func missing(_ families: [String], _ report: JSONValue) -> [String] {
        let solved = (report["cases"]?.object?.members ?? []).compactMap { $0.value["family"]?.string }
        return families.filter { !solved.contains($0) }
    }

    @Test("python-rucaptcha, which speaks 2Captcha's JSON, solves all that 2Captcha sells by it")
    func rucaptcha() throws {
        let report = try report("sdk_rucaptcha.py", vendor: .twoCaptcha, golden: "2captcha")
        try check(report, golden: "2captcha")
        #expect(missing(Vendor.twoCaptcha.families, report) == [])
        #expect(report["balance"]?.numberText == "9.83099")
        #expect(report["reports"] == ["ready", "ready", 110])
        #expect(
            report["errors"] == [
                "wrongKey": "ERROR_KEY_DOES_NOT_EXIST", "noFunds": "ERROR_ZERO_BALANCE",
                "badKey": "ERROR_RECAPTCHA_INVALID_SITEKEY", "badPage": "ERROR_PAGEURL",
                "unsolvable": "ERROR_CAPTCHA_UNSOLVABLE",
            ])
    }

    @Test("2captcha-python, which speaks in.php, does too")
    func twoCaptcha() throws {
        let report = try report("sdk_twocaptcha.py", vendor: .twoCaptcha, golden: "2captcha-forms")
        try check(report, golden: "2captcha-forms")
        // The library has no boxes.
        #expect(missing(Vendor.twoCaptcha.formFamilies, report) == ["boundingBox"])
        #expect(report["reports"] == ["OK_REPORT_RECORDED"])
        #expect(
            report["errors"] == [
                "duplicateReport": "ApiException ERROR_DUPLICATE_REPORT",
                "wrongKey": "ApiException ERROR_WRONG_USER_KEY", "unknownKey": "ApiException ERROR_KEY_DOES_NOT_EXIST",
                "noFunds": "ApiException ERROR_ZERO_BALANCE", "badKey": "ApiException ERROR_WRONG_GOOGLEKEY",
                "badPage": "ApiException ERROR_PAGEURL", "hcaptcha": "ApiException ERROR_METHOD_CALL",
                "unsolvable": "ApiException ERROR_CAPTCHA_UNSOLVABLE",
            ])
    }

    @Test("anticaptchaofficial solves all that Anti-Captcha sells")
    func antiCaptcha() throws {
        let report = try report("sdk_anticaptcha.py", vendor: .antiCaptcha, golden: "anticaptcha")
        try check(report, golden: "anticaptcha")
        #expect(missing(Vendor.antiCaptcha.families, report) == [])
        #expect(report["reports"] == [0, 16, 0])
        #expect(
            report["errors"] == [
                "wrongKey": "ERROR_KEY_DOES_NOT_EXIST", "noFunds": "ERROR_ZERO_BALANCE",
                "badKey": "ERROR_RECAPTCHA_INVALID_SITEKEY", "badProxy": "ERROR_PROXY_BANNED",
                "unsolvable": "ERROR_CAPTCHA_UNSOLVABLE", "noSlot": "ERROR_NO_SLOT_AVAILABLE",
            ])
        // What can't be solved is charged here.
        #expect(report["account"]?["refunded"] == "0")
    }

    @Test("capsolver solves all that CapSolver sells, recognition at once")
    func capSolver() throws {
        let report = try report("sdk_capsolver.py", vendor: .capSolver, golden: "capsolver")
        try check(report, golden: "capsolver")
        #expect(missing(Vendor.capSolver.families, report) == [])
        #expect(report["strict"] == ["ready", "ready", "ERROR_INVALID_TASK_DATA"])
        // The library's own word for everything that is no task.
        #expect(report["unknownTypes"] == ["Control"])
        #expect(
            report["errors"] == [
                "wrongKey": "AuthenticationError ERROR_KEY_DENIED_ACCESS",
                "noFunds": "InvalidRequestError ERROR_ZERO_BALANCE",
                "badTask": "InvalidRequestError ERROR_INVALID_TASK_DATA",
                "unsolvable": "InvalidRequestError ERROR_CAPTCHA_UNSOLVABLE",
            ])
    }

    @Test("capmonstercloudclient solves all that CapMonster Cloud sells")
    func capMonster() throws {
        let report = try report("sdk_capmonster.py", vendor: .capMonster, golden: "capmonster")
        try check(report, golden: "capmonster")
        #expect(missing(Vendor.capMonster.families, report) == [])
        let errors = report["errors"]?.object?.members ?? []
        let codes = errors.map { "\($0.name) \($0.value.string?.split { "[]".contains($0) }.dropFirst().first ?? "")" }
        #expect(
            codes == [
                "wrongKey ERROR_KEY_DOES_NOT_EXIST", "noFunds ERROR_ZERO_BALANCE",
                "badKey ERROR_RECAPTCHA_INVALID_SITEKEY", "badPage ERROR_INVALID_TASK", "badProxy ERROR_PROXY_BANNED",
                "unsolvable ERROR_CAPTCHA_UNSOLVABLE",
            ])
    }
}
