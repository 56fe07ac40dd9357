@testable import CapMonster
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("CapMonster's error codes")
struct CapMonsterFaultTests {
    static let banned = Fault.Kind.banned(.provider, untilUnixSeconds: ScriptedCall.now + 600)

    private static func wrong(_ code: String, _ field: String?, on family: TaskFamily = .recaptchaV2) -> CodeRow {
        CodeRow(code, is: .badTask(field: field), blames: .providerForThisTask, on: family)
    }

    static let documented: [CodeRow] = [
        .init("ERROR_KEY_DOES_NOT_EXIST", is: .invalidKey, blames: .key),
        .init("ERROR_ZERO_BALANCE", is: .noFunds, blames: .key),
        .init("ERROR_IP_NOT_ALLOWED", is: .ipNotAllowed, blames: .key),
        .init("ERROR_IP_BANNED", is: banned, blames: .provider),
        .init("ERROR_IP_BLOCKED", is: banned, blames: .provider),
        .init("ERROR_TOO_MUCH_REQUESTS", is: .rateLimited(.provider, retryAfterSeconds: 2), blames: .moment),
        .init("ERROR_NO_SLOT_AVAILABLE", is: .overloaded, blames: .moment),
        .init("ERROR_SERVICE_NOT_AVAILABLE", is: .overloaded, blames: .moment),
        .init("ERROR_TASK_NOT_SUPPORTED", is: .unsupportedTask, blames: .providerForThisTask),
        .init("ERROR_NO_SUCH_METHOD", is: .unsupportedTask, blames: .providerForThisTask),
        .init("ERROR_DOMAIN_NOT_ALLOWED", is: .unsupportedTask, blames: .providerForThisTask),
        wrong("ERROR_TASK_ABSENT", nil),
        wrong("ERROR_INVALID_TASK", nil),
        wrong("ERROR_ZERO_CAPTCHA_FILESIZE", "body", on: .imageToText),
        wrong("ERROR_TOO_BIG_CAPTCHA_FILESIZE", "body", on: .imageToText),
        wrong("ERROR_RECAPTCHA_INVALID_SITEKEY", "websiteKey"),
        wrong("ERROR_RECAPTCHA_INVALID_DOMAIN", "websiteURL"),
        wrong("ERROR_WRONG_USERAGENT", "userAgent"),
        wrong("ERROR_TOKEN_EXPIRED", "challenge", on: .geetestV3),
        .init("ERROR_NO_SUCH_CAPCHA_ID", is: .taskNotFound, blames: .moment),
        .init("WRONG_CAPTCHA_ID", is: .taskNotFound, blames: .moment),
        // To a createTask it is no answer; to a poll it says that the task is still worked on.
        .init("CAPTCHA_NOT_READY", is: .protocolError, blames: .provider),
        .init("ERROR_CAPTCHA_UNSOLVABLE", is: .unsolvable(charged: false), blames: .providerForThisTask),
        .init("ERROR_RECAPTCHA_TIMEOUT", is: .unsolvable(charged: false), blames: .providerForThisTask),
        .init("ERROR_PROXY_CONNECT_REFUSED", is: .proxy, blames: .task),
        .init("ERROR_PROXY_BANNED", is: .proxy, blames: .task),
        .init("ERROR_PROXY_MISSING", is: .proxy, blames: .task),
        .init("ERROR_PROXY_NOT_AUTHORISED", is: .proxy, blames: .task),
        .init("ERROR_PROXY_READ_TIMEOUT", is: .proxy, blames: .task),
        .init("ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER", is: .proxy, blames: .task),
    ]

    @Test("Every documented code becomes its fault", arguments: documented)
    func code(_ row: CodeRow) async throws {
        let adapter = try CapMonsterAdapter(settings: AdapterSettings(name: "capmonster"))
        let fault = try #require(try await row.fault(adapter, CapMonsterGoldens.all))
        #expect(fault.kind == row.kind)
        #expect(fault.blame == row.blame)
    }

    @Test("The table has the documented rows and no others; its errorId says nothing")
    func rows() {
        #expect(CapMonsterFaults.table.rows.map(\.code) == Self.documented.map(\.code))
        #expect(Self.documented.count == 30)
        #expect(CapMonsterFaults.table.verdict(code: "", number: 1) == nil)
    }

    @Test("The field that the description names is told by its canonical name")
    func namedField() async throws {
        let adapter = try CapMonsterAdapter(settings: AdapterSettings(name: "capmonster"))
        let answer =
            #"{"errorId":1,"errorCode":"ERROR_INVALID_TASK","errorDescription":"pageAction is not set","taskId":0}"#
        let fields = try GoldenRun.object(try #require(CapMonsterGoldens.all.first { $0.family == .turnstile }).task)
        let task = TaskRequest(
            family: .turnstile, fields: fields, credential: GoldenRun.credential, secondsLeft: 60)
        let fault = await #expect(throws: Fault.self) {
            try await adapter.submit(task, call: ScriptedCall(.json(answer)))
        }
        #expect(fault?.kind == .badTask(field: "action"))
    }
}
