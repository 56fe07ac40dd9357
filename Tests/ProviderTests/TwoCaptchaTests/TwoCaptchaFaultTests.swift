import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing
@testable import TwoCaptcha

@Suite("2Captcha's error codes")
struct TwoCaptchaFaultTests {
    static let bannedUntil = ScriptedCall.now + 600

    /// The documented table, and the four codes that were only seen.
    static let documented: [CodeRow] = [
        .init("ERROR_KEY_DOES_NOT_EXIST", 1, is: .invalidKey, blames: .key),
        .init("ERROR_NO_SLOT_AVAILABLE", 2, is: .overloaded, blames: .moment),
        .init(
            "ERROR_ZERO_CAPTCHA_FILESIZE", 3, is: .badTask(field: "body"), blames: .providerForThisTask,
            on: .imageToText),
        .init(
            "ERROR_TOO_BIG_CAPTCHA_FILESIZE", 4, is: .badTask(field: "body"), blames: .providerForThisTask,
            on: .imageToText),
        .init("ERROR_PAGEURL", 5, is: .badTask(field: "websiteURL"), blames: .providerForThisTask),
        .init("ERROR_ZERO_BALANCE", 10, is: .noFunds, blames: .key),
        .init("ERROR_IP_NOT_ALLOWED", 11, is: .ipNotAllowed, blames: .key),
        .init("ERROR_CAPTCHA_UNSOLVABLE", 12, is: .unsolvable(charged: false), blames: .providerForThisTask),
        .init("ERROR_BAD_DUPLICATES", 13, is: .unsolvable(charged: nil), blames: .providerForThisTask),
        .init("ERROR_NO_SUCH_METHOD", 14, is: .badTask(field: nil), blames: .providerForThisTask),
        .init(
            "ERROR_IMAGE_TYPE_NOT_SUPPORTED", 15, is: .badTask(field: "body"), blames: .providerForThisTask,
            on: .imageToText),
        .init("ERROR_NO_SUCH_CAPCHA_ID", 16, is: .taskNotFound, blames: .moment),
        .init("ERROR_IP_BLOCKED", 21, is: .banned(.provider, untilUnixSeconds: bannedUntil), blames: .provider),
        .init("ERROR_TASK_ABSENT", 22, is: .badTask(field: nil), blames: .providerForThisTask),
        .init("ERROR_TASK_NOT_SUPPORTED", 23, is: .unsupportedTask, blames: .providerForThisTask),
        .init(
            "ERROR_RECAPTCHA_INVALID_SITEKEY", 31, is: .badTask(field: "websiteKey"), blames: .providerForThisTask),
        .init("ERROR_ACCOUNT_SUSPENDED", 55, is: .keyDisabled, blames: .key),
        .init("ERROR_BAD_PARAMETERS", 110, is: .badTask(field: nil), blames: .providerForThisTask),
        .init(
            "ERROR_BAD_IMGINSTRUCTIONS", 115, is: .badTask(field: "imgInstructions"), blames: .providerForThisTask,
            on: .grid),
        .init("ERROR_BAD_PROXY", 130, is: .proxy, blames: .task),
        .init("ERROR_KEY_IS_EMPTY", is: .invalidKey, blames: .key),
        .init("ERROR_WRONG_USER_KEY", is: .invalidKey, blames: .key),
        .init("ERROR_TOO_MANY_REQUESTS", is: .rateLimited(.key, retryAfterSeconds: 10), blames: .key),
        .init("ERROR_METHOD_CALL", is: .unsupportedTask, blames: .providerForThisTask),
    ]

    @Test("Every documented code becomes its fault", arguments: documented)
    func code(_ row: CodeRow) async throws {
        let adapter = try TwoCaptchaAdapter(settings: AdapterSettings(name: "2captcha"))
        let fault = try #require(try await row.fault(adapter, TwoCaptchaGoldens.all))
        #expect(fault.kind == row.kind)
        #expect(fault.blame == row.blame)
        #expect(fault.message == "\(row.code): what the vendor says")
    }

    @Test("The number alone says it where there is one", arguments: documented.filter { $0.number != nil })
    func number(_ row: CodeRow) throws {
        let table = TwoCaptchaFaults.table
        #expect(table.verdict(code: "", number: row.number) == table.verdict(code: row.code, number: nil))
    }

    @Test("The table has the documented rows and no others")
    func rows() {
        #expect(TwoCaptchaFaults.table.rows.map(\.code) == Self.documented.map(\.code))
        #expect(TwoCaptchaFaults.table.rows.map(\.number) == Self.documented.map(\.number))
        #expect(Self.documented.count == 20 + 4)
    }
}
