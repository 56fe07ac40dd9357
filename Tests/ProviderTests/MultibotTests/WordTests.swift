import ProviderKit
import Testing

@testable import Multibot

/// A row of the table of faults: the word, and the class and blame that it has to have.
struct WordRow: Sendable, CustomTestStringConvertible {
    let word: String
    let kind: Fault.Kind
    let blame: Fault.Blame

    init(_ word: String, _ kind: Fault.Kind, _ blame: Fault.Blame) {
        self.word = word
        self.kind = kind
        self.blame = blame
    }

    var testDescription: String { word }

    static let all: [WordRow] = [
        WordRow("ERROR_WRONG_USER_KEY", .invalidKey, .key),
        WordRow("ERROR_ZERO_BALANCE", .noFunds, .key),
        WordRow("ERROR_USER_BALANCE_ZERO", .noFunds, .key),
        WordRow("ERROR_ZERO_BLANCE", .noFunds, .key),
        WordRow("WRONG_RESULT", .unsolvable(charged: nil), .providerForThisTask),
        WordRow("ERROR_CAPTCHA_UNSOLVABLE", .unsolvable(charged: nil), .providerForThisTask),
        WordRow("ERROR_NOT_CAPTCHA_ID", .taskNotFound, .moment),
        WordRow("ERROR_KEY_DOES_NOT_EXIST", .invalidKey, .key),
        WordRow("ERROR_PAGEURL", .badTask(field: "websiteURL"), .providerForThisTask),
        WordRow("ERROR_GOOGLEKEY", .badTask(field: "websiteKey"), .providerForThisTask),
        WordRow("ERROR_WRONG_GOOGLEKEY", .badTask(field: "websiteKey"), .providerForThisTask),
        WordRow("ERROR_BAD_TOKEN_OR_PAGEURL", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_NO_SLOT_AVAILABLE", .overloaded, .moment),
        WordRow("ERROR_ZERO_CAPTCHA_FILESIZE", .badTask(field: "body"), .providerForThisTask),
        WordRow("ERROR_TOO_BIG_CAPTCHA_FILESIZE", .badTask(field: "body"), .providerForThisTask),
        WordRow("ERROR_WRONG_FILE_EXTENSION", .badTask(field: "body"), .providerForThisTask),
        WordRow("ERROR_IMAGE_TYPE_NOT_SUPPORTED", .badTask(field: "body"), .providerForThisTask),
        WordRow("ERROR_UPLOAD", .badTask(field: "body"), .providerForThisTask),
        WordRow("ERROR_CAPTCHAIMAGE_BLOCKED", .badTask(field: "body"), .providerForThisTask),
        WordRow("ERROR_BAD_PARAMETERS", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_EMPTY_ACTION", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_WRONG_ID_FORMAT", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_PROXY_FORMAT", .proxy, .task),
        WordRow("ERROR_BAD_PROXY", .proxy, .task),
        WordRow("ERROR_PROXY_CONNECTION_FAILED", .proxy, .task),
        WordRow("ERROR_IP_NOT_ALLOWED", .ipNotAllowed, .key),
        WordRow("IP_BANNED", .banned(.provider, untilUnixSeconds: nil), .provider),
        WordRow("ERROR: 1004", .banned(.provider, untilUnixSeconds: nil), .provider),
        WordRow("TOO_MANY_BAD_IMAGES", .banned(.key, untilUnixSeconds: nil), .key),
        WordRow("MAX_USER_TURN", .rateLimited(.key, retryAfterSeconds: nil), .key),
        WordRow("ERROR: 1001", .rateLimited(.key, retryAfterSeconds: nil), .key),
        WordRow("ERROR: 1002", .rateLimited(.key, retryAfterSeconds: nil), .key),
        WordRow("ERROR: 1003", .rateLimited(.key, retryAfterSeconds: nil), .key),
        WordRow("ERROR: 1005", .rateLimited(.key, retryAfterSeconds: nil), .key),
        WordRow("ERROR_BAD_DUPLICATES", .unsolvable(charged: nil), .providerForThisTask),
        WordRow("ERROR_TOKEN_EXPIRED", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_WRONG_CAPTCHA_ID", .taskNotFound, .moment),
        WordRow("WRONG_CAPTCHA_ID", .taskNotFound, .moment),
        WordRow("ERROR_REPORT_NOT_RECORDED", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_DUPLICATE_REPORT", .badTask(field: nil), .providerForThisTask),
        WordRow("ERROR_IP_ADDRES", .ipNotAllowed, .key),
    ]
}

@Suite("Multibot's words for what went wrong")
struct WordTests {
    @Test("The table and its tests have the same rows")
    func complete() {
        let rows = VendorWords.multibotRows.map(\.word)
        #expect(rows.sorted() == WordRow.all.map(\.word).sorted())
        #expect(Set(rows).count == rows.count)
    }

    @Test("Each word is its fault, in JSON, bare and in another case, on every call", arguments: WordRow.all)
    func means(row: WordRow) async throws {
        let adapter = MultibotAdapter.usual
        for body in [
            #"{"status":0,"request":"\#(row.word)"}"#, row.word, " \(row.word.lowercased())\r\n",
            "\u{FEFF}\(row.word)", #""\#(row.word)""#,
        ] {
            let faults = [
                await fault { _ = try await adapter.submit(.turnstile, site, ScriptedCall(body)) },
                await fault { _ = try await adapter.poll(.turnstile, ScriptedCall(body)) },
                await fault { _ = try await adapter.balance(of: credential, call: ScriptedCall(body)) },
                await fault { _ = try await adapter.validate(credential, call: ScriptedCall(body, status: 400)) },
            ]
            for fault in faults {
                let fault = try #require(fault, "\(body)")
                #expect(fault.kind == row.kind, "\(body)")
                #expect(fault.blame == row.blame, "\(body)")
                #expect(fault.message.uppercased().contains(row.word))
            }
        }
    }

    @Test("A word in the place of an answer or an ID is no answer, though the status says so", arguments: WordRow.all)
    func notSold(row: WordRow) async throws {
        for body in [#"{"status":1,"request":"\#(row.word)"}"#, "OK|\(row.word)"] {
            let polled = await fault {
                _ = try await MultibotAdapter.usual.poll(.imageToText, ScriptedCall(body))
            }
            let submitted = await fault {
                _ = try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall(body))
            }
            #expect(polled?.kind == row.kind && submitted?.kind == row.kind, "\(body)")
        }
    }

    @Test("The vendor's own sentence is told beside its word")
    func sentence() async throws {
        let body = #"{"status":0,"request":"ERROR_ZERO_BALANCE","error_text":"top up, please"}"#
        let fault = await fault { _ = try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall(body)) }
        #expect(fault?.message == "Multibot says ERROR_ZERO_BALANCE: top up, please.")
    }

    @Test("A word that is not known makes no sense, and is named")
    func unknown() async throws {
        for body in ["ERROR_BRAND_NEW", #"{"status":0,"request":"ERROR_BRAND_NEW"}"#] {
            let fault = await fault { _ = try await MultibotAdapter.usual.submit(.turnstile, site, ScriptedCall(body)) }
            #expect(fault?.kind == .protocolError)
            #expect(fault?.message.contains("ERROR_BRAND_NEW") == true)
        }
    }
}
