@testable import AntiCaptcha
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("Anti-Captcha's error codes")
struct AntiCaptchaFaultTests {
    private static func wrong(_ code: String, _ number: Int64, _ field: String?, on family: TaskFamily = .recaptchaV2)
        -> CodeRow
    { CodeRow(code, number, is: .badTask(field: field), blames: .providerForThisTask, on: family) }

    private static func proxy(_ code: String, _ number: Int64) -> CodeRow {
        CodeRow(code, number, is: .proxy, blames: .task)
    }

    private static func unsolvable(_ code: String, _ number: Int64, charged: Bool? = nil) -> CodeRow {
        CodeRow(code, number, is: .unsolvable(charged: charged), blames: .providerForThisTask)
    }

    static let documented: [CodeRow] = [
        .init("ERROR_KEY_DOES_NOT_EXIST", 1, is: .invalidKey, blames: .key),
        .init("ERROR_NO_SLOT_AVAILABLE", 2, is: .overloaded, blames: .moment),
        wrong("ERROR_ZERO_CAPTCHA_FILESIZE", 3, "body", on: .imageToText),
        wrong("ERROR_TOO_BIG_CAPTCHA_FILESIZE", 4, "body", on: .imageToText),
        .init("ERROR_ZERO_BALANCE", 10, is: .noFunds, blames: .key),
        .init("ERROR_IP_NOT_ALLOWED", 11, is: .ipNotAllowed, blames: .key),
        unsolvable("ERROR_CAPTCHA_UNSOLVABLE", 12, charged: true),
        unsolvable("ERROR_BAD_DUPLICATES", 13),
        wrong("ERROR_NO_SUCH_METHOD", 14, nil),
        wrong("ERROR_IMAGE_TYPE_NOT_SUPPORTED", 15, "body", on: .imageToText),
        .init("ERROR_NO_SUCH_CAPCHA_ID", 16, is: .taskNotFound, blames: .moment),
        .init("ERROR_IP_BLOCKED", 21, is: .banned(.provider, untilUnixSeconds: nil), blames: .provider),
        wrong("ERROR_TASK_ABSENT", 22, nil),
        .init("ERROR_TASK_NOT_SUPPORTED", 23, is: .unsupportedTask, blames: .providerForThisTask),
        wrong("ERROR_INCORRECT_SESSION_DATA", 24, nil),
        proxy("ERROR_PROXY_CONNECT_REFUSED", 25), proxy("ERROR_PROXY_CONNECT_TIMEOUT", 26),
        proxy("ERROR_PROXY_READ_TIMEOUT", 27), proxy("ERROR_PROXY_BANNED", 28), proxy("ERROR_PROXY_TRANSPARENT", 29),
        unsolvable("ERROR_RECAPTCHA_TIMEOUT", 30),
        wrong("ERROR_RECAPTCHA_INVALID_SITEKEY", 31, "websiteKey"),
        wrong("ERROR_RECAPTCHA_INVALID_DOMAIN", 32, "websiteURL"),
        wrong("ERROR_RECAPTCHA_OLD_BROWSER", 33, "userAgent"),
        wrong("ERROR_TOKEN_EXPIRED", 34, "challenge", on: .geetestV3),
        proxy("ERROR_PROXY_HAS_NO_IMAGE_SUPPORT", 35), proxy("ERROR_PROXY_INCOMPATIBLE_HTTP_VERSION", 36),
        proxy("ERROR_PROXY_NOT_AUTHORISED", 49),
        wrong("ERROR_INVISIBLE_RECAPTCHA", 51, "isInvisible"),
        unsolvable("ERROR_FAILED_LOADING_WIDGET", 52),
        wrong("ERROR_VISIBLE_RECAPTCHA", 53, "isInvisible"),
        .init("ERROR_ALL_WORKERS_FILTERED", 54, is: .overloaded, blames: .moment),
        .init("ERROR_ACCOUNT_SUSPENDED", 55, is: .keyDisabled, blames: .key),
        wrong("ERROR_TEMPLATE_NOT_FOUND", 56, "templateName", on: .antiGate),
        unsolvable("ERROR_TASK_CANCELED", 57),
    ]

    @Test("Every documented code becomes its fault", arguments: documented)
    func code(_ row: CodeRow) async throws {
        let adapter = try AntiCaptchaAdapter(settings: AdapterSettings(name: "anticaptcha"))
        let fault = try #require(try await row.fault(adapter, AntiCaptchaGoldens.all))
        #expect(fault.kind == row.kind)
        #expect(fault.blame == row.blame)
    }

    @Test("The number alone says it", arguments: documented)
    func number(_ row: CodeRow) throws {
        let table = AntiCaptchaFaults.table
        #expect(table.verdict(code: "", number: row.number) == table.verdict(code: row.code, number: nil))
    }

    @Test("The table has the documented rows and no others")
    func rows() {
        #expect(AntiCaptchaFaults.table.rows.map(\.code) == Self.documented.map(\.code))
        #expect(AntiCaptchaFaults.table.rows.map(\.number) == Self.documented.map(\.number))
        #expect(Self.documented.count == 35)
    }

    @Test("Codes of a product that is gone are no mystery")
    func retired() {
        #expect(AntiCaptchaFaults.table.verdict(code: "ERROR_FACTORY_TASK_NOT_FOUND", number: 39) == .unsupportedTask)
    }
}
