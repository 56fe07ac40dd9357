@testable import CapSolver
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("CapSolver's error codes")
struct CapSolverFaultTests {
    static let documented: [CodeRow] = [
        .init("ERROR_KEY_DENIED_ACCESS", is: .invalidKey, blames: .key),
        .init("ERROR_ZERO_BALANCE", is: .noFunds, blames: .key),
        .init("ERROR_SETTLEMENT_FAILED", is: .noFunds, blames: .key),
        .init("ERROR_RATE_LIMIT", is: .rateLimited(.key, retryAfterSeconds: nil), blames: .key),
        .init("ERROR_SERVICE_UNAVALIABLE", is: .overloaded, blames: .moment),
        .init("ERROR_SERVICE_UNAVAILABLE", is: .overloaded, blames: .moment),
        .init("ERROR_INVALID_TASK_DATA", is: .badTask(field: nil), blames: .providerForThisTask),
        .init("ERROR_BAD_REQUEST", is: .badTask(field: nil), blames: .providerForThisTask),
        .init("ERROR_INVALID_IMAGE", is: .badTask(field: "body"), blames: .providerForThisTask, on: .imageToText),
        .init("ERROR_PARSE_IMAGE_FAIL", is: .badTask(field: "body"), blames: .providerForThisTask, on: .grid),
        .init("ERROR_UNKNOWN_QUESTION", is: .badTask(field: "question"), blames: .providerForThisTask, on: .grid),
        .init("ERROR_TASK_NOT_SUPPORTED", is: .unsupportedTask, blames: .providerForThisTask),
        .init("ERROR_TASKID_INVALID", is: .taskNotFound, blames: .moment),
        .init("ERROR_TASK_TIMEOUT", is: .unsolvable(charged: false), blames: .providerForThisTask),
        .init("ERROR_CAPTCHA_UNSOLVABLE", is: .unsolvable(charged: false), blames: .providerForThisTask),
        .init("ERROR_PROXY_BANNED", is: .proxy, blames: .task),
        .init(
            "ERROR_IP_BANNED", is: .banned(.provider, untilUnixSeconds: ScriptedCall.now + 1800), blames: .provider),
        .init(
            "ERROR_KEY_TEMP_BLOCKED", is: .banned(.key, untilUnixSeconds: ScriptedCall.now + 300), blames: .key),
    ]

    @Test(
        "Every documented code becomes its fault, also with HTTP 400 and 401", arguments: documented, [200, 400, 401])
    func code(_ row: CodeRow, _ status: Int) async throws {
        let adapter = try CapSolverAdapter(settings: AdapterSettings(name: "capsolver"))
        let fault = try #require(try await row.fault(adapter, CapSolverGoldens.all, status: status))
        #expect(fault.kind == row.kind)
        #expect(fault.blame == row.blame)
    }

    @Test("The table has the documented rows and no others; its errorId says nothing")
    func rows() {
        #expect(CapSolverFaults.table.rows.map(\.code) == Self.documented.map(\.code))
        #expect(Self.documented.count == 18)
        #expect(CapSolverFaults.table.verdict(code: "", number: 1) == nil)
        #expect(CapSolverFaults.table.verdict(code: "", number: 10) == nil)
    }

    @Test("A code that others of the dialect document is understood, too")
    func fallback() {
        #expect(CapSolverFaults.table.verdict(code: "ERROR_KEY_DOES_NOT_EXIST", number: 1) == .invalidKey)
        #expect(CapSolverFaults.table.verdict(code: "ERROR_NO_SLOT_AVAILABLE", number: 1) == .overloaded)
        #expect(CapSolverFaults.table.verdict(code: "ERROR_IP_NOT_ALLOWED", number: 1) == .ipNotAllowed)
    }
}
