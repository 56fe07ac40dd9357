import Domain
import Foundation
import ProviderKit
import Tasks
import TestSupport
import Testing

@testable import API

/// Every error of the catalogue in every dialect, against Tests/Support/ErrorTexts.tsv: what clients look for, word for
/// word.
@Suite("Each error of the catalogue in each dialect")
struct ErrorTextTests {
    /// A row of the table; `=` stands for the catalogue's own word.
    struct Row: Sendable, CustomTestStringConvertible {
        let code: ErrorCode
        let cells: [String: String]
        var testDescription: String { code.rawValue }

        func word(_ column: String) throws -> String {
            let cell = try #require(cells[column])
            return cell == "=" ? code.rawValue : cell
        }

        func status(_ column: String) throws -> Int { try #require(try Int(word(column))) }
    }

    static func table() throws -> [Row] {
        let path = Repository.root.appending(path: "Tests/Support/ErrorTexts.tsv")
        let lines = String(decoding: try Data(contentsOf: path), as: UTF8.self).split(separator: "\n")
        let cells = lines.map { $0.split(separator: "\t").map(String.init) }
        return try cells.dropFirst().map { row in
            try #require(row.count == cells[0].count)
            return Row(
                code: try #require(ErrorCode(rawValue: row[0])),
                cells: Dictionary(uniqueKeysWithValues: zip(cells[0], row)))
        }
    }

    private let rows: [Row]

    init() throws {
        rows = try ErrorTextTests.table()
    }

    @Test("The table has each error once")
    func complete() {
        #expect(rows.map(\.code) == ErrorCode.allCases)
    }

    @Test("createTask and getTaskResult")
    func jsonCalls() async throws {
        let task: JSONObject = [
            "type": "TurnstileTaskProxyless", "websiteURL": "https://example.com", "websiteKey": "0x4AAAAAAAB",
        ]
        let key = JSONValue.string(FakeService.key)
        for row in rows {
            let error = ClientError(row.code)
            for dialect in [ClientDialect?.none] + ClientDialect.allCases.map(Optional.some) {
                let own = dialect == nil || dialect == .ucaptcha
                let word = own ? row.code.rawValue : try row.word(dialect?.rawValue ?? "")
                let status = dialect == .ucaptcha ? try row.status("ucaptcha status") : 200
                let path = dialect.map { "/\($0.rawValue)" } ?? ""
                let service = FakeService(failing: error) { _ throws(ClientError) in throw error }
                let sentence = JSONValue.string(row.code.sentence).text
                let text = #"{"errorId":1,"errorCode":"\#(word)","errorDescription":\#(sentence)}"#
                var all = [
                    Asked.json("\(path)/getTaskResult", ["clientKey": key, "taskId": 7]),
                    Asked.json("\(path)/getBalance", ["clientKey": key]),
                    Asked.json("\(path)/reportIncorrect", ["clientKey": key, "taskId": 7]),
                ]
                // At the root a task's own signs choose the dialect.
                if dialect != nil {
                    all.append(Asked.json("\(path)/createTask", ["clientKey": key, "task": .object(task)]))
                }
                for asked in all {
                    let answer = try #require(await TaskCallDialect(service).answer(asked))
                    #expect(answer.response.text == text, "\(asked.request.path)")
                    #expect(answer.response.status == status, "\(asked.request.path), \(row.code)")
                    #expect(answer.error?.code == row.code)
                }
            }
        }
    }

    @Test("A task that failed, in getTaskResult")
    func failedTasks() async throws {
        for row in rows {
            let service = FakeService(status: .failed(ClientError(row.code)))
            for dialect in ClientDialect.allCases {
                let asked = Asked.json(
                    "/\(dialect.rawValue)/getTaskResult", ["clientKey": .string(FakeService.key), "taskId": 7])
                let json = try #require(await TaskCallDialect(service).answer(asked)).response.json
                let word = dialect == .ucaptcha ? row.code.rawValue : try row.word(dialect.rawValue)
                #expect(json["errorCode"]?.string == word, "\(dialect): \(row.code)")
                #expect(json["errorDescription"]?.string == row.code.sentence)
                #expect(json["status"] == "failed")
                #expect(json["errorId"] == (dialect == .ucaptcha ? 0 : 1))
            }
        }
    }

    @Test("in.php and res.php, as text and as JSON")
    func forms() async throws {
        for row in rows {
            let error = ClientError(row.code)
            let service = FakeService(failing: error) { _ throws(ClientError) in throw error }
            let failed = FakeService(status: .failed(error))
            let key = "key=\(FakeService.key)"
            let cases = [
                (service, "in.php", "/in.php?\(key)&method=turnstile&sitekey=0x4A&pageurl=https://example.com"),
                (service, "res.php", "/res.php?\(key)&action=get&id=7"),
                (service, "res.php", "/res.php?\(key)&action=getbalance"),
                (service, "res.php", "/res.php?\(key)&action=reportbad&id=7"),
                (failed, "res.php", "/res.php?\(key)&action=get&id=7"),
            ]
            for (service, column, target) in cases {
                let word = try row.word(column)
                let dialect = InPHPDialect(service)
                let plain = try #require(await dialect.answer(Asked("GET", target))).response
                #expect(plain.text == word, "\(target)")
                #expect(plain.status == 200 && plain.contentType.hasPrefix("text/plain"))
                let json = try #require(await dialect.answer(Asked("GET", target + "&json=1"))).response
                #expect(json.text == #"{"status":0,"request":"\#(word)"}"#, "\(target)")
                #expect(json.status == 200 && json.contentType == "application/json")
            }
        }
    }

    @Test("Death By Captcha's calls, as JSON and as a form")
    func deathByCaptcha() async throws {
        for row in rows {
            let error = ClientError(row.code)
            let service = FakeService(failing: error) { _ throws(ClientError) in throw error }
            let word = try row.word("Death By Captcha")
            let status = try row.status("Death By Captcha status")
            let sentence = JSONValue.string(row.code.sentence).text
            let notOwned = word.hasPrefix("Captcha not found")
            let json = #"{"status":255,"error":"\#(word)"\#(notOwned ? "" : #","message":\#(sentence)"#)}"#
            let form =
                "status=255&error=\(FormText.encoded(word))"
                + (notOwned ? "" : "&message=\(FormText.encoded(row.code.sentence))")
            let key = "authtoken=\(FakeService.key)"
            let picture = String(repeating: "QUJD", count: 40)
            let cases = [
                ("POST", "/api", "\(key)&captchafile=\(picture)"), ("POST", "/api/captcha/9000000000007/report", key),
                ("POST", "/api/user", key),
            ]
            for (method, path, body) in cases {
                let dialect = DeathByCaptchaDialect(service)
                let asJSON = try #require(await dialect.answer(Asked(method, path, body: body)))
                #expect(asJSON.response.text == json, "\(path)")
                #expect(asJSON.response.status == status, "\(path): \(row.code)")
                #expect(asJSON.error?.code == row.code)
                let accept = ("accept", "application/x-www-form-urlencoded")
                let asForm = try #require(await dialect.answer(Asked(method, path, body: body, headers: [accept])))
                #expect(asForm.response.text == form, "\(path)")
                #expect(asForm.response.status == status)
            }
        }
    }
}
