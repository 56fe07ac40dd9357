import Domain
import ProviderKit
import Testing

@testable import API

/// The calls under `/v1` that are about an account rather than a task.
private let calls: [(method: String, path: String)] = [
    ("GET", "/v1/recycled-keys"), ("POST", "/v1/recycled-keys"), ("GET", "/v1/recycled-keys/7"),
    ("DELETE", "/v1/recycled-keys/7"), ("POST", "/v1/recycled-keys/7/check"), ("GET", "/v1/transactions"),
    ("GET", "/v1/usage"),
]

@Suite("Errors of the calls about an account")
struct AccountErrorTests {
    private static let body = #"{"provider":"capsolver","key":"CAP-0123456789"}"#

    private func send(_ server: TestServer, _ call: (method: String, path: String), key: String?) async throws
        -> RawResponse
    {
        let body = call.method == "POST" ? Self.body : ""
        return try await server.send(call.method, call.path, key: key, body: body)
    }

    @Test("All of them need a key for managing the account")
    func scope() async throws {
        let account = FakeAccount()
        try await withClientServer(account: account) { server in
            for call in calls {
                let solving = try await send(server, call, key: FakeService.key)
                #expect(solving.status == 403)
                #expect(try solving.errorCode == "ERROR_KEY_NOT_PERMITTED")
                #expect(try solving.errorText.contains("`manage`"))
                let none = try await send(server, call, key: nil)
                #expect(none.status == 401)
                #expect(try none.errorCode == "ERROR_KEY_DOES_NOT_EXIST")
            }
        }
        #expect(account.accounts.isEmpty && account.submissions.isEmpty)
        #expect(account.transactionQueries.isEmpty && account.usageQueries.isEmpty)
    }

    @Test(
        "Every error of a use case comes under its own status, with its code and its text",
        arguments: ErrorCode.allCases)
    func everyCode(_ code: ErrorCode) async throws {
        let account = FakeAccount(failing: ClientError(code, field: "key"))
        try await withClientServer(account: account) { server in
            for call in calls {
                let response = try await send(server, call, key: FakeService.manageKey)
                #expect(response.status == code.httpStatus, "\(call)")
                #expect(response.headers["content-type"] == "application/json")
                #expect(try response.errorCode == code.rawValue)
                #expect(try response.errorText == "key: \(code.sentence)")
                #expect(try response.json["errorId"]?.integer == 1)
            }
        }
    }

    @Test("The statuses of what only an account's calls meet")
    func statuses() {
        #expect(ErrorCode.noSuchRecycledKey.httpStatus == 404)
        #expect(ErrorCode.recycledKeyInUse.httpStatus == 409)
        #expect(ErrorCode.idempotencyKeyReused.httpStatus == 409)
        #expect(ErrorCode.tooManyRequests.httpStatus == 429)
        #expect(ErrorCode.recyclingUnavailable.httpStatus == 503)
    }

    @Test("An error is JSON, also where CSV was asked for")
    func errorsOfTables() async throws {
        try await withClientServer(account: FakeAccount(failing: ClientError(.storage))) { server in
            for path in ["/v1/transactions?format=csv", "/v1/usage?format=csv"] {
                let response = try await server.send("GET", path, key: FakeService.manageKey)
                #expect(response.status == 503 && response.headers["content-type"] == "application/json")
                #expect(try response.errorCode == "ERROR_STORAGE")
            }
        }
    }

    @Test("Another method is told which there are")
    func methods() async throws {
        try await withClientServer { server in
            let cases = [
                ("PUT", "/v1/recycled-keys", "GET or POST"), ("POST", "/v1/recycled-keys/7", "GET or DELETE"),
                ("GET", "/v1/recycled-keys/7/check", "POST"), ("POST", "/v1/transactions", "GET"),
                ("DELETE", "/v1/usage", "GET"),
            ]
            for (method, path, others) in cases {
                let response = try await server.send(method, path, key: FakeService.manageKey)
                #expect(response.status == 405)
                #expect(try response.errorText.hasSuffix("Use \(others)."))
            }
        }
    }
}
