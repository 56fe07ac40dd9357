import Domain
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The documentation of the calls about an account")
struct AccountDocumentationTests {
    private static let page = "docs/account-api.md"

    /// The account of the examples.
    ///
    /// - Parameter isRemoved: whether its owner has taken the key out.
    static func account(isRemoved: Bool = false) throws -> FakeAccount {
        let begin = try #require(Timestamp(utc: "2026-01-31T12:00:00Z"))
        let id = try #require(ProviderKeyID(7))
        let active = RecycledKeyLife(state: .active, reason: nil, isSuspended: false, isErased: false)
        let removed = RecycledKeyLife(state: .removed, reason: nil, isSuspended: false, isErased: true)
        let cost = try #require(Money(decimal: "0.0012"))
        let key = RecycledKey(
            id: id, account: AccountID(1), provider: "capsolver", label: "last year's",
            masked: KeyText.masked("CAP-0123456789ABCDEF0123456789ABCDEF".utf8), life: isRemoved ? removed : active,
            funds: RecycledKeyFunds(balance: Money(decimal: "4.2")), createdAt: begin,
            checkedAt: begin.adding(seconds: 1))
        return FakeAccount(
            key: key,
            changes: [
                RecycledKeyChange(1, at: begin, life: RecycledKeyLife()),
                RecycledKeyChange(2, at: begin.adding(seconds: 1), life: active),
            ],
            records: [
                TransactionRecord(
                    number: 812, kind: .recycleCredit, time: begin.adding(seconds: 309.12), amount: cost,
                    task: FakeService.id(8), provider: "capsolver", recycledKey: id),
                TransactionRecord(
                    number: 805, kind: .taskCharge, time: begin.adding(seconds: 295), amount: cost.negated,
                    task: FakeService.id(7), provider: "capsolver"),
                TransactionRecord(
                    number: 790, kind: .taskCharge, time: begin.adding(seconds: 200), amount: cost.negated,
                    task: FakeService.id(6), provider: "capsolver"),
            ],
            rows: [
                UsageRow(
                    day: UTCDay(of: begin).number, key: 3, provider: "capsolver", family: .turnstile, solved: 41,
                    failed: 2, charged: try #require(Money(decimal: "0.0492")), refunded: cost)
            ])
    }

    @Test("Every example is answered as the page says")
    func examples() async throws {
        let examples = try DocumentedExample.all(in: try ProjectTree.text(of: Self.page))
        #expect(examples.count == 6)
        try await withClientServer(account: try Self.account()) { server in
            for example in examples {
                let response = try await server.send(
                    example.method, example.path, key: FakeService.manageKey, body: example.body)
                #expect((200...201).contains(response.status), "\(example.path)")
                switch example.language {
                case "json":
                    let wanted = try JSONValue(parsing: example.answer)
                    #expect(try JSONValue(parsing: response.body) == wanted, "\(example.path)\n\(response.body)")
                default:
                    #expect(response.body.replacing("\r\n", with: "\n") == example.answer, "\(example.path)")
                }
            }
        }
    }

    @Test("The page names every call, kind, state, reason and error, and the limits as they are")
    func names() throws {
        let text = try ProjectTree.text(of: Self.page)
        let names =
            LedgerTransaction.Kind.allCases.map(\.rawValue) + RecycledKeyLife.State.allCases.map(\.rawValue)
            + RecycledKeyLife.Reason.allCases.map(\.rawValue)
            + [ErrorCode.recycledKeyInUse, .noSuchRecycledKey, .tooManyRequests, .recyclingUnavailable].map(\.rawValue)
            + [
                "POST /v1/recycled-keys", "GET /v1/recycled-keys", "GET /v1/recycled-keys/{id}",
                "POST /v1/recycled-keys/{id}/check", "DELETE /v1/recycled-keys/{id}",
            ]
        for name in names { #expect(text.contains("`\(name)`"), "\(name)") }
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        for sentence in [
            "1 to \(Limits.transactionsPerPage), \(Limits.usualTransactionsPerPage) without it",
            "\(Limits.usageDays) at most",
            "1 to \(Limits.keysPerPage), \(Limits.usualKeysPerPage) without it, of keys",
            "its first and its latest \(Limits.keptKeyChanges - 1) changes are kept",
            "hand over \(Limits.keySubmissionsPerHour) keys an hour, have "
                + "\(Limits.recycledKeysPerAccount) that are not removed, and have each checked "
                + "\(Limits.keyChecksPerHour) times an hour",
        ] { #expect(words.contains(sentence), "\(sentence)") }
    }

    @Test("An example without an answer is noticed")
    func lonelyExample() throws {
        #expect(throws: TestFailure.self) { try DocumentedExample.all(in: "```http\nGET /v1/usage\n```\n") }
        let text = "```http\nPOST /a\n{\n}\n```\nand\n```json\n{}\n```\n```\nother\n```\n"
        let example = try #require(try DocumentedExample.all(in: text).first)
        #expect(
            example == DocumentedExample(method: "POST", path: "/a", body: "{\n}\n", language: "json", answer: "{}\n"))
    }
}

/// A request in a page, in a block `http`, and its answer in the block behind it, `json` or `csv`.
struct DocumentedExample: Equatable {
    let method: String
    let path: String
    let body: String
    let language: String
    let answer: String

    /// - Throws: for a request without an answer, and for one that is none.
    static func all(in text: String) throws -> [DocumentedExample] {
        var examples: [DocumentedExample] = []
        var request: Substring?
        for (language, content) in blocks(of: text) {
            switch language {
            case "http":
                guard request == nil else { throw TestFailure("A request has no answer.") }
                request = content
            case "json", "csv":
                guard let asked = request else { continue }
                request = nil
                let parts = asked.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
                let line = parts[0].split(separator: " ")
                guard line.count == 2 else { throw TestFailure("This is no request: \(parts[0])") }
                examples.append(
                    DocumentedExample(
                        method: String(line[0]), path: String(line[1]), body: String(parts.last ?? ""),
                        language: language, answer: String(content)))
            default: continue
            }
        }
        guard request == nil else { throw TestFailure("The last request has no answer.") }
        return examples
    }

    private static func blocks(of text: String) -> [(language: String, content: Substring)] {
        var blocks: [(String, Substring)] = []
        var rest = text[...]
        while let fence = rest.firstRange(of: "```") {
            let head = rest[fence.upperBound...].prefix { $0 != "\n" }
            let begin = rest.index(head.endIndex, offsetBy: 1, limitedBy: rest.endIndex) ?? rest.endIndex
            guard let end = rest[begin...].firstRange(of: "```") else { break }
            blocks.append((String(head), rest[begin..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return blocks
    }
}
