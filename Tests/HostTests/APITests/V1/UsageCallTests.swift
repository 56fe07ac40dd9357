import Domain
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The call for an account's usage")
struct UsageCallTests {
    private static let manage = FakeService.manageKey

    private static func row(_ day: String, charged: String = "0.0036") throws -> UsageRow {
        UsageRow(
            day: try #require(UTCDay(day)).number, key: 3, provider: "capsolver", family: .turnstile, solved: 3,
            failed: 1, charged: try #require(Money(decimal: charged)), refunded: try #require(Money(decimal: "0.0012")))
    }

    /// One row on each of these days. Today is 2023-11-14.
    private static func account() throws -> FakeAccount {
        FakeAccount(rows: try ["2023-10-15", "2023-10-16", "2023-11-14", "2023-11-15"].map { try row($0) })
    }

    private func days(_ response: RawResponse) throws -> [String] {
        (try response.json["usage"]?.array ?? []).compactMap { $0["day"]?.string }
    }

    @Test("It is by day, API key, provider and family, with exact amounts")
    func json() async throws {
        let account = FakeAccount(rows: [try Self.row("2023-11-14", charged: "0.000000001")])
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/usage", key: Self.manage)
            #expect(
                response.body == """
                    {"errorId":0,"from":"2023-10-16","until":"2023-11-14","usage":[{"day":"2023-11-14","apiKey":3,\
                    "provider":"capsolver","family":"turnstile","solved":3,"failed":1,"charged":0.000000001,\
                    "refunded":0.0012}]}
                    """)
        }
        #expect(account.usageQueries.map(\.account) == [AccountID(1)])
    }

    @Test("Without days it is about the last thirty, today included; both ends count")
    func days() async throws {
        try await withClientServer(account: try Self.account()) { server in
            for (query, expected) in [
                ("", ["2023-10-16", "2023-11-14"]), ("?from=2023-10-15", ["2023-10-15", "2023-10-16", "2023-11-14"]),
                ("?until=2023-11-13", ["2023-10-15", "2023-10-16"]),
                ("?from=2023-11-14&until=2023-11-15", ["2023-11-14", "2023-11-15"]),
                ("?from=2023-11-14&until=2023-11-14", ["2023-11-14"]), ("?from=2023-01-01&until=2023-01-02", []),
            ] {
                let response = try await server.send("GET", "/v1/usage\(query)", key: Self.manage)
                #expect(try days(response) == expected, "\(query)")
            }
        }
    }

    @Test(
        "Days that cannot be used are refused with the parameter",
        arguments: [
            ("from=2023-11-14T00:00:00Z", "from: It has to be a day, such as 2026-01-31."),
            ("until=today", "until: It has to be a day, such as 2026-01-31."),
            ("from=2023-11-15", "from: It is later than `until`, or than today where that is missing."),
            (
                "from=2023-11-14&until=2023-11-13",
                "from: It is later than `until`, or than today where that is missing."
            ),
            ("from=2022-11-13", "from: One answer is about 366 days at most."),
            (
                "kind=DEPOSIT",
                "The query has a parameter that this call does not know. Those it knows: from, until, format."
            ),
        ])
    func badDays(query: String, text: String) async throws {
        let account = try Self.account()
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/usage?\(query)", key: Self.manage)
            #expect(response.status == 400)
            #expect(try response.errorCode == "ERROR_BAD_PARAMETERS")
            #expect(try response.errorText == text)
        }
        #expect(account.usageQueries.isEmpty)
    }

    @Test("One answer may be about a leap year")
    func longest() async throws {
        let account = try Self.account()
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/usage?from=2022-11-14", key: Self.manage)
            #expect(response.succeeded)
        }
        #expect(account.usageQueries.map(\.days.count) == [366])
    }

    @Test("As CSV it has a row of names and the same values")
    func csv() async throws {
        try await withClientServer(account: FakeAccount(rows: [try Self.row("2023-11-14")])) { server in
            let response = try await server.send("GET", "/v1/usage?format=csv", key: Self.manage)
            #expect(response.headers["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(
                response.body == "day,apiKey,provider,family,solved,failed,charged,refunded\r\n"
                    + "2023-11-14,3,capsolver,turnstile,3,1,0.0036,0.0012\r\n")
        }
    }
}
