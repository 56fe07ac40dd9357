@testable import CapSolver
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("CapSolver's own ways")
struct CapSolverVendorTests {
    private let adapter: CapSolverAdapter

    init() throws { adapter = try CapSolverAdapter(settings: AdapterSettings(name: "capsolver")) }

    private func submit(_ family: TaskFamily, _ answer: String) async throws -> SubmitResult {
        let golden = try #require(CapSolverGoldens.all.first { $0.family == family })
        let task = TaskRequest(
            family: family, fields: try GoldenRun.object(golden.task), credential: GoldenRun.credential,
            secondsLeft: 60)
        return try await adapter.submit(task, call: ScriptedCall(.json(answer)))
    }

    @Test("A key begins with CAP- or CAI-")
    func keyFormat() throws {
        let format = try #require(try Manifest(parsing: CapSolverAdapter.manifest.bytes).key)
        #expect(format.prefixes == ["CAP-", "CAI-"] && format.length.lowerBound > 4 && !format.hexadecimal)
    }

    @Test("Its manifest is one that a host takes and says what is documented")
    func manifest() throws {
        let manifest = try Manifest(parsing: CapSolverAdapter.manifest.bytes)
        #expect(manifest.id == "capsolver")
        #expect(manifest.origins == ["https://api.capsolver.com"])
        #expect(!manifest.reportsCost && !manifest.chargesUnsolvable && manifest.resultLifetimeSeconds == 300)
        #expect(manifest.reportWindow == Manifest.ReportWindow(seconds: 300, from: .submit))
        let plan = manifest.pollPlan
        #expect(plan.most <= 120 && plan.first + Double(plan.most - 1) * plan.interval < 300)
    }

    @Test("Its list prices are the documented ones")
    func prices() {
        let prices = CapSolverAdapter.manifest.offers.reduce(into: [TaskFamily: String]()) {
            $0[$1.family] = $1.listPrice
        }
        #expect(
            prices == [
                .imageToText: "0.0004", .recaptchaV2: "0.0008", .recaptchaV2Enterprise: "0.001",
                .recaptchaV3: "0.001", .recaptchaV3Enterprise: "0.003", .turnstile: "0.0012",
                .cloudflareClearance: "0.0012", .geetestV3: "0.0012", .geetestV4: "0.0012", .amazonWaf: "0.002",
                .awsWafClassification: "0.0006", .datadome: "0.0025", .mtcaptcha: "0.003", .grid: "0.0004",
            ])
    }

    @Test("Pictures are answered by createTask itself")
    func atOnce() async throws {
        let answer = #"""
            {"errorId":0,"errorCode":"","errorDescription":"","status":"ready","taskId":"2376919c",
             "solution":{"text":"44795sds","confidence":0.95}}
            """#
        guard case .solved(let solution) = try await submit(.imageToText, answer) else {
            Issue.record("left pending")
            return
        }
        #expect(solution.fields["text"] == "44795sds")
        #expect(solution.cost == nil)
    }

    @Test("Other tasks are polled by an ID that is text, and idle is pending")
    func polled() async throws {
        let answer = #"{"errorId":0,"errorCode":"","errorDescription":"","taskId":"61138bb6-19fb"}"#
        #expect(try await submit(.turnstile, answer) == .pending(id: "61138bb6-19fb"))
        let ticket = Ticket(id: "61138bb6-19fb", family: .turnstile, credential: GoldenRun.credential)
        let call = ScriptedCall(.json(#"{"errorId":0,"status":"idle","taskId":"61138bb6-19fb"}"#))
        #expect(try await adapter.poll(ticket, call: call) == .pending)
        #expect(call.requests.first?.json?["taskId"] == "61138bb6-19fb")
        let failed = ScriptedCall(.json(#"{"errorId":0,"status":"failed","errorDescription":"no"}"#))
        let fault = await #expect(throws: Fault.self) { try await adapter.poll(ticket, call: failed) }
        #expect(fault?.kind == .unsolvable(charged: false))
    }

    @Test(
        "A package with calls left can pay while the balance is zero",
        arguments: [
            (#"[]"#, false), (#"null"#, false), (#"[{"numberOfCalls":5,"status":1,"expireTime":1999999999}]"#, true),
            (#"[{"numberOfCalls":0}]"#, false), (#"[{"numberOfCalls":5,"expireTime":1000}]"#, false),
            (#"[{"title":"monthly"}]"#, true), (#"[null]"#, false),
        ])
    func packages(_ packages: String, _ pays: Bool) async throws {
        let call = ScriptedCall(.json(#"{"errorId":0,"balance":0,"packages":\#(packages)}"#))
        let balance = try await adapter.balance(of: GoldenRun.credential, call: call)
        #expect(balance == Balance(amount: "0", otherMeans: pays))
    }

    @Test("A wrong key is HTTP 401 with JSON, and an invalid key")
    func wrongKey() async {
        let call = ScriptedCall(
            .json(#"{"errorId":1,"errorCode":"ERROR_KEY_DENIED_ACCESS","errorDescription":"no"}"#, status: 401))
        let fault = await #expect(throws: Fault.self) { try await adapter.validate(GoldenRun.credential, call: call) }
        #expect(fault?.kind == .invalidKey)
    }

    @Test("A waiting room is not sold there")
    func waitingRoom() async throws {
        let run = GoldenRun(adapter, taskID: "1", proxyFields: "{}")
        let fields = try GoldenRun.object(
            #"{"websiteURL":"https://a.test/","cloudflareTaskType":"wait_room"}"#, Golden.canonicalProxy)
        #expect(await run.refusal(.cloudflareClearance, fields)?.kind == .unsupportedTask)
    }

    @Test("One call takes good and bad reports", arguments: [true, false])
    func reports(_ accepted: Bool) async throws {
        let call = ScriptedCall(.json(#"{"errorId":0,"message":"okay"}"#))
        let ticket = Ticket(id: "61138bb6", family: .recaptchaV2, credential: GoldenRun.credential)
        try await adapter.report(ticket, accepted: accepted, call: call)
        #expect(call.requests.map(\.path) == ["/feedbackTask"])
        #expect(call.requests.first?.json?["result"] == ["invalid": .bool(!accepted)])
    }

    @Test("A picture with one cell becomes that cell, or none", arguments: [true, false])
    func oneCell(_ found: Bool) async throws {
        let answer = #"{"errorId":0,"status":"ready","solution":{"type":"single","hasObject":\#(found)}}"#
        guard case .solved(let solution) = try await submit(.grid, answer) else {
            Issue.record("left pending")
            return
        }
        #expect(solution.fields["click"] == (found ? [1] : []))
    }
}
