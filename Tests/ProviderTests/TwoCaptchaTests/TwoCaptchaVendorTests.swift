import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing
@testable import TwoCaptcha

@Suite("2Captcha's own ways")
struct TwoCaptchaVendorTests {
    private let adapter: TwoCaptchaAdapter

    init() throws { adapter = try TwoCaptchaAdapter(settings: AdapterSettings(name: "2captcha")) }

    private func ticket(_ family: TaskFamily) -> Ticket {
        Ticket(id: "73243152973", family: family, credential: GoldenRun.credential)
    }

    @Test("A key is 32 hexadecimal digits")
    func keyFormat() throws {
        let format = try #require(try Manifest(parsing: TwoCaptchaAdapter.manifest.bytes).key)
        #expect(format.hexadecimal && format.length == 32...32 && format.prefixes.isEmpty)
    }

    @Test("Its manifest is one that a host takes and says what is documented")
    func manifest() throws {
        let manifest = try Manifest(parsing: TwoCaptchaAdapter.manifest.bytes)
        #expect(manifest.id == "2captcha")
        #expect(manifest.origins == ["https://api.2captcha.com"])
        #expect(manifest.reportsCost && !manifest.chargesUnsolvable && manifest.resultLifetimeSeconds == nil)
        #expect(manifest.reportWindow == Manifest.ReportWindow(seconds: 900, from: .submit))
        #expect(manifest.pollPlan == Manifest.PollPlan(first: 5, interval: 5, most: 120))
        let firsts = Dictionary(uniqueKeysWithValues: manifest.offers.map { ($0.family, $0.pollPlan?.first) })
        let documented: [TaskFamily: Double] = [
            .recaptchaV2: 10, .recaptchaV2Enterprise: 10, .recaptchaV3: 10, .recaptchaV3Enterprise: 10,
            .geetestV4: 15, .amazonWaf: 15, .lemin: 15, .capy: 15,
        ]
        #expect(firsts.compactMapValues(\.self) == documented)
        #expect(manifest.offers.allSatisfy { manifest.pollPlan(for: $0.family).interval == 5 })
    }

    @Test("Its list prices are the upper ends of the ranges, and unknown ones are not made up")
    func prices() {
        let prices = TwoCaptchaAdapter.manifest.offers.reduce(into: [TaskFamily: String]()) {
            $0[$1.family] = $1.listPrice
        }
        #expect(
            prices == [
                .imageToText: "0.001", .recaptchaV2: "0.00299", .recaptchaV2Enterprise: "0.00299",
                .recaptchaV3: "0.00299", .turnstile: "0.00145", .audio: "0.0005",
            ])
    }

    @Test("A poll as its documentation shows it brings solution and cost")
    func sample() async throws {
        let call = ScriptedCall(
            .json(
                #"""
                {"errorId":0,"status":"ready","solution":{"gRecaptchaResponse":"03AD","token":"03AD"},"cost":"0.00299",
                 "ip":"1.2.3.4","createTime":1692863536,"endTime":1692863556,"solveCount":"1"}
                """#))
        let solved = try await adapter.poll(ticket(.recaptchaV2), call: call)
        #expect(solved == .solved(Solution(["gRecaptchaResponse": "03AD", "token": "03AD"], cost: "0.00299")))
        #expect(call.requests.first?.json?["taskId"] == 73_243_152_973)
    }

    @Test("Good and bad solutions of any family are reported", arguments: [true, false])
    func reports(_ accepted: Bool) async throws {
        for family in [TaskFamily.turnstile, .imageToText] {
            let call = ScriptedCall(.json(#"{"errorId":0,"status":"success"}"#))
            try await adapter.report(ticket(family), accepted: accepted, call: call)
            #expect(call.requests.map(\.path) == [accepted ? "/reportCorrect" : "/reportIncorrect"])
        }
    }

    @Test("Pictures without instructions, and ALTCHA without a challenge, are refused unsent")
    func conditions() async throws {
        let run = GoldenRun(adapter, taskID: "1", proxyFields: "{}")
        #expect(await run.refusal(.grid, ["body": "R0lG"])?.kind == .badTask(field: "comment"))
        #expect(await run.refusal(.boundingBox, ["body": "R0lG"])?.kind == .badTask(field: "comment"))
        #expect(
            await run.refusal(.altcha, ["websiteURL": "https://a.test/"])?.kind == .badTask(field: "challengeJSON"))
        #expect(
            await run.refusal(.imageToText, ["body": "R0lG", "numeric": "many"])?.kind == .badTask(field: "numeric"))
    }
}
