import Domain
import ProviderKit
import Tasks
import Testing

@testable import API

@Suite("The JSON calls")
struct CallTests {
    @Test(
        "createTask answers the task's UUID and hands on the task as it came, with the language that stands beside it")
    func createTask() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let more = #","softId":12,"callbackUrl":"x","selectionMode":null,"provider":null,"languagePool":"en""#
            let response = try await server.post("/ucaptcha/createTask", TestServer.createTask(more))
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json")
            #expect(
                response.body
                    == #"{"errorId":0,"taskId":"aaaaaaaa-bbbb-4ccc-8ddd-000000000007","status":"processing"}"#)
        }
        #expect(service.tasks == [["type": "AltchaTask", "languagePool": "en"]])
        #expect(service.keys == [FakeService.key])
        #expect(service.providers == [nil])
        #expect(service.modes == [nil])
    }

    @Test("createTask hands on what the client wants of the choice, in any case; an empty wish is none")
    func selectionMode() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            for mode in [
                "autoCheapest", "autoFastest", "autoMostReliable", "priority", "AUTOFASTEST", "autocheapest", "",
            ] {
                let response = try await server.post(
                    "/createTask", TestServer.createTask(#","selectionMode":"\#(mode)""#))
                #expect(response.succeeded, "\(mode)")
            }
        }
        #expect(
            service.modes == [
                .autoCheapest, .autoFastest, .autoMostReliable, .priority, .autoFastest, .autoCheapest, nil,
            ])
    }

    @Test("createTask hands on whose keys the client allows, in any case; an empty wish is none")
    func keyPoolMode() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            for mode in [#""all""#, #""platformOnly""#, #""PLATFORMONLY""#, #""ALL""#, #""""#, "null"] {
                let response = try await server.post(
                    "/createTask", TestServer.createTask(#","keyPoolMode":"# + mode))
                #expect(response.succeeded, "\(mode)")
            }
            #expect(try await server.post("/createTask", TestServer.createTask()).succeeded)
        }
        #expect(service.pools == [.all, .platformOnly, .platformOnly, .all, nil, nil, nil])
    }

    @Test("createTask hands on the provider that the client insists on; an empty one is none")
    func provider() async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            for provider in [#""CapSolver""#, #""""#, "null"] {
                let response = try await server.post(
                    "/createTask", TestServer.createTask(#","provider":"# + provider))
                #expect(response.succeeded)
            }
        }
        #expect(service.providers == ["CapSolver", nil, nil])
    }

    @Test("A language that is no text is ignored, and one in the task wins", arguments: [#"["en"]"#, "null", "1"])
    func language(_ value: String) async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            _ = try await server.post("/createTask", TestServer.createTask(#","languagePool":\#(value)"#))
            let task = #"{"type":"T","languagePool":"rn"}"#
            let body = #"{"clientKey":"\#(FakeService.key)","languagePool":"en","task":\#(task)}"#
            _ = try await server.post("/createTask", body)
        }
        #expect(service.tasks == [["type": "AltchaTask"], ["type": "T", "languagePool": "rn"]])
    }

    @Test(
        "A task ID is taken as UUID text, as a number and as a string of digits",
        arguments: [
            #""aaaaaaaa-bbbb-4ccc-8ddd-000000000007""#, #""AAAAAAAA-BBBB-4CCC-8DDD-000000000007""#, "7", #""7""#,
        ])
    func taskIDs(_ id: String) async throws {
        let service = FakeService()
        try await withClientServer(service) { server in
            let response = try await server.post("/getTaskResult", resultRequest(id))
            #expect(response.body == #"{"errorId":0,"status":"processing"}"#)
        }
        #expect(service.asked == [FakeService.id(7)])
    }

    @Test(
        "An ID of no task is a wrong ID",
        arguments: ["8", #""8""#, #""nonsense""#, #""""#, "0", "-1", "9007199254740992", #""99999999999999999999""#])
    func unknownTaskIDs(_ id: String) async throws {
        try await withClientServer { server in
            let response = try await server.post("/getTaskResult", resultRequest(id))
            #expect(try response.errorCode == "ERROR_WRONG_CAPTCHA_ID")
        }
    }

    @Test("A ready task has its solution spliced in, the exact cost and whole milliseconds")
    func ready() async throws {
        let solution = Array(#"{ "token" : "a\"b\\", "number":12.50 }"#.utf8)
        let price = try #require(Money(decimal: "0.0002"))
        try await withClientServer(FakeService(status: .ready(solution: solution, price: price, seconds: 1.2345))) {
            let response = try await $0.post("/ucaptcha/getTaskResult", resultRequest("7"))
            #expect(
                response.body == #"{"errorId":0,"status":"ready","solution":{ "token" : "a\"b\\", "number":12.50 },"#
                    + #""cost":0.0002,"solveTime":1234}"#)
        }
    }

    @Test("A solution comes with the other names under which clients look for its fields")
    func aliases() async throws {
        let solution = Array(#"{"gRecaptchaResponse":"ERROR1","userAgent":"U"}"#.utf8)
        try await withClientServer(FakeService(status: .ready(solution: solution, price: .zero, seconds: 0))) {
            let answer = try await $0.post("/getTaskResult", resultRequest("7")).json["solution"]
            #expect(
                answer == ["gRecaptchaResponse": "ERROR1", "userAgent": "U", "token": "ERROR1", "useragent": "U"])
        }
    }

    @Test("The word ERROR in a solution is written so that it reads the same and is not found in the text")
    func errorInSolution() async throws {
        let token = "xERRORERRORERROy\u{1234}ERROR"
        let solution = JSONValue.object(["token": .string(token), "t": "\\ERROR"]).bytes
        try await withClientServer(FakeService(status: .ready(solution: solution, price: .zero, seconds: 0))) {
            let response = try await $0.post("/getTaskResult", resultRequest("7"))
            #expect(!response.body.contains("ERROR"))
            #expect(try response.json["solution"]?["token"]?.string == token)
            #expect(try response.json["solution"]?["t"]?.string == "\\ERROR")
        }
    }

    @Test("A failed task is errorId 1 with its code")
    func failed() async throws {
        let error = ClientError(.unsolvable, "No provider got \"it\".")
        try await withClientServer(FakeService(status: .failed(error))) { server in
            let response = try await server.post("/getTaskResult", resultRequest("7"))
            #expect(response.status == 200)
            #expect(
                response.body == #"{"errorId":1,"status":"failed","errorCode":"ERROR_CAPTCHA_UNSOLVABLE","#
                    + #""errorDescription":"No provider got \"it\"."}"#)
        }
    }

    @Test("A balance is an exact number and stands alone", arguments: ["50.25", "0", "-1.5", "1234567.000000001"])
    func balance(_ amount: String) async throws {
        let money = try #require(Money(decimal: amount))
        try await withClientServer(FakeService(balance: money)) { server in
            let response = try await server.post("/getBalance", #"{"clientKey":"\#(FakeService.key)"}"#)
            #expect(response.body == #"{"errorId":0,"balance":\#(amount)}"#)
        }
    }

    @Test("Every error of a use case comes with status 200, its code and its text", arguments: ErrorCode.allCases)
    func errors(_ code: ErrorCode) async throws {
        let service = FakeService { _ throws(ClientError) in throw ClientError(code, field: "task.x") }
        try await withClientServer(service) { server in
            let response = try await server.post("/createTask", TestServer.createTask())
            #expect(response.status == 200)
            #expect(try response.json["errorId"]?.integer == 1)
            #expect(try response.errorCode == code.rawValue)
            #expect(try response.errorText == "task.x: \(code.sentence)")
            #expect(try response.json.members.count == 3)
        }
    }

    private func resultRequest(_ id: String) -> String {
        #"{"clientKey":"\#(FakeService.key)","taskId":\#(id)}"#
    }
}
