import Domain
import Observability
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The calls under /v1")
struct V1Tests {
    private static let path = "/v1/tasks/aaaaaaaa-bbbb-4ccc-8ddd-000000000007/route"
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    private static func money(_ text: String) throws -> Money { try #require(Money(decimal: text)) }

    private static let explanation = Array(
        """
        {"policy":"published","speedWeight":20,"reliableFirst":true,"explored":false,"candidates":[
        {"provider":"dear","cost":0.02,"seconds":4.5,"successRate":99,"filtered":null,"score":0.9,"price":0.02},
        {"provider":"a","cost":0.0012,"seconds":9,"successRate":95,"filtered":null,"score":0.8,"price":0.001},
        {"provider":"b","cost":0.01,"seconds":20,"successRate":95,"filtered":"a is faster and cheaper","score":null,
        "price":0.01}],"chosen":"dear","at":1700000000000}
        """.utf8)

    /// A task whose first provider failed, with a candidate that cost too much.
    private static func route(
        _ end: TaskRecord.End? = nil, explanation: [UInt8]? = explanation
    ) throws -> TaskRoute {
        let first = Candidate(
            provider: "a", credential: "vault-3", price: try money("0.001"), cost: try money("0.001"))
        let second = Candidate(
            provider: "b", credential: "config-1", price: try money("0.01"), cost: try money("0.009999999"))
        return TaskRoute(
            task: TaskRecord(
                id: FakeService.id(7), account: AccountID(1), family: .turnstile, createdAt: start, end: end),
            ceiling: try money("0.01"), forcedProvider: nil,
            preference: try #require(RoutingPreference(speedWeight: 20, reliableFirst: true)),
            explanation: explanation,
            attempts: [
                AttemptRecord(
                    attempt: Attempt(number: 1, candidate: first, state: .failed, providerTask: "secret-id"),
                    startedAt: start, endedAt: start.adding(seconds: 1.25), fault: "overloaded", reportedCost: nil),
                AttemptRecord(
                    attempt: Attempt(number: 2, candidate: second, state: end == nil ? .pending : .solved),
                    startedAt: start.adding(seconds: 1.25), endedAt: end?.at, fault: nil,
                    reportedCost: end == nil ? nil : try money("0.0002")),
            ])
    }

    @Test("The route of an open task tells the choice, every candidate and every attempt, and no key of a provider")
    func open() async throws {
        let service = FakeService(route: try V1Tests.route())
        try await withClientServer(service) { server in
            let response = try await server.send("GET", V1Tests.path, key: FakeService.manageKey)
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json")
            #expect(
                response.body == """
                    {"errorId":0,"taskId":"aaaaaaaa-bbbb-4ccc-8ddd-000000000007","status":"processing",\
                    "family":"turnstile","createdAt":"2023-11-14T22:13:20.000Z","endedAt":null,"seconds":null,\
                    "price":null,"cost":null,"failure":null,"ceiling":0.01,"speedWeight":20,"reliableFirst":true,\
                    "forcedProvider":null,"policy":"published","explored":false,"routedAt":"2023-11-14T22:13:20.000Z",\
                    "candidates":[{"provider":"dear","cost":0.02,"seconds":4.5,"successRate":99,"filtered":null,\
                    "score":0.9,"price":0.02,"aboveCeiling":true},{"provider":"a","cost":0.0012,"seconds":9,\
                    "successRate":95,"filtered":null,"score":0.8,"price":0.001,"aboveCeiling":false},{"provider":"b",\
                    "cost":0.01,"seconds":20,"successRate":95,"filtered":"a is faster and cheaper","score":null,\
                    "price":0.01,"aboveCeiling":false}],"candidatesErased":false,"chosen":"a",\
                    "attempts":[{"number":1,"provider":"a","state":"failed",\
                    "startedAt":"2023-11-14T22:13:20.000Z","endedAt":"2023-11-14T22:13:21.250Z",\
                    "seconds":1.25,"fault":"overloaded","price":0.001,"cost":0.001,"reportedCost":null},{"number":2,\
                    "provider":"b","state":"pending","startedAt":"2023-11-14T22:13:21.250Z","endedAt":null,\
                    "seconds":null,"fault":null,"price":0.01,"cost":0.009999999,"reportedCost":null}]}
                    """)
        }
        #expect(service.asked == [FakeService.id(7)])
    }

    @Test("A solved task tells what it cost, to the last digit, and a failed one why")
    func ended() async throws {
        let at = V1Tests.start.adding(seconds: 4)
        let solved = TaskOutcome.solved(
            solution: Array("{}".utf8), price: try V1Tests.money("0.01"), cost: try V1Tests.money("0.000000001"))
        try await withClientServer(FakeService(route: try V1Tests.route(.init(at: at, outcome: solved)))) { server in
            let json = try await server.send("GET", V1Tests.path, key: FakeService.manageKey).json
            #expect(json["status"] == "ready" && json["endedAt"] == "2023-11-14T22:13:24.000Z")
            #expect(json["price"]?.numberText == "0.01" && json["cost"]?.numberText == "0.000000001")
            #expect(json["seconds"]?.numberText == "4" && json["failure"] == .null)
            let last = try #require(json["attempts"]?.array?.last)
            #expect(last["state"] == "solved" && last["reportedCost"]?.numberText == "0.0002")
            #expect(last["seconds"]?.numberText == "2.75")
        }
        let failed = TaskOutcome.failed(code: .noProviders, detail: "")
        try await withClientServer(FakeService(route: try V1Tests.route(.init(at: at, outcome: failed)))) { server in
            let json = try await server.send("GET", V1Tests.path, key: FakeService.manageKey).json
            #expect(json["status"] == "failed" && json["price"] == .null && json["cost"] == .null)
            #expect(json["errorId"]?.integer == 0 && json["errorCode"] == nil, "the call itself went well")
            #expect(json["failure"]?["errorCode"] == "NO_PROVIDERS_AVAILABLE")
            #expect(json["failure"]?["errorDescription"] == .string(ErrorCode.noProviders.sentence))
        }
    }

    @Test("A task without an explanation still tells its attempts")
    func unexplained() async throws {
        try await withClientServer(FakeService(route: try V1Tests.route(explanation: nil))) { server in
            let json = try await server.send("GET", V1Tests.path, key: FakeService.manageKey).json
            #expect(json["policy"] == .null && json["candidates"] == [] && json["routedAt"] == .null)
            #expect(json["candidatesErased"] == false, "there never were any")
            #expect(json["attempts"]?.array?.count == 2 && json["speedWeight"]?.integer == 20)
        }
    }

    @Test("A task whose explanation was erased says so, and tells all the rest")
    func erased() async throws {
        let erased = try V1Tests.route(explanation: [])
        try await withClientServer(FakeService(route: erased)) { server in
            let json = try await server.send("GET", V1Tests.path, key: FakeService.manageKey).json
            #expect(json["candidatesErased"] == true)
            #expect(json["policy"] == .null && json["candidates"] == [] && json["routedAt"] == .null)
            #expect(json["attempts"]?.array?.count == 2 && json["chosen"] == "a")
        }
    }

    @Test("A method that a path does not have is answered with those that it has")
    func allow() async throws {
        try await withClientServer(FakeService(route: try V1Tests.route())) { server in
            for method in ["POST", "PUT", "DELETE"] {
                let response = try await server.send(method, V1Tests.path, key: nil)
                #expect(response.status == 405 && response.headers["allow"] == "GET, HEAD")
            }
            for (method, path) in [("GET", V1Tests.path), ("POST", "/v1/tasks"), ("POST", "/v10")] {
                let response = try await server.send(method, path, key: FakeService.manageKey)
                #expect(response.headers["allow"] == nil, "\(method) \(path)")
            }
        }
    }

    @Test("Errors come under their own status, in the same shape as elsewhere")
    func errors() async throws {
        let other = "/v1/tasks/aaaaaaaa-bbbb-4ccc-8ddd-000000000008/route"
        let manage = FakeService.manageKey
        let cases: [(method: String, path: String, key: String?, status: Int, code: String)] = [
            ("GET", V1Tests.path, nil, 401, "ERROR_KEY_DOES_NOT_EXIST"),
            ("GET", V1Tests.path, "ucap_unknown", 401, "ERROR_KEY_DOES_NOT_EXIST"),
            ("GET", V1Tests.path, FakeService.key, 403, "ERROR_KEY_NOT_PERMITTED"),
            ("GET", other, manage, 404, "ERROR_WRONG_CAPTCHA_ID"),
            ("GET", "/v1/tasks/nothing/route", manage, 404, "ERROR_WRONG_CAPTCHA_ID"),
            ("POST", V1Tests.path, manage, 405, "ERROR_METHOD_NOT_ALLOWED"),
            ("DELETE", V1Tests.path, nil, 405, "ERROR_METHOD_NOT_ALLOWED"),
            ("GET", "/v1", manage, 404, "ERROR_NO_SUCH_METHOD"),
            ("GET", "/v1/tasks", manage, 404, "ERROR_NO_SUCH_METHOD"),
            ("GET", "\(V1Tests.path)/more", manage, 404, "ERROR_NO_SUCH_METHOD"),
            ("GET", "/v1/createTask", nil, 404, "ERROR_NO_SUCH_METHOD"),
        ]
        try await withClientServer(FakeService(route: try V1Tests.route())) { server in
            for (method, path, key, status, code) in cases {
                let response = try await server.send(method, path, key: key)
                #expect(response.status == status, "\(method) \(path)")
                #expect(response.headers["content-type"] == "application/json")
                let json = try response.json
                #expect(json.members.map(\.name) == ["errorId", "errorCode", "errorDescription"])
                #expect(json["errorId"]?.integer == 1 && json["errorCode"] == .string(code), "\(method) \(path)")
            }
            let missing = try await server.send("GET", V1Tests.path, key: nil)
            #expect(try missing.errorText.hasPrefix("Authorization: "))
            let wrong = try await server.send("PUT", V1Tests.path, key: manage)
            #expect(try wrong.errorText.hasSuffix("Use GET."))
            #expect(try await server.send("GET", V1Tests.path, key: FakeService.key).errorText.contains("`manage`"))
        }
    }

    @Test("A task is found by its UUID in any case and by its number; HEAD is answered like GET")
    func names() async throws {
        try await withClientServer(FakeService(route: try V1Tests.route())) { server in
            let uuid = "AAAAAAAA-BBBB-4CCC-8DDD-000000000007"
            for path in ["/v1/tasks/\(uuid)/route", "/v1/tasks/7/route", "//v1//tasks/7/route/?"] {
                #expect(try await server.send("GET", path, key: FakeService.manageKey).succeeded, "\(path)")
            }
            let head = try await server.send("HEAD", "/v1/tasks/7/route", key: FakeService.manageKey)
            #expect(head.status == 200 && head.headers["content-length"].map { $0 != "0" } == true)
            let metrics = String(decoding: server.metrics.render(), as: UTF8.self)
            #expect(metrics.contains(#"ucaptcha_api_requests_total{call="taskRoute",code="ok"} 4"#))
        }
    }

    @Test("Other paths that begin alike, and the root's own calls, are as before")
    func elsewhere() async throws {
        try await withClientServer { server in
            #expect(try await server.post("/createTask", TestServer.createTask()).succeeded)
            let unknown = try await server.post("/v10/tasks", "{}")
            #expect(unknown.status == 200)
            #expect(try unknown.errorCode == "ERROR_NO_SUCH_METHOD")
        }
    }
}
