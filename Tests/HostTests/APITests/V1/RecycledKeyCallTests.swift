import Domain
import Observability
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The calls about recycled keys")
struct RecycledKeyCallTests {
    private static let secret = "CAP-0123456789ABCDEF0123456789ABCDEF"
    private static let manage = FakeService.manageKey

    private static func key(
        _ state: RecycledKeyLife.State = .active, _ reason: RecycledKeyLife.Reason? = nil, isSuspended: Bool = false,
        isErased: Bool = false, balance: String? = "1.25"
    ) throws -> RecycledKey {
        RecycledKey(
            id: try #require(ProviderKeyID(7)), account: AccountID(1), provider: "capsolver", label: "old",
            masked: "CAP-...CDEF",
            life: RecycledKeyLife(state: state, reason: reason, isSuspended: isSuspended, isErased: isErased),
            funds: RecycledKeyFunds(
                balance: try balance.map { try #require(Money(decimal: $0)) },
                credited: try #require(Money(decimal: "0.000000001")),
                drift: BalanceDrift(
                    baseline: nil, last: nil, sinceBaseline: try #require(Money(decimal: "0.77")), carried: .zero
                )),
            createdAt: FakeAccount.now, checkedAt: reason == .waiting ? nil : FakeAccount.now.adding(seconds: 0.25))
    }

    private static func submission(_ more: String = #","label":"old""#) -> String {
        #"{"provider":"CapSolver","key":"\#(secret)"\#(more)}"#
    }

    @Test("A key that is handed over is answered as new, masked, with the place where it is")
    func submitsNew() async throws {
        let account = FakeAccount(key: try Self.key())
        try await withClientServer(account: account) { server in
            let response = try await server.send(
                "POST", "/v1/recycled-keys", key: Self.manage, body: Self.submission())
            #expect(response.status == 201)
            #expect(response.headers["location"] == "/v1/recycled-keys/7")
            #expect(
                response.body == """
                    {"errorId":0,"id":7,"provider":"capsolver","label":"old","key":"CAP-...CDEF","state":"ACTIVE",\
                    "reason":null,"reasonDescription":null,"suspended":false,"erased":false,"balance":1.25,\
                    "credited":0.000000001,"checkedAt":"2023-11-14T22:13:20.250Z",\
                    "createdAt":"2023-11-14T22:13:20.000Z"}
                    """)
            let place = try #require(response.headers["location"])
            let there = try await server.send("GET", place, key: Self.manage)
            #expect(there.succeeded)
        }
        #expect(account.submissions == [.init(key: Self.secret, provider: "CapSolver", label: "old")])
        #expect(account.accounts == [AccountID(1), AccountID(1)])
    }

    @Test("A key that was there is answered with 200; a label may be left out")
    func submitsAgain() async throws {
        let account = FakeAccount(key: try Self.key(), isNew: false)
        try await withClientServer(account: account) { server in
            for label in ["", #","label":null"#, #","label":"""#] {
                let response = try await server.send(
                    "POST", "/v1/recycled-keys", key: Self.manage, body: Self.submission(label))
                #expect(response.status == 200 && response.succeeded)
                #expect(response.headers["location"] == nil)
            }
        }
        #expect(account.submissions.map(\.label) == ["", "", ""])
    }

    struct BadBody: Sendable, CustomTestStringConvertible {
        let body: String
        let code: ErrorCode
        let text: String
        var testDescription: String { body.debugDescription }
    }

    @Test(
        "A body that cannot be used is refused with the field",
        arguments: [
            BadBody(body: "", code: .badJSON, text: "The body is no JSON: the value is missing at byte 0."),
            BadBody(body: "[]", code: .badJSON, text: "The body is an array, not an object."),
            BadBody(
                body: String(repeating: "[", count: 40), code: .nestedTooDeep,
                text: "At most \(Limits.jsonDepth) arrays and objects may be open at once."),
            BadBody(body: "{}", code: .badParameters, text: "provider: The field is missing."),
            BadBody(
                body: #"{"provider":5,"key":"\#(secret)"}"#, code: .badParameters,
                text: "provider: The field has to be a string, not a number."),
            BadBody(
                body: #"{"provider":"\#(String(repeating: "x", count: 65))","key":"\#(secret)"}"#,
                code: .badParameters, text: "provider: A name has at most 64 bytes."),
            BadBody(body: #"{"provider":"capsolver"}"#, code: .badParameters, text: "key: The field is missing."),
            BadBody(
                body: #"{"provider":"capsolver","key":""}"#, code: .badParameters, text: "key: The field is missing."),
            BadBody(
                body: #"{"provider":"capsolver","key":["\#(secret)"]}"#, code: .badParameters,
                text: "key: The field has to be a string, not an array."),
            BadBody(
                body: #"{"provider":"capsolver","key":"\#(secret)","lable":"old"}"#, code: .badParameters,
                text: "The body has a member that this call does not know. Those it knows: provider, key, label."),
            BadBody(
                body: #"{"provider":"capsolver","key":"\#(secret)","label":true}"#, code: .badParameters,
                text: "label: The field has to be a string, not a boolean."),
            BadBody(
                body: #"{"provider":"capsolver","key":"\#(secret)"#, code: .badJSON,
                text: "The body is no JSON: a string without end at byte 67."),
        ])
    func badBodies(_ row: BadBody) async throws {
        let account = FakeAccount(key: try Self.key())
        try await withClientServer(account: account) { server in
            let response = try await server.send("POST", "/v1/recycled-keys", key: Self.manage, body: row.body)
            #expect(response.status == 400)
            #expect(try response.errorCode == row.code.rawValue)
            #expect(try response.errorText == row.text)
            #expect(!response.body.contains("0123456789"))
        }
        #expect(account.submissions.isEmpty)
    }

    @Test("What was asked for too often says when it may be again, in its sentence and in Retry-After")
    func tooOften() async throws {
        for (seconds, text) in [(0.2, "1 second"), (119.5, "2 minutes"), (59, "59 seconds"), (3_541, "60 minutes")] {
            let error = ClientError(tooMany: "A key is checked 20 times an hour at most.", again: seconds)
            try await withClientServer(account: FakeAccount(key: try Self.key(), failing: error)) { server in
                let response = try await server.send("POST", "/v1/recycled-keys/7/check", key: Self.manage)
                #expect(response.status == 429)
                #expect(response.headers["retry-after"] == "\(Int(seconds.rounded(.up)))")
                #expect(
                    try response.errorText == "A key is checked 20 times an hour at most. Try again in \(text).")
            }
        }
    }

    @Test("A body that is too large is refused under its status")
    func largeBody() async throws {
        var limits = ServerLimits.patient
        limits.bodyBytes = 1000
        try await withClientServer(account: FakeAccount(key: try Self.key()), limits: limits) { server in
            let body = Self.submission(#","x":"\#(String(repeating: "x", count: 1000))""#)
            let response = try await server.send("POST", "/v1/recycled-keys", key: Self.manage, body: body)
            #expect(response.status == 413)
            #expect(try response.errorCode == "ERROR_REQUEST_TOO_LARGE")
        }
    }

    @Test("All keys of the account are listed, masked")
    func list() async throws {
        try await withClientServer(account: FakeAccount(key: try Self.key())) { server in
            let json = try await server.send("GET", "/v1/recycled-keys", key: Self.manage).json
            #expect(json.members.map(\.name) == ["errorId", "recycledKeys", "nextCursor"])
            let keys = try #require(json["recycledKeys"]?.array)
            #expect(keys.count == 1 && keys[0]["key"] == "CAP-...CDEF" && keys[0]["id"]?.integer == 7)
        }
    }

    @Test("One key tells what it has been through, with reason and time, and nothing of what is the operator's")
    func one() async throws {
        let changes = [
            RecycledKeyChange(1, at: FakeAccount.now, life: RecycledKeyLife()),
            RecycledKeyChange(
                2, at: FakeAccount.now.adding(seconds: 1),
                life: RecycledKeyLife(state: .invalid, reason: .wrongKey, isSuspended: false, isErased: false)),
        ]
        let account = FakeAccount(key: try Self.key(.invalid, .wrongKey, balance: nil), changes: changes)
        try await withClientServer(account: account) { server in
            let response = try await server.send("GET", "/v1/recycled-keys/7", key: Self.manage)
            let sentence = "The provider does not know this key. Check it and hand it over again."
            #expect(
                response.body == """
                    {"errorId":0,"id":7,"provider":"capsolver","label":"old","key":"CAP-...CDEF","state":"INVALID",\
                    "reason":"wrongKey","reasonDescription":"\(sentence)","suspended":false,"erased":false,\
                    "balance":null,"credited":0.000000001,"checkedAt":"2023-11-14T22:13:20.250Z",\
                    "createdAt":"2023-11-14T22:13:20.000Z","history":[{"at":"2023-11-14T22:13:20.000Z",\
                    "state":"PENDING","reason":null,"reasonDescription":null,"suspended":false,"erased":false},\
                    {"at":"2023-11-14T22:13:21.000Z","state":"INVALID","reason":"wrongKey",\
                    "reasonDescription":"\(sentence)","suspended":false,"erased":false}],\
                    "nextCursor":null}
                    """)
            #expect(!response.body.contains("0.77"), "the drift is the operator's to know")
        }
    }

    @Test("The list and what a key has been through come in pages, each with where the next one begins")
    func pages() async throws {
        let changes = (1...3).map {
            RecycledKeyChange($0, at: FakeAccount.now.adding(seconds: Double($0)), life: RecycledKeyLife())
        }
        let account = FakeAccount(key: try Self.key(), changes: changes)
        try await withClientServer(account: account) { server in
            func ask(_ path: String) async throws -> JSONObject {
                try await server.send("GET", "/v1/recycled-keys" + path, key: Self.manage).json
            }
            #expect(try await ask("")["nextCursor"] == .null)
            #expect(try await ask("?limit=1&cursor=3")["nextCursor"] == "7")
            let first = try await ask("/7?limit=2")
            #expect(first["history"]?.array?.count == 2 && first["nextCursor"] == "2")
            let last = try await ask("/7?limit=2&cursor=2")
            #expect(last["history"]?.array?.count == 1 && last["nextCursor"] == .null)
            for bad in [
                "?limit=0", "?limit=1001", "?cursor=x", "/7?limit=-1", "/7?cursor=0", "?kind=a", "/7?format=csv",
            ] {
                #expect(try await ask(bad)["errorCode"] == "ERROR_BAD_PARAMETERS", "\(bad)")
            }
        }
        let usual = Int64(Limits.usualKeysPerPage)
        #expect(account.pages == [[0, usual], [3, 1], [0, 2], [2, 2]])
    }

    @Test("Every reason has a sentence of its own", arguments: RecycledKeyLife.Reason.allCases)
    func reasons(_ reason: RecycledKeyLife.Reason) async throws {
        try await withClientServer(account: FakeAccount(key: try Self.key(.pending, reason))) { server in
            let json = try await server.send("GET", "/v1/recycled-keys/7", key: Self.manage).json
            #expect(json["reason"] == .string(reason.rawValue))
            let sentence = try #require(json["reasonDescription"]?.string)
            #expect(sentence.hasSuffix(".") && (30...160).contains(sentence.count), "\(sentence)")
            #expect(reason != .waiting || json["checkedAt"] == .null)
        }
    }

    @Test("A key that is suspended says so beside its state; one whose key is gone says that")
    func suspended() async throws {
        try await withClientServer(account: FakeAccount(key: try Self.key(isSuspended: true))) { server in
            let json = try await server.send("GET", "/v1/recycled-keys/7", key: Self.manage).json
            #expect(json["state"] == "ACTIVE" && json["suspended"]?.bool == true && json["reason"] == .null)
            #expect(json["reasonDescription"]?.string?.hasPrefix("It takes no tasks") == true)
        }
        let both = try Self.key(.depleted, .noFunds, isSuspended: true)
        try await withClientServer(account: FakeAccount(key: both)) { server in
            let text = try await server.send("GET", "/v1/recycled-keys/7", key: Self.manage).json["reasonDescription"]
            #expect(text?.string?.contains("no money left on the key. It takes no tasks") == true)
        }
        try await withClientServer(account: FakeAccount(key: try Self.key(.removed, isErased: true))) { server in
            let json = try await server.send("GET", "/v1/recycled-keys/7", key: Self.manage).json
            #expect(json["state"] == "REMOVED" && json["erased"]?.bool == true)
        }
    }

    @Test("A check and a removal answer the key as it is then")
    func checksAndRemoves() async throws {
        let id = try #require(ProviderKeyID(7))
        let account = FakeAccount(key: try Self.key(.depleted, .lowBalance))
        try await withClientServer(account: account) { server in
            for (method, path) in [("POST", "/v1/recycled-keys/7/check"), ("DELETE", "/v1/recycled-keys/7")] {
                let response = try await server.send(method, path, key: Self.manage)
                #expect(response.status == 200 && response.succeeded)
                #expect(try response.json["state"] == "DEPLETED" && response.json["key"] == "CAP-...CDEF")
            }
        }
        #expect(account.checked == [id] && account.removed == [id])
    }

    @Test("A check says whether the provider has answered", arguments: [true, false])
    func answered(isAnswered: Bool) async throws {
        let account = FakeAccount(key: try Self.key(), isAnswered: isAnswered)
        try await withClientServer(account: account) { server in
            let response = try await server.send("POST", "/v1/recycled-keys/7/check", key: Self.manage)
            #expect(try response.json["answered"] == .bool(isAnswered) && response.json["state"] == "ACTIVE")
        }
    }

    @Test(
        "What names no recycled key of the account is told so",
        arguments: ["8", "0", "-7", "07", "+7", "7.0", "x", "99999999999999999999", "recycled-7"])
    func unknown(_ id: String) async throws {
        let account = FakeAccount(key: try Self.key())
        try await withClientServer(account: account) { server in
            let calls = [
                ("GET", "/v1/recycled-keys/\(id)"), ("DELETE", "/v1/recycled-keys/\(id)"),
                ("POST", "/v1/recycled-keys/\(id)/check"),
            ]
            for (method, path) in calls {
                let response = try await server.send(method, path, key: Self.manage)
                #expect(response.status == 404)
                #expect(try response.errorCode == "ERROR_NO_SUCH_RECYCLED_KEY")
            }
        }
        #expect(account.checked.isEmpty && account.removed.isEmpty)
    }

    @Test("Each call is counted by its own name, also one that is refused")
    func metrics() async throws {
        try await withClientServer(account: FakeAccount(key: try Self.key())) { server in
            let calls = [
                ("GET", "/v1/recycled-keys", "recycledKeys"), ("POST", "/v1/recycled-keys", "submitRecycledKey"),
                ("GET", "/v1/recycled-keys/7", "recycledKey"), ("DELETE", "/v1/recycled-keys/7", "removeRecycledKey"),
                ("POST", "/v1/recycled-keys/7/check", "checkRecycledKey"), ("GET", "/v1/transactions", "transactions"),
                ("HEAD", "/v1/usage", "usage"),
            ]
            for (method, path, call) in calls {
                let body = method == "POST" ? Self.submission() : ""
                _ = try await server.send(method, path, key: Self.manage, body: body)
                _ = try await server.send(method, path, key: nil, body: body)
                let metrics = String(decoding: server.metrics.render(), as: UTF8.self)
                let series = "ucaptcha_api_requests_total{call=\"\(call)\",code="
                #expect(metrics.contains(series + "\"ok\"} 1"), "\(call)")
                #expect(metrics.contains(series + "\"key_does_not_exist\"} 1"), "\(call)")
            }
        }
    }
}
