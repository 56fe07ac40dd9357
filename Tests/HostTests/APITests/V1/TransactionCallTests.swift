import Domain
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The call for an account's transactions")
struct TransactionCallTests {
    private static let manage = FakeService.manageKey

    private static func record(
        _ number: Int64, _ kind: LedgerTransaction.Kind, _ amount: String, task: Int64? = nil, provider: String? = nil,
        recycledKey: Int64? = nil, reference: String? = nil
    ) throws -> TransactionRecord {
        TransactionRecord(
            number: number, kind: kind, time: FakeAccount.now.adding(seconds: Double(number) * 3600),
            amount: try #require(Money(decimal: amount)), task: task.map(FakeService.id), provider: provider,
            recycledKey: recycledKey.flatMap { ProviderKeyID($0) }, reference: reference)
    }

    /// Three, hourly from 2023-11-14T23:13:20Z on.
    private static func account() throws -> FakeAccount {
        FakeAccount(records: [
            try record(3, .recycleCredit, "0.000000001", task: 8, provider: "capsolver", recycledKey: 5),
            try record(2, .taskCharge, "-0.0012", task: 7, provider: "capsolver"),
            try record(1, .deposit, "10", reference: "=invoice, \"7\""),
        ])
    }

    private func numbers(_ response: RawResponse) throws -> [Int64] {
        (try response.json["transactions"]?.array ?? []).compactMap { $0["number"]?.integer }
    }

    @Test("They come the newest first, with signed exact amounts, the task, the provider and the recycled key")
    func json() async throws {
        let account = try Self.account()
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/transactions", key: Self.manage)
            #expect(response.status == 200)
            #expect(
                response.body == """
                    {"errorId":0,"transactions":[{"number":3,"kind":"RECYCLE_CREDIT",\
                    "time":"2023-11-15T01:13:20.000Z","amount":0.000000001,\
                    "taskId":"aaaaaaaa-bbbb-4ccc-8ddd-000000000008","provider":"capsolver","recycledKey":5,\
                    "reference":null},{"number":2,"kind":"TASK_CHARGE","time":"2023-11-15T00:13:20.000Z",\
                    "amount":-0.0012,"taskId":"aaaaaaaa-bbbb-4ccc-8ddd-000000000007","provider":"capsolver",\
                    "recycledKey":null,"reference":null},{"number":1,"kind":"DEPOSIT",\
                    "time":"2023-11-14T23:13:20.000Z","amount":10,"taskId":null,"provider":null,"recycledKey":null,\
                    "reference":"=invoice, \\"7\\""}],"nextCursor":null}
                    """)
        }
        #expect(account.transactionQueries == [TransactionQuery(account: AccountID(1), limit: 100)])
    }

    @Test("Pages follow one another by the cursor, none is empty, and the last one has no cursor")
    func pages() async throws {
        for limit in 1...4 {
            try await withClientServer(account: try Self.account()) { server in
                var seen: [[Int64]] = []
                var path: String? = "/v1/transactions?limit=\(limit)"
                while let next = path {
                    let response = try await server.send("GET", next, key: Self.manage)
                    seen.append(try numbers(response))
                    path = try response.json["nextCursor"]?.string.map {
                        "/v1/transactions?limit=\(limit)&cursor=\($0)"
                    }
                    guard seen.count < 5 else { break }
                }
                #expect(seen.flatMap(\.self) == [3, 2, 1])
                #expect(seen.allSatisfy { !$0.isEmpty && $0.count <= limit })
            }
        }
    }

    @Test("They are chosen by kind, in any case, by several parameters or with commas")
    func kinds() async throws {
        let account = try Self.account()
        try await withClientServer(account: account) { server in
            for (query, expected) in [
                ("kind=DEPOSIT", [1]), ("kind=deposit,Recycle_Credit", [3, 1]),
                ("kind=TASK_CHARGE&kind=DEPOSIT", [2, 1]), ("kind=ADJUSTMENT", []), ("kind=", [3, 2, 1]),
            ] as [(String, [Int64])] {
                let response = try await server.send("GET", "/v1/transactions?\(query)", key: Self.manage)
                #expect(try numbers(response) == expected, "\(query)")
            }
        }
    }

    @Test("They are chosen by time: from a moment on, before another; a day is a whole one")
    func times() async throws {
        try await withClientServer(account: try Self.account()) { server in
            for (query, expected) in [
                ("from=2023-11-14", [3, 2, 1]), ("until=2023-11-14", [1]),
                ("from=2023-11-14&until=2023-11-15", [3, 2, 1]), ("from=2023-11-15&until=2023-11-15", [3, 2]),
                ("from=2023-11-15T00:13:20Z&until=2023-11-15", [3, 2]),
                ("from=2023-11-15T00:13:20.001Z&until=2023-11-15", [3]),
                ("from=2023-11-14T23:59:59Z", [3, 2]), ("from=2023-11-16&until=2023-11-17", []),
                ("until=2023-11-15T01:13:20Z", [2, 1]), ("until=2023-11-15T01:13:20.0000001Z", [3, 2, 1]),
            ] as [(String, [Int64])] {
                let response = try await server.send("GET", "/v1/transactions?\(query)", key: Self.manage)
                #expect(try numbers(response) == expected, "\(query)")
            }
        }
    }

    struct BadQuery: Sendable, CustomTestStringConvertible {
        let query: String
        let text: String
        var testDescription: String { query }
    }

    @Test(
        "A parameter that cannot be used is refused with its name",
        arguments: [
            BadQuery(
                query: "kind=CHARGE",
                text: "kind: There is no such kind. Those there are: DEPOSIT, TASK_CHARGE, TASK_REFUND, "
                    + "RECYCLE_CREDIT, ADJUSTMENT."),
            BadQuery(query: "limit=0", text: "limit: It has to be a whole number from 1 to 1000."),
            BadQuery(query: "limit=1001", text: "limit: It has to be a whole number from 1 to 1000."),
            BadQuery(query: "limit=1&limit=2", text: "limit: It may come once only."),
            BadQuery(query: "cursor=x", text: "cursor: It has to be a whole number from 1."),
            BadQuery(query: "cursor=0", text: "cursor: It has to be a whole number from 1."),
            BadQuery(
                query: "from=yesterday",
                text: "from: It has to be a day or a time of UTC, such as 2026-01-31 or 2026-01-31T12:00:00Z."),
            BadQuery(
                query: "until=2023-02-30",
                text: "until: It has to be a day or a time of UTC, such as 2026-01-31 or 2026-01-31T12:00:00Z."),
            BadQuery(query: "from=2023-11-16&until=2023-11-15", text: "from: It is not before `until`."),
            BadQuery(
                query: "from=2023-11-15",
                text: "from: It is later than `until`, or than today where that is missing."),
            BadQuery(query: "format=xml", text: "format: There are json and csv."),
            BadQuery(
                query: "since=1",
                text: "The query has a parameter that this call does not know. Those it knows: kind, from, until, "
                    + "limit, cursor, format."),
        ])
    func badQueries(_ row: BadQuery) async throws {
        let account = try Self.account()
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/transactions?\(row.query)", key: Self.manage)
            #expect(response.status == 400)
            #expect(try response.errorCode == "ERROR_BAD_PARAMETERS")
            #expect(try response.errorText == row.text)
        }
        #expect(account.transactionQueries.isEmpty)
    }

    @Test("A page may be as large as the bound")
    func largestPage() async throws {
        let account = FakeAccount(records: try (1...1001).reversed().map { try Self.record($0, .deposit, "1") })
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/transactions?limit=1000", key: Self.manage)
            #expect(try numbers(response).count == 1000)
            #expect(try response.json["nextCursor"]?.string == "2")
        }
    }

    @Test("As CSV they have a row of names, quotes where they are needed, no formulas, and the cursor in a header")
    func csv() async throws {
        try await withClientServer(account: try Self.account()) { server in
            let whole = try await server.send("GET", "/v1/transactions?format=CSV", key: Self.manage)
            #expect(whole.status == 200)
            #expect(whole.headers["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(whole.headers["next-cursor"] == nil)
            #expect(
                whole.body
                    == [
                        "number,kind,time,amount,taskId,provider,recycledKey,reference",
                        "3,RECYCLE_CREDIT,2023-11-15T01:13:20.000Z,0.000000001,aaaaaaaa-bbbb-4ccc-8ddd-000000000008,"
                            + "capsolver,5,",
                        "2,TASK_CHARGE,2023-11-15T00:13:20.000Z,-0.0012,aaaaaaaa-bbbb-4ccc-8ddd-000000000007,"
                            + "capsolver,,",
                        "1,DEPOSIT,2023-11-14T23:13:20.000Z,10,,,,\"'=invoice, \"\"7\"\"\"", "",
                    ].joined(separator: "\r\n"))
            let page = try await server.send(
                "GET", "/v1/transactions?limit=2", key: Self.manage, headers: "Accept: text/csv\r\n")
            #expect(page.headers["next-cursor"] == "2" && page.body.hasPrefix("number,"))
            let last = try await server.send("GET", "/v1/transactions?cursor=2&format=csv", key: Self.manage)
            #expect(last.headers["next-cursor"] == nil && last.body.contains("\r\n1,DEPOSIT"))
            let json = try await server.send(
                "GET", "/v1/transactions?format=json", key: Self.manage, headers: "Accept: text/csv\r\n")
            #expect(json.headers["content-type"] == "application/json")
        }
    }
}
